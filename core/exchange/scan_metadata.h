#pragma once

#include "core/exchange/scan_source.h"

namespace birch {

/// What an export says about a scan apart from its rows: the file beside a CSV, the head of a JSON
/// export, a dataset in NeXus. Field names as `birchctl show --json`, more beside them:
///
/// {"format": "birch-scan", "version": 1, "scan_id", "uid", "name", "status", "reason", "station",
///  "title", "type", "tags", "comment", "project", "operator", "sample": {…} or null, "queue_uid",
///  "started", "ended" (ISO 8601, UTC, microseconds; null while it runs), "points",
///  "points_planned", "software", "instruments", "settings", "settings_at_end", "bench", "tree",
///  "log": [{"time", "level", "message"}], "measurements": [{"name", "node", "rows", "columns":
///  [{"name", "unit", "type", "shape", "role", "axes": [{"name", "unit", "values"}], "flagged":
///  true where any value is}]}]}
///
/// A column of role "time" counts nanoseconds since 1970 UTC.
QJsonObject scanMetadata(const ExportedScan &scan, const QList<int> &objects);

QString isoTimeUs(qint64 microseconds); ///< "2026-11-20T23:41:01.000000Z"

} // namespace birch
