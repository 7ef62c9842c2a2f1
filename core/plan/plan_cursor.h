#pragma once

#include "core/base/result.h"
#include "core/plan/scan_plan.h"

#include <QJsonObject>

#include <memory>
#include <span>

namespace birch {

enum class StepKind : quint8 { Move, Measure, Wait, Finished };

struct MoveTarget {
    int movement = -1; ///< in ScanPlan::movements
    double value = 0;
};

/// One thing to do. Owned and reused by the cursor: no allocation per step, valid until next().
struct PlanStep {
    StepKind kind = StepKind::Finished;
    NodeId node;
    FailureRule failure;
    Nanoseconds timeout{};               ///< 0: the instrument's own
    std::span<const MoveTarget> targets; ///< Move: all begun together, done when all have settled
    Nanoseconds duration{};              ///< Move: settle time after arrival; Wait: how long
    int object = -1;                     ///< Measure
    std::span<const qint64> indices;     ///< Measure: one per index column
    /// Measure or Move below a position that failed under `skip`: record the point as skipped,
    /// touch no hardware.
    bool isSkipped = false;
};

/// Walks a plan, depth first, one step at a time. A value apart from the plan it refers to; belongs
/// to the engine thread.
class PlanCursor
{
public:
    explicit PlanCursor(std::shared_ptr<const ScanPlan> plan);
    ~PlanCursor();
    PlanCursor(PlanCursor &&) noexcept;
    PlanCursor &operator=(PlanCursor &&) noexcept;

    /// The step to do now; the same one until advance().
    const PlanStep &current() const;
    /// The current step is done.
    void advance();
    /// The current Move failed under `skip`: everything below this position is skipped, step by
    /// step, so that its points are recorded as skipped. Instead of advance(). The movements keep
    /// what was in force before. A `set` has nothing below it: the walk goes on behind it.
    void skipPosition();
    bool isFinished() const { return current().kind == StepKind::Finished; }

    /// Setpoints in force before the current step, in the order they were last set: what a
    /// continuation brings the instruments back to.
    QList<MoveTarget> setpointsInForce() const;
    /// Objects measured since the last move (one entry per measure step; cut off at 64): a
    /// continuation repeats these reads without recording them, so that an instrument whose
    /// readings depend on their ordinal since the last setpoint is where it was.
    QList<int> readsSinceMove() const;
    /// Measure steps done so far, skipped ones included.
    qint64 pointsDone() const;

    QJsonObject save() const;
    /// Errors: BadInput - it was saved from another plan.
    static Result<PlanCursor> restore(std::shared_ptr<const ScanPlan> plan,
                                      const QJsonObject &saved);
    /// One sentence: what would be repeated if the scan were paused now.
    QString repeatedOnResume() const;

private:
    struct State;
    explicit PlanCursor(std::unique_ptr<State> state);

    std::unique_ptr<State> m_state;
};

} // namespace birch
