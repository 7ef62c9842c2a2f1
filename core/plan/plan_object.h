#pragma once

#include "core/base/column.h"
#include "core/base/expression.h"
#include "core/instrument/specs.h"
#include "core/plan/node_id.h"

#include <QString>

namespace birch {

/// A movement that the plan sets, resolved against the bench.
struct PlanMovement {
    QString instrument; ///< nickname
    int index = -1;     ///< in the instrument's spec
    MovementSpec spec;  ///< with the bench's overrides
    QString column;     ///< setpoint column "smu.voltage"; its readback is column + ".readback"
    /// In unit per second: what takes it back to where a scan had it is no faster than the slowest
    /// ramp of the scan. 0: the plan asks for none.
    double slowestRamp = 0;
};

/// One measurement read by a measure node.
struct PlanRead {
    QString instrument;
    int index = -1;
    MeasurementSpec spec;
};

/// A column that is calculated from others of the same row.
struct PlanDerived {
    Expression expression;
    QList<int> operands; ///< columns of the object, one per expression.uses()
};

/// One measurement object: what one measure node yields.
///
/// Columns are called "time"; "index.1" … for each sweep and repeat around, outermost first, and
/// for the node's own repeats where there are several (positions in the list, whatever the order of
/// the visit); "smu.bias" and "smu.bias.readback" for each movement that a sweep around, or a node
/// in front of this one in the tree, has set; "smu.current" for each value, or "smu.source.bias"
/// (with the measurement) where a setpoint has that name already; and as typed for each derived
/// column.
struct PlanObject {
    NodeId node;
    QString name;               ///< unique in the plan
    QList<ColumnSpec> columns;  ///< time, indices, setpoints, readbacks, values, derived
    QList<int> movements;       ///< plan movements recorded, order of the setpoint columns
    QList<PlanDerived> derived; ///< the last columns, in this order
    QList<PlanRead> reads;      ///< in parallel where the instruments differ
    int indexColumns = 0;       ///< how many index columns (the enclosing loops, outermost first)
    int answers = 0;            ///< the last columns, which people fill and no read
    int averages = 1;           ///< > 1: values are means, followed by .std and .n, shaped alike
};

} // namespace birch
