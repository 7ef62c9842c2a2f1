#include "core/plan/node_titles.h"

#include "core/plan/node_registry.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kDeepest = 200;

void collect(const QJsonObject &node, const NodeRegistry &registry, int depth,
             QHash<QUuid, QString> *titles)
{
    const QString kindId = node.value(u"kind"_s).toString();
    QString title = node.value(u"label"_s).toString();
    if (title.isEmpty()) {
        const NodeDeclaration *kind = registry.declaration(kindId);
        title = kind ? kind->label : kindId;
        const QString summary =
            kind ? registry.find(kindId)->summary(node.value(u"fields"_s).toObject()) : QString();
        if (!summary.isEmpty())
            title += u' ' + summary;
    }
    titles->insert(QUuid::fromString(node.value(u"id"_s).toString()), title);
    const QJsonArray children = node.value(u"children"_s).toArray();
    for (const QJsonValue &child : children) {
        if (depth < kDeepest)
            collect(child.toObject(), registry, depth + 1, titles);
    }
}
} // namespace

QHash<QUuid, QString> nodeTitles(const QJsonObject &tree, const NodeRegistry &registry)
{
    QHash<QUuid, QString> titles;
    collect(tree.value(u"root"_s).toObject(), registry, 0, &titles);
    return titles;
}

} // namespace birch
