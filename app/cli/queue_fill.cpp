// Putting scans into queues, from files and templates.
#include "app/cli/queue_fill.h"

#include "app/cli/option_values.h"
#include "app/cli/run_options.h"
#include "app/session/queue_scans.h"
#include "app/session/queue_templates.h"
#include "app/session/resource_paths.h"
#include "core/plan/standard_nodes.h"
#include "core/store/entity/entities.h"
#include "core/store/queue_repository.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

void apply(const QueueItemEdit &edit, NewQueueItem *item)
{
    item->priority = edit.priority.value_or(item->priority);
    item->isReady = edit.isReady.value_or(item->isReady);
    item->notBefore = edit.notBefore.value_or(item->notBefore);
    item->repeats = edit.repeats.value_or(item->repeats);
    item->station = edit.station.value_or(item->station);
}

/// The queue \a name; made where there is none.
Result<QUuid> queueFor(StationData &data, const Invocation &invocation, const QString &name,
                       const LoadedRun &loaded)
{
    QueueRepository queues(data.connection());
    const auto found = queues.find(data.session(), name);
    if (found)
        return found.value().uid;
    if (found.error().code != ErrorCode::NotFound)
        return found.error();
    const auto made =
        queues.createNamed(data.session(), data.station(), name, loaded.settings, loaded.fields);
    if (made)
        invocation.note(tr("Made the queue %1.").arg(name));
    return made;
}

/// Appends \a loaded to the queue \a name; nothing is added where anything is wrong.
int append(const Station &station, const Invocation &invocation, const QString &name,
           const LoadedRun &loaded, const NodeRegistry &registry)
{
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    LoadedRun scans = loaded;
    // A new queue gets the fields of the file; in one that is there the scans bring them along.
    if (!QueueRepository(data.value()->connection()).find(data.value()->session(), name))
        scans.fields.clear();
    const CompiledHere compiled = compileHere(station, invocation, std::move(scans), registry);
    if (!compiled.run.problems.isEmpty())
        return invocation.fail(compiled.run.problems);
    for (const Problem &warning : compiled.run.warnings)
        invocation.note(problemText(warning));
    const auto turn = turnFrom(invocation);
    if (!turn)
        return invocation.fail(turn.error());
    QList<NewQueueItem> items;
    for (const QueueItem &scan : compiled.run.items) {
        NewQueueItem item = newQueueItem(scan, compiled.specs);
        if (const Status said = applyDetails(invocation, &item.details); !said)
            return invocation.fail(said.error(), kBadInput);
        if (Status known =
                resolveSample(&item.details, data.value()->connection(), data.value()->session());
            !known)
            return invocation.fail(known.error(), kBadInput);
        apply(turn.value(), &item);
        items.append(item);
    }
    const auto queue = queueFor(*data.value(), invocation, name, loaded);
    if (!queue)
        return invocation.fail(queue.error());
    const auto added = QueueItemRepository(data.value()->connection())
                           .append(data.value()->session(), queue.value(), items);
    if (!added)
        return invocation.fail(added.error());
    return printQueueOf(invocation, *data.value(), queue.value());
}

int add(const Station &station, const Invocation &invocation, const QStringList &arguments)
{
    const NodeRegistry registry = standardNodes();
    return append(station, invocation, arguments.first(), loadRun(arguments.mid(1), registry),
                  registry);
}

int addTemplate(const Station &station, const Invocation &invocation, const QStringList &arguments)
{
    const NodeRegistry registry = standardNodes();
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const auto loaded = loadQueueTemplate(data.value()->connection(), data.value()->session(),
                                          registry, arguments.first());
    if (!loaded)
        return invocation.fail(loaded.error());
    return append(station, invocation, arguments.value(1, loaded.value().name), loaded.value(),
                  registry);
}

Result<QJsonObject> saveTemplate(StationData &data, const Invocation &,
                                 const QStringList &arguments)
{
    const auto queue = QueueRepository(data.connection()).find(data.session(), arguments.first());
    if (!queue)
        return queue.error();
    const auto saved =
        saveQueueTemplate(data.connection(), data.session(), queue.value(), arguments[1]);
    if (!saved)
        return saved.error();
    return QJsonObject{{u"template"_s, saved.value().toJson(*entityByTable(u"queue_templates"_s))}};
}
} // namespace

Error badValue(const QString &option, const QString &expected, const QString &given)
{
    return {ErrorCode::BadInput, tr("--%1 takes %2, not \"%3\".").arg(option, expected, given)};
}

Result<QueueItemEdit> turnFrom(const Invocation &invocation)
{
    QueueItemEdit edit;
    if (invocation.isSet(u"priority"_s)) {
        bool isNumber = false;
        edit.priority = invocation.value(u"priority"_s).toInt(&isNumber);
        if (!isNumber)
            return badValue(u"priority"_s, tr("a whole number"), invocation.value(u"priority"_s));
    }
    if (invocation.isSet(u"ready"_s)) {
        const QString ready = invocation.value(u"ready"_s);
        if (ready != u"yes" && ready != u"no")
            return badValue(u"ready"_s, tr("yes or no"), ready);
        edit.isReady = ready == u"yes";
    }
    if (invocation.value(u"start-at"_s) == u"none") {
        edit.notBefore = std::optional<qint64>();
    } else {
        const auto time = timeOption(invocation, u"start-at"_s);
        if (!time)
            return time.error();
        if (time.value())
            edit.notBefore = time.value();
    }
    if (invocation.isSet(u"repeat"_s)) {
        const auto repeats = countOption(invocation, u"repeat"_s, 1);
        if (!repeats)
            return repeats.error();
        edit.repeats = repeats.value();
    }
    if (invocation.isSet(u"on"_s))
        edit.station = invocation.value(u"on"_s) == u"any" ? QString() : invocation.value(u"on"_s);
    return edit;
}

CompiledHere compileHere(const Station &station, const Invocation &invocation, LoadedRun loaded,
                         const NodeRegistry &registry)
{
    loaded.problems += applyOverrides(invocation, &loaded, registry);
    const BenchLoad bench = loadBench(station.benchFile(), definitionFolders());
    loaded.problems += bench.problems;
    CompiledHere compiled;
    if (!bench.bench) {
        compiled.run.problems = loaded.problems;
        return compiled;
    }
    compiled.specs = station.specs(*bench.bench);
    compiled.run =
        compileRun(loaded, compiled.specs, registry, station.libraryFor(loaded, registry));
    return compiled;
}

int printQueueOf(const Invocation &invocation, StationData &data, const QUuid &queue)
{
    const auto answer = queueAnswer(data, queue);
    if (!answer)
        return invocation.fail(answer.error());
    if (invocation.isJson)
        invocation.printJson(answer.value());
    else
        printQueue(invocation, answer.value());
    return kDone;
}

std::vector<Verb> queueFillVerbs()
{
    return {Verb{.name = u"add"_s,
                 .arguments = u"QUEUE FILE…"_s,
                 .summary = tr("appends copies of the scans of files; makes the queue"),
                 .runHere = add},
            Verb{.name = u"from-template"_s,
                 .arguments = u"TEMPLATE [QUEUE]"_s,
                 .summary = tr("appends the scans of a queue template, with what --set overrides"),
                 .runHere = addTemplate},
            {u"save-template"_s, u"QUEUE NAME"_s,
             tr("a queue template of its scans; their trees become scan templates"), saveTemplate,
             recordPrinter(u"template"_s)}};
}

} // namespace birch::cli
