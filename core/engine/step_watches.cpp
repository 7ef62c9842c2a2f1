// What a StepExecutor does with monitors and guards around its steps.
#include "core/engine/guard_watch.h"
#include "core/engine/monitor_watch.h"
#include "core/engine/step_executor.h"

namespace birch {

void StepExecutor::start()
{
    m_time.to(TimePart::Overhead);
    const std::vector<OpenWatch> open = m_cursor.openWatches(); // before the scan was continued
    if (open.empty())
        return runLater();
    m_phase = Phase::Waiting;
    const quint64 turn = ++m_turn;
    m_watchesToBegin = int(open.size());
    for (const OpenWatch &watch : open) {
        openWatch(watch, [this, turn] {
            if (turn == m_turn && --m_watchesToBegin == 0)
                goOnUnlessPausing();
        });
    }
}

bool StepExecutor::beginWatch(const PlanStep &step)
{
    const bool isSkipped = step.isSkipped;
    if (!isSkipped && !yield())
        return false;
    m_cursor.advance();
    if (isSkipped)
        return true;
    openWatch(m_cursor.openWatches().back(), [this, turn = ++m_turn] {
        if (turn == m_turn)
            goOnUnlessPausing();
    });
    return false;
}

void StepExecutor::openWatch(const OpenWatch &open, std::function<void()> begun)
{
    std::unique_ptr<Watch> watch;
    if (m_lanes.plan->watches.at(open.watch).guard)
        watch = std::make_unique<GuardWatch>(open, m_lanes);
    else
        watch = std::make_unique<MonitorWatch>(open, m_lanes);
    connect(watch.get(), &Watch::failed, this, [this](const Error &error) { end(error); });
    m_watches.push_back({open.watch, std::move(watch)});
    m_watches.back().watch->start(std::move(begun));
}

bool StepExecutor::endWatch(const PlanStep &step)
{
    // None is open below a skipped position, or where the scan was killed right here.
    if (m_watches.empty() || m_watches.back().index != step.watch) {
        m_cursor.advance();
        return true;
    }
    if (!yield())
        return false;
    m_watches.back().watch->finish([this, turn = ++m_turn] {
        // Not from here: the watch that calls is destroyed.
        QMetaObject::invokeMethod(
            this,
            [this, turn] {
                if (turn != m_turn)
                    return;
                m_watches.pop_back();
                m_cursor.advance();
                goOnUnlessPausing();
            },
            Qt::QueuedConnection);
    });
    return false;
}

void StepExecutor::goOnUnlessPausing()
{
    m_phase = Phase::Running;
    if (m_isPauseAsked && !m_cursor.isFinished())
        (void)rest();
    else
        run();
}

void StepExecutor::pauseWatches()
{
    for (const RunningWatch &running : m_watches)
        running.watch->pause();
    for (const auto &branch : m_branches)
        branch->pauseWatches();
}

} // namespace birch
