#pragma once

#include "core/plan/plan_node.h"

namespace birch {

/// Its children in order, while something is read beside them.
class WatchNode final : public PlanNode
{
public:
    explicit WatchNode(int watch)
        : m_watch(watch)
    {
    }

    Visit next(WalkFrame &frame) const override;
    void describe(const WalkFrame &frame, PlanStep &step, MoveTarget *targets) const override;
    bool accepts(const WalkFrame &frame, bool inChild) const override;
    int openWatch(const WalkFrame &frame) const override;

private:
    int m_watch; ///< in ScanPlan::watches
};

} // namespace birch
