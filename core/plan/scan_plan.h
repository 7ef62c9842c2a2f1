#pragma once

#include "core/base/column.h"
#include "core/instrument/specs.h"
#include "core/plan/failure_rule.h"
#include "core/plan/node_id.h"

#include <QJsonObject>
#include <QStringList>

#include <memory>
#include <vector>

namespace birch {

class PlanNode;

/// A movement that the plan sets, resolved against the bench.
struct PlanMovement {
    QString instrument; ///< nickname
    int index = -1;     ///< in the instrument's spec
    MovementSpec spec;  ///< with the bench's overrides
    QString column;     ///< setpoint column "smu.voltage"; its readback is column + ".readback"
};

/// One measurement read by a measure node.
struct PlanRead {
    QString instrument;
    int index = -1;
    MeasurementSpec spec;
};

/// One measurement object: what one measure node yields.
///
/// Columns are called "time"; "index.1" … for each sweep and repeat around, outermost first, and
/// for the node's own repeats where there are several (positions in the list, whatever the order of
/// the visit); "smu.bias" and "smu.bias.readback" for each movement that a sweep around, or a node
/// in front of this one in the tree, has set; "smu.current" for each value, or "smu.source.bias"
/// (with the measurement) where a setpoint has that name already.
struct PlanObject {
    NodeId node;
    QString name;              ///< unique in the plan
    QList<ColumnSpec> columns; ///< time, indices, setpoints, readbacks, values - in this order
    QList<int> movements;      ///< plan movements recorded, order of the setpoint columns
    QList<PlanRead> reads;     ///< in parallel where the instruments differ
    int indexColumns = 0;      ///< how many index columns (the enclosing loops, outermost first)
    int averages = 1;          ///< > 1: values are means, followed by .std and .n, shaped alike
};

/// What a tree compiles to: immutable, shared between threads, loops kept as loops.
class ScanPlan
{
public:
    ScanPlan();
    ~ScanPlan();
    ScanPlan(ScanPlan &&) noexcept;
    ScanPlan &operator=(ScanPlan &&) noexcept;

    QString name;
    QList<PlanMovement> movements;
    QList<PlanObject> objects;
    QStringList instruments; ///< nicknames to lease, sorted
    qint64 points = 0;       ///< rows over all objects
    Nanoseconds duration{};  ///< estimate
    qint64 bytes = 0;        ///< estimate of the stored size before compression
    QByteArray hash;         ///< of the canonical tree JSON and the resolved specs
    std::unique_ptr<const PlanNode> root;
};

} // namespace birch
