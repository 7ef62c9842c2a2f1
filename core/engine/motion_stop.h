#pragma once

#include "core/base/clock.h"
#include "core/data/run_store.h"

#include <QObject>
#include <QStringList>

namespace birch {

class Bench;
class InstrumentHost;

/// Halts what another program may have left on its way, with the instruments' own stop commands: on
/// those that have one but no safe value. (Of the others SafeSequence sees to it.) An instrument
/// that does not answer is tried again until this is destroyed. Event-driven; belongs to one
/// thread. The bench outlives it.
class MotionStop : public QObject
{
    Q_OBJECT
public:
    MotionStop(Bench &bench, Clock &clock, QObject *parent = nullptr);

    /// Returns at once.
    void start(const QStringList &nicknames);
    bool isDone() const { return m_open == 0; }

signals:
    void step(const birch::ScanLogEntry &entry);
    /// Everything has been halted: through the event loop, also where there was nothing to halt.
    void done();

private:
    void halt(InstrumentHost &host);
    void halted(InstrumentHost &host, const Status &status);
    void finishOne();

    Bench &m_bench;
    Clock &m_clock;
    int m_open = 0;     ///< instruments not halted yet
    QStringList m_told; ///< of their first failure
};

} // namespace birch
