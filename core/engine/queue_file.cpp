#include "core/engine/queue_file.h"

#include "core/base/file_writer.h"
#include "core/base/iso_time.h"
#include "core/base/text_map.h"
#include "core/plan/document_text.h"
#include "core/plan/scan_file.h"
#include "core/plan/tree_reader.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QHash>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

class QueueReader
{
    Q_DECLARE_TR_FUNCTIONS(QueueReader)

public:
    QueueReader(const NodeRegistry &registry, const JsonFile &json)
        : m_registry(registry)
        , m_json(json)
        , m_reader(registry, json.path,
                   [this](const QString &path) { return m_json.lines.lineOf(path.mid(1)); })
    {
    }

    ReadQueue read()
    {
        QueueDocument queue;
        const QJsonObject &root = m_json.root;
        if (!m_reader.checkHead(root, {}, u"birch.queue"_s, kQueueVersion))
            return {std::nullopt, m_reader.problems()};
        m_reader.checkKeys(root, {},
                           {u"format"_s, u"version"_s, u"name"_s, u"on_failure"_s, u"parallel"_s,
                            u"fields"_s, u"items"_s});
        const QJsonValue name = root.value(u"name"_s);
        if (!name.isString() && !name.isUndefined())
            m_reader.problem(u".name"_s, u"name"_s, tr("The name is no text"),
                             tr("Write a text in quotes"));
        queue.name = name.toString();
        readSettings(&queue.settings);
        readFields(&queue.fields);
        readItems(&queue);
        Problems problems = m_reader.problems() + m_problems;
        if (!problems.isEmpty())
            return {std::nullopt, problems};
        return {std::move(queue), {}};
    }

private:
    void readSettings(QueueSettings *settings)
    {
        const QJsonValue answer = m_json.root.value(u"on_failure"_s);
        const auto policy = failedScanFromName(answer.toString());
        expect(answer.isUndefined() || policy, u".on_failure"_s, u"on_failure"_s,
               tr("Write one of: continue, stop, retry"));
        settings->onFailure = policy.value_or(settings->onFailure);
        readCount(m_json.root, u"parallel"_s, {}, {1, kMaxParallelScans}, &settings->parallel);
    }

    void readFields(QMap<QString, QString> *fields)
    {
        const QJsonValue value = m_json.root.value(u"fields"_s);
        expect(value.isUndefined() || value.isObject(), u".fields"_s, u"fields"_s,
               tr("Write texts by name in braces, such as {\"Gas\": \"argon\"}"));
        const QJsonObject object = value.toObject();
        for (auto field = object.begin(); field != object.end(); ++field)
            expect(field.value().isString(), u".fields."_s + field.key(),
                   u"fields."_s + field.key(), tr("Write a text in quotes"));
        *fields = textMapFromJson(object);
    }

    struct Range {
        int least;
        int most;
    };
    void readCount(const QJsonObject &object, const QString &key, const QString &path, Range range,
                   int *count)
    {
        const QJsonValue value = object.value(key);
        if (value.isUndefined())
            return;
        const double number = value.toDouble(NAN);
        const bool fits =
            number == std::floor(number) && number >= range.least && number <= range.most;
        expect(fits, path + u'.' + key, fieldOf(path, key),
               tr("Write a whole number from %1 to %2").arg(range.least).arg(range.most));
        if (fits)
            *count = int(number);
    }

    void readTurn(const QJsonObject &object, const QString &path, ItemTurn *turn)
    {
        readCount(object, u"priority"_s, path, {-kMaxPriority, kMaxPriority}, &turn->priority);
        readCount(object, u"repeats"_s, path, {1, kMaxRepeats}, &turn->repeats);
        const QJsonValue ready = object.value(u"ready"_s);
        expect(ready.isUndefined() || ready.isBool(), path + u".ready"_s, fieldOf(path, u"ready"_s),
               tr("Write true or false"));
        turn->isReady = ready.toBool(true);
        const QJsonValue start = object.value(u"start_at"_s);
        const auto time = timeFromIso(start.toString());
        expect(start.isUndefined() || time, path + u".start_at"_s, fieldOf(path, u"start_at"_s),
               tr("Write a time with its zone, such as \"2026-01-31T08:00:00Z\""));
        turn->notBeforeUs = time.value_or(0);
    }

    /// As people read it: "items.0.repeats".
    static QString fieldOf(const QString &path, const QString &key)
    {
        QString field = path.isEmpty() ? key : path.mid(1) + u'.' + key;
        return field.replace(u'[', u'.').remove(u']');
    }

    void readItems(QueueDocument *queue)
    {
        const QJsonValue items = m_json.root.value(u"items"_s);
        const QJsonArray list = items.toArray();
        expect(items.isArray() && list.size() <= kMaxQueueItems, u".items"_s, u"items"_s,
               tr("Write a list of at most %1 scans in square brackets").arg(kMaxQueueItems));
        for (qsizetype i = 0; i < std::min<qsizetype>(list.size(), kMaxQueueItems); ++i)
            readItem(list[i], i, queue);
    }

