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

PlanCursor::State::State(std::shared_ptr<const ScanPlan> scanPlan, std::shared_ptr<WalkBook> shared,
                         LaneRoot root)
    : plan(std::move(scanPlan))
    , book(std::move(shared))
    , lane(std::move(root))
{
    const Extent extent = extentOf(lane.node);
    frames.reserve(extent.depth);
    indices = lane.indices;
    indices.reserve(lane.indices.size() + extent.depth);
    targets.resize(extent.targets);
    if (book)
        return;
    book = std::make_shared<WalkBook>();
    book->inForce.resize(size_t(plan->movements.size()));
    book->turns.resize(size_t(plan->turns));
    book->searches.resize(size_t(plan->searches));
    book->reads.reserve(WalkBook::kMaxReads);
}

void PlanCursor::State::begin()
{
    if (lane.node)
        push(*lane.node);
    walk();
}

void PlanCursor::State::push(const PlanNode &node)
{
    WalkFrame frame;
    frame.node = &node;
    if (frames.empty()) {
        frame.isSkipped = lane.isSkipped;
    } else {
        const WalkFrame &around = frames.back();
        frame.isSkipped = around.isSkipped || around.isPositionSkipped;
    }
    if (const int turn = node.turn(); turn >= 0) {
        quint64 &walked = book->turns[size_t(turn)];
        frame.pass = book->isLoading ? walked - 1 : walked++;
    }
    if (const int search = node.search(); search >= 0) {
        frame.found = &book->searches[size_t(search)];
        if (!book->isLoading)
            frame.found->clear();
    }
    frames.push_back(frame);
}

void PlanCursor::State::finishStep()
{
    if (step.kind == StepKind::Measure) {
        ++book->points;
        if (!step.isSkipped && book->reads.size() < WalkBook::kMaxReads)
            book->reads.push_back(step.object);
        return;
    }
    if (step.kind == StepKind::Prompt && step.object >= 0)
        ++book->points;
    lanes.clear();
    if (step.kind != StepKind::Move || step.isSkipped)
        return;
    for (const MoveTarget &target : step.targets)
        book->inForce[size_t(target.movement)] = {target.value, book->stamp++};
    book->reads.clear();
}

void PlanCursor::State::answer(Decision decision, double observed)
{
    finishStep();
    if (!frames.empty()) {
        frames.back().decision = decision;
        frames.back().observed = observed;
    }
    walk();
}

void PlanCursor::State::skipPosition()
{
    Q_ASSERT(step.kind == StepKind::Move);
    if (!frames.empty())
        frames.back().isPositionSkipped = true;
    // Where the movements stand now nobody knows, so the reads before belong to no setpoint.
    book->reads.clear();
}

void PlanCursor::State::walk()
{
    while (!frames.empty()) {
        WalkFrame &frame = frames.back();
        const Visit visit = frame.node->next(frame);
        frame.decision = Decision::Neither;
        switch (visit) {
        case Visit::Step:
            describe();
            return;
        case Visit::Child:
            push(*frame.node->children[size_t(frame.child)]);
            break;
        case Visit::Leave:
            frames.pop_back();
            break;
        case Visit::Break:
            leaveLoop();
            break;
        }
    }
    step = {};
}

/// Leaves the node that asks for it and the innermost loop around.
void PlanCursor::State::leaveLoop()
{
    frames.pop_back();
    while (!frames.empty()) {
        const bool isLoop = frames.back().node->isLoop();
        frames.pop_back();
        if (isLoop)
            return;
    }
}

void PlanCursor::State::describe()
{
    const WalkFrame &frame = frames.back();
    step = {};
    step.node = frame.node->id;
    step.failure = frame.node->failure;
    step.timeout = frame.node->timeout;
    step.isSkipped = frame.isSkipped || frame.isPositionSkipped;
    indices.resize(lane.indices.size());
    for (const WalkFrame &around : frames) {
        if (around.node->isLoop())
            indices.push_back(around.node->index(around));
    }
    step.indices = indices;
    frame.node->describe(frame, step, targets.data());
    if (step.kind == StepKind::Fork)
        fork();
}

void PlanCursor::State::fork()
{
    const WalkFrame &frame = frames.back();
    lanes.clear();
    lanes.reserve(frame.node->children.size());
    for (const auto &child : frame.node->children) {
        auto state =
            std::make_unique<State>(plan, book, LaneRoot{child.get(), indices, step.isSkipped});
        state->begin();
        lanes.push_back(PlanCursor(std::move(state)));
    }
}

std::vector<OpenWatch> PlanCursor::State::openWatches() const
{
    std::vector<OpenWatch> open;
    std::vector<qint64> around = lane.indices;
    for (const WalkFrame &frame : frames) {
        const PlanNode &node = *frame.node;
        if (node.isLoop())
            around.push_back(node.index(frame));
        const int watch = frame.isSkipped ? -1 : node.openWatch(frame);
        if (watch >= 0)
            open.push_back({watch, node.failure, node.timeout, around});
    }
    return open;
}

QList<MoveTarget> PlanCursor::State::ownSetpoints() const
{
    const bool isBranch = lane.node != plan->root.get();
    return setpoints(isBranch ? &lane.node->movements : nullptr);
}

QList<MoveTarget> PlanCursor::State::setpoints(const std::vector<int> *only) const
{
    const auto &inForce = book->inForce;
    QList<int> order;
    for (int movement = 0; movement < int(inForce.size()); ++movement) {
        const bool isWanted =
            !only || std::find(only->begin(), only->end(), movement) != only->end();
        if (isWanted && inForce[size_t(movement)].stamp >= 0)
            order.append(movement);
    }
    std::sort(order.begin(), order.end(), [&inForce](int a, int b) {
        return inForce[size_t(a)].stamp < inForce[size_t(b)].stamp;
    });
    QList<MoveTarget> targetsInForce;
    for (int movement : order)
        targetsInForce.append({movement, inForce[size_t(movement)].value, nullptr,
                               plan->movements.at(movement).slowestRamp});
    return targetsInForce;
}

} // namespace birch
