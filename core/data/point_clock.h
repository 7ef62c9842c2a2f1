#pragma once

#include "core/base/clock.h"

namespace birch {

/// Times of points: int64 nanoseconds UTC. The wall clock is read once, when an epoch (start or
/// continuation) begins, and never before the last stored point; from there on CLOCK_BOOTTIME
/// counts, so that a stepped wall clock neither reorders points nor bends intervals. Engine thread.
class PointClock
{
public:
    /// \a lastStoredNs: time of the last point that is stored; 0 where there is none. \a clock
    /// outlives this.
    explicit PointClock(const Clock &clock, qint64 lastStoredNs = 0);

    /// Later than every time given before, and than the last stored point.
    qint64 next();
    /// What next() would give if no point came between; for log entries.
    qint64 now() const;

private:
    const Clock &m_clock;
    qint64 m_offset; ///< wall minus boot time
    qint64 m_last;
};

} // namespace birch
