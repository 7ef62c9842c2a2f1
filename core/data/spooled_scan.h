#pragma once

#include "core/base/file_writer.h"
#include "core/data/run_store.h"

namespace birch {

// What a scan's spool folder says of the scan while no database knows of it for good: begun while
// the database was away, or without one, or not yet on the disk of the database. The file is there
// whole or not at all, and goes once the scan is on the disk of a database.

bool hasSpooledScan(const QString &folder);
/// As a scan that comes late; it gets a human id if it has none. Errors: Full, Io.
Status writeSpooledScan(const QString &folder, NewScan scan,
                        FileWriter::Flush flush = FileWriter::Flush::Now);
/// Errors: NotFound; Io; BadInput - damaged.
Result<NewScan> readSpooledScan(const QString &folder);
/// The database has it. A file that stays is no harm: the scan is found there again.
void removeSpooledScan(const QString &folder);

/// Human id of a scan that no database has numbered: "STATION-yymmdd-x" and six digits of its uid.
QString spooledScanId(const NewScan &scan);

} // namespace birch
