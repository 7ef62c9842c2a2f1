#include "core/plan/plan_cursor.h"

#include "core/plan/cursor_state.h"

namespace birch {

PlanCursor::PlanCursor(std::shared_ptr<const ScanPlan> plan)
{
    const PlanNode *root = plan->root.get();
    m_state = std::make_unique<State>(std::move(plan), nullptr, LaneRoot{root, {}, false});
    m_state->begin();
}

PlanCursor::PlanCursor(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

PlanCursor::~PlanCursor() = default;
PlanCursor::PlanCursor(PlanCursor &&) noexcept = default;
PlanCursor &PlanCursor::operator=(PlanCursor &&) noexcept = default;

const PlanStep &PlanCursor::current() const
{
    return m_state->step;
}

void PlanCursor::advance()
{
    m_state->finishStep();
    m_state->walk();
}

void PlanCursor::decide(bool isTrue)
{
    Q_ASSERT(current().kind == StepKind::Decide && !current().isNumber);
    m_state->answer(isTrue ? Decision::Yes : Decision::No, isTrue ? 1 : 0);
}

void PlanCursor::observe(double value)
{
    Q_ASSERT(current().kind == StepKind::Decide && current().isNumber);
    m_state->answer(Decision::Yes, value);
}

void PlanCursor::skipPosition()
{
    m_state->skipPosition();
    m_state->walk();
}

std::span<PlanCursor> PlanCursor::lanes()
{
    return m_state->lanes;
}

std::span<const PlanCursor> PlanCursor::lanes() const
{
    return m_state->lanes;
}

std::vector<OpenWatch> PlanCursor::openWatches() const
{
    return m_state->openWatches();
}

bool PlanCursor::hasPoints() const
{
    return m_state->lane.node != nullptr && m_state->lane.node->points > 0;
}

QList<MoveTarget> PlanCursor::setpointsInForce() const
{
    return m_state->ownSetpoints();
}

QList<int> PlanCursor::readsSinceMove() const
{
    const auto &reads = m_state->book->reads;
    return QList<int>(reads.begin(), reads.end());
}

qint64 PlanCursor::pointsDone() const
{
    return m_state->book->points;
}

QJsonObject PlanCursor::save() const
{
    return m_state->save();
}

Result<PlanCursor> PlanCursor::restore(std::shared_ptr<const ScanPlan> plan,
                                       const QJsonObject &saved)
{
    const PlanNode *root = plan->root.get();
    auto state = std::make_unique<State>(std::move(plan), nullptr, LaneRoot{root, {}, false});
    if (const Status loaded = state->load(saved); !loaded)
        return loaded.error();
    return PlanCursor(std::move(state));
}

} // namespace birch
