#pragma once

#include "core/data/scan_timing.h"
#include "core/store/connection.h"

namespace birch {

/// Sets the totals of one run, inside the caller's transaction: what was stored of it before is
/// written over.
Status storeTiming(Connection &connection, qint64 scanRow, int epoch, const ScanTiming &timing);

/// All runs of a scan, the first one first; in each, by lane and time.
Result<QList<TimedRun>> loadTimings(Connection &connection, qint64 scanRow);

} // namespace birch
