#include "core/data/point_clock.h"

#include <algorithm>

namespace birch {

PointClock::PointClock(const Clock &clock, qint64 lastStoredNs)
    : m_clock(clock)
    , m_last(lastStoredNs)
{
    const qint64 boot = clock.bootNs();
    m_offset = std::max(clock.wallNs(), lastStoredNs) - boot;
}

qint64 PointClock::now() const
{
    return std::max(m_clock.bootNs() + m_offset, m_last);
}

qint64 PointClock::next()
{
    m_last = std::max(m_clock.bootNs() + m_offset, m_last + 1);
    return m_last;
}

} // namespace birch
