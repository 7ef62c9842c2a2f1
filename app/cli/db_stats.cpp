#include "app/cli/db_verbs.h"
#include "core/store/database_stats.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

int stats(const Invocation &invocation, const Station &station, const DatabaseUrl &)
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

} // namespace

std::vector<DbVerb> statsVerbs()
{
    return {{.name = u"stats"_s,
             .summary = QCoreApplication::translate("birchctl", "counts what it holds"),
             .run = stats}};
}

} // namespace birch::cli
