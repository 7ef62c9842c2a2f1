#include "core/base/scaled_clock.h"

#include <cmath>

namespace birch {

ScaledClock::ScaledClock(Clock &real, double speed)
    : m_real(real)
    , m_speed(speed)
    , m_boot(real.bootNs())
    , m_wall(real.wallNs())
{
}

qint64 ScaledClock::bootNs() const
{
    return m_boot + std::llround(double(m_real.bootNs() - m_boot) * m_speed);
}

qint64 ScaledClock::wallNs() const
{
    return m_wall + std::llround(double(m_real.wallNs() - m_wall) * m_speed);
}

void ScaledClock::after(Nanoseconds delay, QObject *context, std::function<void()> action)
{
    m_real.after(Nanoseconds(std::llround(double(delay.count()) / m_speed)), context,
                 std::move(action));
}

} // namespace birch
