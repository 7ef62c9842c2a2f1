#pragma once

#include "core/store/connection.h"
#include "core/store/migrations.h"

namespace birch {

/// Takes the schema from \a current to \a target in one transaction, under the exclusive lock that
/// the caller holds. Foreign keys are off meanwhile and checked before the commit. \a seed, if any,
/// runs inside the same transaction, after the last step.
Status runMigrations(Connection &connection, const QList<Migration> &migrations, int current,
                     int target, const std::function<Status(Connection &)> &seed = {});

/// What a new database begins with: its uid, a lab, its administrator.
Status seedDatabase(Connection &connection, const QString &userName);

} // namespace birch
