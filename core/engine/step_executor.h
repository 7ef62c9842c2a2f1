#pragma once

#include "core/engine/condition_wait.h"
#include "core/engine/watch.h"

namespace birch {

/// Runs the steps of one lane, and of the branches it forks into: a step is a request, its reply a
/// queued call; in-process instruments are called directly, in slices. Engine thread; never waits.
///
/// Rows go to the record before the event loop is given back, so whoever calls in finds everything
/// read so far acquired.
class StepExecutor : public QObject
{
    Q_OBJECT
public:
    /// \a cursor walks the lane; it and \a lanes outlive this. \a name: of the lane, see
    /// TimingEntry.
    StepExecutor(PlanCursor &cursor, LaneContext &lanes, const QString &name = {});

    /// Goes on with the cursor's current step, through the event loop, once what watches it has
    /// begun.
    void start();
    /// Takes effect after the current point, or at once during a wait (which goes on counting).
    void pauseAfterPoint();
    /// Takes effect before the next step. A move that can be halted is, and a wait is broken off:
    /// resume() does them again.
    void pauseNow();
    /// When all lanes stand still: monitors stop until resume(), guards go on.
    void pauseWatches();
    /// Goes on where it paused. \a isDisturbed: outputs were away meanwhile, so a wait that pauses
    /// leave counting begins again.
    void resume(bool isDisturbed);
    /// While at rest, sentences: what resume() does again. None: nothing.
    QStringList repeated(bool isDisturbed) const;
    /// While running, sentences: what pauseNow() would break off. None: nothing.
    QStringList ifPausedNow() const;
    /// Nothing more is sent or recorded, and finished() does not come. The caller cancels the
    /// hosts.
    void drop();

    /// Paused, or at its end, or waiting for branches that are.
    bool isAtRest() const;

signals:
    /// After pauseAfterPoint(): this lane and its branches stand still now.
    void rested();
    /// Last, and once: ok when the plan is done, else why it can not go on.
    void finished(const birch::Status &status);

private:
    enum class Phase : quint8 { Idle, Running, Waiting, Forked, Paused, Ended };

    // Each answers whether the loop may go on at once.
    bool perform(const PlanStep &step);
    bool move(const PlanStep &step);
    bool settle();
    bool measure(const PlanStep &step);
    bool finishPoint(const PlanStep &step, PointTable &table);
    bool wait(Nanoseconds duration);
    bool decide(const PlanStep &step);
    bool waitUntil(const PlanStep &step);
    bool fork(); ///< lets the branches run
    bool join(); ///< all branches are at their ends
    bool failed(const Error &error);
    void tryAgainLater(const FailureRule &rule, const Error &error);
    void pauseForFailure(const Error &error);
    void retry();
    bool skip();
    bool isDisrupted() const;
    void bringBack(std::function<void()> then);

    bool prompt(const PlanStep &step);
    void ask();
    void answered(const QStringList &typed, bool isDefault);
    void tellNobody();
    void withdrawQuestion();
    bool beginWatch(const PlanStep &step);
    bool endWatch(const PlanStep &step);
    void openWatch(const OpenWatch &open, std::function<void()> begun);
    void goOnUnlessPausing();
    void untilEnded(const Status &met);
    void branchEnded(const Status &status);
    void branchRested();
    void run();
    void runLater();
    void goOn();  ///< from a reply: advance and run
    bool yield(); ///< flushes before the loop is left; false always
    bool flush(); ///< false: could not be recorded, the executor has ended
    bool rest();
    void haltMove();
    QString moved() const;
    QString waited() const;
    void resumeWait();
    void end(const Status &status);
    bool isSliceOver(int steps) const;
    void accountFor(const PlanStep &step);
    void accountForMove();
    void accountForReading(const PointReader &reader);

    struct RunningWatch {
        int index; ///< in ScanPlan::watches
        std::unique_ptr<Watch> watch;
    };

    PlanCursor &m_cursor;
    LaneContext &m_lanes;
    std::unique_ptr<LaneTimer> m_ownTime; ///< of a branch
    LaneTimer &m_time;
    MoveGroup m_moves;
    SetpointRestore m_restore; ///< before a failed reading is tried again
    std::vector<std::unique_ptr<StepExecutor>> m_branches; ///< also ended ones, until they join
    std::vector<RunningWatch> m_watches;                   ///< outermost first
    int m_watchesToBegin = 0;
    std::vector<quint64> m_disruptions; ///< of the hosts, when their setpoints were last sure
    Call m_call;                        ///< for in-process instruments, renewed every slice
    Phase m_phase = Phase::Idle;
    std::unique_ptr<ConditionWait> m_until; ///< while a step waits for a condition
    bool m_isPauseAsked = false;
    bool m_isHaltAsked = false; ///< at once
    bool m_isInWait = false;
    bool m_isTravelling = false; ///< m_moves has not answered
    bool m_isSettling = false;   ///< the time after a move
    bool m_isInPrompt = false;
    QUuid m_question;               ///< open at the desk
    bool m_isBetweenPoints = false; ///< the last step was a point, the next has not begun
    qint64 m_waitEndNs = 0;
    bool m_isFailing = false;    ///< the current step has failed and is to be tried again
    bool m_isWaitBroken = false; ///< the current wait begins again
    bool m_isMoveBroken = false; ///< the current move is made again
    Nanoseconds m_settle{};      ///< what the last move allowed for settling
    qint64 m_sliceEndNs = 0;
    quint64 m_turn = 0; ///< timers and posted calls of an earlier one are late
    int m_attempts = 0; ///< failed ones of the current step
};

} // namespace birch
