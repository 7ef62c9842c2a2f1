#pragma once

#include "core/plan/plan_limits.h"

#include <cmath>

namespace birch {

/// From leaving to being seen there by a watch that looks every \a poll; \a rate in the unit of
/// \a distance per second, 0: at once. At most kMaxPlanDuration.
inline Nanoseconds travelTime(double distance, double rate, Nanoseconds poll)
{
    if (!(rate > 0) || !std::isfinite(distance))
        return {};
    const auto longest = double(kMaxPlanDuration.count());
    const double travel = std::min(std::abs(distance) / rate * 1e9, longest);
    const double look = std::max(1.0, double(poll.count()));
    return Nanoseconds(qint64(std::min(std::ceil(travel / look) * look, longest)));
}

} // namespace birch
