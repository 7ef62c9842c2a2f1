#include "core/instrument/settle_watch.h"

namespace birch {

namespace {
/// A rule that says 0 must not keep others off the connection.
constexpr Nanoseconds kShortestPoll = std::chrono::milliseconds(1);
} // namespace

bool SettleWatch::hasArrived(const MovementState &state, Time now)
{
    const bool isInside =
        m_rule.tolerance <= 0 || std::abs(state.readback - m_target) <= m_rule.tolerance; // NaN: no
    if (state.isMoving || !isInside) {
        m_insideSince.reset();
        return false;
    }
    if (!m_insideSince)
        m_insideSince = now;
    return now - *m_insideSince >= m_rule.dwell;
}

SettleWatch::Time SettleWatch::nextPoll(Time now) const
{
    const Time poll = now + std::max(m_rule.poll, kShortestPoll);
    return m_insideSince ? std::min(poll, *m_insideSince + m_rule.dwell) : poll;
}

} // namespace birch
