#pragma once

#include "core/engine/read_schedule.h"
#include "core/engine/watch.h"

namespace birch {

/// Records what it reads as rows of its own measurement object. Each run makes a row at least: a
/// reading under way at the end is waited for. Late readings are logged, a row of them once.
class MonitorWatch final : public Watch
{
    Q_OBJECT
public:
    MonitorWatch(OpenWatch watch, LaneContext &lanes);

    void start(std::function<void()> begun) override;
    void finish(std::function<void()> ended) override;
    void pause() override;
    void resume() override;
    void drop() override;

private:
    void take(const ReadSchedule::Outcome &outcome);
    bool retried(const Error &error);
    void pauseForFailure(const Error &error);
    void record();
    void noteLate(const ReadSchedule::Outcome &outcome);
    void tellLate();
    void endNow();

    OpenWatch m_watch;
    const PlanWatch &m_plan;
    LaneContext &m_lanes;
    PointTable &m_table;
    PointReader m_reader;
    ReadSchedule m_schedule;
    std::function<void()> m_begun;
    std::function<void()> m_ended; ///< set: the last reading is waited for
    int m_attempts = 0;            ///< failed ones of the current reading
    qint64 m_late = 0;             ///< readings since one was in time
    qint64 m_leftOut = 0;          ///< since then
    bool m_hasRow = false;
    bool m_isPaused = false;
};

} // namespace birch
