// Changing and ordering what is in queues.
#include "app/cli/option_values.h"
#include "app/cli/queue_fill.h"
#include "app/cli/run_options.h"
#include "app/session/queue_scans.h"
#include "core/plan/scan_json.h"
#include "core/plan/standard_nodes.h"
#include "core/store/queue_repository.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

Result<QueueSettings> settingsFrom(const Invocation &invocation, QueueSettings settings)
{
    if (invocation.isSet(u"on-failure"_s)) {
        const auto policy = failedScanFromName(invocation.value(u"on-failure"_s));
        if (!policy)
            return badValue(u"on-failure"_s, tr("continue, stop or retry"),
                            invocation.value(u"on-failure"_s));
        settings.onFailure = *policy;
    }
    const auto parallel = countOption(invocation, u"parallel"_s, settings.parallel);
    if (!parallel)
        return parallel.error();
    if (parallel.value() > kMaxParallelScans)
        return badValue(u"parallel"_s, tr("at most %1").arg(kMaxParallelScans),
                        invocation.value(u"parallel"_s));
    settings.parallel = parallel.value();
    return settings;
}

/// The lab's own fields of a queue: "field.NAME=TEXT", or --field, over those that it has.
Result<QMap<QString, QString>> fieldsFrom(const Invocation &invocation, QStringList arguments,
                                          QMap<QString, QString> fields)
{
    const QStringList given = takeOwnFields(&arguments) + invocation.values(u"field"_s);
    if (!arguments.isEmpty())
        return Error{ErrorCode::BadInput,
                     tr("\"%1\" is no field: write it as field.NAME=TEXT.").arg(arguments.first())};
    if (Status set = setFields(given, &fields); !set)
        return set.error();
    return fields;
}

/// The tree of \a item with --tree and --set, compiled once more where it changes.
Result<QueueItemEdit> treeEdit(const Station &station, const Invocation &invocation,
                               const StoredQueueItem &item, Problems *problems)
{
    QueueItemEdit edit;
    if (!invocation.isSet(u"tree"_s) && !invocation.isSet(u"set"_s))
        return edit;
    const NodeRegistry registry = standardNodes();
    LoadedRun loaded;
    if (invocation.isSet(u"tree"_s)) {
        loaded = loadRun({invocation.value(u"tree"_s)}, registry);
        if (loaded.scans.size() > 1)
            return Error{ErrorCode::BadInput, tr("--tree takes a file of one scan.")};
    } else {
        ReadTree read = readTree(item.asked.tree, registry, item.asked.name);
        loaded.problems = read.problems;
        if (read.tree)
            loaded.scans.push_back({item.asked.name, *std::move(read.tree)});
    }
    const CompiledHere compiled = compileHere(station, invocation, loaded, registry);
    *problems = compiled.run.problems;
    if (!problems->isEmpty())
        return edit;
    const QueueItem &scan = compiled.run.items.first();
    edit.tree = scan.tree;
    edit.needs = neededBy(scan, compiled.specs);
    if (invocation.isSet(u"tree"_s))
        edit.name = scan.name;
    return edit;
}

int edit(const Station &station, const Invocation &invocation, const QStringList &arguments)
{
    auto turn = turnFrom(invocation);
    if (!turn)
        return invocation.fail(turn.error());
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    QueueItemRepository items(data.value()->connection());
    const auto item = items.find(data.value()->session(), arguments.first());
    if (!item)
        return invocation.fail(item.error());
    Problems problems;
    const auto tree = treeEdit(station, invocation, item.value(), &problems);
    if (!tree)
        return invocation.fail(tree.error());
    if (!problems.isEmpty())
        return invocation.fail(problems);
    QueueItemEdit change = turn.value();
    change.tree = tree.value().tree;
    change.needs = tree.value().needs;
    change.name = tree.value().name;
    if (invocation.isSet(u"name"_s))
        change.name = invocation.value(u"name"_s);
    ScanDetails details = item.value().asked.details;
    if (const Status said = applyDetails(invocation, &details); !said)
        return invocation.fail(said.error(), kBadInput);
    details.name = change.name.value_or(details.name);
    if (Status known = resolveSample(&details, data.value()->connection(), data.value()->session());
        !known)
        return invocation.fail(known.error(), kBadInput);
    change.details = details;
    if (const Status done =
            items.edit(data.value()->session(), item.value().uid, change, item.value().revision);
        !done)
        return invocation.fail(done.error());
    return printQueueOf(invocation, *data.value(), item.value().queue);
}

Result<QJsonObject> makeNew(StationData &data, const Invocation &invocation,
                            const QStringList &arguments)
{
    const auto settings = settingsFrom(invocation, {});
    if (!settings)
        return settings.error();
    const auto fields = fieldsFrom(invocation, arguments.mid(1), {});
    if (!fields)
        return fields.error();
    const auto made = QueueRepository(data.connection())
                          .createNamed(data.session(), data.station(), arguments.first(),
                                       settings.value(), fields.value());
    if (!made)
        return made.error();
    return queueAnswer(data, made.value());
}

Result<QJsonObject> set(StationData &data, const Invocation &invocation,
                        const QStringList &arguments)
{
    QueueRepository queues(data.connection());
    const auto queue = queues.find(data.session(), arguments.first());
    if (!queue)
        return queue.error();
    const auto settings = settingsFrom(invocation, queue.value().settings);
    if (!settings)
        return settings.error();
    const auto fields = fieldsFrom(invocation, arguments.mid(1), queue.value().fields);
    if (!fields)
        return fields.error();
    if (Status done = queues.setSettings(data.session(), queue.value().uid, settings.value());
        !done)
        return done.error();
    if (fields.value() != queue.value().fields) {
        if (Status done = queues.setFields(data.session(), queue.value().uid, fields.value());
            !done)
            return done.error();
    }
    if (invocation.isSet(u"name"_s)) {
        if (Status done =
                queues.rename(data.session(), queue.value().uid, invocation.value(u"name"_s));
            !done)
            return done.error();
    }
    return queueAnswer(data, queue.value().uid);
}

