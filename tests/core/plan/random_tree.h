#pragma once

#include "core/plan/scan_tree.h"

#include <random>

namespace birch::test {

/// A valid tree for benchSpecs() that visits at most \a maxSteps steps: every kind, disabled nodes,
/// snakes, several axes, empty containers. The same seed gives the same shape.
ScanTree randomTree(std::mt19937 &random, qint64 maxSteps);

/// With parallel nodes, monitors and guards as well, also inside each other and inside sweeps. What
/// runs at the same time shares no instrument, not even for reading, so that every value is told by
/// its row.
ScanTree randomLanes(std::mt19937 &random, qint64 maxSteps);

/// Whether a random tree could have it as a position. What lies between two on a ramp is none.
bool isPosition(double value);

} // namespace birch::test
