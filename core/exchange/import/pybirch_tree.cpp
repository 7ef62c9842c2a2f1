#include "core/exchange/import/pybirch_tree.h"

#include "core/base/id.h"
#include "core/exchange/import/pybirch_positions.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

/// The first of \a keys that is there: versions of PyBirch differ.
QJsonValue anyOf(const QJsonObject &object, std::initializer_list<const char16_t *> keys)
{
    for (const char16_t *key : keys) {
        if (const QJsonValue value = object.value(QString::fromUtf16(key)); !value.isUndefined())
            return value;
    }
    return QJsonValue::Undefined;
}

const QSet<QString> kKnownKeys{u"name"_s, u"type"_s, u"adapter"_s, u"semaphore"_s, u"checked"_s,
                               u"check_state"_s, u"children"_s, u"child_items"_s, u"nickname"_s,
                               u"movement_entries"_s, u"movement_positions"_s, u"positions"_s,
                               u"instrument_object"_s, u"instrument_class"_s, u"instrument_name"_s,
                               u"instrument_adapter"_s, u"instrument_nickname"_s,
                               // of a run in progress, which does not go over:
                               u"item_indices"_s, u"final_indices"_s, u"runtime_initialized"_s};

bool isEmpty(const QJsonValue &value)
{
    return value.isUndefined() || value.isNull() ||
           (value.isObject() && value.toObject().isEmpty()) ||
           (value.isArray() && value.toArray().isEmpty()) ||
           (value.isString() && value.toString().isEmpty());
}

class Reader
{
    Q_DECLARE_TR_FUNCTIONS(PybirchTree)

public:
    Reader(QString file, const QHash<QString, QString> &names)
        : m_file(std::move(file))
        , m_names(names)
    {
    }

    Result<PybirchTree> read(const QJsonDocument &document)
    {
        const QJsonObject top = document.object();
        const QString key = top.contains(u"root_item"_s) ? u"root_item"_s : u"tree_structure"_s;
        QJsonArray nodes = document.array();
        if (document.isObject()) {
            if (!top.value(key).isObject())
                return foreign();
            nodes = childrenOf(top.value(key).toObject());
            if (!isEmpty(top.value(u"next_item"_s)))
                change(u"next_item"_s, tr("The scan had stopped in the middle"),
                       tr("Here it begins at its first position"));
        }
        if (std::any_of(nodes.begin(), nodes.end(),
                        [](const QJsonValue &node) { return !node.isObject(); }))
            return foreign();
        group(nodes, document.isObject() ? key : QString(), m_read.tree.root(), 0);
        if (m_count > kMaxNodes || m_isTooDeep)
            return Error{ErrorCode::BadInput,
                         tr("%1 is larger than %2 nodes or deeper than %3 levels: nobody has drawn "
                            "this tree")
                             .arg(m_file)
                             .arg(kMaxNodes)
                             .arg(kMaxDepth)};
        return std::move(m_read);
    }

private:
    /// One node as PyBirch has it.
    struct Item {
        QJsonObject json;
        QString path;
        QString type;
        QString name; ///< nickname of the instrument
        QString semaphore;
        QString adapter;
        QJsonObject instrument;
        bool isChecked = true;

        bool isMovement() const { return type == u"movement"_s; }
        bool isMeasurement() const { return type == u"measurement"_s; }
        bool isContainer() const { return type.isEmpty() || type == u"unknown"_s; }
    };

    Error foreign() const
    {
        return {ErrorCode::BadInput,
                tr("%1 is no scan tree of PyBirch's: it has no \"root_item\"").arg(m_file)};
    }

    static QJsonArray childrenOf(const QJsonObject &node)
    {
        return anyOf(node, {u"child_items", u"children"}).toArray();
    }

