#pragma once

#include "core/base/problem.h"
#include "core/engine/queue_item.h"

#include <functional>
#include <optional>

namespace birch {

/// Free space where something will be written.
struct DiskSpace {
    QString disk; ///< its mount point: two folders may be on one
    qint64 freeBytes = 0;
};

/// Of the disk that \a folder is on, or will be once it is made. Nothing: it can not be told.
std::optional<DiskSpace> diskSpaceOf(const QString &folder);

/// Where the points of a queue go.
struct DataPlaces {
    QString spoolFolder;
    QString databaseFolder;  ///< "": a server, whose disk is its own
    qint64 reserveBytes = 0; ///< kept back on each disk, so that scans can be closed
};

/// Whether the disks can hold what \a items will measure: the database all of it, the spool the
/// largest scan, because a database that goes away leaves it there; a quarter more, and the
/// reserve. Items that are over are left out. Where a condition decides how much is measured this
/// is the most it can be, and no problem: see spaceNotes().
Problems spaceProblems(
    const QList<QueueItem> &items, const DataPlaces &places,
    const std::function<std::optional<DiskSpace>(const QString &)> &spaceOf = diskSpaceOf);
/// The same for scans whose points are a bound: sentences, not problems.
QStringList
spaceNotes(const QList<QueueItem> &items, const DataPlaces &places,
           const std::function<std::optional<DiskSpace>(const QString &)> &spaceOf = diskSpaceOf);

} // namespace birch
