#pragma once

#include "core/base/clock.h"

#include <algorithm>

namespace birch {

/// Times of points: the wall clock read once, from then on the steady one. Never before the last.
class PointTime
{
public:
    /// \a notBefore: time of the last stored point of a continued scan; 0: none.
    PointTime(const Clock &clock, qint64 notBefore)
        : m_clock(&clock)
        , m_offset(clock.wallNs() - clock.bootNs())
        , m_last(notBefore)
    {
    }

    /// Nanoseconds UTC.
    qint64 next() { return m_last = std::max(m_last, m_clock->bootNs() + m_offset); }
    qint64 last() const { return m_last; }

private:
    const Clock *m_clock;
    qint64 m_offset;
    qint64 m_last;
};

} // namespace birch
