// How a StepExecutor comes to rest, and goes on.
#include "core/engine/step_executor.h"

#include "core/plan/duration_text.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
bool isRamp(const PlanStep &step)
{
    return std::any_of(step.targets.begin(), step.targets.end(),
                       [](const MoveTarget &target) { return target.ramp > 0; });
}
} // namespace

void StepExecutor::pauseAfterPoint()
{
    m_isPauseAsked = true;
    if (m_phase == Phase::Forked) {
        for (const auto &branch : m_branches)
            branch->pauseAfterPoint();
        return;
    }
    if (m_phase != Phase::Waiting)
        return;
    if (m_until)
        m_until->pause();
    if (m_isFailing || m_isInWait || m_isInPrompt || m_until ||
        (m_isBetweenPoints && !m_cursor.isFinished()))
        (void)rest();
}

void StepExecutor::pauseNow()
{
    m_isPauseAsked = m_isHaltAsked = true;
    if (m_phase == Phase::Forked) {
        for (const auto &branch : m_branches)
            branch->pauseNow();
        return;
    }
    if (m_phase != Phase::Waiting)
        return;
    if (m_isTravelling)
        return haltMove();
    if (m_until)
        m_until->pause();
    if (m_isFailing || m_isInWait || m_isInPrompt || m_until || m_isSettling ||
        (m_isBetweenPoints && !m_cursor.isFinished()))
        (void)rest();
}

/// One that can not be halted comes to its end first, and is made again as well.
void StepExecutor::haltMove()
{
    if (!m_moves.canHalt())
        return;
    m_moves.halt([this](const Status &halted) {
        if (!halted)
            m_lanes.record.log(u"error"_s, halted.error().message);
        if (m_isHaltAsked)
            return void(rest());
        m_isTravelling = false;
        run(); // taken back meanwhile: the move is made again
    });
}

bool StepExecutor::rest()
{
    if (!flush())
        return false;
    ++m_turn; // the timer of a wait
    withdrawQuestion();
    m_isWaitBroken = m_isHaltAsked && (m_isInWait || m_until);
    m_isMoveBroken = m_isTravelling || m_isSettling;
    m_isTravelling = m_isSettling = false;
    if (m_isWaitBroken) {
        m_isInWait = false;
        m_until.reset();
    }
    m_isPauseAsked = m_isHaltAsked = false;
    m_phase = Phase::Paused;
    m_time.to(TimePart::Pause);
    emit rested();
    return false;
}

QString StepExecutor::moved() const
{
    QStringList names;
    for (const MoveTarget &target : m_cursor.current().targets)
        names.append(m_lanes.handles.movements[size_t(target.movement)].name);
    return names.join(u", "_s);
}

/// "10 s", or the condition.
QString StepExecutor::waited() const
{
    const PlanStep &step = m_cursor.current();
    return step.watch >= 0 ? m_lanes.plan->watches.at(step.watch).wait->condition.text()
                           : durationText(step.duration);
}

QStringList StepExecutor::repeated(bool isDisturbed) const
{
    if (m_phase == Phase::Forked) {
        QStringList sentences;
        for (const auto &branch : m_branches)
            sentences += branch->repeated(isDisturbed);
        return sentences;
    }
    if (m_phase == Phase::Ended)
        return {};
    if (m_isFailing)
        return {tr("The step that failed is made again.")};
    if (m_isInPrompt)
        return {tr("Its question is asked again.")};
    if (!isDisturbed && m_isInWait)
        return {tr("The wait of %1 goes on counting meanwhile.").arg(waited())};
    if (!isDisturbed && m_until)
        return {tr("The wait for %1 goes on.").arg(waited())};
    const PlanStep &step = m_cursor.current();
    if (step.kind == StepKind::Wait && (m_isWaitBroken || m_isInWait || m_until))
        return {tr("The wait for %1 begins again.").arg(waited())};
    if (m_isMoveBroken && isRamp(step))
        return {tr("The ramp of %1 goes on from where it was halted.").arg(moved())};
    if (m_isMoveBroken)
        return {tr("The move of %1 is made again.").arg(moved())};
    return {};
}

QStringList StepExecutor::ifPausedNow() const
{
    if (m_phase == Phase::Forked) {
        QStringList sentences;
        for (const auto &branch : m_branches)
            sentences += branch->ifPausedNow();
        return sentences;
    }
    if (m_phase != Phase::Waiting)
        return {};
    if (m_isFailing)
        return {tr("the step that failed would be made again")};
    if (m_isInPrompt)
        return {tr("its question would be asked again")};
    if (m_isInWait || m_until)
        return {tr("the wait for %1 would begin again").arg(waited())};
    if (m_isSettling)
        return {tr("the move of %1 would be made again").arg(moved())};
    if (m_isTravelling && m_moves.canHalt() && isRamp(m_cursor.current()))
        return {
            tr("the ramp of %1 would be halted where it is, and go on from there").arg(moved())};
    if (m_isTravelling)
        return {m_moves.canHalt()
                    ? tr("the move of %1 would be halted and made again").arg(moved())
                    : tr("the move of %1 has no stop: it would arrive first, and be made again")
                          .arg(moved())};
    return {};
}

void StepExecutor::resume(bool isDisturbed)
{
    m_isPauseAsked = m_isHaltAsked = false;
    if (m_phase == Phase::Ended)
        return;
    for (const RunningWatch &running : m_watches)
        running.watch->resume();
    if (m_phase == Phase::Forked) {
        for (const auto &branch : m_branches)
            branch->resume(isDisturbed);
        return;
    }
    if (m_phase != Phase::Paused)
        return;
    if (m_isFailing) {
        m_phase = Phase::Waiting;
        return retry();
    }
    if (isDisturbed) {
        m_isInWait = false;
        m_until.reset();
    }
    m_phase = Phase::Waiting;
    if (m_until || m_isInWait)
        m_time.to(TimePart::Wait, m_cursor.current().node);
    if (m_until)
        return m_until->resume();
    if (m_isInWait)
        return resumeWait();
    if (!isDisturbed || m_settle <= Nanoseconds::zero())
        return runLater();
    m_time.to(TimePart::Settle);
    m_lanes.clock.after(m_settle, this, [this, turn = ++m_turn] {
        if (turn == m_turn)
            run();
    });
}

void StepExecutor::resumeWait()
{
    const qint64 left = std::max<qint64>(0, m_waitEndNs - m_lanes.clock.bootNs());
    m_lanes.clock.after(Nanoseconds(left), this, [this, turn = ++m_turn] {
        if (turn == m_turn)
            goOn();
    });
}

} // namespace birch
