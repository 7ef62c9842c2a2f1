#include "app/cli/db_verbs.h"
#include "core/store/database_stats.h"
#include "core/store/upkeep/slow_statements.h"
#include "core/store/upkeep/table_sizes.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// Largest first, and the slowest statements.
Result<QJsonObject> upkeepStats(Connection &connection, const DatabaseUrl &url)
{
    const auto sizes = tableSizes(connection);
    if (!sizes)
        return sizes.error();
    std::vector<std::pair<qint64, QString>> ordered;
    for (auto it = sizes.value().begin(); it != sizes.value().end(); ++it)
        ordered.emplace_back(it.value(), it.key());
    std::ranges::sort(ordered, std::ranges::greater());
    QJsonArray tables;
    for (const auto &[bytes, table] : ordered)
        tables.append(QJsonObject{{u"table"_s, table}, {u"bytes"_s, bytes}});
    const auto slow = slowestStatements(connection, url);
    if (!slow)
        return slow.error();
    QJsonArray statements;
    for (const SlowStatement &statement : slow.value())
        statements.append(QJsonObject{{u"statement"_s, statement.sql},
                                      {u"ms"_s, statement.ms},
                                      {u"count"_s, statement.count}});
    return QJsonObject{{u"tables"_s, tables}, {u"slowest"_s, statements}};
}

void printStats(const Invocation &invocation, const QJsonObject &counted, const QJsonObject &upkeep)
{
    for (auto it = counted.begin(); it != counted.end(); ++it)
        invocation.print(u"%1  %2"_s.arg(it.key(), -10).arg(it.value().toVariant().toString()));
    const QJsonArray tables = upkeep[u"tables"].toArray();
    if (!tables.isEmpty())
        invocation.print(u'\n' + tr("Largest tables:"));
    for (qsizetype i = 0; i < std::min<qsizetype>(10, tables.size()); ++i)
        invocation.print(
            u"%1  %2"_s.arg(tables[i].toObject()[u"table"].toString(), -28)
                .arg(QLocale::c().formattedDataSize(tables[i].toObject()[u"bytes"].toInteger()),
                     12));
    const QJsonArray slowest = upkeep[u"slowest"].toArray();
    if (!slowest.isEmpty())
        invocation.print(u'\n' + tr("Slowest statements:"));
    for (const QJsonValue &statement : slowest)
        invocation.print(u"%1 ms  %2"_s.arg(statement[u"ms"].toInteger(), 8)
                             .arg(statement[u"statement"].toString().simplified().left(100)));
}

int stats(const Invocation &invocation, const Station &station, const DatabaseUrl &url)
{
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const auto counted = databaseStats(data.value()->connection());
    if (!counted)
        return invocation.fail(counted.error());
    const auto upkeep = upkeepStats(data.value()->connection(), url);
    if (!upkeep)
        return invocation.fail(upkeep.error());
    if (!invocation.isJson) {
        printStats(invocation, counted.value(), upkeep.value());
        return kDone;
    }
    QJsonObject all = counted.value();
    for (auto it = upkeep.value().begin(); it != upkeep.value().end(); ++it)
        all.insert(it.key(), it.value());
    invocation.printJson(all);
    return kDone;
}

} // namespace

std::vector<DbVerb> statsVerbs()
{
    return {{.name = u"stats"_s,
             .summary = tr("counts what it holds, the bytes of each table, the slowest statements"),
             .run = stats}};
}

} // namespace birch::cli
