#include "core/plan/field_override.h"

#include "core/base/id.h"
#include "core/plan/did_you_mean.h"
#include "core/plan/field_check.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

class Override
{
    Q_DECLARE_TR_FUNCTIONS(Override)

public:
    explicit Override(const NodeRegistry &registry)
        : m_registry(registry)
    {
    }

    void apply(ScanTree &tree, const QString &assignment)
    {
        const qsizetype equals = assignment.indexOf(u'=');
        const QString target = assignment.left(equals);
        if (equals < 0 || !target.contains(u'.'))
            return problem(assignment, tr("\"%1\" sets nothing").arg(assignment),
                           tr("Write node.field=value, e.g. sweep.snake=true"));
        QStringList path;
        ScanNode *node = find(tree, target, &path);
        if (node != nullptr)
            set(*node, path, assignment.mid(equals + 1));
    }

    Problems problems;

private:
    void problem(const QString &field, const QString &message, const QString &remedy)
    {
        problems.append({{}, m_node, field, 0, message, remedy});
    }

    static void collect(ScanNode *node, QList<ScanNode *> *nodes)
    {
        nodes->append(node);
        for (int row = 0; row < node->childCount(); ++row)
            collect(node->child(row), nodes);
    }

    /// Labels may hold dots: the longest name in front of a dot wins.
    ScanNode *find(const ScanTree &tree, const QString &target, QStringList *path)
    {
        QList<ScanNode *> nodes;
        collect(tree.root(), &nodes);
        for (qsizetype dot = target.lastIndexOf(u'.'); dot > 0;
             dot = target.lastIndexOf(u'.', dot - 1)) {
            const QString name = target.left(dot);
            QList<ScanNode *> found;
            for (const auto isNamed : {isLabelled, isIdentified, isOfKind}) {
                for (ScanNode *node : std::as_const(nodes)) {
                    if (isNamed(*node, name))
                        found.append(node);
                }
                if (!found.isEmpty())
                    break;
            }
            if (found.size() > 1) {
                problem(target, tr("%1 nodes are called \"%2\"").arg(found.size()).arg(name),
                        tr("Name the node by its id, or give it a label of its own"));
                return nullptr;
            }
            if (!found.isEmpty()) {
                *path = target.mid(dot + 1).split(u'.');
                m_node = uidText(found.first()->id);
                return found.first();
            }
        }
        QStringList names;
        for (const ScanNode *node : std::as_const(nodes))
            names.append(node->label.isEmpty() ? node->kind : node->label);
        names.removeDuplicates();
        const QString name = target.section(u'.', 0, 0);
        problem(target, tr("The tree has no node \"%1\"").arg(name), didYouMean(name, names));
        return nullptr;
    }
    static bool isLabelled(const ScanNode &node, const QString &name) { return node.label == name; }
    static bool isIdentified(const ScanNode &node, const QString &name)
    {
        return uidText(node.id) == name;
    }
    static bool isOfKind(const ScanNode &node, const QString &name) { return node.kind == name; }

    void set(ScanNode &node, const QStringList &path, const QString &text)
    {
        if (path == QStringList{u"label"_s}) {
            node.label = text;
        } else if (path == QStringList{u"timeout"_s}) {
            node.timeout = text;
        } else if (path == QStringList{u"enabled"_s}) {
            if (text != u"true" && text != u"false")
                return problem(u"enabled"_s, tr("\"%1\" is neither true nor false").arg(text),
                               tr("Write true or false"));
            node.isEnabled = text == u"true";
        } else {
            setField(node, path, text);
        }
    }

    void setField(ScanNode &node, const QStringList &path, const QString &text)
    {
        const NodeDeclaration *declaration = m_registry.declaration(node.kind);
        const QList<FieldSpec> specs =
            declaration != nullptr ? declaration->fields : QList<FieldSpec>();
        const QJsonValue changed = withValue(specs, node.fields, path, text);
        if (!problems.isEmpty())
            return;
        const QList<FieldProblem> wrong = checkShape(specs, changed.toObject());
        for (const FieldProblem &found : wrong)
            problem(found.field, found.message, found.remedy);
        if (wrong.isEmpty())
            node.fields = changed.toObject();
    }

    /// \a record with the value at \a path replaced.
    QJsonObject withValue(const QList<FieldSpec> &specs, QJsonObject record,
                          const QStringList &path, const QString &text)
    {
        const FieldSpec *spec = findField(specs, path.first());
        if (spec == nullptr) {
            QStringList keys;
            for (const FieldSpec &known : specs)
                keys.append(known.key);
            problem(path.join(u'.'), tr("There is no field \"%1\"").arg(path.first()),
                    didYouMean(path.first(), keys));
            return record;
        }
        const QStringList rest = path.mid(1);
        const QJsonValue before = record.value(spec->key);
        if (rest.isEmpty())
            record.insert(spec->key, scalar(*spec, text));
        else if (spec->type == FieldType::Record)
            record.insert(spec->key, withValue(spec->item, before.toObject(), rest, text));
        else
            record.insert(spec->key, withItem(*spec, before.toArray(), rest, text));
        return record;
    }

    QJsonArray withItem(const FieldSpec &spec, QJsonArray list, const QStringList &path,
                        const QString &text)
    {
        bool isIndex = false;
        const int index = path.first().toInt(&isIndex);
        const bool isRecord = spec.type == FieldType::RecordList;
        if (!isIndex || index < 0 || index >= list.size() || isRecord != (path.size() > 1))
            problem(path.join(u'.'),
                    tr("\"%1\" has no entry \"%2\"").arg(spec.key, path.join(u'.')),
                    tr("Count its entries from 0; there are %1").arg(list.size()));
        else if (isRecord)
            list[index] = withValue(spec.item, list[index].toObject(), path.mid(1), text);
        else
            list[index] = text;
        return list;
    }

    static QJsonValue scalar(const FieldSpec &spec, const QString &text)
    {
        bool isNumber = false;
        const qlonglong number = text.toLongLong(&isNumber);
        if (spec.type == FieldType::Integer && isNumber)
            return QJsonValue(number);
        if (spec.type == FieldType::Bool && (text == u"true" || text == u"false"))
            return text == u"true";
        if (spec.type == FieldType::Measurements || spec.type == FieldType::QuantityList) {
            QJsonArray list;
            const QStringList parts = text.split(u',', Qt::SkipEmptyParts);
            for (const QString &part : parts)
                list.append(part.trimmed());
            return list;
        }
        return text; // what does not fit its type is found by the shape check
    }

    const NodeRegistry &m_registry;
    QString m_node;
};

} // namespace

Problems applyOverride(ScanTree &tree, const QString &assignment, const NodeRegistry &registry)
{
    Override change(registry);
    change.apply(tree, assignment);
    return change.problems;
}

} // namespace birch
