// Looking at queues.
#include "app/cli/queue_verbs.h"
#include "app/cli/text_table.h"
#include "core/base/id.h"
#include "core/engine/queue_file.h"
#include "core/engine/tree_details.h"
#include "core/plan/standard_nodes.h"
#include "core/store/queue_json.h"
#include "core/store/station_list.h"
#include "core/store/store_time.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

void printTable(const Invocation &invocation, const TextTable &table)
{
    for (const QString &line : table.withoutEmptyColumns().lines(terminalWidth()))
        invocation.print(line);
}

/// "Gas: argon" each.
QStringList fieldsOf(const QJsonValue &queue)
{
    const QJsonObject fields = queue[u"fields"_s].toObject();
    QStringList lines;
    for (auto field = fields.begin(); field != fields.end(); ++field)
        lines << u"%1: %2"_s.arg(field.key(), field.value().toString());
    return lines;
}

Result<QJsonObject> list(StationData &data, const Invocation &, const QStringList &)
{
    const auto queues = QueueRepository(data.connection()).list(data.session());
    if (!queues)
        return queues.error();
    QJsonArray array;
    for (const StoredQueue &queue : queues.value())
        array.append(queueJson(queue));
    return QJsonObject{{u"queues"_s, array}};
}

void printList(const Invocation &invocation, const QJsonObject &answer)
{
    TextTable table({tr("Queue"), tr("State"), tr("Waiting"), tr("Running"), tr("Completed"),
                     tr("Scans"), tr("Fields"), tr("Id")});
    const QJsonArray queues = answer[u"queues"_s].toArray();
    for (const QJsonValue &queue : queues)
        table.add({queue[u"name"_s].toString(), queue[u"status"_s].toString(),
                   QString::number(queue[u"waiting"_s].toInteger()),
                   QString::number(queue[u"running"_s].toInteger()),
                   QString::number(queue[u"completed"_s].toInteger()),
                   QString::number(queue[u"scans"_s].toInteger()), fieldsOf(queue).join(u", "_s),
                   queue[u"queue_id"_s].toString()});
    if (queues.isEmpty())
        return invocation.print(
            tr("There are no queues yet: make one with \"birchctl queue new NAME\"."));
    printTable(invocation, table);
}

Result<QJsonObject> show(StationData &data, const Invocation &, const QStringList &arguments)
{
    const auto queue = QueueRepository(data.connection()).find(data.session(), arguments.first());
    if (!queue)
        return queue.error();
    return queueAnswer(data, queue.value().uid);
}

constexpr int kAllLines = 1'000'000;

Result<QJsonObject> log(StationData &data, const Invocation &invocation,
                        const QStringList &arguments)
{
    QueueRepository queues(data.connection());
    const auto queue = queues.find(data.session(), arguments.first());
    if (!queue)
        return queue.error();
    if (invocation.isSet(u"clear"_s)) {
        const auto cleared = queues.clearLog(data.session(), queue.value().uid);
        if (!cleared)
            return cleared.error();
    }
    const auto lines = queues.log(data.session(), queue.value().uid, kAllLines);
    if (!lines)
        return lines.error();
    const QStringList levels = invocation.values(u"level"_s);
    QJsonArray array;
    for (const QueueLogLine &line : lines.value()) {
        if (!levels.isEmpty() && !levels.contains(line.level))
            continue;
        array.append(QJsonObject{{u"time"_s, isoTime(line.atUs)},
                                 {u"level"_s, line.level},
                                 {u"scan_id"_s, line.scanId},
                                 {u"message"_s, line.message}});
    }
    return QJsonObject{{u"log"_s, array}};
}

void printLog(const Invocation &invocation, const QJsonObject &answer)
{
    for (const QJsonValue &line : answer[u"log"_s].toArray())
        invocation.print(u"%1  %2  %3"_s.arg(line[u"time"_s].toString().first(19) + u'Z')
                             .arg(line[u"level"_s].toString(), -7)
                             .arg(line[u"message"_s].toString()));
}

Result<QJsonObject> stations(StationData &data, const Invocation &, const QStringList &)
{
    const auto seen = stationsAtWork(data.connection(), data.session());
    if (!seen)
        return seen.error();
    QJsonArray array;
    for (const StationAtWork &station : seen.value())
        array.append(QJsonObject{{u"station"_s, station.name},
                                 {u"process"_s, station.process},
                                 {u"seen"_s, isoTime(station.seenUs)},
                                 {u"silent_s"_s, double(station.silent.count()) * 1e-6},
                                 {u"running"_s, station.running}});
    return QJsonObject{{u"stations"_s, array}};
}

