// What a StepExecutor does with failed steps and with positions to be restored.
#include "core/engine/step_executor.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// Beside the plan's own cursor in a stored position.
constexpr auto kEngineKey = "engine"_L1;
constexpr auto kTimeKey = "lastTimeNs"_L1; // as text: JSON numbers are doubles to others
constexpr auto kStartKey = "start"_L1;
constexpr auto kSkippedKey = "skipped"_L1;
constexpr auto kSetpointKey = "setpoint"_L1;
constexpr auto kAskedKey = "asked"_L1;
} // namespace

Result<std::unique_ptr<StepExecutor>> StepExecutor::create(std::shared_ptr<const ScanPlan> plan,
                                                           const QJsonObject &saved,
                                                           RunHandles &handles, RunRecord &record,
                                                           Clock &clock, SliceLimits limits)
{
    for (const PlanObject &object : plan->objects) {
        if (Status fits = PointTable::check(object); !fits)
            return fits.error();
    }
    QJsonObject walked = saved;
    const QJsonObject extras = walked.take(kEngineKey).toObject();
    std::optional<PlanCursor> cursor;
    if (walked.isEmpty()) {
        cursor.emplace(plan);
    } else {
        auto restored = PlanCursor::restore(plan, walked);
        if (!restored)
            return restored.error();
        cursor.emplace(std::move(restored).value());
    }
    std::unique_ptr<StepExecutor> executor(
        new StepExecutor(std::move(plan), std::move(*cursor), handles, record, clock, limits));
    executor->m_isRestoring = !walked.isEmpty();
    executor->takeExtras(extras);
    return executor;
}

void StepExecutor::takeExtras(const QJsonObject &extras)
{
    m_lastTimeNs = extras.value(kTimeKey).toString().toLongLong();
    m_time.emplace(m_clock, m_lastTimeNs);
    m_startPositions = extras.value(kStartKey).toObject();
    m_skipped = extras.value(kSkippedKey).toObject();
}

void StepExecutor::applySkipped()
{
    for (MovementHandle &movement : m_handles.movements) {
        const QJsonObject saved = m_skipped.value(movement.name).toObject();
        if (saved.isEmpty())
            continue;
        movement.setpoint = saved.value(kSetpointKey).toDouble();
        movement.setpointState =
            saved.value(kAskedKey).toBool() ? ValueState::Ok : ValueState::Skipped;
        movement.readbackState = ValueState::Skipped;
    }
}

QJsonObject StepExecutor::position() const
{
    QJsonObject extras{{kTimeKey, QString::number(m_lastTimeNs)}};
    if (!m_startPositions.isEmpty())
        extras.insert(kStartKey, m_startPositions);
    QJsonObject skipped; // what the plan's cursor does not count as in force, and rows show
    for (const MovementHandle &movement : m_handles.movements) {
        if (movement.readbackState == ValueState::Skipped)
            skipped.insert(movement.name,
                           QJsonObject{{kSetpointKey, movement.setpoint},
                                       {kAskedKey, movement.setpointState == ValueState::Ok}});
    }
    if (!skipped.isEmpty())
        extras.insert(kSkippedKey, skipped);
    QJsonObject position = m_cursor.save();
    position.insert(kEngineKey, extras);
    return position;
}

bool StepExecutor::failed(const Error &error)
{
    // An in-process instrument was interrupted: the abort itself is the next call to be delivered.
    if (error.code == ErrorCode::Cancelled && m_stop.stop_requested()) {
        (void)yield();
        return false;
    }
    const FailureRule &rule = m_cursor.current().failure;
    ++m_attempts;
    if (rule.policy == FailurePolicy::Retry && m_attempts <= rule.retries) {
        if (!yield())
            return false;
        m_record.log(
            u"warning"_s,
            tr("%1 (trying again, %2 of %3)").arg(error.message).arg(m_attempts).arg(rule.retries));
        return retry();
    }
    if (rule.policy == FailurePolicy::Skip) {
        if (!yield())
            return false;
        m_record.log(u"warning"_s, tr("%1 (point skipped)").arg(error.message));
        return skip();
    }
    if (flush())
        end(m_attempts > 1 ? error.within(tr("After %n retries", nullptr, m_attempts - 1)) : error);
    return false;
}

bool StepExecutor::retry()
{
    if (m_cursor.current().kind == StepKind::Move) {
        runLater();
        return false;
    }
    m_restore.restore(m_cursor.setpointsInForce(), {}, [this](const Status &restored) {
        if (restored || failed(restored.error()))
            run();
    });
    return false;
}

bool StepExecutor::skip()
{
    m_attempts = 0;
    const PlanStep &step = m_cursor.current();
    if (step.kind == StepKind::Move) {
        for (const MoveTarget &target : step.targets)
            m_handles.movements[size_t(target.movement)].readbackState = ValueState::Skipped;
        m_cursor.skipPosition();
        m_phase = Phase::Running;
        return true;
    }
    PointTable &table = *m_tables[size_t(step.object)];
    table.skipValues();
    return finishPoint(step, table);
}

} // namespace birch
