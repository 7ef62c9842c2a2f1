#pragma once

#include "core/store/scan_record.h"

namespace birch {

/// Times, station, rows and version of \a scan, a line each.
QString factsOf(const ScanRecord &scan);
/// "15:02:11  info     Started"
QString logLine(const ScanLogEntry &entry);

} // namespace birch
