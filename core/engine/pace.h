#pragma once

#include "core/base/call.h"

#include <QtGlobal>

#include <optional>

namespace birch {

/// How long a scan has run and how long it still will: the plan's estimate, corrected by the pace
/// that was measured. All times are nanoseconds of the engine's monotonic clock. A value.
class Pace
{
public:
    /// \a pointsBefore were acquired before a continuation and say nothing about this run's pace.
    Pace(Nanoseconds planned, qint64 points, qint64 pointsBefore, qint64 nowNs);

    void pause(qint64 nowNs);
    void resume(qint64 nowNs);

    Nanoseconds elapsed(qint64 nowNs) const { return Nanoseconds(nowNs - m_startNs); }
    /// Never negative; zero once every point is there. None: nothing planned and nothing measured.
    std::optional<Nanoseconds> remaining(qint64 nowNs, qint64 pointsDone) const;

private:
    qint64 activeNs(qint64 nowNs) const;

    double m_plannedNs;
    qint64 m_points;
    qint64 m_pointsBefore;
    qint64 m_startNs;
    qint64 m_pausedNs = 0;
    std::optional<qint64> m_pausedSince;
};

/// What is told of the time that remains. It grows only when a scan has become clearly slower, and
/// that is told with it for a while; until then an estimate that is later is held back. A value.
class RemainingTime
{
public:
    void update(std::optional<Nanoseconds> estimate, qint64 nowNs);

    std::optional<Nanoseconds> left() const { return m_left; }
    bool hasGrown() const { return m_grownUntilNs > 0; }

private:
    std::optional<Nanoseconds> m_left;
    qint64 m_grownUntilNs = 0;
};

} // namespace birch
