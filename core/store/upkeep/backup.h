#pragma once

#include "core/store/connection.h"

#include <QMap>

#include <stop_token>

namespace birch {

struct BackupOptions {
    bool mayReplace = false; ///< a file that stands at the path already
    std::stop_token stop = {};
    /// Parts done of parts in all (pages or rows), now and then, on the thread of the backup.
    std::function<void(qint64 done, qint64 total)> progress = {};
};

struct BackupReport {
    QString path;
    qint64 bytes = 0;
    int schema = 0;
    QMap<QString, qint64> rows; ///< by table

    /// {"file","bytes","schema","rows"}
    QJsonObject toJson() const;
};

/// The whole of \a connection's database in one file, as it was at one instant, while others go on
/// writing: a SQLite file that opens on its own, or for PostgreSQL a container
/// (backup_container.h). The file is readable by its owner alone; it is verified and flushed before
/// it gets its name, so that whatever happens before leaves a hidden ".part" file at most.
///
/// Blocks until done. Errors: Conflict - the file exists; NotFound, Denied, Full, Io - of the file;
/// Cancelled; Denied - on PostgreSQL, when this role does not see every row.
Result<BackupReport> backupDatabase(Connection &connection, const QString &path,
                                    const BackupOptions &options = {});

/// Reads in steps from one snapshot, which keeps the write-ahead log from being reset meanwhile.
Result<BackupReport> backupSqlite(Connection &connection, const QString &path,
                                  const BackupOptions &options = {});
/// By COPY from one REPEATABLE READ snapshot with row_security off: as a role that bypasses it.
Result<BackupReport> backupPostgres(Connection &connection, const QString &path,
                                    const BackupOptions &options = {});

} // namespace birch
