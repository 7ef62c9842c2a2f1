#pragma once

#include "core/plan/plan_node.h"

#include <optional>

namespace birch {

struct SweepAxis {
    int movement = -1; ///< in ScanPlan::movements
    std::vector<double> positions;
    std::optional<SettleRule> settle = {}; ///< none: the movement's own
    double ramp = 0;                       ///< see MoveTarget
};

/// A move to each position, then the children there, then perhaps a look at a condition.
class SweepNode final : public PlanNode
{
public:
    /// All axes have the same count of positions, at least one.
    /// \a turn: see PlanNode; \a stop: condition that ends it after a position, -1: none.
    SweepNode(std::vector<SweepAxis> axes, bool isSnake, Nanoseconds settle, int turn = -1,
              int stop = -1);

    Visit next(WalkFrame &frame) const override;
    void describe(const WalkFrame &frame, PlanStep &step, MoveTarget *targets) const override;
    bool accepts(const WalkFrame &frame, bool inChild) const override;
    int targetCount() const override { return int(m_axes.size()); }
    qint64 rounds() const override { return qint64(m_axes.front().positions.size()); }
    bool isLoop() const override { return true; }
    int turn() const override { return m_turn; }
    qint64 index(const WalkFrame &frame) const override;

private:
    std::vector<SweepAxis> m_axes;
    bool m_isSnake;
    Nanoseconds m_settle;
    int m_turn;
    int m_stop;
};

} // namespace birch
