#pragma once

#include "core/exchange/export_progress.h"

#include <QStringList>

namespace birch {

/// One CSV file per measurement object and one JSON file with the metadata (scan_metadata.h, each
/// measurement with the name of its "file").
///
/// \a path is the file where there is one object, `x.json` stands beside `x.csv`; it is a folder
/// where there are several, or where a folder of that name exists: `<object>.csv` and `scan.json`.
///
/// RFC 4180, UTF-8, no byte order mark. Header `name (unit)`; an array has one column per element,
/// `name[532.5 nm] (counts)` with the position on its axis, `name[3]` without one, several
/// dimensions by comma. A flagged value is an empty cell; where a column has any, `name.state`
/// follows it: "ok", "overload", "nan" or "skipped", for arrays the elements that are not ok
/// ("17:overload;18:overload"). Text is quoted where needed, and where it is empty, so that it is
/// not taken for a flagged value. Booleans are true and false.
Result<QStringList> exportCsv(ScanSource &source, const QList<int> &objects, const QString &path,
                              ExportProgress &progress);

} // namespace birch
