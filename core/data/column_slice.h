#pragma once

#include "core/base/column_values.h"

namespace birch {

/// Rows \a first to \a first + \a count of \a values, which holds them. Bit-exact.
ColumnValues sliceRows(const ColumnValues &values, qint64 first, qint64 count);

} // namespace birch
