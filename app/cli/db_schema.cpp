#include "app/cli/db_verbs.h"
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

} // namespace

std::vector<DbVerb> schemaVerbs()
{
    using Url = const DatabaseUrl &;
    return {
        {.name = u"init"_s,
         .summary = tr("makes the database and its tables"),
         .run =
             [](const Invocation &invocation, const Station &station, Url url) {
                 return printStatus(invocation,
                                    Schema(url).init(StationData::userName(station.options())));
             }},
        {.name = u"status"_s,
         .summary = tr("says what is there and what to do"),
         .run = [](const Invocation &invocation, const Station &,
                   Url url) { return printStatus(invocation, Schema(url).status()); }},
        {.name = u"upgrade"_s,
         .summary = tr("brings an older schema to what this program needs; takes the database "
                       "exclusively: close other programs first"),
         .run = [](const Invocation &invocation, const Station &,
                   Url url) { return printStatus(invocation, Schema(url).upgrade()); }},
        {.name = u"current"_s,
         .summary = tr("prints the number of the schema"),
         .run = [](const Invocation &invocation, const Station &,
                   Url url) { return current(invocation, Schema(url).status()); }},
    };
}

} // namespace birch::cli
