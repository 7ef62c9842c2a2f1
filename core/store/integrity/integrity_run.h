#pragma once

#include "core/store/connection.h"
#include "core/store/integrity/integrity_report.h"

namespace birch {

struct IntegrityOptions {
    bool isFull = false;     ///< every value is read as well, not only what describes it
    QStringList checks = {}; ///< names; empty: all
    /// Now and then: what is looked at, how much of it is done, of how much (0: unknown).
    std::function<void(const CheckOutcome &check, qint64 done, qint64 total)> progress = {};
};

/// Looks for everything that may not be in a database, without changing any of it. Blocks; memory
/// does not grow with the data. Others may write meanwhile: each part is looked at as it was at one
/// instant. On the connection's thread.
///
/// Errors: BadInput - a check that does not exist; NotConnected; Denied - on PostgreSQL, when this
/// role does not see every row. What is damaged is in the report.
Result<IntegrityReport> checkIntegrity(Connection &connection, const IntegrityOptions &options);

} // namespace birch
