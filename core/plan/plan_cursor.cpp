#include "core/plan/plan_cursor.h"

#include "core/plan/cursor_state.h"
#include "core/plan/duration_text.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("PlanCursor", text);
}
} // namespace

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

QString PlanCursor::repeatedOnResume() const
{
    const PlanStep &step = m_state->step;
    const ScanPlan &plan = *m_state->plan;
    if (step.isSkipped)
        return tr("Nothing would be repeated: this point is being skipped.");
    switch (step.kind) {
    case StepKind::Move: {
        QStringList names;
        for (const MoveTarget &target : step.targets)
            names.append(plan.movements.at(target.movement).column);
        return tr("The move of %1 would be made again, from its start.").arg(names.join(u", "_s));
    }
    case StepKind::Measure:
        return tr("The reading of \"%1\" would be made again; nothing of it has been recorded.")
            .arg(plan.objects.at(step.object).name);
    case StepKind::Wait:
        if (step.watch >= 0)
            return tr("The wait until %1 would start again.")
                .arg(plan.watches.at(step.watch).wait->condition.text());
        return tr("The wait of %1 would start again.").arg(durationText(step.duration));
    case StepKind::Decide:
        return tr("Nothing would be repeated: a condition is looked at next.");
    case StepKind::Fork: {
        QStringList sentences;
        for (const PlanCursor &lane : m_state->lanes) {
            if (!lane.isFinished())
                sentences.append(lane.repeatedOnResume());
        }
        if (!sentences.isEmpty())
            return sentences.join(u' ');
        return tr("Nothing would be repeated: this part of the scan is done.");
    }
    case StepKind::Prompt:
        return tr("\"%1\" would be asked again.").arg(plan.prompts.at(step.prompt).text);
    case StepKind::WatchBegin:
    case StepKind::WatchEnd:
        return tr("Nothing would be repeated.");
    case StepKind::Finished:
        break;
    }
    return tr("Nothing would be repeated: the scan is at its end.");
}

} // namespace birch
