#include "app/cli/commands.h"
#include "app/cli/station_setup.h"
#include "core/plan/did_you_mean.h"
#include "core/store/database_stats.h"
#include "core/store/schema.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

QString sentence(const SchemaStatus &status)
{
    if (!status.exists)
        return tr("There is no Birch database yet; make it with: birchctl db init --database %1")
            .arg(status.url.text());
    if (status.isCurrent())
        return tr("Schema %1, up to date.").arg(status.current);
    if (status.current < status.head)
        return tr("Schema %1, this program needs %2; run: birchctl db upgrade --database %3")
            .arg(status.current)
            .arg(status.head)
            .arg(status.url.text());
    if (status.current > status.head)
        return tr("Schema %1, this program knows %2; install the newer Birch.")
            .arg(status.current)
            .arg(status.head);
    return tr("Schema %1, but tables were changed: %2. Restore a backup.")
        .arg(status.current)
        .arg(status.differences.join(u"; "_s));
}

int printStatus(const Invocation &invocation, const Result<SchemaStatus> &status)
{
    if (!status)
        return invocation.fail(status.error());
    if (invocation.isJson) {
        invocation.printJson(status.value().toJson());
        return kDone;
    }
    invocation.print(status.value().url.text());
    invocation.print(sentence(status.value()));
    return kDone;
}

int current(const Invocation &invocation, const Result<SchemaStatus> &status)
{
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

int stats(const Invocation &invocation, const Station &station)
{
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const auto counted = databaseStats(data.value()->connection());
    if (!counted)
        return invocation.fail(counted.error());
    if (invocation.isJson) {
        invocation.printJson(counted.value());
        return kDone;
    }
    for (auto it = counted.value().begin(); it != counted.value().end(); ++it)
        invocation.print(u"%1  %2"_s.arg(it.key(), -10).arg(it.value().toVariant().toString()));
    return kDone;
}

int db(const Invocation &invocation)
{
    const QStringList verbs{u"init"_s, u"status"_s, u"upgrade"_s, u"current"_s, u"stats"_s};
    const QString verb = invocation.arguments().value(0);
    if (!verbs.contains(verb) || invocation.arguments().size() != 1)
        return invocation.usage(verb.isEmpty() || verbs.contains(verb)
                                    ? tr("Say one of %1.").arg(verbs.join(u", "_s))
                                    : tr("\"%1\" is nothing that can be done to a database. %2")
                                          .arg(verb, didYouMean(verb, verbs)));
    const Station station(invocation);
    const auto url = StationData::databaseUrl(station.options(), station.settings());
    if (!url)
        return invocation.fail(url.error());
    Schema schema(url.value());
    if (verb == u"init")
        return printStatus(invocation, schema.init(StationData::userName(station.options())));
    if (verb == u"upgrade")
        return printStatus(invocation, schema.upgrade());
    if (verb == u"status")
        return printStatus(invocation, schema.status());
    if (verb == u"current")
        return current(invocation, schema.status());
    return stats(invocation, station);
}

} // namespace

Command dbCommand()
{
    return {.name = u"db"_s,
            .summary = tr("Make, inspect or upgrade the database."),
            .synopsis = u"init | status | upgrade | current | stats"_s,
            .help = tr("init makes the database and its tables; upgrade brings an older one to "
                       "what this program needs. Both take it exclusively: close other programs "
                       "first. current prints the number of the schema."),
            .options = {},
            .run = db};
}

} // namespace birch::cli
