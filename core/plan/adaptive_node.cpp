#include "core/plan/adaptive_node.h"

namespace birch {

AdaptiveNode::AdaptiveNode(Axis axis, const SearchRule &rule, int most, Look look,
                           Nanoseconds settle, int search)
    : m_axis(axis)
    , m_rule(rule)
    , m_most(most)
    , m_look(look)
    , m_settle(settle)
    , m_search(search)
{
}

// child: -1 at the move, childCount() at the look.
Visit AdaptiveNode::next(WalkFrame &frame) const
{
    std::vector<SearchSample> &found = *frame.found;
    if (frame.ordinal >= 0) {
        if (frame.child < childCount())
            return ++frame.child < childCount() ? Visit::Child : Visit::Step;
        if (frame.decision == Decision::Neither)
            return Visit::Leave;
        found.push_back({*m_rule.next(found), frame.observed});
        if (frame.ordinal + 1 >= m_most || !m_rule.next(found))
            return Visit::Leave;
    }
    ++frame.ordinal;
    frame.child = -1;
    frame.isPositionSkipped = false;
    return Visit::Step;
}

void AdaptiveNode::describe(const WalkFrame &frame, PlanStep &step, MoveTarget *targets) const
{
    if (frame.child >= 0) {
        step.kind = StepKind::Decide;
        step.condition = m_look.expression;
        step.isNumber = m_look.isNumber;
        return;
    }
    // None only while a saved walk is put together: then the frame is about to be replaced.
    targets[0] = {m_axis.movement, m_rule.next(*frame.found).value_or(m_rule.start), nullptr,
                  m_axis.ramp};
    step.kind = StepKind::Move;
    step.targets = {targets, 1};
    step.duration = m_settle;
}

bool AdaptiveNode::accepts(const WalkFrame &frame, bool inChild) const
{
    const bool isAtStep = frame.child == -1 || frame.child == childCount();
    return frame.ordinal >= 0 && frame.ordinal < m_most &&
           frame.found->size() == size_t(frame.ordinal) && isOurs(*frame.found) &&
           (inChild ? isChild(frame.child) : isAtStep);
}

/// A search that was tampered with could lead out of the limits that were checked.
bool AdaptiveNode::isOurs(std::span<const SearchSample> found) const
{
    for (size_t i = 0; i < found.size(); ++i) {
        if (m_rule.next(found.first(i)) != found[i].position)
            return false;
    }
    return m_rule.next(found).has_value();
}

} // namespace birch
