#include "core/plan/plan_node.h"

namespace birch {

void PlanNode::describe(const WalkFrame &, PlanStep &, MoveTarget *) const {}

} // namespace birch
