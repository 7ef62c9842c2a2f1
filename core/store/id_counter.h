#pragma once

#include "core/store/entity/entity_spec.h"
#include "core/store/session.h"

namespace birch {

/// The next number in \a scope, from 1; nobody else gets the same one. Inside a transaction it is
/// given back by a rollback, and on PostgreSQL others in the scope wait for the commit.
Result<qint64> nextNumber(Connection &connection, const QString &scope);

/// A scan's human id "STATION-yymmdd-nnn" of the UTC day; three digits or more.
Result<QString> nextScanId(Connection &connection, const QString &station, qint64 startedUs);

/// The next human id of a counted field: "S-STATION-yyyy-nnn", so that two stations with files of
/// their own never give the same one; without a known station a mark of the database stands in its
/// place. Numbers that somebody typed already are stepped over. Waits as nextNumber() does.
Result<QString> nextHumanId(Connection &connection, const Session &session, const EntitySpec &spec,
                            const EntityField &field);

} // namespace birch
