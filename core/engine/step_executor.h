#pragma once

#include "core/data/point_clock.h"
#include "core/engine/run_record.h"
#include "core/engine/setpoint_restore.h"

#include <stop_token>

namespace birch {

/// How long in-process instruments may keep the engine thread, and how much goes into one record.
struct SliceLimits {
    Nanoseconds duration = std::chrono::milliseconds(5);
    int steps = 8192;
    qint64 rows = 4096;
    qint64 bytes = qint64(256) << 10;
};

/// Runs the steps of one scan: a step is a request, its reply a queued call; in-process instruments
/// are called directly, in slices. Engine thread; never waits.
///
/// Rows go to the record before the event loop is given back, so whoever calls in finds everything
/// read so far acquired.
class StepExecutor : public QObject
{
    Q_OBJECT
public:
    /// \a saved: what position() gave when the scan was interrupted; empty: from the beginning.
    /// Errors: BadInput - the position is of another plan.
    static Result<std::unique_ptr<StepExecutor>> create(std::shared_ptr<const ScanPlan> plan,
                                                        const QJsonObject &saved,
                                                        RunHandles &handles, RunRecord &record,
                                                        Clock &clock, SliceLimits limits);

    /// \a stop reaches in-process instruments in the middle of a call.
    void start(std::stop_token stop);
    /// Takes effect after the current point, or at once during a wait (which goes on counting).
    void pauseAfterPoint();
    /// Goes on where it paused; nothing is moved or initialised again.
    void resume();
    /// Nothing more is sent or recorded, and finished() does not come. The caller cancels the
    /// hosts.
    void drop();

    /// Where a continuation goes on; holds the plan's cursor and what else is to be known then.
    QJsonObject position() const;
    bool isPaused() const { return m_phase == Phase::Paused; }
    /// Still bringing the instruments back to where an interrupted scan stood.
    bool isRestoring() const { return m_isRestoring; }
    qint64 pointsDone() const { return m_cursor.pointsDone(); }
    QString repeatedOnResume() const { return m_cursor.repeatedOnResume(); }
    /// Kept with every position: readbacks of movements to be brought back at the end.
    void setStartPositions(const QJsonObject &positions) { m_startPositions = positions; }
    QJsonObject startPositions() const { return m_startPositions; }

signals:
    void paused();
    /// Last, and once: ok when the plan is done, else why it can not go on.
    void finished(const birch::Status &status);

private:
    enum class Phase : quint8 { Idle, Running, Waiting, Paused, Ended };

    StepExecutor(std::shared_ptr<const ScanPlan> plan, PlanCursor cursor, RunHandles &handles,
                 RunRecord &record, Clock &clock, SliceLimits limits);
    void takeExtras(const QJsonObject &extras);

    // Each answers whether the loop may go on at once.
    bool perform(const PlanStep &step);
    bool move(const PlanStep &step);
    bool settle();
    bool measure(const PlanStep &step);
    bool finishPoint(const PlanStep &step, PointTable &table);
    bool wait(Nanoseconds duration);
    bool failed(const Error &error);
    bool retry();
    bool skip();

    void run();
    void runLater();
    void goOn();  ///< from a reply: advance and run
    bool yield(); ///< flushes before the loop is left; false always
    bool flush(); ///< false: could not be recorded, the executor has ended
    bool pauseNow();
    void end(const Status &status);
    bool isSliceOver(int steps) const;
    void applySkipped();

    std::shared_ptr<const ScanPlan> m_plan;
    PlanCursor m_cursor;
    RunHandles &m_handles;
    RunRecord &m_record;
    Clock &m_clock;
    SliceLimits m_limits;
    std::optional<PointClock> m_time; ///< from create() on
    qint64 m_lastTimeNs = 0;          ///< of the last point
    MoveGroup m_moves;
    SetpointRestore m_restore;
    std::vector<std::unique_ptr<PointTable>> m_tables;
    std::vector<std::unique_ptr<PointReader>> m_readers;
    PointTable *m_pending = nullptr; ///< has rows that are not in the spool
    Call m_call;                     ///< for in-process instruments, renewed every slice
    Nanoseconds m_callTimeout;
    std::stop_token m_stop;
    QJsonObject m_startPositions;
    QJsonObject m_skipped; ///< as saved: coordinates of movements that had failed or were skipped
    Phase m_phase = Phase::Idle;
    bool m_isPauseAsked = false;
    bool m_isRestoring = false; ///< until a continued scan goes on
    bool m_isInWait = false;
    bool m_isBetweenPoints = false; ///< the last step was a point, the next has not begun
    qint64 m_waitEndNs = 0;
    qint64 m_sliceEndNs = 0;
    quint64 m_turn = 0; ///< timers and posted calls of an earlier one are late
    int m_attempts = 0; ///< failed ones of the current step
};

} // namespace birch
