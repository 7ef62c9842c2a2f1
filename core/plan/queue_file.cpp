#include "core/plan/queue_file.h"

#include "core/base/file_writer.h"
#include "core/plan/document_text.h"
#include "core/plan/scan_file.h"
#include "core/plan/tree_reader.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QHash>
#include <QJsonArray>

#include <algorithm>

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
                           {u"format"_s, u"version"_s, u"name"_s, u"on_failure"_s, u"items"_s});
        const QJsonValue name = root.value(u"name"_s);
        if (!name.isString() && !name.isUndefined())
            m_reader.problem(u".name"_s, u"name"_s, tr("The name is no text"),
                             tr("Write a text in quotes"));
        queue.name = name.toString();
        readFailure(&queue);
        readItems(&queue);
        Problems problems = m_reader.problems() + m_problems;
        if (!problems.isEmpty())
            return {std::nullopt, problems};
        return {std::move(queue), {}};
    }

private:
    void readFailure(QueueDocument *queue)
    {
        const QJsonValue answer = m_json.root.value(u"on_failure"_s);
        if (answer == u"stop"_s)
            queue->onFailure = QueueFailure::Stop;
        else
            expect(answer.isUndefined() || answer == u"continue"_s, u".on_failure"_s,
                   u"on_failure"_s, tr("Write one of: continue, stop"));
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
        m_reader.checkKeys(object, path, {u"scan"_s, u"details"_s});
        QueueFileItem item;
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

} // namespace

TreeDetails QueueFileItem::effectiveDetails() const
{
    QJsonObject merged = detailsToJson(tree.details);
    const QJsonObject above = detailsToJson(details);
    for (auto at = above.begin(); at != above.end(); ++at)
        merged.insert(at.key(), at.value());
    TreeDetails effective = detailsFromJson(merged);
    effective.fields = tree.details.fields;
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

QByteArray queueToText(const QueueDocument &queue)
{
    QJsonArray items;
    for (const QueueFileItem &item : queue.items) {
        QJsonObject object;
        if (item.path.isEmpty())
            object.insert(u"scan"_s, treeToJson(item.tree));
        else
            object.insert(u"scan"_s, item.path);
        if (!item.details.isEmpty())
            object.insert(u"details"_s, detailsToJson(item.details));
        items.append(object);
    }
    QJsonObject document{{u"format"_s, u"birch.queue"_s},
                         {u"version"_s, kQueueVersion},
                         {u"name"_s, queue.name},
                         {u"items"_s, items}};
    if (queue.onFailure == QueueFailure::Stop)
        document.insert(u"on_failure"_s, u"stop"_s);
    return documentText(document);
}

Status writeQueueFile(const QueueDocument &queue, const QString &path)
{
    return writeFile(path, queueToText(queue));
}

} // namespace birch
