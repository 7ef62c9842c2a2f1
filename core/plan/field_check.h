#pragma once

#include "core/plan/field_spec.h"

#include <QJsonObject>

namespace birch {

/// One thing wrong inside the fields of a node.
struct FieldProblem {
    QString field; ///< path, e.g. "axes.0.positions.start"
    QString message;
    QString remedy;
};

/// Unknown keys and values of the wrong JSON type: refused when a file is read.
QList<FieldProblem> checkShape(const QList<FieldSpec> &specs, const QJsonObject &fields);

/// Required fields that are not filled in, and alternatives of which not exactly one is: refused
/// when a tree is compiled; a half-finished tree can be saved. Fields must have passed
/// checkShape().
QList<FieldProblem> checkComplete(const QList<FieldSpec> &specs, const QJsonObject &fields);

/// Not absent, null, "" or [].
bool isFilled(const QJsonValue &value);

/// Whether \a field applies to the record it is in.
bool isVisible(const FieldSpec &field, const QList<FieldSpec> &siblings, const QJsonObject &record);

} // namespace birch
