#pragma once

#include "core/data/run_store.h"
#include "core/store/connection.h"
#include "core/store/session.h"

namespace birch {

// Scans that began while the database was away: they are never refused for what they refer to. All
// inside the caller's transaction.

/// \a details with the uid of the sample, however it was named; without one where it is not known.
/// \a warning: what the scan's log has to say of that.
Result<ScanDetails> lateDetails(Connection &connection, ScanDetails details, QString *warning);
/// The id it was shown with, unless that is taken meanwhile.
Result<QString> lateScanId(Connection &connection, const NewScan &scan);
/// Makes the queue of \a scan, as it was named; its row.
Result<qint64> insertLateQueue(Connection &connection, const Session &session, const NewScan &scan,
                               qint64 station);
/// Nothing for an empty \a warning.
Status logLate(Connection &connection, qint64 scanRow, const QString &warning);

} // namespace birch
