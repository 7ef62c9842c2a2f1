#include "core/engine/monitor_watch.h"

#include "core/plan/duration_text.h"

using namespace Qt::StringLiterals;

namespace birch {

MonitorWatch::MonitorWatch(OpenWatch watch, LaneContext &lanes)
    : m_watch(std::move(watch))
    , m_plan(lanes.plan->watches.at(m_watch.watch))
    , m_lanes(lanes)
    , m_table(lanes.rows.table(m_plan.object))
    , m_reader(lanes.handles.reads[size_t(m_plan.object)], m_table, Priority::Guard)
    , m_schedule(m_reader, m_plan.interval, m_watch.timeout, lanes,
                 [this](const ReadSchedule::Outcome &outcome) { take(outcome); })
{
}

void MonitorWatch::start(std::function<void()> begun)
{
    m_begun = std::move(begun);
    m_schedule.start();
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (const auto now = std::exchange(m_begun, nullptr))
                now();
        },
        Qt::QueuedConnection);
}

void MonitorWatch::finish(std::function<void()> ended)
{
    m_ended = std::move(ended);
    if (m_isPaused && !m_hasRow) { // its reading has failed, and the pause came too late
        m_table.skipValues();
        return record();
    }
    if (m_hasRow && !m_schedule.isReading())
        endNow();
}

void MonitorWatch::endNow()
{
    m_schedule.stop();
    tellLate();
    const auto ended = std::exchange(m_ended, nullptr);
    if (ended)
        ended();
}

void MonitorWatch::pause()
{
    m_isPaused = true;
    m_schedule.drop(); // what is under way is not recorded; resume() reads again
}

void MonitorWatch::resume()
{
    if (!std::exchange(m_isPaused, false))
        return;
    m_attempts = 0;
    m_schedule.start();
}

void MonitorWatch::drop()
{
    m_begun = nullptr;
    m_ended = nullptr;
    m_schedule.drop();
}

void MonitorWatch::take(const ReadSchedule::Outcome &outcome)
{
    if (!outcome.status) {
        if (retried(outcome.status.error()))
            return;
        const FailurePolicy policy = m_watch.failure.policy;
        if (policy == FailurePolicy::Pause && !m_ended)
            return pauseForFailure(outcome.status.error());
        if (policy != FailurePolicy::Skip && policy != FailurePolicy::Pause) {
            drop();
            emit failed(outcome.status.error().within(m_plan.name));
            return;
        }
        m_lanes.record.log(
            u"warning"_s,
            tr("%1: %2 (reading skipped)").arg(m_plan.name, outcome.status.error().message));
        m_table.skipValues();
    }
    m_attempts = 0;
    noteLate(outcome);
    record();
}

bool MonitorWatch::retried(const Error &error)
{
    const FailureRule &rule = m_watch.failure;
    if (rule.policy != FailurePolicy::Retry || ++m_attempts > rule.retries)
        return false;
    m_lanes.record.log(u"warning"_s, tr("%1: %2 (trying again, %3 of %4)")
                                         .arg(m_plan.name, error.message)
                                         .arg(m_attempts)
                                         .arg(rule.retries));
    m_schedule.readAgain(rule.waitBefore(m_attempts));
    return true;
}

/// resume() reads again. At its end, where nothing pauses any more, the reading is skipped.
void MonitorWatch::pauseForFailure(const Error &error)
{
    pause();
    m_lanes.askPause(
        tr("%1: %2. See to it, then resume: it is read again.").arg(m_plan.name, error.message));
}

void MonitorWatch::record()
{
    m_lanes.rows.finish(m_table, m_watch.indices, m_lanes.handles.movements);
    m_lanes.conditions.measured(m_plan.object, m_table);
    if (const Status recorded = m_lanes.rows.flush(); !recorded) {
        drop();
        emit failed(recorded.error());
        return;
    }
    m_hasRow = true;
    if (m_ended)
        endNow();
}

void MonitorWatch::noteLate(const ReadSchedule::Outcome &outcome)
{
    if (outcome.leftOut == 0)
        return tellLate();
    m_leftOut += outcome.leftOut;
    if (++m_late > 1)
        return;
    m_lanes.record.log(
        u"warning"_s,
        tr("%1: a reading came %2 after it was due, with an interval of %3. Allow it a longer one")
            .arg(m_plan.name, durationText(outcome.late), durationText(m_plan.interval)));
}

void MonitorWatch::tellLate()
{
    if (m_late > 1)
        m_lanes.record.log(u"warning"_s, tr("%1: %2 readings in a row were late, %3 were left out")
                                             .arg(m_plan.name)
                                             .arg(m_late)
                                             .arg(m_leftOut));
    m_late = m_leftOut = 0;
}

} // namespace birch
