#include "app/cli/db_verbs.h"
#include "core/store/exclusive_database.h"
#include "core/store/upkeep/backup.h"
#include "core/store/upkeep/backup_schedule.h"
#include "core/store/upkeep/maintain.h"
#include "core/store/upkeep/reset.h"
#include "core/store/upkeep/restore.h"
#include "core/store/upkeep/scheduled_backup.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

QString sizeText(qint64 bytes)
{
    return QLocale::c().formattedDataSize(bytes);
}

int printBackup(const Invocation &invocation, const BackupReport &report)
{
    if (invocation.isJson)
        invocation.printJson(report.toJson());
    else
        invocation.print(tr("%1: %2, %3 scans, verified.")
                             .arg(report.path, sizeText(report.bytes))
                             .arg(report.rows.value(u"scans"_s)));
    return kDone;
}

int scheduledBackup(const Invocation &invocation, StationData &data)
{
    const auto done = takeScheduledBackup(data.database(), data.backupSchedule(),
                                          QDateTime::currentDateTimeUtc());
    if (!done)
        return invocation.fail(done.error());
    if (done.value())
        return printBackup(invocation, *done.value());
    if (invocation.isJson)
        invocation.printJson({{u"file"_s, QJsonValue()}});
    else
        invocation.print(tr("No backup is due: see backup.hour and backup.folder in birchctl "
                            "config list."));
    return kDone;
}

int backup(const Invocation &invocation, const Station &station, const DatabaseUrl &url)
{
    const bool isScheduled = invocation.isSet(u"scheduled"_s);
    if (invocation.arguments().size() != (isScheduled ? 1 : 2))
        return invocation.usage(
            tr("Name the file to write: db backup FILE, or db backup --scheduled."));
    if (isMissing(url))
        return invocation.fail(noDatabase(url));
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    if (isScheduled)
        return scheduledBackup(invocation, *data.value());
    const auto done = backupDatabase(data.value()->connection(), invocation.arguments()[1],
                                     {.mayReplace = invocation.isSet(u"replace"_s)});
    return done ? printBackup(invocation, done.value()) : invocation.fail(done.error());
}

int restore(const Invocation &invocation, const Station &station, const DatabaseUrl &url)
{
    if (invocation.arguments().size() != 2)
        return invocation.usage(tr("Name the file to restore: db restore FILE."));
    const auto done = restoreDatabase(url, invocation.arguments()[1],
                                      {.mayReplace = invocation.isSet(u"replace"_s),
                                       .userName = StationData::userName(station.options())});
    if (!done)
        return invocation.fail(done.error());
    if (invocation.isJson) {
        invocation.printJson(done.value().toJson());
        return kDone;
    }
    invocation.print(tr("%1 holds %2 scans from %3.")
                         .arg(url.text())
                         .arg(done.value().rows.value(u"scans"_s))
                         .arg(invocation.arguments()[1]));
    if (!done.value().replaced.isEmpty())
        invocation.print(tr("What was there is kept as %1.").arg(done.value().replaced));
    return kDone;
}

int maintain(const Invocation &invocation, const Station &station, const DatabaseUrl &url)
{
    if (isMissing(url))
        return invocation.fail(noDatabase(url));
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const auto retention = [&settings = data.value()->settings()](Setting which) {
        return std::chrono::duration_cast<std::chrono::microseconds>(settings.duration(which));
    };
    const MaintainOptions options{.userName = data.value()->user(),
                                  .trashRetention = retention(Setting::TrashRetention),
                                  .eventRetention = retention(Setting::EventRetention)};
    const auto done = maintainDatabase(data.value()->takeDatabase(), options);
    if (!done)
        return invocation.fail(done.error());
    const MaintainReport &report = done.value();
    for (const QString &note : report.notes)
        invocation.note(note);
    if (invocation.isJson) {
        invocation.printJson(report.toJson());
        return kDone;
    }
    invocation.print(tr("Trash: %1 things gone for good.").arg(report.purged));
    invocation.print(tr("Audit log: details of %1 events emptied.").arg(report.purgedEvents));
    invocation.print(tr("Chunks: %1, were %2.").arg(report.chunksAfter).arg(report.chunksBefore));
    invocation.print(
        tr("Size: %1, was %2.").arg(sizeText(report.bytesAfter), sizeText(report.bytesBefore)));
    return kDone;
}

int reset(const Invocation &invocation, const Station &station, const DatabaseUrl &url)
{
    if (!invocation.isSet(u"yes-delete-everything"_s))
        return invocation.usage(tr("This deletes every scan, sample and setting in %1. Add "
                                   "--yes-delete-everything if that is meant.")
                                    .arg(url.text()));
    if (isMissing(url))
        return invocation.fail(noDatabase(url));
    QString backupFile;
    if (!invocation.isSet(u"no-backup"_s)) {
        const QString folder = station.settings().text(Setting::BackupFolder);
        QDir().mkpath(folder); // a failure shows when the backup is written
        const bool isPostgres = url.engine() == Engine::Postgres;
        backupFile =
            QDir(folder).filePath(backupName(u"before-reset"_s, QDateTime::currentDateTimeUtc(),
                                             isPostgres ? u"birchdb"_s : u"sqlite"_s));
    }
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const QString user = data.value()->user();
    const auto done = resetDatabase(data.value()->takeDatabase(), user, backupFile);
    if (!done)
        return invocation.fail(done.error());
    if (invocation.isJson) {
        invocation.printJson({{u"backup"_s, backupFile}});
        return kDone;
    }
    invocation.print(tr("%1 is empty.").arg(url.text()));
    if (!backupFile.isEmpty())
        invocation.print(tr("What was in it is kept in %1.").arg(backupFile));
    return kDone;
}

} // namespace

std::vector<DbVerb> upkeepVerbs()
{
    return {
        {.name = u"backup"_s,
         .arguments = u"FILE | --scheduled"_s,
         .summary = tr("writes everything into one file, while others work on, and verifies it"),
         .options = {{u"replace"_s, tr("backup, restore: what is there already is replaced.")},
                     {u"scheduled"_s, tr("backup: the one of the day, into backup.folder, if it is "
                                         "due; for a timer of the system.")}},
         .run = backup},
        {.name = u"restore"_s,
         .arguments = u"FILE"_s,
         .summary = tr("brings back what a backup holds, once it is verified; takes the database "
                       "exclusively"),
         .run = restore},
        {.name = u"maintain"_s,
         .summary = tr("purges expired trash (trash.retention) and details of the audit log "
                       "(events.retention), joins small chunks, gives space back"),
         .run = maintain},
        {.name = u"reset"_s,
         .summary = tr("deletes everything, after a backup into backup.folder"),
         .options = {{u"yes-delete-everything"_s, tr("reset: it is meant.")},
                     {u"no-backup"_s, tr("reset: nothing is kept.")}},
         .run = reset},
    };
}

} // namespace birch::cli
