#pragma once

#include <QDateTime>
#include <QStringList>
#include <QTimeZone>

#include <optional>

namespace birch {

/// "STEM-20261121-030000Z.EXTENSION": names carry the time, because copying files changes theirs.
QString backupName(const QString &stem, const QDateTime &taken, const QString &extension);
/// When the backup of this stem was taken; nothing for any other file.
std::optional<QDateTime> backupTime(const QString &name, const QString &stem);

/// Whether the hour has passed since the last of the backups \a taken. One that is dated later
/// than \a now (the clock was wrong once) counts for nothing.
bool isBackupDue(const QList<QDateTime> &taken, const QDateTime &now, int hour,
                 const QTimeZone &zone);

/// Which of the backups \a taken are to go: kept are the newest of each of the last 7 days that
/// have one, and of what is older the newest of each of the last 4 weeks that have one (days and
/// weeks of \a zone); and whatever is dated later than \a now.
QList<QDateTime> supersededBackups(const QList<QDateTime> &taken, const QDateTime &now,
                                   const QTimeZone &zone);

} // namespace birch
