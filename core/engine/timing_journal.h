#pragma once

#include "core/engine/run_archive.h"
#include "core/engine/scan_timer.h"

#include <QTimer>

namespace birch {

/// Writes where the time of a scan goes into its record: once a second while steps are made, more
/// and more seldom during one long wait or pause, down to once a minute. Engine thread.
class TimingJournal : public QObject
{
    Q_OBJECT
public:
    /// Both outlive this.
    TimingJournal(const ScanTimer &timer, RunWriter &writer);

    /// What can not be written is passed over: the next one holds it as well.
    void write();

private:
    void tick();

    const ScanTimer &m_timer;
    RunWriter &m_writer;
    QTimer m_second;
    qint64 m_stretches = -1; ///< at the last write
    int m_quietSeconds = 0;  ///< since it
    int m_patience = 1;      ///< seconds without a new stretch until the next write
};

} // namespace birch
