#pragma once

#include "core/base/result.h"
#include "core/data/point_batch.h"

#include <QJsonObject>

namespace birch {

/// A table's columns as JSON: in spool headers, and for whoever else stores them.
QJsonObject tableSchemaToJson(const TableSchema &schema);
/// Errors: BadInput - unknown type or role, impossible shape, or an axis that does not fit.
Result<TableSchema> tableSchemaFromJson(const QJsonObject &json);

/// {factor, offset, date, certificate}
QJsonObject calibrationToJson(const ColumnCalibration &calibration);
QJsonObject columnSpecToJson(const ColumnSpec &column);
Result<ColumnSpec> columnSpecFromJson(const QJsonObject &json);

} // namespace birch
