#pragma once

#include "core/store/database.h"

#include <QJsonObject>

#include <optional>

namespace birch {

struct MaintainOptions {
    QString userName;
    std::chrono::microseconds trashRetention; ///< what was trashed longer ago is purged
    /// The details of older events are emptied; nothing: they stay.
    std::optional<std::chrono::microseconds> eventRetention = {};
};

/// What was done, and what could not be.
struct MaintainReport {
    qint64 bytesBefore = 0;
    qint64 bytesAfter = 0;
    qint64 chunksBefore = 0;
    qint64 chunksAfter = 0;
    qint64 purged = 0;       ///< things from the trash
    qint64 purgedEvents = 0; ///< whose details were emptied
    bool isVacuumed = false;
    QStringList notes; ///< one sentence each

    QJsonObject toJson() const;
};

/// Purges the expired trash and the expired details of the audit log, joins the small chunks of
/// scans that have ended, tells the engine's planner what is there, and gives space back. Others
/// may work on meanwhile, but not for the last part on SQLite, which is left out, and said so,
/// while they do.
///
/// Each step commits by itself: stopped in between, what was done stays done. Errors: Denied - no
/// administrator; as Connection. \a database is closed; with connections of others to it, the last
/// part is theirs to hinder.
Result<MaintainReport> maintainDatabase(std::unique_ptr<Database> database,
                                        const MaintainOptions &options);

/// Joins the small chunks of scans that can not go on; a transaction per measurement. The number of
/// chunks that are fewer.
Result<qint64> mergeSmallChunks(Connection &connection);

} // namespace birch
