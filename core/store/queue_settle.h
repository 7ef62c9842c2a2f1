#pragma once

#include "core/data/run_state.h"
#include "core/store/session.h"

#include <chrono>

namespace birch {

// What becomes of the item of a queue with its scan, inside the transaction that writes the scan:
// both or neither.

/// Time of the station of an interrupted scan to continue it before others do.
inline constexpr std::chrono::minutes kContinueAtHome{2};

/// Links the new scan (its row) to the item \a itemUid, claimed at \a epoch.
/// Errors: Conflict - the claim is over; the scan must not begin.
Status beginQueueItem(Connection &connection, const QUuid &itemUid, int epoch, qint64 scanRow);

/// The scan has just become \a state: its item is over, waits for its next repeat, waits to be
/// continued, or to be retried, as its queue says. Nothing for a scan without an item, and for
/// states that are no ending.
Status settleQueueItem(Connection &connection, const Session &session, qint64 scanRow,
                       ScanState state, const QString &reason);

} // namespace birch
