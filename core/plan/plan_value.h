#pragma once

#include "core/base/expression.h"

#include <QList>

namespace birch {

/// Where an expression finds a value while a scan runs.
struct PlanValue {
    enum class Kind : quint8 {
        Setpoint, ///< last asked of a movement
        Readback, ///< read at its last arrival
        Column,   ///< last measured
        Index     ///< of a loop around
    };
    Kind kind = Kind::Column;
    int place = -1;  ///< Setpoint, Readback: movement of the plan; Column: object; Index: level
    int column = -1; ///< Column: position in the columns of the object
    ExpressionType type = ExpressionType::Number;
    QString name = {}; ///< as an expression writes it

    bool operator==(const PlanValue &) const = default;
};

/// An expression of the plan and what it needs.
struct PlanCondition {
    Expression expression;
    QList<int> values; ///< in ScanPlan::values, one per expression.uses()
};

} // namespace birch
