#include "app/cli/db_verbs.h"
#include "core/base/id.h"
#include "core/store/database_health.h"

#include <QCoreApplication>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

int printChange(const Invocation &invocation, const Result<SchemaStatus> &changed)
{
    if (!changed)
        return invocation.fail(changed.error());
    const SchemaStatus &status = changed.value();
    if (invocation.isJson) {
        invocation.printJson(status.toJson());
        return kDone;
    }
    invocation.print(status.url.text());
    if (!status.backup.isEmpty())
        invocation.print(tr("Backed up before, as %1.").arg(status.backup));
    if (status.isCurrent())
        invocation.print(tr("Schema %1, up to date.").arg(status.current));
    else
        invocation.print(
            tr("Schema %1; this program needs %2.").arg(status.current).arg(status.head));
    return kDone;
}

int init(const Invocation &invocation, const Station &station, const DatabaseUrl &url)
{
    return printChange(invocation,
                       schemaOf(invocation, url).init(StationData::userName(station.options())));
}

void printBacklog(const Invocation &invocation, const DatabaseHealth &health)
{
    for (const SpoolBacklog &backlog : health.backlogs) {
        const QString whose = health.isHere(backlog)      ? tr("this database")
                              : backlog.database.isNull() ? tr("any database")
                                                          : uidText(backlog.database);
        invocation.print(tr("In the spool for %1: %2 scans (%3 running), %4 rows, %5.")
                             .arg(whose)
                             .arg(backlog.scans)
                             .arg(backlog.running)
                             .arg(backlog.rows)
                             .arg(QLocale::c().formattedDataSize(backlog.bytes)));
    }
}

int status(const Invocation &invocation, const Station &station, const DatabaseUrl &url)
{
    const DatabaseHealth health = databaseHealth(url, station.settings().text(Setting::SpoolPath));
    if (invocation.isJson) {
        invocation.printJson(health.toJson());
        return health.isHealthy() ? kDone : kRanAndFailed;
    }
    invocation.print(url.text());
    if (health.isReachable) {
        const QString bytes = QLocale::c().formattedDataSize(health.bytes);
        invocation.print(health.freeBytes
                             ? tr("%1, %2 free on its disk.")
                                   .arg(bytes, QLocale::c().formattedDataSize(*health.freeBytes))
                             : bytes + u'.');
    }
    for (const QString &holder : health.holders)
        invocation.print(tr("In use by %1.").arg(holder));
    printBacklog(invocation, health);
    for (const QString &problem : health.problems)
        invocation.print(problem);
    if (health.isHealthy())
        invocation.print(tr("Schema %1, up to date.").arg(health.schema.current));
    return health.isHealthy() ? kDone : kRanAndFailed;
}

/// For what backs the database up before.
Schema changingSchema(const Invocation &invocation, const Station &station, const DatabaseUrl &url)
{
    Schema schema = schemaOf(invocation, url);
    schema.keepBackups(station.settings().integer(Setting::UpgradeBackups));
    return schema;
}

int upgrade(const Invocation &invocation, const Station &station, const DatabaseUrl &url)
{
    return printChange(invocation, changingSchema(invocation, station, url)
                                       .upgrade(invocation.arguments().value(1, u"head"_s)));
}

int downgrade(const Invocation &invocation, const Station &station, const DatabaseUrl &url)
{
    return printChange(invocation, changingSchema(invocation, station, url)
                                       .downgrade(invocation.arguments().value(1, u"-1"_s),
                                                  invocation.isSet(u"yes"_s)));
}

int current(const Invocation &invocation, const Station &, const DatabaseUrl &url)
{
    const auto status = schemaOf(invocation, url).status();
    if (!status)
        return invocation.fail(status.error());
    if (invocation.isJson)
        invocation.printJson({{u"current"_s, status.value().current},
                              {u"head"_s, status.value().head},
                              {u"up_to_date"_s, status.value().isCurrent()}});
    else
        invocation.print(QString::number(status.value().current));
    return kDone;
}

} // namespace

Schema schemaOf(const Invocation &invocation, const DatabaseUrl &url)
{
    return invocation.isSet(u"directory"_s) ? Schema(url, invocation.value(u"directory"_s))
                                            : Schema(url);
}

std::vector<DbVerb> schemaVerbs()
{
    return {
        {.name = u"init"_s, .summary = tr("makes the database and its tables"), .run = init},
        {.name = u"status"_s,
         .summary =
             tr("says whether it can be worked with and what waits in the spool; exit code 1 "
                "when something is to be done"),
         .run = status},
        {.name = u"upgrade"_s,
         .arguments = u"[REV|+N]"_s,
         .summary = tr("brings an older schema to what this program needs, or to REV, after a "
                       "backup of a SQLite file; takes the database exclusively"),
         .run = upgrade},
        {.name = u"downgrade"_s,
         .arguments = u"[REV|-N]"_s,
         .summary = tr("goes back one schema, or to REV; says what would be lost"),
         .options = {{u"yes"_s, tr("downgrade: data may be lost.")}},
         .run = downgrade},
        {.name = u"current"_s, .summary = tr("prints the number of the schema"), .run = current},
    };
}

} // namespace birch::cli