    void readItem(const QJsonValue &value, qsizetype index, QueueDocument *queue)
    {
        const QString path = u".items[%1]"_s.arg(index);
        const QString field = u"items.%1"_s.arg(index);
        if (!value.isObject())
            return expect(false, path, field, tr("Write an object in braces"));
        const QJsonObject object = value.toObject();
        m_reader.checkKeys(
            object, path,
            {u"scan"_s, u"details"_s, u"priority"_s, u"ready"_s, u"start_at"_s, u"repeats"_s});
        QueueFileItem item;
        item.queueFields = queue->fields;
        readTurn(object, path, &item.turn);
        m_reader.readDetails(object.value(u"details"_s), path + u".details"_s, &item.details);
        const QJsonValue scan = object.value(u"scan"_s);
        std::optional<ScanTree> tree;
        if (scan.isString()) {
            item.path = scan.toString();
            tree = readScanFile(item.path);
        } else if (scan.isObject()) {
            // Two items may hold copies of one tree, so ids are unique within an item only.
            TreeReader reader(m_registry, m_json.path,
                              [this](const QString &at) { return m_json.lines.lineOf(at.mid(1)); });
            tree = reader.readDocument(scan.toObject(), path + u".scan"_s);
            m_problems += reader.problems();
        } else {
            expect(false, path + u".scan"_s, field + u".scan"_s,
                   tr("Write the path of a scan file in quotes, or a whole scan document"));
        }
        if (!tree)
            return;
        item.tree = *std::move(tree);
        queue->items.push_back(std::move(item));
    }

    /// One file that many items name is read, and complained about, once.
    std::optional<ScanTree> readScanFile(const QString &relative)
    {
        const QString path = QFileInfo(m_json.path).dir().filePath(relative);
        if (!m_files.contains(path)) {
            ReadTree read = readTreeFile(path, m_registry);
            m_problems += read.problems;
            m_files.insert(path, std::move(read.tree));
        }
        return m_files.value(path);
    }

    void expect(bool holds, const QString &path, const QString &field, const QString &remedy)
    {
        if (!holds)
            m_reader.problem(path, field,
                             tr("\"%1\" holds something else than expected").arg(field), remedy);
    }

    const NodeRegistry &m_registry;
    const JsonFile &m_json;
    TreeReader m_reader;
    Problems m_problems;
    QHash<QString, std::optional<ScanTree>> m_files;
};

/// What is as by default is left out.
void insertTurn(const ItemTurn &turn, QJsonObject *object)
{
    if (turn.priority != 0)
        object->insert(u"priority"_s, turn.priority);
    if (!turn.isReady)
        object->insert(u"ready"_s, false);
    if (turn.notBeforeUs > 0)
        object->insert(u"start_at"_s, isoTime(turn.notBeforeUs));
    if (turn.repeats != 1)
        object->insert(u"repeats"_s, turn.repeats);
}

} // namespace

TreeDetails QueueFileItem::effectiveDetails() const
{
    QJsonObject merged = detailsToJson(tree.details);
    const QJsonObject above = detailsToJson(details);
    for (auto at = above.begin(); at != above.end(); ++at)
        merged.insert(at.key(), at.value());
    TreeDetails effective = detailsFromJson(merged);
    effective.fields = tree.details.fields;
    effective.fields.insert(queueFields);
    effective.fields.insert(details.fields);
    return effective;
}

ReadQueue readQueueText(const QByteArray &text, const NodeRegistry &registry, const QString &path)
{
    Problems problems;
    const auto json = parseDocument(text, path, &problems);
    if (!json)
        return {std::nullopt, problems};
    return QueueReader(registry, *json).read();
}

ReadQueue readQueueFile(const QString &path, const NodeRegistry &registry)
{
    const Result<QByteArray> text = readFile(path, kMaxDocumentBytes);
    if (text)
        return readQueueText(text.value(), registry, path);
    return {std::nullopt, {unreadable(path, text.error())}};
}

QJsonObject queueItemDocument(const QJsonValue &scan, const TreeDetails &details,
                              const ItemTurn &turn)
{
    QJsonObject object{{u"scan"_s, scan}};
    if (!details.isEmpty())
        object.insert(u"details"_s, detailsToJson(details));
    insertTurn(turn, &object);
    return object;
}

QJsonObject queueDocument(const QString &name, const QueueSettings &settings,
                          const QJsonArray &items, const QMap<QString, QString> &fields)
{
    QJsonObject document{{u"format"_s, u"birch.queue"_s},
                         {u"version"_s, kQueueVersion},
                         {u"name"_s, name},
                         {u"items"_s, items}};
    if (settings.onFailure != FailedScan::Continue)
        document.insert(u"on_failure"_s, failedScanName(settings.onFailure));
    if (settings.parallel != 1)
        document.insert(u"parallel"_s, settings.parallel);
    if (!fields.isEmpty())
        document.insert(u"fields"_s, textMapToJson(fields));
    return document;
}

QByteArray queueToText(const QueueDocument &queue)
{
    QJsonArray items;
    for (const QueueFileItem &item : queue.items) {
        const QJsonValue scan =
            item.path.isEmpty() ? QJsonValue(treeToJson(item.tree)) : QJsonValue(item.path);
        items.append(queueItemDocument(scan, item.details, item.turn));
    }
    return documentText(queueDocument(queue.name, queue.settings, items, queue.fields));
}

Status writeQueueFile(const QueueDocument &queue, const QString &path)
{
    return writeFile(path, queueToText(queue));
}

} // namespace birch
