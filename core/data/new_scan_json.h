#pragma once

#include "core/data/run_store.h"

namespace birch {

/// What the operator says about a scan, for whoever keeps it outside the store's own columns.
QJsonObject scanDetailsToJson(const ScanDetails &details);
/// What is missing stays empty.
ScanDetails scanDetailsFromJson(const QJsonObject &json);

/// A scan as its spool folder keeps it while no database knows of it.
QJsonObject newScanToJson(const NewScan &scan);
/// Errors: BadInput - not a scan that newScanToJson() wrote.
Result<NewScan> newScanFromJson(const QJsonObject &json);

} // namespace birch