    Item itemOf(const QJsonValue &value, const QString &path)
    {
        Item item;
        item.path = path;
        item.json = value.toObject();
        if (!value.isObject())
            lose(path, tr("There is something else than a node"), tr("Look at the file there"));
        const QJsonObject holder = item.json.value(u"instrument_object"_s).toObject();
        item.instrument = holder.value(u"instrument"_s).toObject();
        item.type = item.json.value(u"type"_s).toString().trimmed().toLower();
        item.semaphore = item.json.value(u"semaphore"_s).toString().trimmed();
        for (const QJsonValue &name :
             {anyOf(item.json, {u"nickname", u"instrument_nickname"}),
              item.instrument.value(u"nickname"_s), item.json.value(u"name"_s),
              anyOf(item.json, {u"instrument_name"}), item.instrument.value(u"name"_s)}) {
            if (item.name.isEmpty())
                item.name = name.toString().trimmed();
        }
        for (const QJsonValue &adapter : {anyOf(item.json, {u"adapter", u"instrument_adapter"}),
                                          item.instrument.value(u"adapter"_s)}) {
            if (item.adapter.isEmpty())
                item.adapter = adapter.toString().trimmed();
        }
        const QJsonValue checked = anyOf(item.json, {u"checked", u"check_state"});
        item.isChecked = checked.isUndefined() || checked.toBool() || checked.toInt() != 0;
        tellWhatStays(item, holder);
        return item;
    }

    void tellWhatStays(const Item &item, const QJsonObject &holder)
    {
        for (auto at = item.json.begin(); at != item.json.end(); ++at) {
            if (!kKnownKeys.contains(at.key()) && !isEmpty(at.value()))
                lose(item.path + u'.' + at.key(), tr("\"%1\" is not known").arg(at.key()),
                     tr("Look at the file there"));
        }
        if (!isEmpty(holder.value(u"settings"_s)))
            lose(item.path + u".instrument_object.settings"_s,
                 tr("The settings of \"%1\" are not taken over").arg(item.name),
                 tr("Set them in the instrument's panel, or in the bench file"));
    }

    /// Neighbours that run at the same time go together; the others in order.
    void group(const QJsonArray &nodes, const QString &path, ScanNode *parent, int depth)
    {
        if (depth > kMaxDepth - 4 || m_count > kMaxNodes) {
            m_isTooDeep = true;
            return;
        }
        QList<Item> items;
        for (qsizetype i = 0; i < nodes.size(); ++i)
            items.append(itemOf(nodes[i], path + u"[%1]"_s.arg(i)));
        for (qsizetype first = 0; first < items.size();) {
            qsizetype end = first + 1;
            const QString &semaphore = items[first].semaphore;
            while (end < items.size() && !semaphore.isEmpty() && items[end].semaphore == semaphore)
                ++end;
            appendGroup(items.mid(first, end - first), parent, depth);
            first = end;
        }
    }

    void appendGroup(const QList<Item> &items, ScanNode *parent, int depth)
    {
        if (items.size() > 1 && sharesAdapter(items)) {
            change(items.first().path,
                   tr("Nodes with the semaphore \"%1\" use one connection")
                       .arg(items.first().semaphore),
                   tr("They run one after the other here"));
        } else if (items.size() > 1 && steps(items)) {
            return appendSweep(items, parent, depth);
        } else if (items.size() > 1) {
            ScanNode *parallel = parent->appendChild(made(u"parallel"_s));
            parallel->label = items.first().semaphore;
            for (const Item &item : items)
                append(item, parallel, depth + 1);
            return;
        }
        for (const Item &item : items)
            append(item, parent, depth);
    }

    static bool sharesAdapter(const QList<Item> &items)
    {
        QSet<QString> seen;
        return std::any_of(items.begin(), items.end(), [&seen](const Item &item) {
            if (item.adapter.isEmpty())
                return false;
            const bool isTaken = seen.contains(item.adapter);
            seen.insert(item.adapter);
            return isTaken;
        });
    }

    /// Whether all are movements that go through as many positions together.
    bool steps(const QList<Item> &items)
    {
        if (!std::all_of(items.begin(), items.end(),
                         [](const Item &item) { return item.isMovement() && item.isChecked; }))
            return false;
        const qsizetype count = pybirchPositions(items.first().json).count;
        if (std::all_of(items.begin(), items.end(), [count](const Item &item) {
                return pybirchPositions(item.json).count == count;
            }))
            return true;
        change(items.first().path,
               tr("Movements with the semaphore \"%1\" have different numbers of positions")
                   .arg(items.first().semaphore),
               tr("They run beside each other here, each with what is inside it"));
        return false;
    }

