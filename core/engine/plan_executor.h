#pragma once

#include "core/engine/step_executor.h"

namespace birch {

/// Runs one plan: brings the instruments back to where an interrupted scan stood, then lets its
/// lanes run. Engine thread; never waits.
class PlanExecutor : public QObject
{
    Q_OBJECT
public:
    /// \a saved: what position() gave when the scan was interrupted; empty: from the beginning.
    /// Errors: BadInput - the position is of another plan.
    static Result<std::unique_ptr<PlanExecutor>>
    create(std::shared_ptr<const ScanPlan> plan, const QJsonObject &saved, RunHandles &handles,
           RunRecord &record, ScanTimer &timer, Clock &clock, SliceLimits limits);

    /// \a stop reaches in-process instruments in the middle of a call.
    void start(std::stop_token stop);
    /// Each lane stops after its current point, or at once during a wait (which goes on counting);
    /// paused() comes when all stand still.
    void pauseAfterPoint();
    /// Each lane stops before its next step; moves that can be halted and waits are broken off, and
    /// done again by resume().
    void pauseNow();
    /// Goes on where it paused. \a isDisturbed: outputs were away meanwhile.
    void resume(bool isDisturbed);
    /// What was read of \a instruments since the last move is read again and thrown away, so that
    /// one whose readings depend on their ordinal stands where it stood. While paused; \a done is
    /// called once, unless drop() comes first.
    void readAgain(const QStringList &instruments, std::function<void(const Status &)> done);
    /// Nothing more is sent or recorded, and finished() does not come. The caller cancels the
    /// hosts.
    void drop();

    /// Where a continuation goes on; holds the plan's cursor and what else is to be known then.
    QJsonObject position() const;
    bool isPaused() const { return m_isPaused; }
    /// Still bringing the instruments back to where an interrupted scan stood.
    bool isRestoring() const { return m_isRestoring; }
    qint64 timeNs() const { return m_lanes.rows.timeNs(); } ///< that a point would get now
    qint64 pointsDone() const { return m_cursor.pointsDone(); }
    /// What a pause now would break off and resume() do again.
    QStringList ifPausedNow() const { return m_main.ifPausedNow(); }
    /// While paused: what resume() does again.
    QStringList repeated(bool isDisturbed) const { return m_main.repeated(isDisturbed); }
    /// Who is asked where the plan has prompts; outlives this.
    void setPrompts(PromptDesk *prompts, const QUuid &scan);
    /// Kept with every position: readbacks of movements to be brought back at the end.
    void setStartPositions(const QJsonObject &positions) { m_startPositions = positions; }
    QJsonObject startPositions() const { return m_startPositions; }

signals:
    void paused();
    /// A guard wants the scan paused, until as many releases have come.
    void held(const QString &reason);
    void released(const QString &reason);
    /// The scan can not go on without the operator.
    void pauseAsked(const QString &reason);
    /// A guard wants everything safe and the scan aborted.
    void alerted(const QString &reason);
    /// Last, and once: ok when the plan is done, else why it can not go on.
    void finished(const birch::Status &status);

private:
    PlanExecutor(std::shared_ptr<const ScanPlan> plan, PlanCursor cursor, RunHandles &handles,
                 RunRecord &record, ScanTimer &timer, Clock &clock, SliceLimits limits);
    void takeExtras(const QJsonObject &extras);
    void restored();
    void rested();
    void pauseBy(void (StepExecutor::*kind)());
    void applySkipped();
    void end(const Status &status);

    PlanCursor m_cursor;
    LaneContext m_lanes;
    SetpointRestore m_restore;
    StepExecutor m_main;
    QJsonObject m_startPositions;
    QJsonObject m_skipped; ///< as saved: coordinates of movements that had failed or were skipped
    bool m_isRestoring = false; ///< until a continued scan goes on
    bool m_isPauseAsked = false;
    bool m_isPaused = false; ///< every lane stands still
};

} // namespace birch
