#pragma once

#include "core/plan/compile_context.h"
#include "core/plan/field_spec.h"

namespace birch {

/// Fields of "positions": linear (points or step), logarithmic, list.
FieldSpec positionsField();

/// The positions of one axis, in the unit of \a movement, checked against its limits; empty after a
/// problem. \a typed has the shape of positionsField(); \a field is its path in the node.
std::vector<double> axisPositions(const ScanNode &node, const QString &field,
                                  const QJsonObject &typed, int movement, CompileContext &context);

/// "-10 mV … 10 mV, 201 points"
QString positionsSummary(const QJsonObject &typed);

} // namespace birch