    void append(const Item &item, ScanNode *parent, int depth)
    {
        if (item.isMovement())
            return appendSweep({item}, parent, depth);
        const QJsonArray inside = childrenOf(item.json);
        const QString childPath =
            item.path + (item.json.contains(u"child_items"_s) ? u".child_items"_s : u".children"_s);
        if (item.isMeasurement() && inside.isEmpty()) {
            parent->appendChild(measureOf(item));
            return;
        }
        ScanNode *sequence = parent->appendChild(made(u"sequence"_s));
        sequence->label = item.name;
        sequence->isEnabled = item.isChecked || item.isContainer();
        if (item.isMeasurement())
            sequence->appendChild(measureOf(item));
        else if (!item.isContainer())
            lose(item.path + u".type"_s,
                 tr("There is no kind of node called \"%1\"").arg(item.type),
                 tr("What is inside it has become a sequence"));
        group(inside, childPath, sequence, depth + 1);
    }

    std::unique_ptr<ScanNode> measureOf(const Item &item)
    {
        auto measure = made(u"measure"_s);
        measure->isEnabled = item.isChecked;
        measure->fields.insert(u"measurements"_s, QJsonArray{nameOnBench(item, u"measurement"_s)});
        return measure;
    }

    void appendSweep(const QList<Item> &items, ScanNode *parent, int depth)
    {
        ScanNode *sweep = parent->appendChild(made(u"sweep"_s));
        sweep->isEnabled = items.first().isChecked;
        QJsonArray axes;
        for (const Item &item : items) {
            const QString unit = item.instrument.value(u"position_units"_s).toString().trimmed();
            const PybirchPositions positions = pybirchPositions(item.json, unit);
            for (const QString &remark : positions.changed)
                change(item.path, remark, tr("Check the positions of \"%1\"").arg(item.name));
            for (const QString &remark : positions.notUnderstood)
                lose(item.path, remark, tr("Type the positions of \"%1\"").arg(item.name));
            const QString column = item.instrument.value(u"position_column"_s).toString();
            axes.append(QJsonObject{
                {u"movement"_s,
                 nameOnBench(item, column.isEmpty() ? u"position"_s : column.trimmed())},
                {u"positions"_s, positions.fields}});
        }
        sweep->fields.insert(u"axes"_s, axes);
        for (const Item &item : items) {
            const QString key =
                item.json.contains(u"child_items"_s) ? u".child_items"_s : u".children"_s;
            const QJsonArray inside = childrenOf(item.json);
            if (std::any_of(inside.begin(), inside.end(), [&item](const QJsonValue &child) {
                    return !item.semaphore.isEmpty() &&
                           child.toObject().value(u"semaphore"_s).toString().trimmed() ==
                               item.semaphore;
                }))
                change(item.path,
                       tr("What is inside shares the semaphore \"%1\" and ran while it moved")
                           .arg(item.semaphore),
                       tr("Here it runs after each arrival"));
            group(inside, item.path + key, sweep, depth + 1);
        }
    }

    QString nameOnBench(const Item &item, const QString &member)
    {
        if (const auto named = m_names.constFind(item.name); named != m_names.constEnd())
            return *named;
        const QString name = item.name + u'.' + member;
        if (!m_told.contains(name)) {
            m_told.insert(name);
            change(item.path, tr("\"%1\" is called \"%2\" in the tree").arg(item.name, name),
                   tr("Import with --map \"%1=…\" to say what it is called on the bench")
                       .arg(item.name));
        }
        return name;
    }

    std::unique_ptr<ScanNode> made(const QString &kind)
    {
        ++m_count;
        return std::make_unique<ScanNode>(kind);
    }

    void change(const QString &path, const QString &message, const QString &remedy)
    {
        m_read.changed.append({m_file, {}, path, 0, message, remedy});
    }
    void lose(const QString &path, const QString &message, const QString &remedy)
    {
        m_read.notUnderstood.append({m_file, {}, path, 0, message, remedy});
    }

    QString m_file;
    const QHash<QString, QString> &m_names;
    QSet<QString> m_told;
    PybirchTree m_read;
    int m_count = 0;
    bool m_isTooDeep = false;
};

} // namespace

Result<PybirchTree> readPybirchTree(const QByteArray &text, const QString &file,
                                    const QHash<QString, QString> &names)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (document.isNull())
        return Error{ErrorCode::BadInput,
                     QCoreApplication::translate("PybirchTree", "%1 is no JSON: %2 at byte "
                                                                "%3")
                         .arg(file, error.errorString())
                         .arg(error.offset)};
    return Reader(file, names).read(document);
}

} // namespace birch
