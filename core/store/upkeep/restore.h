#pragma once

#include "core/store/database_url.h"

#include <QJsonObject>

namespace birch {

struct RestoreOptions {
    bool mayReplace = false; ///< a database that is in use there
    QString userName;        ///< for a PostgreSQL database that must be made first
};

struct RestoreReport {
    QString replaced; ///< where the database that was there is kept; "" when there was none
    int schema = 0;   ///< of what was restored; older than this program's: upgrade it
    QMap<QString, qint64> rows;

    /// {"replaced","schema","rows"}
    QJsonObject toJson() const;
};

/// Brings the database at \a url to what backupDatabase() wrote into \a file, which is verified
/// whole before anything is touched. Takes the database exclusively.
///
/// A SQLite database that is there is kept under another name, beside it. A PostgreSQL database is
/// emptied and filled in one transaction; nothing of what was in it is kept. Roles of the server
/// are not in a backup.
///
/// Errors: BadInput - the file is damaged, or of the other engine; Conflict - there is a database
/// already, somebody uses it, or the file is of another schema; as of files and Connection. After
/// an error the database is what it was.
Result<RestoreReport> restoreDatabase(const DatabaseUrl &url, const QString &file,
                                      const RestoreOptions &options);

Result<RestoreReport> restoreSqlite(const DatabaseUrl &url, const QString &file,
                                    const RestoreOptions &options);
Result<RestoreReport> restorePostgres(const DatabaseUrl &url, const QString &file,
                                      const RestoreOptions &options);

} // namespace birch