/// As a file, with every tree inside.
Result<QJsonObject> save(StationData &data, const Invocation &, const QStringList &arguments)
{
    const auto queue = QueueRepository(data.connection()).find(data.session(), arguments.first());
    if (!queue)
        return queue.error();
    const auto items =
        QueueItemRepository(data.connection()).list(data.session(), queue.value().uid);
    if (!items)
        return items.error();
    const NodeRegistry registry = standardNodes();
    QueueDocument document;
    document.name = queue.value().name;
    document.settings = queue.value().settings;
    document.fields = queue.value().fields;
    for (const StoredQueueItem &item : items.value()) {
        ReadTree read = readTree(item.asked.tree, registry, item.asked.name);
        if (!read.tree)
            return Error{ErrorCode::BadInput,
                         item.asked.name + u": "_s + read.problems.value(0).message};
        QueueFileItem file;
        file.tree = *std::move(read.tree);
        file.details = treeDetails(item.asked.details);
        file.details.fields.removeIf([&file](const QMap<QString, QString>::iterator &field) {
            // the tree says so itself
            return file.tree.details.fields.value(field.key()) == field.value();
        });
        file.turn = {.priority = item.asked.priority,
                     .isReady = item.asked.isReady,
                     .notBeforeUs = item.asked.notBefore.value_or(0),
                     .repeats = item.asked.repeats};
        document.items.push_back(std::move(file));
    }
    if (Status written = writeQueueFile(document, arguments[1]); !written)
        return written.error();
    return QJsonObject{{u"path"_s, arguments[1]}, {u"scans"_s, items.value().size()}};
}
} // namespace

Result<QJsonObject> queueAnswer(StationData &data, const QUuid &uid)
{
    const auto queue = QueueRepository(data.connection()).find(data.session(), uidText(uid));
    if (!queue)
        return queue.error();
    const auto items = QueueItemRepository(data.connection()).list(data.session(), uid);
    if (!items)
        return items.error();
    return QJsonObject{{u"queue"_s, queueJson(queue.value(), items.value())}};
}

void printQueue(const Invocation &invocation, const QJsonObject &answer)
{
    const QJsonObject queue = answer[u"queue"_s].toObject();
    invocation.print(tr("%1: %2, %3 of %4 completed")
                         .arg(queue[u"name"_s].toString(), queue[u"status"_s].toString())
                         .arg(queue[u"completed"_s].toInteger())
                         .arg(queue[u"total"_s].toInteger()));
    for (const QString &field : fieldsOf(queue))
        invocation.print(tr("Field  %1").arg(field));
    TextTable table({tr("No."), tr("Name"), tr("State"), tr("Points"), tr("Priority"), tr("Gate"),
                     tr("Not before"), tr("Runs"), tr("Station"), tr("Scan"), tr("Reason")});
    for (const QJsonValue &item : queue[u"items"_s].toArray()) {
        const int priority = item[u"priority"_s].toInt();
        const int repeats = item[u"repeats"_s].toInt(1);
        const QString station = item[u"claimed_by"_s].toString();
        table.add(
            {QString::number(item[u"number"_s].toInt()), item[u"name"_s].toString(),
             item[u"now"_s].toBool() ? tr("next, now") : item[u"status"_s].toString(),
             item[u"points_planned"_s].toInteger() > 0
                 ? u"%1/%2"_s.arg(item[u"points"_s].toInteger())
                       .arg(item[u"points_planned"_s].toInteger())
                 : QString(),
             priority != 0 ? QString::number(priority) : QString(),
             item[u"ready"_s].toBool() ? QString() : tr("not ready"),
             item[u"start_at"_s].toString().left(19),
             repeats > 1 ? u"%1/%2"_s.arg(item[u"repeats_done"_s].toInt()).arg(repeats) : QString(),
             station.isEmpty() ? item[u"station"_s].toString() : station,
             item[u"scan_id"_s].toString(), item[u"reason"_s].toString()});
    }
    printTable(invocation, table);
}

std::vector<Verb> queueListVerbs()
{
    return {{u"list"_s, {}, tr("all queues, newest first"), list, printList},
            {u"show"_s, u"QUEUE"_s, tr("its scans in order, and what became of them"), show,
             printQueue},
            {u"log"_s, u"QUEUE"_s, tr("what happened to it (--level, --clear)"), log, printLog},
            {u"stations"_s,
             {},
             tr("programs that run queues, and when they were heard of last"),
             stations,
             listPrinter(u"stations"_s, {u"station"_s, u"seen"_s, u"running"_s})},
            {u"save"_s, u"QUEUE FILE"_s, tr("as a queue file with every tree inside"), save,
             [](const Invocation &invocation, const QJsonObject &answer) {
                 invocation.print(tr("%1 scan(s) in %2")
                                      .arg(answer[u"scans"_s].toInteger())
                                      .arg(answer[u"path"_s].toString()));
             }}};
}

} // namespace birch::cli
