#pragma once

#include "core/base/clock.h"
#include "core/engine/ramp_line.h"
#include "core/engine/run_handles.h"
#include "core/plan/plan_cursor.h"

#include <QObject>

#include <functional>
#include <map>
#include <span>

namespace birch {

/// Takes movements to their targets in small steps where the instrument can not be told how fast to
/// go: one setpoint an interval, each accepted before the next; what lies outside the limits is
/// passed over. Whatever ends it leaves the output at the last setpoint. Engine thread.
class RampDrive : public QObject
{
    Q_OBJECT
public:
    using Done = std::function<void(const Status &)>;

    RampDrive(std::span<MovementHandle> movements, Clock &clock);

    /// \a reached is called through the event loop when it is time to send the target itself, or
    /// with the first error; never after drop().
    void start(const MoveTarget &target, Done reached);
    /// Where \a movement was last sent, else what it reads: by a call through the event loop, never
    /// after drop(). A movement is asked for by one of both functions at a time.
    void locate(int movement, std::function<void(const Result<double> &)> located);

    /// Forgets all; replies to come are ignored. Those that were on their way.
    std::vector<int> drop();

private:
    void step(int movement);
    void accepted(int movement, double value, const Status &begun);
    void later(Nanoseconds delay, std::function<void()> call);

    struct Ramp {
        RampLine line;
        Done reached;
    };

    std::span<MovementHandle> m_movements;
    Clock &m_clock;
    std::map<int, Ramp> m_ramps; ///< by movement
    quint64 m_run = 0;           ///< what an earlier one posted is late
};

} // namespace birch
