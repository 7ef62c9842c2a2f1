#include "core/plan/sweep_node.h"

namespace birch {

SweepNode::SweepNode(std::vector<SweepAxis> axes, bool isSnake, Nanoseconds settle)
    : m_axes(std::move(axes))
    , m_isSnake(isSnake)
    , m_settle(settle)
{
}

Visit SweepNode::next(WalkFrame &frame) const
{
    if (frame.ordinal >= 0 && ++frame.child < childCount())
        return Visit::Child;
    frame.child = -1;
    frame.isPositionSkipped = false;
    return ++frame.ordinal < rounds() ? Visit::Step : Visit::Leave;
}

void SweepNode::describe(const WalkFrame &frame, PlanStep &step, MoveTarget *targets) const
{
    const auto position = size_t(index(frame));
    for (size_t axis = 0; axis < m_axes.size(); ++axis)
        targets[axis] = {m_axes[axis].movement, m_axes[axis].positions[position]};
    step.kind = StepKind::Move;
    step.targets = {targets, m_axes.size()};
    step.duration = m_settle;
}

bool SweepNode::accepts(const WalkFrame &frame, bool inChild) const
{
    return frame.ordinal >= 0 && frame.ordinal < rounds() &&
           (inChild ? isChild(frame.child) : frame.child == -1);
}

qint64 SweepNode::index(const WalkFrame &frame) const
{
    const bool isBackwards = m_isSnake && frame.pass % 2 == 1;
    return isBackwards ? rounds() - 1 - frame.ordinal : frame.ordinal;
}

} // namespace birch
