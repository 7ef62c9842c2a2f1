#pragma once

#include "core/store/connection.h"
#include "core/store/migrations.h"

namespace birch {

/// Takes the schema from \a current to \a target, each step in a transaction of its own, under the
/// exclusive lock that the caller holds: whatever happens, the database is left at a whole step,
/// and an error says at which. Foreign keys are off meanwhile and checked before each commit.
/// With \a seed all steps are one transaction, in which it runs last.
Status runMigrations(Connection &connection, const QList<Migration> &migrations, int current,
                     int target, const std::function<Status(Connection &)> &seed = {});

/// Policies and grants on every table of PostgreSQL's current schema, also on those that the last
/// steps have added. Nothing on SQLite and on a schema from before there were any.
Status protectTables(Connection &connection);

/// What a new database begins with: its uid, a lab, its administrator.
Status seedDatabase(Connection &connection, const QString &userName);

} // namespace birch
