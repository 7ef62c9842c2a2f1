#pragma once

#include "core/plan/plan_cursor.h"
#include "core/plan/plan_node.h"

namespace birch {

/// Stack of frames and what is in force. Everything is sized once, from the plan: steps allocate
/// nothing.
struct PlanCursor::State {
    explicit State(std::shared_ptr<const ScanPlan> scanPlan);

    void begin();        ///< to the first step
    void finishStep();   ///< books the current step
    void skipPosition(); ///< books the current Move as failed
    void walk();         ///< to the next step
    void describe();     ///< fills step from the frames

    QList<MoveTarget> setpointsInForce() const;
    QJsonObject save() const;
    Status load(const QJsonObject &saved);

    std::shared_ptr<const ScanPlan> plan;
    std::vector<WalkFrame> frames; ///< root first; empty: finished
    std::vector<MoveTarget> targets;
    std::vector<qint64> indices;

    struct InForce {
        double value = 0;
        qint64 stamp = -1; ///< order in which they were last set; -1: not set yet
    };
    std::vector<InForce> inForce; ///< one per movement of the plan
    qint64 stamp = 0;
    std::vector<int> reads; ///< objects measured since the last move, the first kMaxReads
    qint64 points = 0;
    PlanStep step;

    static constexpr size_t kMaxReads = 64;

private:
    void push(const PlanNode &node);
    Status loadFrames(const QJsonArray &saved);
    Status loadInForce(const QJsonArray &saved);
    Status loadReads(const QJsonArray &saved);
};

} // namespace birch
