#pragma once

#include "core/instrument/instrument.h"

#include <chrono>
#include <optional>

namespace birch {

/// Decides from one state after another when a movement has arrived: not moving, and the readback
/// within tolerance of the target, without interruption for the dwell time.
class SettleWatch
{
public:
    using Time = std::chrono::steady_clock::time_point;

    SettleWatch(double target, const SettleRule &rule)
        : m_target(target)
        , m_rule(rule)
    {
    }

    /// True: \a state, read at \a now, completes the arrival.
    bool hasArrived(const MovementState &state, Time now);
    /// How long it has been inside without interruption, at \a now.
    Nanoseconds standing(Time now) const
    {
        return m_insideSince ? now - *m_insideSince : Nanoseconds::zero();
    }
    /// When to read again after a state that did not complete it.
    Time nextPoll(Time now) const;

private:
    double m_target;
    SettleRule m_rule;
    std::optional<Time> m_insideSince;
};

} // namespace birch
