#pragma once

#include "core/plan/plan_cursor.h"
#include "core/plan/plan_node.h"

namespace birch {

/// Where a lane begins.
struct LaneRoot {
    const PlanNode *node = nullptr;
    std::vector<qint64> indices; ///< of the loops around it
    bool isSkipped = false;      ///< an enclosing position is skipped
};

/// What the walk has done so far, in all lanes.
struct WalkBook {
    struct InForce {
        double value = 0;
        qint64 stamp = -1; ///< order in which they were last set; -1: not set yet
    };
    std::vector<InForce> inForce; ///< one per movement of the plan
    qint64 stamp = 0;
    std::vector<int> reads; ///< objects measured since the last move, the first kMaxReads
    qint64 points = 0;
    std::vector<quint64> turns; ///< how often the nodes with a turn() have been walked
    std::vector<std::vector<SearchSample>> searches; ///< what the nodes with a search() have found
    bool isLoading = false; ///< nothing is counted while a saved walk is put together

    static constexpr size_t kMaxReads = 64;
};

/// Stack of frames of one lane, and the lanes it has forked into. Everything is sized once, from
/// the plan: steps allocate nothing, but forks do.
struct PlanCursor::State {
    /// \a shared: the book of the lane that forks; null: a new one.
    State(std::shared_ptr<const ScanPlan> scanPlan, std::shared_ptr<WalkBook> shared,
          LaneRoot root);

    void begin();                                    ///< to the first step
    void finishStep();                               ///< books the current step
    void answer(Decision decision, double observed); ///< books the current Decide, and goes on
    void skipPosition();                             ///< books the current Move as failed
    void walk();                                     ///< to the next step
    void describe();                                 ///< fills step from the frames

    QList<MoveTarget> ownSetpoints() const;
    std::vector<OpenWatch> openWatches() const;
    QJsonObject save() const;
    Status load(const QJsonObject &saved);

    std::shared_ptr<const ScanPlan> plan;
    std::shared_ptr<WalkBook> book;
    LaneRoot lane;
    std::vector<WalkFrame> frames; ///< the lane's root first; empty: finished
    std::vector<MoveTarget> targets;
    std::vector<qint64> indices; ///< those of the lane first
    std::vector<PlanCursor> lanes;
    PlanStep step;

private:
    void leaveLoop();
    void push(const PlanNode &node);
    void fork();
    QList<MoveTarget> setpoints(const std::vector<int> *only) const;
    QJsonObject saveWalk() const;
    Status loadWalk(const QJsonObject &saved);
    Status loadFrames(const QJsonArray &saved);
    Status loadInForce(const QJsonArray &saved);
    Status loadTurns(const QJsonArray &saved);
    Status loadSearches(const QJsonArray &saved);
    Status loadReads(const QJsonArray &saved);
};

} // namespace birch
