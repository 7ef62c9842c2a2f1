#pragma once

#include "core/base/problem.h"
#include "core/plan/node_registry.h"
#include "core/plan/scan_tree.h"

namespace birch {

/// Sets one field from text, e.g. "bias.axes.0.positions.points=401" given on a command line.
///
/// The node is named by its label, its id, or its kind where the tree has one of that kind only;
/// what follows is the path of a field, or label, enabled, timeout. A value is read as the field's
/// type says. A problem, with the tree unchanged: no such node, several of them, no such field, a
/// value of another type.
Problems applyOverride(ScanTree &tree, const QString &assignment, const NodeRegistry &registry);

} // namespace birch
