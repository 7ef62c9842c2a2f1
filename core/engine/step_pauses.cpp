// How a StepExecutor comes to rest, and goes on.
#include "core/engine/step_executor.h"

#include "core/plan/duration_text.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

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
    if (m_isInWait || m_isInPrompt || m_until || (m_isBetweenPoints && !m_cursor.isFinished()))
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
    if (m_isInWait || m_isInPrompt || m_until || m_isSettling ||
        (m_isBetweenPoints && !m_cursor.isFinished()))
        (void)rest();
}

/// One that can not be halted comes to its end first, and is made again as well.
void StepExecutor::haltMove()
{
    if (!m_moves.canHalt())
        return;
    m_moves.halt([this](const Status &halted) {
        m_isTravelling = false;
        if (!halted)
            m_lanes.record.log(u"error"_s, halted.error().message);
        if (m_isHaltAsked)
            (void)rest();
        else
            run(); // taken back meanwhile: the move is made again
    });
}

bool StepExecutor::rest()
{
    if (!flush())
        return false;
    ++m_turn; // the timer of a wait
    withdrawQuestion();
    m_isSettling = false;
    if (m_isHaltAsked) { // what was broken off is done again
        m_isInWait = false;
        if (m_until)
            m_until.reset();
    }
    m_isPauseAsked = m_isHaltAsked = false;
    m_phase = Phase::Paused;
    emit rested();
    return false;
}

QStringList StepExecutor::repeated(bool isDisturbed) const
{
    if (m_phase == Phase::Forked) {
        QStringList sentences;
        for (const auto &branch : m_branches) {
            if (branch->m_phase != Phase::Ended)
                sentences += branch->repeated(isDisturbed);
        }
        return sentences;
    }
    if (!isDisturbed && m_isInWait)
        return {tr("The wait has gone on counting.")};
    if (!isDisturbed && m_until)
        return {
            tr("The wait until %1 goes on.")
                .arg(m_lanes.plan->watches.at(m_cursor.current().watch).wait->condition.text())};
    return {m_cursor.repeatedOnResume()};
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
    if (isDisturbed) {
        m_isInWait = false;
        m_until.reset();
    }
    if (m_until) {
        m_phase = Phase::Waiting;
        return m_until->resume();
    }
    m_phase = Phase::Waiting;
    if (m_isInWait)
        return resumeWait();
    if (!isDisturbed || m_settle <= Nanoseconds::zero())
        return runLater();
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
