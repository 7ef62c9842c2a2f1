#include "core/engine/space_check.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocale>
#include <QMap>
#include <QStorageInfo>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr double kMargin = 1.25; // indices, overviews, what an estimate misses

QString tr(const char *text)
{
    return QCoreApplication::translate("SpaceCheck", text);
}

QString sizeText(double bytes)
{
    return QLocale::c().formattedDataSize(qint64(std::min(bytes, 9e18)), 1);
}

struct Shortage {
    QString folder;
    double needed = 0;
    qint64 freeBytes = 0;
};

struct Need {
    QString folder;
    double bytes = 0;
    qint64 freeBytes = 0;
};

/// \a wanted: which scans count.
QList<Shortage> shortages(const QList<QueueItem> &items, const DataPlaces &places,
                          const std::function<std::optional<DiskSpace>(const QString &)> &spaceOf,
                          const std::function<bool(const QueueItem &)> &wanted)
{
    double all = 0;
    double largest = 0;
    for (const QueueItem &item : items) {
        if (!item.plan || item.state != ScanState::Queued || !wanted(item))
            continue;
        all += double(item.plan->bytes);
        largest = std::max(largest, double(item.plan->bytes));
    }
    QMap<QString, Need> needs;
    for (const auto &[folder, bytes] :
         {std::pair(places.databaseFolder, all), std::pair(places.spoolFolder, largest)}) {
        const auto space = folder.isEmpty() ? std::nullopt : spaceOf(folder);
        if (!space)
            continue;
        Need &need = needs[space->disk];
        if (need.folder.isEmpty())
            need.folder = folder;
        need.bytes += bytes * kMargin;
        need.freeBytes = space->freeBytes;
    }
    QList<Shortage> found;
    for (const Need &need : std::as_const(needs)) {
        const double total = need.bytes + double(places.reserveBytes);
        if (need.bytes > 0 && total > double(need.freeBytes))
            found << Shortage{need.folder, total, need.freeBytes};
    }
    return found;
}
} // namespace

std::optional<DiskSpace> diskSpaceOf(const QString &folder)
{
    QDir existing(QDir::cleanPath(folder));
    while (!existing.exists() && !existing.isRoot()) {
        const QString parent = QFileInfo(existing.path()).path();
        if (parent == existing.path())
            return {};
        existing.setPath(parent);
    }
    const QStorageInfo storage(existing);
    if (!storage.isValid() || storage.bytesAvailable() < 0)
        return {};
    return DiskSpace{storage.rootPath(), storage.bytesAvailable()};
}

Problems spaceProblems(const QList<QueueItem> &items, const DataPlaces &places,
                       const std::function<std::optional<DiskSpace>(const QString &)> &spaceOf)
{
    Problems problems;
    const auto isExact = [](const QueueItem &item) { return !item.plan->isBound; };
    for (const Shortage &shortage : shortages(items, places, spaceOf, isExact)) {
        Problem problem;
        problem.file = shortage.folder;
        problem.message = tr("These scans need about %1 and %2 are free")
                              .arg(sizeText(shortage.needed), sizeText(double(shortage.freeBytes)));
        problem.remedy = tr("Free space on that disk, measure fewer points, or choose another disk "
                            "with the settings data.path and spool.path");
        problems << problem;
    }
    return problems;
}

QStringList spaceNotes(const QList<QueueItem> &items, const DataPlaces &places,
                       const std::function<std::optional<DiskSpace>(const QString &)> &spaceOf)
{
    if (!spaceProblems(items, places, spaceOf).isEmpty())
        return {};
    QStringList notes;
    for (const Shortage &shortage :
         shortages(items, places, spaceOf, [](const QueueItem &) { return true; }))
        notes << tr("If everything is measured that may be, %1 are needed at %2 and %3 are free: "
                    "the scan would pause there")
                     .arg(sizeText(shortage.needed), shortage.folder,
                          sizeText(double(shortage.freeBytes)));
    return notes;
}

} // namespace birch