Result<QJsonObject> move(StationData &data, const Invocation &, const QStringList &arguments)
{
    QueueItemRepository items(data.connection());
    const auto item = items.find(data.session(), arguments[0]);
    if (!item)
        return item.error();
    bool isNumber = false;
    const int place = arguments[1].toInt(&isNumber);
    if (!isNumber || place < 1)
        return Error{ErrorCode::BadInput,
                     tr("A place is a number from 1, not \"%1\".").arg(arguments[1])};
    if (Status done = items.move(data.session(), item.value().uid, place - 1); !done)
        return done.error();
    return queueAnswer(data, item.value().queue);
}

/// \a change is done to each item; all are looked up before the first is touched.
template<typename Change>
Result<QJsonObject> changeEach(StationData &data, const QStringList &keys, Change change)
{
    QueueItemRepository items(data.connection());
    QList<StoredQueueItem> found;
    for (const QString &key : keys) {
        const auto item = items.find(data.session(), key);
        if (!item)
            return item.error();
        found << item.value();
    }
    for (const StoredQueueItem &item : std::as_const(found)) {
        if (Status done = change(items, data.session(), item.uid); !done)
            return done.error();
    }
    return queueAnswer(data, found.first().queue);
}

template<Status (QueueItemRepository::*operation)(const Session &, const QUuid &)>
Result<QJsonObject> each(StationData &data, const Invocation &, const QStringList &arguments)
{
    return changeEach(data, arguments,
                      [](QueueItemRepository &items, const Session &session, const QUuid &item) {
                          return (items.*operation)(session, item);
                      });
}

Result<QJsonObject> duplicate(StationData &data, const Invocation &, const QStringList &arguments)
{
    return changeEach(
        data, arguments,
        [](QueueItemRepository &items, const Session &session, const QUuid &item) -> Status {
            const auto copy = items.duplicate(session, item);
            return copy ? ok() : Status(copy.error());
        });
}

Result<QJsonObject> clear(StationData &data, const Invocation &, const QStringList &arguments)
{
    const auto queue = QueueRepository(data.connection()).find(data.session(), arguments.first());
    if (!queue)
        return queue.error();
    const auto cleared =
        QueueItemRepository(data.connection()).clearEnded(data.session(), queue.value().uid);
    if (!cleared)
        return cleared.error();
    return queueAnswer(data, queue.value().uid);
}
} // namespace

QList<QCommandLineOption> queueEditOptions()
{
    return {
        {u"on-failure"_s,
         tr("After a failed scan: continue, stop, or retry it once at the end (new, set)."),
         u"policy"_s},
        {u"parallel"_s,
         tr("Scans at once on a station, where their instruments are others (new, set)."), u"N"_s},
        {u"name"_s, tr("Another name (set, edit)."), u"NAME"_s},
        {u"priority"_s, tr("Higher runs first; 0 by default (add, edit)."), u"N"_s},
        {u"ready"_s, tr("no: it waits until somebody says yes (add, edit)."), u"yes|no"_s},
        {u"start-at"_s,
         tr("Not before this time, UTC unless it says otherwise; none: any time "
            "(add, edit)."),
         u"TIME"_s},
        {u"repeat"_s, tr("Run it so often, each time as a scan of its own (add, edit)."), u"N"_s},
        {u"on"_s, tr("Only on this station; any: wherever its instruments are (add, edit)."),
         u"STATION"_s},
        {u"tree"_s, tr("The scan file whose tree it gets (edit)."), u"FILE"_s},
        {u"level"_s, tr("Only lines of this level; may be given several times (log)."), u"LEVEL"_s},
        {u"clear"_s, tr("Empty the log first (log).")}};
}

std::vector<Verb> queueEditVerbs()
{
    using Items = QueueItemRepository;
    return {{u"new"_s, u"NAME [field.NAME=TEXT…]"_s,
             tr("an empty queue (--on-failure, --parallel)"), makeNew, printQueue},
            {u"set"_s, u"QUEUE [field.NAME=TEXT…]"_s,
             tr("how it is run (--on-failure, --parallel, --name), and fields of your own"), set,
             printQueue},
            Verb{.name = u"edit"_s,
                 .arguments = u"ITEM"_s,
                 .summary = tr("changes one that waits; the file it came from stays as it is"),
                 .runHere = edit},
            {u"move"_s, u"ITEM PLACE"_s, tr("to that place, counted from 1"), move, printQueue},
            {u"remove"_s, u"ITEM…"_s, tr("takes it out; its scan, if it has one, stays"),
             each<&Items::remove>, printQueue},
            {u"duplicate"_s, u"ITEM…"_s, tr("a copy right behind it"), duplicate, printQueue},
            {u"requeue"_s, u"ITEM…"_s, tr("one that is over waits once more, at the end"),
             each<&Items::requeue>, printQueue},
            {u"now"_s, u"ITEM…"_s, tr("is next, past gate and start time; the rest stays"),
             each<&Items::runNow>, printQueue},
            {u"clear"_s, u"QUEUE"_s, tr("removes what is over"), clear, printQueue}};
}

} // namespace birch::cli
