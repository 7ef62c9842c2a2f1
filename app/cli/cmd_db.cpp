#include "app/cli/commands.h"
#include "app/cli/db_verbs.h"
#include "core/plan/did_you_mean.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

std::vector<DbVerb> dbVerbs()
{
    std::vector<DbVerb> verbs;
    for (const auto part :
         {schemaVerbs, revisionVerbs, statsVerbs, upkeepVerbs, copyVerbs, integrityVerbs})
        std::ranges::move(part(), std::back_inserter(verbs));
    return verbs;
}

int db(const Invocation &invocation)
{
    const std::vector<DbVerb> verbs = dbVerbs();
    const QString name = invocation.arguments().value(0);
    const auto verb = std::ranges::find(verbs, name, &DbVerb::name);
    if (verb == verbs.end()) {
        QStringList names;
        for (const DbVerb &known : verbs)
            names << known.name;
        return invocation.usage(name.isEmpty()
                                    ? tr("Say one of %1.").arg(names.join(u", "_s))
                                    : tr("\"%1\" is nothing that can be done to a database. %2")
                                          .arg(name, didYouMean(name, names)));
    }
    if (verb->arguments.isEmpty() && invocation.arguments().size() != 1)
        return invocation.usage(tr("db %1 takes no arguments.").arg(name));
    const Station station(invocation);
    const auto url = StationData::databaseUrl(station.options(), station.settings());
    if (!url)
        return invocation.fail(url.error());
    return verb->run(invocation, station, url.value());
}

} // namespace

Command dbCommand()
{
    QStringList synopsis;
    QStringList help;
    QList<QCommandLineOption> options;
    for (const DbVerb &verb : dbVerbs()) {
        synopsis << (verb.name + u' ' + verb.arguments).trimmed();
        help << u"%1  %2"_s.arg(synopsis.last(), -20).arg(verb.summary);
        options += verb.options;
    }
    return {.name = u"db"_s,
            .summary = tr("Make, inspect, upgrade and keep the database."),
            .synopsis = synopsis.join(u" | "_s),
            .help = help.join(u'\n'),
            .options = options,
            .run = db};
}

} // namespace birch::cli
