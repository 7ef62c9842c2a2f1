#pragma once

#include "core/store/connection.h"

namespace birch {

/// The next number in \a scope, from 1; nobody else gets the same one. Inside a transaction it is
/// given back by a rollback, and on PostgreSQL others in the scope wait for the commit.
Result<qint64> nextNumber(Connection &connection, const QString &scope);

/// A scan's human id "STATION-yymmdd-nnn" of the UTC day; three digits or more.
Result<QString> nextScanId(Connection &connection, const QString &station, qint64 startedUs);

} // namespace birch
