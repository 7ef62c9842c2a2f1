#pragma once

#include "core/store/database.h"

#include <QJsonObject>

namespace birch {

struct ArchiveOptions {
    QString userName;
    qint64 beforeUs = 0; ///< microseconds UTC: scans that ended earlier are moved
};

struct ArchiveReport {
    QString path;
    qint64 scans = 0;         ///< moved: in the file, and in the database no more
    bool wasFinished = false; ///< an earlier call had written the file and was killed then
    QStringList kept;         ///< what stays though it is old enough, one sentence each

    QJsonObject toJson() const;
};

/// Moves scans that have ended into \a file, a SQLite database that opens on its own: with their
/// data, logs, files and tags, and everything that they refer to (labs, samples, stations …), under
/// the same numbers. Scans that can go on, and those that an analysis needs, stay.
///
/// Takes \a database exclusively, and closes it. A scan is removed only when it has been read back
/// from the flushed and verified file and is the same; killed anywhere, calling it again completes
/// it.
///
/// Errors: NotFound - nothing is old enough; Conflict - \a file exists and is not the archive of
/// this database, or somebody uses the database; Denied - no administrator; as copyDatabase().
Result<ArchiveReport> archiveScans(std::unique_ptr<Database> database, const QString &file,
                                   const ArchiveOptions &options);

} // namespace birch
