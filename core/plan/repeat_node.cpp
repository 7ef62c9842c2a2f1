#include "core/plan/repeat_node.h"

#include <algorithm>

namespace birch {

std::unique_ptr<RepeatNode> RepeatNode::whileTrue(int condition, qint64 rounds)
{
    auto node = std::make_unique<RepeatNode>(rounds);
    node->m_condition = condition;
    return node;
}

std::unique_ptr<RepeatNode> RepeatNode::forDuration(int timer, Nanoseconds duration, qint64 rounds)
{
    auto node = std::make_unique<RepeatNode>(rounds);
    node->m_timer = timer;
    node->m_duration = duration;
    return node;
}

// child: -1 where the timer begins, childCount() at the look behind a round.
Visit RepeatNode::next(WalkFrame &frame) const
{
    if (frame.ordinal < 0) {
        frame.ordinal = 0;
        if (hasTimer())
            return Visit::Step;
    }
    if (isOpen() && frame.child == childCount()) {
        if (frame.decision != Decision::Yes)
            return Visit::Leave;
        ++frame.ordinal;
        frame.child = -1;
    }
    if (++frame.child < childCount())
        return Visit::Child;
    if (frame.ordinal + 1 >= m_rounds)
        return Visit::Leave;
    if (isOpen())
        return Visit::Step;
    ++frame.ordinal;
    frame.child = 0;
    return Visit::Child;
}

void RepeatNode::describe(const WalkFrame &frame, PlanStep &step, MoveTarget *) const
{
    step.kind = StepKind::Decide;
    step.condition = m_condition;
    step.timer = m_timer;
    step.duration = m_duration;
    step.isTimerStart = frame.child < 0;
}

bool RepeatNode::accepts(const WalkFrame &frame, bool inChild) const
{
    const bool isAtStart = hasTimer() && frame.ordinal == 0 && frame.child == -1;
    const bool isAtLook = isOpen() && frame.child == childCount();
    return frame.ordinal >= 0 && frame.ordinal < m_rounds &&
           (inChild ? isChild(frame.child) : isAtStart || isAtLook);
}

} // namespace birch
