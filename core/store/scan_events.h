#pragma once

#include "core/data/run_state.h"
#include "core/data/run_store.h"
#include "core/store/session.h"
#include "core/store/stored_scan.h"

namespace birch {

// What the audit log tells of scans and queues: starts, ends and edits, never progress. All inside
// the caller's transaction, after the change they tell of. Errors: those of EventLog::record().

Status auditScan(Connection &connection, const Session &session, const StoredScan &scan,
                 EventAction action, const QJsonObject &changes);
/// A scan without its objects, for who knows the uid alone. Errors: NotFound.
Result<StoredScan> scanIdentity(Connection &connection, const QUuid &uid);

/// The scan has just become \a state: its end with duration and counts. Pauses are not told of.
Status auditScanState(Connection &connection, const Session &session, const StoredScan &scan,
                      ScanState state);

QJsonObject detailChanges(const ScanDetails &before, const ScanDetails &after);

/// The queue (by its row) is new, or has just gone from \a before to \a after.
Status auditNewQueue(Connection &connection, const Session &session, qint64 queueRow);
Status auditQueueState(Connection &connection, const Session &session, qint64 queueRow,
                       QueueState before, QueueState after);

} // namespace birch
