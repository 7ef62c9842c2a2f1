#pragma once

#include "core/base/problem.h"
#include "core/base/unit.h"

#include <vector>

namespace birch {

struct PositionColumn {
    std::vector<double> positions;
    Problems problems; ///< with the path of the CSV file and the line; the first few
};

/// One column of a CSV file as positions in \a unit. \a path is relative to the folder of
/// \a scanFile. \a column: a heading ("x", also of "x [mm]"), a number from 1, or "" for the first.
///
/// Fields are separated by semicolons, tabs or commas, whichever the first line has; lines that
/// begin with # and empty ones are passed over. A bare number is in the unit of its heading, or in
/// \a unit where that has none. Reads the file; any thread.
PositionColumn readPositionColumn(const QString &scanFile, const QString &path,
                                  const QString &column, const Unit &unit);

} // namespace birch
