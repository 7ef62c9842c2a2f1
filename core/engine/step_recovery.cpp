// What a StepExecutor does with failed steps.
#include "core/engine/step_executor.h"

#include "core/plan/duration_text.h"

#include <algorithm>

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
        if (yield())
            tryAgainLater(rule, error);
        return false;
    }
    if (rule.policy == FailurePolicy::Pause) {
        if (yield())
            pauseForFailure(error);
        return false;
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

void StepExecutor::tryAgainLater(const FailureRule &rule, const Error &error)
{
    const Nanoseconds wait = rule.waitBefore(m_attempts);
    const QString which = tr("%1 of %2").arg(m_attempts).arg(rule.retries);
    m_lanes.record.log(
        u"warning"_s,
        wait > Nanoseconds::zero()
            ? tr("%1 (trying again in %2, %3)").arg(error.message, durationText(wait), which)
            : tr("%1 (trying again, %2)").arg(error.message, which));
    if (wait <= Nanoseconds::zero() && !m_isHaltAsked)
        return retry();
    m_isFailing = true;
    m_time.to(TimePart::Retry, m_cursor.current().node);
    if (m_isPauseAsked)
        return void(rest());
    m_lanes.clock.after(wait, this, [this, turn = ++m_turn] {
        if (turn == m_turn)
            retry();
    });
}

/// Everybody comes to rest; resume() tries again, with all retries at hand.
void StepExecutor::pauseForFailure(const Error &error)
{
    m_attempts = 0;
    m_isFailing = true;
    m_lanes.askPause(tr("%1. See to it, then resume: the step is made again.").arg(error.message));
}

void StepExecutor::retry()
{
    m_isFailing = false;
    const StepKind kind = m_cursor.current().kind;
    if (kind != StepKind::Measure || isDisrupted())
        return runLater();
    m_time.to(TimePart::Retry, m_cursor.current().node);
    m_restore.restore(m_cursor.setpointsInForce(), {}, [this](const Status &restored) {
        if (restored || failed(restored.error()))
            run();
    });
}

bool StepExecutor::isDisrupted() const
{
    const auto &hosts = m_lanes.handles.hosts;
    for (size_t i = 0; i < hosts.size(); ++i) {
        if (hosts[i]->disruptions() != m_disruptions[i])
            return true;
    }
    return false;
}

/// After a fault an instrument may stand anywhere (it was switched off, a move was lost): what this
/// lane has set there is set again, before anything is read or moved.
void StepExecutor::bringBack(std::function<void()> then)
{
    const auto now = m_lanes.handles.disruptions();
    QList<MoveTarget> setpoints = m_cursor.setpointsInForce();
    setpoints.removeIf([this, &now](const MoveTarget &target) {
        const auto &hosts = m_lanes.handles.hosts;
        const auto host = std::find(hosts.begin(), hosts.end(),
                                    m_lanes.handles.movements[size_t(target.movement)].host);
        const auto i = size_t(host - hosts.begin());
        return host == hosts.end() || now[i] == m_disruptions[i];
    });
    if (!setpoints.isEmpty())
        m_lanes.record.log(u"info"_s, tr("After the fault %n setpoint(s) are set again", nullptr,
                                         int(setpoints.size())));
    m_restore.restore(std::move(setpoints), {},
                      [this, now, then = std::move(then)](const Status &restored) {
                          if (restored) // else all of it is due again
                              m_disruptions = now;
                          if (restored || failed(restored.error()))
                              then();
                      });
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
