#include "app/session/queue_templates.h"

#include "core/plan/document_text.h"
#include "core/plan/field_override.h"
#include "core/store/entity/entities.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/write_transaction.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kPage = 500;

QString tr(const char *text)
{
    return QCoreApplication::translate("QueueTemplates", text);
}

EntityRepository repository(Connection &connection, const QString &table)
{
    return {connection, *entityByTable(table)};
}

Problem problemOf(const QString &where, const QString &field, const QString &message,
                  const QString &remedy)
{
    Problem problem;
    problem.file = where;
    problem.field = field;
    problem.message = message;
    problem.remedy = remedy;
    return problem;
}

Result<QList<EntityRecord>> itemsOf(Connection &connection, const Session &session,
                                    const EntityRecord &queue)
{
    EntityRepository items = repository(connection, u"queue_template_items"_s);
    EntityFilter filter;
    filter.equal = {{u"template"_s, queue.uid}};
    filter.sort = u"position"_s;
    filter.perPage = kPage;
    QList<EntityRecord> all;
    for (;; ++filter.page) {
        const auto page = items.list(session, filter);
        if (!page)
            return page.error();
        all += page.value().records;
        if (page.value().records.isEmpty() || all.size() >= page.value().total)
            return all;
        filter.anchor = page.value().anchor;
    }
}

QString assignedText(const QJsonValue &value)
{
    return value.isString() ? value.toString() : QString::fromUtf8(documentText(value)).trimmed();
}

/// One scan of the template, or why it can not be one.
std::optional<LoadedScan> scanOf(const EntityRecord &item, const EntityRecord &tree,
                                 const QString &where, const NodeRegistry &registry,
                                 Problems *problems)
{
    if (const QString condition = item.text(u"condition"_s); !condition.isEmpty()) {
        *problems << problemOf(where, u"condition"_s,
                               tr("\"%1\" is a condition of the whole scan").arg(condition),
                               tr("Put an If node into the scan tree, and empty this field"));
        return {};
    }
    ReadTree read =
        readTree(tree.values.value(u"tree"_s).toJsonValue().toObject(), registry, where);
    *problems += read.problems;
    if (!read.tree)
        return {};
    const QJsonObject overrides = item.values.value(u"overrides"_s).toJsonValue().toObject();
    for (auto at = overrides.begin(); at != overrides.end(); ++at) {
        for (Problem problem :
             applyOverride(*read.tree, at.key() + u'=' + assignedText(at.value()), registry)) {
            problem.file = where;
            *problems << problem;
        }
    }
    if (const double delay = item.values.value(u"delay_before_s"_s).toDouble(); delay > 0) {
        auto wait = std::make_unique<ScanNode>(u"wait"_s);
        wait->fields.insert(u"duration"_s, u"%1 s"_s.arg(delay));
        read.tree->root()->insertChild(0, std::move(wait));
    }
    LoadedScan scan{where, *std::move(read.tree)};
    if (scan.tree.name.isEmpty())
        scan.tree.name = tree.text(u"name"_s);
    scan.turn.repeats = std::max(1, item.values.value(u"repeat_count"_s).toInt());
    return scan;
}

/// A name that no scan template has yet: "IV", "IV (2)" …
Result<QString> freeName(EntityRepository &trees, const Session &session, const QString &wanted)
{
    QString name = wanted;
    for (int number = 2;; ++number) {
        const auto taken = trees.find(session, name);
        if (!taken && taken.error().code == ErrorCode::NotFound)
            return name;
        if (!taken && taken.error().code != ErrorCode::Conflict)
            return taken.error();
        name = u"%1 (%2)"_s.arg(wanted).arg(number);
    }
}

/// The scan template that holds the tree of \a item; stored where there is none of its name.
Result<EntityRecord> storedTree(Connection &connection, const Session &session,
                                const NewQueueItem &item)
{
    EntityRepository trees = repository(connection, u"scan_templates"_s);
    const auto known = trees.find(session, item.name);
    if (known && known.value().values.value(u"tree"_s).toJsonValue().toObject() == item.tree)
        return known;
    const auto name = freeName(trees, session, item.name);
    if (!name)
        return name.error();
    return trees.insert(session,
                        {{u"name"_s, name.value()}, {u"tree"_s, QVariant(QJsonValue(item.tree))}});
}
} // namespace

Result<LoadedRun> loadQueueTemplate(Connection &connection, const Session &session,
                                    const NodeRegistry &registry, const QString &key)
{
    const auto queue = repository(connection, u"queue_templates"_s).find(session, key);
    if (!queue)
        return queue.error();
    const auto items = itemsOf(connection, session, queue.value());
    if (!items)
        return items.error();
    LoadedRun run;
    run.name = queue.value().text(u"name"_s);
    run.settings = QueueSettings::fromJson(
        queue.value().values.value(u"default_settings"_s).toJsonValue().toObject());
    EntityRepository trees = repository(connection, u"scan_templates"_s);
    for (const EntityRecord &item : items.value()) {
        const auto tree = trees.find(session, item.referenceUids.value(u"scan_template"_s));
        if (!tree)
            return tree.error();
        const QString where = u"%1/%2 (%3)"_s.arg(run.name)
                                  .arg(item.values.value(u"position"_s).toInt() + 1)
                                  .arg(tree.value().text(u"name"_s));
        if (auto scan = scanOf(item, tree.value(), where, registry, &run.problems))
            run.scans.push_back(*std::move(scan));
    }
    return run;
}

Result<EntityRecord> saveQueueTemplate(Connection &connection, const Session &session,
                                       const StoredQueue &queue, const QString &name)
{
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    const auto scans = QueueItemRepository(connection).list(session, queue.uid);
    if (!scans)
        return scans.error();
    const QString mode = queue.settings.parallel > 1 ? u"parallel"_s : u"serial"_s;
    const auto made =
        repository(connection, u"queue_templates"_s)
            .insert(session,
                    {{u"name"_s, name},
                     {u"mode"_s, mode},
                     {u"default_settings"_s, QVariant(QJsonValue(queue.settings.toJson()))}});
    if (!made)
        return made;
    EntityRepository items = repository(connection, u"queue_template_items"_s);
    int position = 0;
    for (const StoredQueueItem &scan : scans.value()) {
        const auto tree = storedTree(connection, session, scan.asked);
        if (!tree)
            return tree;
        const auto item = items.insert(session, {{u"template"_s, made.value().uid},
                                                 {u"scan_template"_s, tree.value().uid},
                                                 {u"position"_s, position++},
                                                 {u"repeat_count"_s, scan.asked.repeats}});
        if (!item)
            return item;
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return made;
}

} // namespace birch
