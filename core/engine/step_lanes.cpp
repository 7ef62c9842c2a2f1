// What a StepExecutor does with the branches it forks into.
#include "core/engine/step_executor.h"

#include <algorithm>

namespace birch {

bool StepExecutor::fork()
{
    int number = 0;
    for (PlanCursor &lane : m_cursor.lanes()) {
        const QString name = (m_time.name().isEmpty() ? QString() : m_time.name() + u'.') +
                             QString::number(number++);
        if (lane.isFinished())
            continue; // before the scan was continued
        auto branch = std::make_unique<StepExecutor>(lane, m_lanes, name);
        connect(branch.get(), &StepExecutor::rested, this, &StepExecutor::branchRested);
        connect(branch.get(), &StepExecutor::finished, this, &StepExecutor::branchEnded);
        m_branches.push_back(std::move(branch));
    }
    if (m_branches.empty())
        return join();
    if (!yield())
        return false;
    m_phase = Phase::Forked;
    for (const auto &branch : m_branches) {
        if (m_isPauseAsked)
            branch->pauseAfterPoint();
        branch->start();
    }
    return false;
}

bool StepExecutor::join()
{
    const bool hasPoints = std::any_of(m_cursor.lanes().begin(), m_cursor.lanes().end(),
                                       [](const PlanCursor &lane) { return lane.hasPoints(); });
    m_branches.clear(); // they refer to lanes that end here
    m_cursor.advance();
    if (!hasPoints)
        return true;
    m_isBetweenPoints = true;
    return !m_isPauseAsked || m_cursor.isFinished() || rest();
}

void StepExecutor::branchEnded(const Status &status)
{
    if (!status)
        return end(status);
    const bool isLast = std::all_of(m_branches.begin(), m_branches.end(), [](const auto &other) {
        return other->m_phase == Phase::Ended;
    });
    if (!isLast)
        return branchRested();
    // Not from here: the branch that calls is destroyed when they join.
    m_phase = Phase::Waiting;
    QMetaObject::invokeMethod(
        this,
        [this, turn = ++m_turn] {
            if (turn != m_turn)
                return;
            m_phase = Phase::Running;
            if (join())
                run();
        },
        Qt::QueuedConnection);
}

void StepExecutor::branchRested()
{
    if (m_phase == Phase::Forked && isAtRest())
        emit rested();
}

bool StepExecutor::isAtRest() const
{
    if (m_phase == Phase::Forked)
        return std::all_of(m_branches.begin(), m_branches.end(),
                           [](const auto &branch) { return branch->isAtRest(); });
    return m_phase == Phase::Paused || m_phase == Phase::Ended;
}

} // namespace birch
