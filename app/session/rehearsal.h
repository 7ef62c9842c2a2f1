#pragma once

#include "app/session/station_bench.h"
#include "core/base/scaled_clock.h"
#include "core/engine/queue_engine.h"
#include "core/engine/rehearsal_archive.h"

#include <QMap>
#include <QObject>

namespace birch {

/// What became of one scan when it was rehearsed.
struct RehearsedScan {
    QueueItem item;       ///< with its state, points and elapsed time of the scan's own clock
    QStringList warnings; ///< and errors, of its log
};

/// Walks whole plans on simulated instruments in a time of their own, and keeps nothing: no
/// instrument is reached, no database, spool, rule or sentinel. Main thread.
class Rehearsal : public QObject
{
    Q_OBJECT
public:
    /// \a bench: of StationBench::openRehearsal() with the same \a speed.
    Rehearsal(std::unique_ptr<StationBench> bench, double speed);
    ~Rehearsal() override;

    QueueEngine &engine() { return *m_engine; }
    /// Blocks in an event loop until every item has ended, or needs somebody: it is aborted then.
    /// \a stop ends it early.
    void run();
    void stop();
    QList<RehearsedScan> scans() const;

private:
    void queueStateChanged(QueueState state);
    void leave();

    std::unique_ptr<StationBench> m_bench;
    SystemClock m_real;
    ScaledClock m_clock;
    RehearsalArchive m_archive;
    std::unique_ptr<QueueEngine> m_engine; ///< first to go
    QMap<QUuid, QStringList> m_warnings;   ///< by scan
    bool m_hasStarted = false;
    bool m_isLeaving = false;
};

/// So that \a duration of plans takes about half a minute, 1 at least and 100 at most: beyond that
/// the exchanges themselves, which are not faster, would be most of the time.
double rehearsalSpeed(Nanoseconds duration);

} // namespace birch
