#pragma once

#include "core/plan/scan_tree.h"

#include <functional>

namespace birch::test {

/// What a walk does, one line per step: "move stage.x=3 smu.bias=1", "measure <node> [0,2]",
/// "wait 5 ms", with " skipped" behind it below a failed position.
using WalkLog = QStringList;

/// The order of DESIGN.md, section 3, told naively from the tree itself: depth first, children in
/// order, every position of an outer sweep before its children, the first included. Shares no code
/// with plan and cursor. \a fails says which of the moves that reach hardware fails under `skip`.
WalkLog referenceWalk(const ScanTree &tree, const std::function<bool(int)> &fails);

} // namespace birch::test
