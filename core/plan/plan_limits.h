#pragma once

#include "core/base/call.h"
#include "core/plan/scan_tree.h"

#include <limits>

namespace birch {

/// Rows of one scan: at a million a second they would take eleven days.
inline constexpr qint64 kMaxPoints = 1'000'000'000'000;
inline constexpr qint64 kMaxSteps = 10 * kMaxPoints;
/// Positions of one axis: they are kept as numbers (80 MB).
inline constexpr qint64 kMaxPositions = 10'000'000;
inline constexpr qint64 kMaxRounds = 1'000'000'000;
inline constexpr qint64 kMaxAverages = 1'000'000;
/// An estimate stops growing here.
inline constexpr Nanoseconds kMaxPlanDuration{std::numeric_limits<qint64>::max() / 8};
inline constexpr qint64 kMaxBytes = std::numeric_limits<qint64>::max() / 8;

} // namespace birch
