#pragma once

#include "core/plan/plan_node.h"

namespace birch {

/// A node that is one step and has nothing inside.
class SingleStepNode : public PlanNode
{
public:
    Visit next(WalkFrame &frame) const final
    {
        return ++frame.ordinal == 0 ? Visit::Step : Visit::Leave;
    }
    bool accepts(const WalkFrame &frame, bool inChild) const final
    {
        return !inChild && frame.ordinal == 0 && frame.child == -1;
    }
};

} // namespace birch
