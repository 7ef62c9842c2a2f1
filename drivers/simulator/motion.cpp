#include "drivers/simulator/motion.h"

#include <algorithm>
#include <cmath>

namespace birch {

namespace {
constexpr double kSettledAfter =
    6; // time constants: the rest is 0.25 % of the lag, then it is there
}

double Motion::rampTime() const
{
    return m_kind == Kind::Instant ? 0.0 : std::abs(m_target - m_start) / m_travel;
}

double Motion::duration() const
{
    const double ramp = rampTime();
    return m_kind == Kind::Lag && ramp > 0 ? ramp + kSettledAfter * m_timeConstant : ramp;
}

void Motion::begin(double target, double now)
{
    m_start = position(now);
    m_travel = m_speed;
    m_target = target;
    m_began = now;
}

void Motion::stop(double now)
{
    if (isMoving(now))
        begin(position(now), now);
}

double Motion::position(double now) const
{
    const double elapsed = now - m_began;
    if (elapsed >= duration())
        return m_target;
    const double direction = m_target > m_start ? 1.0 : -1.0;
    const double ramp = rampTime();
    if (m_kind == Kind::Linear || m_timeConstant <= 0)
        return m_start + direction * m_travel * elapsed;
    const double inRamp = std::min(elapsed, ramp);
    const double lag = m_travel * m_timeConstant * (1 - std::exp(-inRamp / m_timeConstant));
    if (elapsed <= ramp)
        return m_start + direction * (m_travel * elapsed - lag);
    return m_target - direction * lag * std::exp(-(elapsed - ramp) / m_timeConstant);
}

} // namespace birch
