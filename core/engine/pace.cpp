#include "core/engine/pace.h"

namespace birch {

namespace {
/// From this share of the points on, the measured pace alone counts; before, it is blended in.
constexpr double kTrustedShare = 0.1;

// An estimate is clearly later by this share of what was left, and at least so much.
constexpr double kLaterShare = 0.05;
constexpr Nanoseconds kLater = std::chrono::seconds(2);
constexpr Nanoseconds kTold = std::chrono::seconds(30); // how long the reason stands
} // namespace

Pace::Pace(Nanoseconds planned, qint64 points, qint64 pointsBefore, qint64 nowNs)
    : m_plannedNs(double(planned.count()))
    , m_points(points)
    , m_pointsBefore(pointsBefore)
    , m_startNs(nowNs)
{
}

void Pace::pause(qint64 nowNs)
{
    if (!m_pausedSince)
        m_pausedSince = nowNs;
}

void Pace::resume(qint64 nowNs)
{
    if (m_pausedSince)
        m_pausedNs += nowNs - *m_pausedSince;
    m_pausedSince.reset();
}

qint64 Pace::activeNs(qint64 nowNs) const
{
    return m_pausedSince.value_or(nowNs) - m_startNs - m_pausedNs;
}

std::optional<Nanoseconds> Pace::remaining(qint64 nowNs, qint64 pointsDone) const
{
    const auto active = double(activeNs(nowNs));
    if (m_points <= 0)
        return m_plannedNs > 0
                   ? std::optional(Nanoseconds(qint64(std::max(0.0, m_plannedNs - active))))
                   : std::nullopt;
    const qint64 here = m_points - m_pointsBefore; // points of this run
    const qint64 left = m_points - pointsDone;
    if (left <= 0 || here <= 0)
        return Nanoseconds::zero();
    const double share = double(here - left) / double(here);
    const double plannedHere = m_plannedNs * double(here) / double(m_points);
    if (share <= 0)
        return m_plannedNs > 0
                   ? std::optional(Nanoseconds(qint64(std::max(0.0, plannedHere - active))))
                   : std::nullopt;
    const double measured = active / share * (1 - share);
    const double trust = m_plannedNs > 0 ? std::min(1.0, share / kTrustedShare) : 1.0;
    return Nanoseconds(qint64(trust * measured + (1 - trust) * plannedHere * (1 - share)));
}

void RemainingTime::update(std::optional<Nanoseconds> estimate, qint64 nowNs)
{
    if (m_grownUntilNs > 0 && nowNs >= m_grownUntilNs)
        m_grownUntilNs = 0;
    if (m_left && estimate && *estimate > *m_left) {
        const auto share = Nanoseconds(qint64(kLaterShare * double(m_left->count())));
        if (*estimate - *m_left <= std::max(share, kLater))
            return;
        m_grownUntilNs = nowNs + kTold.count();
    }
    m_left = estimate;
}

} // namespace birch
