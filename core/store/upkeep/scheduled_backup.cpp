#include "core/store/upkeep/scheduled_backup.h"

#include "core/base/file_io.h"
#include "core/base/id.h"
#include "core/store/store_log.h"
#include "core/store/upkeep/backup_schedule.h"

#include <QDir>
#include <QFileInfo>

#include <cerrno>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Tells the databases apart that are kept in one folder; the time in a uid is not unlike enough.
QString stemOf(const Database &database)
{
    const DatabaseUrl &url = database.url();
    const QString name =
        url.engine() == Engine::Sqlite ? QFileInfo(url.path()).completeBaseName() : url.name();
    return name + u'-' + uidText(database.uid()).right(8);
}

Status makeFolder(const QString &folder)
{
    if (QFileInfo(folder).isDir())
        return ok();
    errno = 0;
    if (!QDir().mkpath(folder) || ::chmod(QFile::encodeName(folder).constData(), 0700) != 0)
        return fileError(errno != 0 ? errno : EIO, folder);
    return ok();
}

/// With the lock of the folder held: what was left behind by a program that was killed.
void removeLeftovers(const QDir &folder, const QString &stem)
{
    for (const QString &name :
         folder.entryList({u"."_s + stem + u"-*.part"_s}, QDir::Files | QDir::Hidden))
        QFile::remove(folder.filePath(name));
}

void removeSuperseded(const QDir &folder, const QString &stem, const QDateTime &now)
{
    QMap<QDateTime, QString> names;
    for (const QString &name : folder.entryList(QDir::Files)) {
        if (const auto taken = backupTime(name, stem))
            names.insert(*taken, name);
    }
    for (const QDateTime &taken : supersededBackups(names.keys(), now, QTimeZone::systemTimeZone()))
        QFile::remove(folder.filePath(names[taken]));
}

QList<QDateTime> takenIn(const QDir &folder, const QString &stem)
{
    QList<QDateTime> taken;
    for (const QString &name : folder.entryList(QDir::Files)) {
        if (const auto time = backupTime(name, stem))
            taken << *time;
    }
    return taken;
}
} // namespace

Result<std::optional<BackupReport>> takeScheduledBackup(const Database &database,
                                                        const BackupSchedule &schedule,
                                                        const QDateTime &now,
                                                        const std::stop_token &stop)
{
    const std::optional<BackupReport> none;
    if (schedule.hour < 0)
        return none;
    if (Status made = makeFolder(schedule.folder); !made)
        return made.error();
    const QDir folder(schedule.folder);
    const QString stem = stemOf(database);
    const auto lock =
        FileLock::acquire(folder.filePath(u"."_s + stem), LockMode::Exclusive, Nanoseconds::zero());
    if (!lock)
        return lock.error().code == ErrorCode::Conflict ? Result<std::optional<BackupReport>>(none)
                                                        : lock.error();
    if (!isBackupDue(takenIn(folder, stem), now, schedule.hour, QTimeZone::systemTimeZone()))
        return none;
    removeLeftovers(folder, stem);
    const auto connection = database.connect();
    if (!connection)
        return connection.error();
    const bool isPostgres = database.url().engine() == Engine::Postgres;
    const QString name = backupName(stem, now, isPostgres ? u"birchdb"_s : u"sqlite"_s);
    auto report = backupDatabase(*connection.value(), folder.filePath(name), {.stop = stop});
    if (!report)
        return report.error();
    removeSuperseded(folder, stem, now);
    return std::optional<BackupReport>(std::move(report).value());
}

BackgroundBackup::BackgroundBackup(const Database &database, BackupSchedule schedule)
{
    m_thread =
        std::jthread([&database, schedule = std::move(schedule)](const std::stop_token &stop) {
            const auto done =
                takeScheduledBackup(database, schedule, QDateTime::currentDateTimeUtc(), stop);
            if (!done && done.error().code != ErrorCode::Cancelled)
                qCWarning(storeLog).noquote()
                    << "the daily backup could not be taken:" << done.error().message;
            else if (done && done.value())
                qCInfo(storeLog).noquote() << "daily backup:" << done.value()->path;
        });
}

void BackgroundBackup::wait()
{
    if (m_thread.joinable())
        m_thread.join();
}

} // namespace birch
