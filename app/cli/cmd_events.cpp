#include "app/cli/commands.h"
#include "app/cli/option_values.h"
#include "app/cli/station_setup.h"
#include "app/cli/text_table.h"
#include "core/plan/did_you_mean.h"
#include "core/store/event_repository.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

Result<QList<EventAction>> actionsFrom(const QStringList &given)
{
    QList<EventAction> actions;
    for (const QString &name : given.join(u',').split(u',', Qt::SkipEmptyParts)) {
        const auto action = eventActionFromName(name.trimmed());
        if (!action)
            return Error{
                ErrorCode::BadInput,
                tr("Nothing is ever \"%1\". %2").arg(name, didYouMean(name, eventActionNames()))};
        actions << *action;
    }
    return actions;
}

Result<EventFilter> filterFrom(const Invocation &invocation, const Settings &settings)
{
    EventFilter filter;
    filter.kind = invocation.value(u"kind"_s);
    filter.object = invocation.value(u"object"_s);
    filter.user = invocation.isSet(u"by"_s) ? invocation.value(u"by"_s) : invocation.user;
    filter.station = invocation.value(u"station"_s);
    filter.search = invocation.value(u"search"_s);
    filter.anchor = invocation.value(u"anchor"_s);
    const auto actions = actionsFrom(invocation.values(u"action"_s));
    if (!actions)
        return actions.error();
    filter.actions = actions.value();
    for (const auto &[option, time] :
         {std::pair(u"since"_s, &filter.sinceUs), std::pair(u"until"_s, &filter.untilUs)}) {
        const auto given = timeOption(invocation, option);
        if (!given)
            return given.error();
        *time = given.value();
    }
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

/// To the second: of two in one second the upper is the newer.
QString shownTime(qint64 us)
{
    return isoTime(us).first(19) + u'Z';
}

void printTable(const Invocation &invocation, const EventPage &page)
{
    TextTable table({tr("Time"), tr("User"), tr("Station"), tr("Action"), tr("Kind"), tr("Object"),
                     tr("Changes")});
    for (const EventRecord &event : page.events)
        table.add({shownTime(event.atUs), event.user, event.station, event.action, event.kind,
                   event.title.isEmpty() ? event.objectUid : event.title, event.summary()});
    for (const QString &line : table.lines(terminalWidth()))
        invocation.print(line);
    invocation.print(tr("%1 event(s), page %2 of %3")
                         .arg(page.total)
                         .arg(page.page)
                         .arg(std::max<qint64>(1, (page.total + page.perPage - 1) / page.perPage)));
}

/// For programs: the names of the JSON, and the changes as JSON.
void printCsv(const Invocation &invocation, const EventPage &page)
{
    TextTable table({u"at"_s, u"user"_s, u"station"_s, u"action"_s, u"kind"_s, u"uid"_s, u"title"_s,
                     u"changes"_s, u"purged_at"_s, u"lab"_s, u"sequence"_s, u"hash"_s});
    for (const EventRecord &event : page.events)
        table.add({isoTime(event.atUs), event.user, event.station, event.action, event.kind,
                   event.objectUid, event.title,
                   event.purgedUs ? QString() : jsonText(event.changes),
                   event.purgedUs ? isoTime(*event.purgedUs) : QString(), event.labName,
                   QString::number(event.sequence), QString::fromLatin1(event.hash.toHex())});
    for (const QString &line : table.csvLines())
        invocation.print(line);
}

int events(const Invocation &invocation)
{
    if (!invocation.arguments().isEmpty())
        return invocation.usage(tr("The events are narrowed by options, e.g. --object ID."));
    if (invocation.isJson && invocation.isSet(u"csv"_s))
        return invocation.usage(tr("Choose one of --json and --csv."));
    const Station station(invocation);
    if (const auto asked = filterFrom(invocation, station.settings()); !asked)
        return invocation.fail(asked.error()); // before a database is opened, or made
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    // Once more: the page size may be a setting of the database.
    const EventFilter filter = filterFrom(invocation, data.value()->settings()).value();
    const auto page =
        EventRepository(data.value()->connection()).list(data.value()->session(), filter);
    if (!page)
        return invocation.fail(page.error());
    if (invocation.isJson)
        invocation.printJson(page.value().toJson());
    else if (invocation.isSet(u"csv"_s))
        printCsv(invocation, page.value());
    else
        printTable(invocation, page.value());
    return kDone;
}

} // namespace

Command eventsCommand()
{
    return {
        .name = u"events"_s,
        .summary = tr("Who changed what and when, newest first."),
        .synopsis = {},
        .help = tr("Every change of what the database holds, and every start and end of scans "
                   "and queues. Times are UTC. Actions: %1.")
                    .arg(eventActionNames().join(u", "_s)),
        .options =
            {{u"kind"_s, tr("Only of this table, e.g. samples."), u"TABLE"_s},
             {u"object"_s,
              tr("Only of this object: its uid, the beginning of its uid, or what it "
                 "was called then."),
              u"ID"_s},
             {u"by"_s,
              tr("Only what this user did; \"\" for everyone (default: the one of --user, else "
                 "everyone)."),
              u"NAME"_s},
             {u"action"_s, tr("Only this action; may be given several times."), u"ACTION"_s},
             {u"since"_s, tr("Only at this time or later."), u"TIME"_s},
             {u"until"_s, tr("Only before this time."), u"TIME"_s},
             {u"station"_s, tr("Only from this station."), u"NAME"_s},
             {u"search"_s, tr("Only with every word of this in object, changes, kind or user."),
              u"TEXT"_s},
             {u"csv"_s, tr("As CSV, with the changes as JSON.")},
             {u"page"_s, tr("Which page, from 1."), u"N"_s},
             {u"per-page"_s, tr("Events of a page."), u"N"_s},
             {u"anchor"_s, tr("The anchor of the first page: newer events do not shift this one."),
              u"ANCHOR"_s}},
        .run = events};
}

} // namespace birch::cli
