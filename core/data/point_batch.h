#pragma once

#include "core/base/column_values.h"

#include <QByteArray>
#include <QUuid>

#include <vector>

namespace birch {

/// The columns of one measurement object: fixed for the life of a scan.
struct TableSchema {
    QUuid nodeId;              ///< the measure node that yields it
    QString name;              ///< unique in the scan, e.g. "iv"
    QList<ColumnSpec> columns; ///< time, indices, setpoints, readbacks, values

    bool operator==(const TableSchema &) const = default;
};

/// Consecutive rows of one measurement object.
struct PointBatch {
    int object = 0; ///< position in the scan's list of TableSchema
    qint64 firstRow = 0;
    std::vector<ColumnValues> columns; ///< one per column of the schema

    qint64 rowCount() const { return columns.empty() ? 0 : columns.front().rowCount(); }
};

} // namespace birch
