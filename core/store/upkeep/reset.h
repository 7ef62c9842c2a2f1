#pragma once

#include "core/store/database.h"
#include "core/store/upkeep/backup.h"

#include <optional>

namespace birch {

/// Empties \a database, which is closed, and makes it a new one, with \a userName as administrator;
/// in one transaction, with everybody else shut out. \a backupPath: where all of it goes before;
/// "": nowhere, it is lost.
///
/// Errors: Denied - \a userName is no administrator of it; as backupDatabase() and Connection.
/// After an error the database is what it was.
Result<std::optional<BackupReport>> resetDatabase(std::unique_ptr<Database> database,
                                                  const QString &userName,
                                                  const QString &backupPath);

} // namespace birch
