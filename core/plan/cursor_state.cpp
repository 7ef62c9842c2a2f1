#include "core/plan/cursor_state.h"

#include <algorithm>

namespace birch {

namespace {

/// Extent of the deepest frame stack and of the widest Move below \a node.
struct Extent {
    size_t depth = 0;
    size_t targets = 0;
};

Extent extentOf(const PlanNode *node)
{
    if (node == nullptr)
        return {};
    Extent extent{0, size_t(node->targetCount())};
    for (const auto &child : node->children) {
        const Extent below = extentOf(child.get());
        extent.depth = std::max(extent.depth, below.depth);
        extent.targets = std::max(extent.targets, below.targets);
    }
    ++extent.depth;
    return extent;
}

} // namespace

PlanCursor::State::State(std::shared_ptr<const ScanPlan> scanPlan)
    : plan(std::move(scanPlan))
{
    const Extent extent = extentOf(plan->root.get());
    frames.reserve(extent.depth);
    indices.reserve(extent.depth);
    targets.resize(extent.targets);
    inForce.resize(size_t(plan->movements.size()));
    reads.reserve(kMaxReads);
}

void PlanCursor::State::begin()
{
    if (plan->root)
        push(*plan->root);
    walk();
}

void PlanCursor::State::push(const PlanNode &node)
{
    WalkFrame frame;
    frame.node = &node;
    if (!frames.empty()) {
        const WalkFrame &around = frames.back();
        frame.isSkipped = around.isSkipped || around.isPositionSkipped;
        // Wraps in plans beyond 2^64 passes; only its parity is used.
        frame.pass = around.pass * quint64(around.node->rounds()) + quint64(around.ordinal);
    }
    frames.push_back(frame);
}

void PlanCursor::State::finishStep()
{
    if (step.kind == StepKind::Measure) {
        ++points;
        if (!step.isSkipped && reads.size() < kMaxReads)
            reads.push_back(step.object);
        return;
    }
    if (step.kind != StepKind::Move || step.isSkipped)
        return;
    for (const MoveTarget &target : step.targets)
        inForce[size_t(target.movement)] = {target.value, stamp++};
    reads.clear();
}

void PlanCursor::State::skipPosition()
{
    Q_ASSERT(step.kind == StepKind::Move);
    if (!frames.empty())
        frames.back().isPositionSkipped = true;
    // Where the movements stand now nobody knows, so the reads before belong to no setpoint.
    reads.clear();
}

void PlanCursor::State::walk()
{
    while (!frames.empty()) {
        WalkFrame &frame = frames.back();
        switch (frame.node->next(frame)) {
        case Visit::Step:
            describe();
            return;
        case Visit::Child:
            push(*frame.node->children[size_t(frame.child)]);
            break;
        case Visit::Leave:
            frames.pop_back();
            break;
        }
    }
    step = {};
}

void PlanCursor::State::describe()
{
    const WalkFrame &frame = frames.back();
    step = {};
    step.node = frame.node->id;
    step.failure = frame.node->failure;
    step.timeout = frame.node->timeout;
    step.isSkipped = frame.isSkipped || frame.isPositionSkipped;
    indices.clear();
    for (const WalkFrame &around : frames) {
        if (around.node->isLoop())
            indices.push_back(around.node->index(around));
    }
    step.indices = indices;
    frame.node->describe(frame, step, targets.data());
}

QList<MoveTarget> PlanCursor::State::setpointsInForce() const
{
    QList<int> order;
    for (int movement = 0; movement < int(inForce.size()); ++movement) {
        if (inForce[size_t(movement)].stamp >= 0)
            order.append(movement);
    }
    std::sort(order.begin(), order.end(),
              [this](int a, int b) { return inForce[size_t(a)].stamp < inForce[size_t(b)].stamp; });
    QList<MoveTarget> targetsInForce;
    for (int movement : order)
        targetsInForce.append({movement, inForce[size_t(movement)].value});
    return targetsInForce;
}

} // namespace birch
