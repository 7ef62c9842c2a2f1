#pragma once

#include "core/store/connection.h"

#include <QMap>

namespace birch {

/// Bytes on the disk of each table, its indices and overflow included, partitions counted to their
/// table. SQLite reads its whole file for that; where it was built without dbstat there is nothing.
Result<QMap<QString, qint64>> tableSizes(Connection &connection);

} // namespace birch
