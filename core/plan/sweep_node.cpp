#include "core/plan/sweep_node.h"

namespace birch {

SweepNode::SweepNode(std::vector<SweepAxis> axes, bool isSnake, Nanoseconds settle, int turn,
                     int stop)
    : m_axes(std::move(axes))
    , m_isSnake(isSnake)
    , m_settle(settle)
    , m_turn(turn)
    , m_stop(stop)
{
}

// child: -1 at the move, childCount() at the look at the condition.
Visit SweepNode::next(WalkFrame &frame) const
{
    const bool isAtStop = frame.ordinal >= 0 && frame.child == childCount();
    if (isAtStop && frame.decision == Decision::Yes)
        return Visit::Leave;
    if (!isAtStop && frame.ordinal >= 0) {
        if (++frame.child < childCount())
            return Visit::Child;
        if (m_stop >= 0)
            return Visit::Step;
    }
    frame.child = -1;
    frame.isPositionSkipped = false;
    return ++frame.ordinal < rounds() ? Visit::Step : Visit::Leave;
}

void SweepNode::describe(const WalkFrame &frame, PlanStep &step, MoveTarget *targets) const
{
    if (frame.child >= 0) {
        step.kind = StepKind::Decide;
        step.condition = m_stop;
        return;
    }
    const auto position = size_t(index(frame));
    for (size_t i = 0; i < m_axes.size(); ++i) {
        const SweepAxis &axis = m_axes[i];
        targets[i] = {axis.movement, axis.positions[position],
                      axis.settle ? &*axis.settle : nullptr, axis.ramp};
    }
    step.kind = StepKind::Move;
    step.targets = {targets, m_axes.size()};
    step.duration = m_settle;
}

bool SweepNode::accepts(const WalkFrame &frame, bool inChild) const
{
    const bool isAtStep = frame.child == -1 || (m_stop >= 0 && frame.child == childCount());
    return frame.ordinal >= 0 && frame.ordinal < rounds() &&
           (inChild ? isChild(frame.child) : isAtStep);
}

qint64 SweepNode::index(const WalkFrame &frame) const
{
    const bool isBackwards = m_isSnake && frame.pass % 2 == 1;
    return isBackwards ? rounds() - 1 - frame.ordinal : frame.ordinal;
}

} // namespace birch
