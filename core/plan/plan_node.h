#pragma once

#include "core/base/call.h"
#include "core/plan/failure_rule.h"
#include "core/plan/node_id.h"
#include "core/plan/plan_cursor.h"
#include "core/plan/search_rule.h"

#include <memory>
#include <vector>

namespace birch {

class PlanNode;

/// Outcome of a Decide step; Neither: there was none, or it was skipped.
enum class Decision : quint8 { Neither, Yes, No };

/// Where a walk stands inside one node; what a cursor saves of it. No heap.
struct WalkFrame {
    const PlanNode *node = nullptr;
    qint64 ordinal = -1;            ///< how many positions or rounds are behind; -1: not begun
    qint32 child = -1;              ///< the child being walked; -1: none yet at this ordinal
    bool isPositionSkipped = false; ///< the move to this position failed under `skip`
    Decision decision = Decision::Neither; ///< of the step before, for next() alone: not saved
    double observed = 0;                   ///< by that step: the number, or 1 for yes and 0 for no
    // Derived from the frames around it, not saved:
    bool isSkipped = false; ///< an enclosing position is skipped
    quint64 pass = 0;       ///< where the node has a turn(): how often it was walked before
    std::vector<SearchSample> *found = nullptr; ///< with a search(): empty at first; saved apart
};

/// What a node asks for next; Break: to leave the loop around it.
enum class Visit : quint8 { Step, Child, Leave, Break };

/// One node of a plan: immutable after compilation. A kind derives from it and says how it is
/// walked; the cursor owns the frames and calls. All functions are called on the engine thread, are
/// O(1) and allocate nothing; those of a node with a search() take what the search takes.
///
/// Every node yields at least one step per walk: the compiler leaves out what does nothing.
class PlanNode
{
public:
    virtual ~PlanNode() = default;

    /// Moves \a frame on: to its next step, to frame.child, or out. A fresh frame is before the
    /// first of them.
    virtual Visit next(WalkFrame &frame) const = 0;
    /// Fills the step that \a frame stands at. node, failure, timeout, indices and isSkipped are
    /// filled already. \a targets has room for targetCount() entries.
    virtual void describe(const WalkFrame &frame, PlanStep &step, MoveTarget *targets) const;
    /// Whether next() could have left \a frame behind, at a step or (inChild) inside a child: a
    /// saved frame that it could not is refused.
    virtual bool accepts(const WalkFrame &frame, bool inChild) const = 0;

    /// Most targets of one Move step.
    virtual int targetCount() const { return 0; }
    /// How often the children (or, without any, the steps) are gone through in one walk.
    virtual qint64 rounds() const { return 1; }
    /// Whether rounds() counts in an index column.
    virtual bool isLoop() const { return false; }
    /// Its place among the nodes that want to know how often they were walked, whatever conditions
    /// around them have decided, up to ScanPlan::turns; -1: it does not.
    virtual int turn() const { return -1; }
    /// Its place among the nodes that keep what they have found, up to ScanPlan::searches; -1: it
    /// does not.
    virtual int search() const { return -1; }
    /// Value of that column: position in the list, whatever the order of the visit.
    virtual qint64 index(const WalkFrame &frame) const { return frame.ordinal; }
    /// What is read at an interval while \a frame stands where it does, in ScanPlan::watches; -1:
    /// nothing.
    virtual int openWatch(const WalkFrame &) const { return -1; }

    NodeId id;
    FailureRule failure;        ///< with what the enclosing nodes say
    Nanoseconds timeout{};      ///< 0: the instrument's own
    std::vector<int> movements; ///< set here or below, in ScanPlan::movements
    std::vector<std::unique_ptr<const PlanNode>> children;

    // Totals of one walk, bounded by the compiler:
    qint64 points = 0;
    qint64 monitorPoints = 0; ///< of them, in monitors
    qint64 steps = 0;
    Nanoseconds duration{};

protected:
    int childCount() const { return int(children.size()); }
    bool isChild(qint32 child) const { return child >= 0 && child < childCount(); }
};

} // namespace birch
