#pragma once

#include "core/store/upkeep/sqlite_file.h"

#include <QMap>

namespace birch {

/// What a SQLite file says about itself.
struct SqliteSummary {
    int schema = 0; ///< the version of its tables
    QString databaseUid;
    QMap<QString, qint64> rows; ///< by table; without what SQLite derives (full-text shadow tables)

    bool operator==(const SqliteSummary &) const = default;
};

/// Counts inside the caller's transaction, if there is one. Errors: BadInput - no Birch database.
Result<SqliteSummary> summarise(sqlite3 *handle, const QString &path);

/// Pages, indices and references of the whole file, which is read once: minutes for many gigabytes.
/// Errors: BadInput - damaged, and where; NotFound, Denied, Io.
Result<SqliteSummary> checkSqliteFile(const QString &path);

} // namespace birch
