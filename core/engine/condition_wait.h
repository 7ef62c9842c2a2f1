#pragma once

#include "core/engine/read_schedule.h"

namespace birch {

/// Reads at an interval until a condition has held for its dwell time. Engine thread.
///
/// Errors: Timeout - it did not hold within its limit, pauses apart; BadInput - it is unknown;
/// those of the readings.
class ConditionWait : public QObject
{
    Q_OBJECT
public:
    /// \a step waits by a watch of the plan. \a done is called once, through the event loop.
    ConditionWait(const PlanStep &step, LaneContext &lanes,
                  std::function<void(const Status &)> done);

    /// Begins, or goes on after a pause; the dwell time begins anew.
    void resume();
    void pause();
    /// Nothing is read any more, and done is never called.
    void drop();

private:
    void take(const ReadSchedule::Outcome &outcome);
    Truth test();
    Error unknown() const;
    void limitReached();
    void finish(const Status &status);
    void tellLater();

    const PlanWatch &m_plan;
    const WaitRule &m_rule;
    LaneContext &m_lanes;
    std::vector<qint64> m_indices;
    PointTable m_table;
    PointReader m_reader;
    ReadSchedule m_schedule;
    std::function<void(const Status &)> m_done;
    std::vector<ExpressionValue> m_operands;
    std::vector<QString> m_texts;
    std::optional<qint64> m_trueSinceNs;
    std::optional<Status> m_outcome; ///< told by done, unless it is paused
    Nanoseconds m_left;              ///< of the limit, when the running part began
    qint64 m_runningSinceNs = 0;
    quint64 m_turn = 0; ///< timers of an earlier one are late
};

} // namespace birch
