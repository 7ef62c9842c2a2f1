#pragma once

#include "core/store/database.h"

#include <QJsonObject>

namespace birch {

struct MaintainOptions {
    QString userName;
    std::chrono::microseconds trashRetention; ///< what was trashed longer ago is purged
};

/// What was done, and what could not be.
struct MaintainReport {
    qint64 bytesBefore = 0;
    qint64 bytesAfter = 0;
    qint64 chunksBefore = 0;
    qint64 chunksAfter = 0;
    qint64 purged = 0; ///< things from the trash
    bool isVacuumed = false;
    QStringList notes; ///< one sentence each

    QJsonObject toJson() const;
};

/// Purges the expired trash, joins the small chunks of scans that have ended, tells the engine's
/// planner what is there, and gives space back. Others may work on meanwhile, but not for the last
/// part on SQLite, which is left out, and said so, while they do.
///
/// Each step commits by itself: stopped in between, what was done stays done. Errors: Denied - no
/// administrator; as Database::open() and Connection.
Result<MaintainReport> maintainDatabase(const DatabaseUrl &url, const MaintainOptions &options);

/// Joins the small chunks of scans that can not go on; a transaction per measurement. The number of
/// chunks that are fewer.
Result<qint64> mergeSmallChunks(Connection &connection);

} // namespace birch
