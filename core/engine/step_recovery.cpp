// What a StepExecutor does with failed steps.
#include "core/engine/step_executor.h"

using namespace Qt::StringLiterals;

namespace birch {

bool StepExecutor::failed(const Error &error)
{
    // An in-process instrument was interrupted: the abort itself is the next call to be delivered.
    if (error.code == ErrorCode::Cancelled && m_lanes.stop.stop_requested()) {
        (void)yield();
        return false;
    }
    const FailureRule &rule = m_cursor.current().failure;
    ++m_attempts;
    if (rule.policy == FailurePolicy::Retry && m_attempts <= rule.retries) {
        if (!yield())
            return false;
        m_lanes.record.log(
            u"warning"_s,
            tr("%1 (trying again, %2 of %3)").arg(error.message).arg(m_attempts).arg(rule.retries));
        return retry();
    }
    if (rule.policy == FailurePolicy::Skip) {
        if (!yield())
            return false;
        m_lanes.record.log(u"warning"_s, m_cursor.current().kind == StepKind::Decide
                                             ? tr("%1 (nothing inside is done)").arg(error.message)
                                             : tr("%1 (point skipped)").arg(error.message));
        return skip();
    }
    if (flush())
        end(m_attempts > 1 ? error.within(tr("After %n retries", nullptr, m_attempts - 1)) : error);
    return false;
}

bool StepExecutor::retry()
{
    const StepKind kind = m_cursor.current().kind;
    if (kind != StepKind::Measure) {
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
            m_lanes.handles.movements[size_t(target.movement)].readbackState = ValueState::Skipped;
        m_cursor.skipPosition();
        m_phase = Phase::Running;
        return true;
    }
    if (step.kind != StepKind::Measure) {
        m_cursor.advance();
        m_phase = Phase::Running;
        return true;
    }
    PointTable &table = m_lanes.rows.table(step.object);
    table.skipValues();
    return finishPoint(step, table);
}

} // namespace birch
