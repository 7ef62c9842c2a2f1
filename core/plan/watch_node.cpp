#include "core/plan/watch_node.h"

namespace birch {

// Ordinal 0: begun, and inside; 1: behind the children. Inside it stays 0, so that the children
// count the passes of the node around them.

Visit WatchNode::next(WalkFrame &frame) const
{
    if (frame.ordinal < 0) {
        frame.ordinal = 0;
        return Visit::Step;
    }
    if (frame.ordinal > 0)
        return Visit::Leave;
    if (++frame.child < childCount())
        return Visit::Child;
    frame.child = -1;
    frame.ordinal = 1;
    return Visit::Step;
}

void WatchNode::describe(const WalkFrame &frame, PlanStep &step, MoveTarget *) const
{
    step.kind = frame.ordinal == 0 ? StepKind::WatchBegin : StepKind::WatchEnd;
    step.watch = m_watch;
}

bool WatchNode::accepts(const WalkFrame &frame, bool inChild) const
{
    if (inChild)
        return frame.ordinal == 0 && isChild(frame.child);
    return (frame.ordinal == 0 || frame.ordinal == 1) && frame.child == -1;
}

int WatchNode::openWatch(const WalkFrame &frame) const
{
    return frame.ordinal == 0 && frame.child >= 0 ? m_watch : -1;
}

} // namespace birch
