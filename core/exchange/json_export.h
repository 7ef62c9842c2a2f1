#pragma once

#include "core/exchange/export_progress.h"

#include <QStringList>

namespace birch {

/// One JSON document: the metadata (scan_metadata.h), where each measurement also has
///   "data":   {column: [value per row, for arrays a flat list per row]},
///   "states": {column: [as above, "ok" "overload" "nan" "skipped"]}   only columns with flagged
///   values.
/// A flagged value is null. An unflagged number that JSON can not write is "NaN", "Infinity" or
/// "-Infinity". Integers have all their digits (a time in nanoseconds exceeds 2^53).
Result<QStringList> exportJson(ScanSource &source, const QList<int> &objects, const QString &path,
                               ExportProgress &progress);

} // namespace birch
