#pragma once

#include "core/plan/plan_node.h"
#include "core/plan/search_rule.h"

namespace birch {

/// A move to the position that \a rule chooses, the children there, then a look at what was found;
/// and again, until the rule has enough. Where nothing could be found, because the position or the
/// look was skipped, it ends.
class AdaptiveNode final : public PlanNode
{
public:
    struct Axis {
        int movement = -1;
        double ramp = 0; ///< see MoveTarget
    };
    struct Look {
        int expression = -1;   ///< in ScanPlan::conditions
        bool isNumber = false; ///< else a condition
    };
    /// \a search: its place among those of the plan.
    AdaptiveNode(Axis axis, const SearchRule &rule, int most, Look look, Nanoseconds settle,
                 int search);

    Visit next(WalkFrame &frame) const override;
    void describe(const WalkFrame &frame, PlanStep &step, MoveTarget *targets) const override;
    bool accepts(const WalkFrame &frame, bool inChild) const override;
    int targetCount() const override { return 1; }
    qint64 rounds() const override { return m_most; }
    bool isLoop() const override { return true; }
    int search() const override { return m_search; }

private:
    bool isOurs(std::span<const SearchSample> found) const;

    Axis m_axis;
    SearchRule m_rule;
    int m_most;
    Look m_look;
    Nanoseconds m_settle;
    int m_search;
};

} // namespace birch
