#pragma once

#include "core/base/result.h"
#include "core/plan/scan_plan.h"

#include <QJsonObject>

#include <memory>
#include <span>

namespace birch {

/// Decide: a condition or a timer chooses the way; see PlanCursor::decide().
/// Fork: the lanes of PlanCursor::lanes() are walked, at the same time; done when all are finished.
/// WatchBegin, WatchEnd: around what runs beside the readings of a monitor or a guard.
enum class StepKind : quint8 {
    Move,
    Measure,
    Wait,
    Prompt,
    Decide,
    Fork,
    WatchBegin,
    WatchEnd,
    Finished
};

struct MoveTarget {
    int movement = -1; ///< in ScanPlan::movements
    double value = 0;
    const SettleRule *settle = nullptr; ///< of the plan; null: the movement's own
    double ramp = 0; ///< in its unit per second, at most; 0: as fast as the instrument goes
};

/// One thing to do. Owned and reused by the cursor: no allocation per step, valid until next().
struct PlanStep {
    StepKind kind = StepKind::Finished;
    NodeId node;
    FailureRule failure;
    Nanoseconds timeout{};               ///< 0: the instrument's own
    std::span<const MoveTarget> targets; ///< Move: all begun together, done when all have settled
    /// Move: settle time after arrival; Wait: how long, or at most; Decide by a timer: whether less
    /// than this has passed since it began
    Nanoseconds duration{};
    int condition = -1;        ///< Decide: in ScanPlan::conditions; -1: by the timer
    bool isNumber = false;     ///< Decide: a number is wanted, see PlanCursor::observe()
    int timer = -1;            ///< Decide: which one
    bool isTimerStart = false; ///< Decide: the timer begins now, and the answer is yes
    int object = -1;           ///< Measure; Prompt: -1 where nothing is recorded
    int prompt = -1;           ///< Prompt: in ScanPlan::prompts
    int watch = -1;            ///< WatchBegin, WatchEnd, Wait for a condition: in ScanPlan::watches
    std::span<const qint64> indices; ///< Measure, Decide: one per index column
    /// Measure or Move below a position that failed under `skip`: record the point as skipped,
    /// touch no hardware.
    bool isSkipped = false;
};

/// A monitor or a guard that watches the current step.
struct OpenWatch {
    int watch = -1; ///< in ScanPlan::watches
    FailureRule failure;
    Nanoseconds timeout{};
    std::vector<qint64> indices; ///< of the loops around it
};

/// Walks a plan, depth first, one step at a time. A value apart from the plan it refers to; belongs
/// to the engine thread.
///
/// One cursor walks one lane: the plan, or at a Fork step one branch of it. The cursors of branches
/// belong to the one that forked; what is in force, points and the saved position are those of all.
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
    /// Instead of advance() at a Decide step. advance() there: it was skipped or has failed, so
    /// neither branch is taken, and a loop ends.
    void decide(bool isTrue);
    /// Instead of advance() at a Decide step that wants a number. Finite.
    void observe(double value);
    /// The current Move failed under `skip`: everything below this position is skipped, step by
    /// step, so that its points are recorded as skipped. Instead of advance(). The movements keep
    /// what was in force before. A `set` has nothing below it: the walk goes on behind it.
    void skipPosition();
    bool isFinished() const { return current().kind == StepKind::Finished; }
    /// At a Fork step the branches, each to be walked to its end before advance(); else none.
    std::span<PlanCursor> lanes();
    std::span<const PlanCursor> lanes() const;
    /// What watches the current step in this lane, outermost first; nothing below a skipped
    /// position.
    std::vector<OpenWatch> openWatches() const;
    /// Whether anything is measured in this lane.
    bool hasPoints() const;

    /// Setpoints in force before the current step, in the order they were last set: what a
    /// continuation brings the instruments back to. In a branch only those of movements that it
    /// sets itself, which nobody else sets meanwhile.
    QList<MoveTarget> setpointsInForce() const;
    /// Objects measured since the last move (one entry per measure step; cut off at 64): a
    /// continuation repeats these reads without recording them, so that an instrument whose
    /// readings depend on their ordinal since the last setpoint is where it was.
    QList<int> readsSinceMove() const;
    /// Measure steps done so far, skipped ones included.
    qint64 pointsDone() const;

    /// The position of all lanes; for the cursor of the whole plan.
    QJsonObject save() const;
    /// Errors: BadInput - it was saved from another plan.
    static Result<PlanCursor> restore(std::shared_ptr<const ScanPlan> plan,
                                      const QJsonObject &saved);

private:
    struct State;
    explicit PlanCursor(std::unique_ptr<State> state);

    std::unique_ptr<State> m_state;
};

} // namespace birch
