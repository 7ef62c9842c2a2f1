#pragma once

#include "core/store/scan_record.h"

#include <QStringList>

namespace birch::cli {

/// {"runs": [{"run", "wall_ns", "unattributed_ns", "parts": [{"lane", "node", "title",
/// "instrument", "operation", "part", "count", "ns", "longest_ns", "share"}]}]}; shares are of the
/// wall time, lanes of branches run beside "branches" of the lane around them.
QJsonObject timingJson(const ScanReport &report);
/// A table per run, for people.
QStringList timingLines(const ScanReport &report, int width);

} // namespace birch::cli
