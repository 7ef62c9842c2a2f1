#include "app/cli/db_verbs.h"
#include "core/store/upkeep/backup.h"
#include "core/store/upkeep/restore.h"
#include "core/store/upkeep/scheduled_backup.h"

#include <QCoreApplication>
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
    if (url.engine() == Engine::Sqlite && !QFileInfo::exists(url.path()))
        return invocation.fail({ErrorCode::NotFound, tr("There is no database at %1: check "
                                                        "--database")
                                                         .arg(url.path())});
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
    };
}

} // namespace birch::cli
