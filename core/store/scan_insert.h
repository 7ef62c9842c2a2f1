#pragma once

#include "core/data/run_store.h"
#include "core/store/session.h"
#include "core/store/stored_scan.h"

namespace birch {

/// Scan, documents and measurement objects, inside the caller's transaction.
Result<StoredScan> insertScan(Connection &connection, const Session &session, const NewScan &scan);

} // namespace birch
