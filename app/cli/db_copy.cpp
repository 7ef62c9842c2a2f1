#include "app/cli/db_verbs.h"
#include "core/store/exclusive_database.h"
#include "core/store/upkeep/archive.h"
#include "core/store/upkeep/copy.h"
#include "core/store/upkeep/merge.h"

#include <QCoreApplication>
#include <QDateTime>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

int merge(const Invocation &invocation, const Station &station, const DatabaseUrl &from,
          const DatabaseUrl &to)
{
    for (const DatabaseUrl &url : {from, to}) {
        if (isMissing(url))
            return invocation.fail(noDatabase(url));
    }
    StationOptions options = station.options();
    options.database = invocation.arguments()[2];
    auto data = StationData::open(options, station.settings());
    if (!data)
        return invocation.fail(data.error());
    const QString user = data.value()->user();
    const auto done = mergeDatabase(from, data.value()->takeDatabase(), {user});
    if (!done)
        return invocation.fail(done.error());
    const MergeReport &report = done.value();
    if (invocation.isJson) {
        invocation.printJson(report.toJson());
        return kDone;
    }
    for (auto it = report.added.begin(); it != report.added.end(); ++it)
        invocation.print(u"%1 %2"_s.arg(it.key(), -28).arg(it.value(), 12));
    for (const MergeConflict &conflict : report.conflicts)
        invocation.print(conflict.text());
    invocation.print(
        tr("%1 rows added, %2 conflicts.").arg(report.rows()).arg(report.conflictCount));
    return kDone;
}

int copy(const Invocation &invocation, const Station &station, const DatabaseUrl &)
{
    const QStringList arguments = invocation.arguments();
    if (arguments.size() != 3)
        return invocation.usage(tr("Name both databases: db copy SOURCE TARGET."));
    const auto from = DatabaseUrl::parse(arguments[1]);
    if (!from)
        return invocation.fail(from.error());
    const auto to = DatabaseUrl::parse(arguments[2]);
    if (!to)
        return invocation.fail(to.error());
    if (invocation.isSet(u"merge"_s) && invocation.isSet(u"restart"_s))
        return invocation.usage(
            tr("A merge leaves nothing unfinished: leave --restart out, or --merge."));
    if (invocation.isSet(u"merge"_s))
        return merge(invocation, station, from.value(), to.value());
    const auto done = copyDatabase(from.value(), to.value(),
                                   {.userName = StationData::userName(station.options()),
                                    .mayRestart = invocation.isSet(u"restart"_s)});
    if (!done)
        return invocation.fail(done.error());
    if (invocation.isJson) {
        invocation.printJson(done.value().toJson());
        return kDone;
    }
    qint64 rows = 0;
    for (const CopyReport::Table &table : done.value().tables) {
        rows += table.rows;
        if (table.rows > 0)
            invocation.print(
                u"%1 %2  %3"_s.arg(table.name, -28).arg(table.rows, 12).arg(table.digest.left(12)));
    }
    invocation.print(tr("%1 rows copied; counts and checksums are those of the source.").arg(rows));
    return kDone;
}

int archive(const Invocation &invocation, const Station &station, const DatabaseUrl &url)
{
    const QDate before = QDate::fromString(invocation.value(u"before"_s), Qt::ISODate);
    if (!before.isValid())
        return invocation.usage(
            tr("Say which scans: --before 2026-01-31 moves those that ended before that day."));
    if (invocation.value(u"output"_s).isEmpty())
        return invocation.usage(tr("Name the file that they move to: --output FILE."));
    const qint64 beforeUs = before.startOfDay(Qt::UTC).toMSecsSinceEpoch() * 1000;
    if (isMissing(url))
        return invocation.fail(noDatabase(url));
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const QString user = data.value()->user();
    const auto done =
        archiveScans(data.value()->takeDatabase(), invocation.value(u"output"_s), {user, beforeUs});
    if (!done)
        return invocation.fail(done.error());
    for (const QString &kept : done.value().kept)
        invocation.note(kept);
    if (invocation.isJson)
        invocation.printJson(done.value().toJson());
    else
        invocation.print(
            tr("%1 scans moved to %2.").arg(done.value().scans).arg(done.value().path));
    return kDone;
}

} // namespace

std::vector<DbVerb> copyVerbs()
{
    return {
        {.name = u"copy"_s,
         .arguments = u"SOURCE TARGET"_s,
         .summary = tr("copies everything into a new database, of either engine; killed, it goes "
                       "on when it is run again"),
         .options =
             {{u"restart"_s, tr("copy: throw an unfinished copy in the target away.")},
              {u"merge"_s,
               tr("copy: bring what only SOURCE has into TARGET, which has data already. What "
                  "both have is known by its uid; where it differs, TARGET's stays and the "
                  "difference is listed. Another thing of the same name (lab, user, station, "
                  "project, tag …) is taken for TARGET's; another one under the same counted "
                  "id (sample, scan …) gets -2 behind it; both are listed. SOURCE's audit log "
                  "stays with it. All or nothing: killed, run it again.")}},
         .run = copy},
        {.name = u"archive"_s,
         .summary = tr("moves old scans, with all they need, into a file that opens on its own"),
         .options = {{u"before"_s, tr("archive: scans that ended before this day (UTC)."),
                      u"DATE"_s},
                     {u"output"_s,
                      tr("archive: the file; one that was left unfinished is "
                         "completed."),
                      u"FILE"_s}},
         .run = archive},
    };
}

} // namespace birch::cli
