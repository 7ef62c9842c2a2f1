#pragma once

#include <QList>
#include <QString>
#include <QUuid>

#include <functional>

namespace birch {

/// What waits in the spool for one database.
struct SpoolBacklog {
    QUuid database; ///< null: recorded without one
    int scans = 0;
    int running = 0; ///< … of them recorded by a living program at the moment
    qint64 rows = 0;
    qint64 bytes = 0;   ///< of the records that hold them
    int unreadable = 0; ///< spools that are damaged or of another version
};

/// Rows of each object of a scan that its database has already.
using StoredRows = std::function<QList<qint64>(const QUuid &scan)>;

/// What is in \a spoolDir, by database. Reads all of it: seconds for gigabytes. Without \a stored a
/// row counts until its segment is deleted, although the database may have it.
QList<SpoolBacklog> spoolBacklogs(const QString &spoolDir, const StoredRows &stored = {});

} // namespace birch
