#pragma once

#include "core/data/pyramid.h"
#include "core/store/stored_scan.h"

namespace birch {

/// Blocks [\a first, \a end) of a level as far as they are stored without a gap; fewer, or none,
/// for a scan that still runs. Errors: Storage - damaged.
Result<std::vector<PyramidBlock>> readBlocks(Connection &connection, qint64 objectRow, int column,
                                             int level, qint64 first, qint64 end);

/// \a values of a scalar column as numbers for drawing: NaN where flagged.
std::vector<double> numbersOf(const ColumnValues &values);

/// Rows [\a from, \a to) of a scalar column as numbers for drawing: NaN where flagged.
Result<std::vector<double>> readNumbers(Connection &connection, const StoredObject &object,
                                        int column, qint64 from, qint64 to);

} // namespace birch
