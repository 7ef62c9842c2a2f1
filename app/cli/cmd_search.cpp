#include "app/cli/commands.h"
#include "app/cli/option_values.h"
#include "app/cli/station_setup.h"
#include "app/cli/text_table.h"
#include "core/store/search/object_search.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

Result<ObjectSearchFilter> filterFrom(const Invocation &invocation, const Settings &settings)
{
    ObjectSearchFilter filter;
    filter.request = parseSearch(invocation.arguments().join(u' '));
    filter.request.kinds += invocation.values(u"kind"_s);
    filter.isTrashIncluded = invocation.isSet(u"trashed"_s);
    filter.anchor = invocation.value(u"anchor"_s);
    const auto page = countOption(invocation, u"page"_s, 1);
    if (!page)
        return page.error();
    filter.page = page.value();
    const auto perPage =
        countOption(invocation, u"per-page"_s, int(settings.integer(Setting::PageSize)));
    if (!perPage)
        return perPage.error();
    filter.perPage = perPage.value();
    return filter;
}

void printTable(const Invocation &invocation, const ObjectHits &found)
{
    TextTable table({tr("Kind"), tr("Id"), tr("Name"), tr("Lab"), tr("Text")});
    for (const ObjectHit &hit : found.hits)
        table.add({hit.kind, hit.id.isEmpty() ? hit.uid : hit.id, hit.name, hit.lab, hit.snippet});
    if (!found.hits.isEmpty()) {
        for (const QString &line : table.withoutEmptyColumns().lines(terminalWidth()))
            invocation.print(line);
    }
    invocation.print(
        (found.isTotalExact ? tr("%1 found, page %2") : tr("%1 or more found, page %2"))
            .arg(found.total)
            .arg(found.page));
}

int search(const Invocation &invocation)
{
    if (invocation.arguments().isEmpty())
        return invocation.usage(tr("Say what to look for, e.g. birchctl search diode."));
    const Station station(invocation);
    if (const auto asked = filterFrom(invocation, station.settings()); !asked)
        return invocation.fail(asked.error()); // before a database is opened, or made
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const auto found = ObjectSearch(data.value()->connection())
                           .search(data.value()->session(),
                                   filterFrom(invocation, data.value()->settings()).value());
    if (!found)
        return invocation.fail(found.error());
    if (invocation.isJson)
        invocation.printJson(found.value().toJson());
    else
        printTable(invocation, found.value());
    return kDone;
}

} // namespace

Command searchCommand()
{
    return {
        .name = u"search"_s,
        .summary = tr("Look for text in everything stored, newest first."),
        .synopsis = u"TEXT…"_s,
        .help = tr("Every word must be there, in any order: one of three characters or more "
                   "anywhere, a shorter one at the beginning of a word. \"quoted words\" stand "
                   "together, -word must not be there (after --), kind:samples asks for one "
                   "kind. What is called exactly so comes first."),
        .options = {{u"kind"_s, tr("Only of this kind; may be given several times."), u"KIND"_s},
                    {u"trashed"_s, tr("Also what is in the trash.")},
                    {u"page"_s, tr("Which page, from 1."), u"N"_s},
                    {u"per-page"_s, tr("Results of a page."), u"N"_s},
                    {u"anchor"_s,
                     tr("The anchor of the first page: what is added meanwhile does not shift "
                        "this one."),
                     u"ANCHOR"_s}},
        .run = search};
}

} // namespace birch::cli
