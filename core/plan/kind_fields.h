#pragma once

#include "core/plan/field_spec.h"
#include "core/plan/scan_node.h"

namespace birch {

/// An Integer field of the declared shape, or \a absent.
qint64 fieldInteger(const ScanNode &node, const QString &key, qint64 absent);

/// A quantity or duration as typed, for summaries; a bare number gets \a bareUnit.
QString fieldText(const QJsonValue &value, const QString &bareUnit = {});

/// "condition", shared by the kinds that look at one.
FieldSpec conditionField(const QString &help);

/// "stop_when", shared by the kinds that may end a loop.
FieldSpec stopField(const QString &help);

/// "settle", shared by the kinds that move: time to wait after arrival.
FieldSpec settleField();
/// How fast the sibling "movement" may change on its way.
FieldSpec rampField();
/// ", at 0.5 K/min" where \a record has a ramp rate; else "".
QString rampText(const QJsonObject &record);

/// "interval", shared by the kinds that read beside others.
FieldSpec intervalField();

} // namespace birch
