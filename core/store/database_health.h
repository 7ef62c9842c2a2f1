#pragma once

#include "core/data/spool_backlog.h"
#include "core/store/schema.h"

#include <optional>

namespace birch {

/// Whether a database can be worked with, and what stands in the way.
struct DatabaseHealth {
    SchemaStatus schema; ///< what could be found out
    bool isReachable = false;
    QStringList problems;            ///< sentences with what to do; empty: healthy
    QStringList holders;             ///< who has it open, in words
    qint64 bytes = 0;                ///< of the database
    std::optional<qint64> freeBytes; ///< on its disk; nothing for a server, which does not say
    QList<SpoolBacklog> backlogs;    ///< what waits in this station's spool, for any database

    /// Whether it waits for this database, and not for another one.
    bool isHere(const SpoolBacklog &backlog) const;
    bool isHealthy() const { return problems.isEmpty(); }
    /// Those of SchemaStatus and {"reachable","healthy","problems","holders","bytes","free_bytes",
    /// "backlog":[{"database","here","scans","running","rows","bytes","unreadable"}]}
    QJsonObject toJson() const;
};

/// Changes nothing, waits for nobody. Blocks for a connection and a few statements. \a spoolDir
/// "": no spool is looked at; else all of it is read, seconds for gigabytes.
DatabaseHealth databaseHealth(const DatabaseUrl &url, const QString &spoolDir = {},
                              const QString &migrationsDir = QString::fromUtf16(kMigrationsDir));

} // namespace birch
