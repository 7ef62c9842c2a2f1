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

/// What a new database begins with: its uid, a lab, its administrator.
Status seedDatabase(Connection &connection, const QString &userName);

} // namespace birch
