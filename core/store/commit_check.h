#pragma once

#include "core/store/stored_scan.h"

namespace birch {

/// A commit fits the scan's objects, and its chunks cover exactly the new rows of every column.
/// Errors: Internal - it does not: nothing may be stored from it.
Status checkCommit(const StoredScan &scan, const ScanCommit &commit);

/// Errors: Conflict - the scan's state does not allow what the commit wants.
Status checkTransition(const StoredScan &scan, const ScanCommit &commit);

/// Every object holds exactly so many rows.
bool holdsRows(const std::vector<StoredObject> &objects, const QList<qint64> &rows);

} // namespace birch
