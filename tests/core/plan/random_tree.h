#pragma once

#include "core/plan/scan_tree.h"

#include <random>

namespace birch::test {

/// A valid tree for benchSpecs() that visits at most \a maxSteps steps: every kind, disabled nodes,
/// snakes, several axes, empty containers. The same seed gives the same shape.
ScanTree randomTree(std::mt19937 &random, qint64 maxSteps);

} // namespace birch::test
