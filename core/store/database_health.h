#pragma once

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

    bool isHealthy() const { return problems.isEmpty(); }
    /// Those of SchemaStatus and {"reachable","healthy","problems","holders","bytes","free_bytes"}
    QJsonObject toJson() const;
};

/// Changes nothing, waits for nobody. Blocks for a connection and a few statements.
DatabaseHealth databaseHealth(const DatabaseUrl &url,
                              const QString &migrationsDir = QString::fromUtf16(kMigrationsDir));

} // namespace birch
