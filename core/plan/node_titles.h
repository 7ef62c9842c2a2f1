#pragma once

#include <QHash>
#include <QJsonObject>
#include <QUuid>

namespace birch {

class NodeRegistry;

/// What to call the nodes of a stored tree: their labels, else kind and what they act on.
QHash<QUuid, QString> nodeTitles(const QJsonObject &tree, const NodeRegistry &registry);

} // namespace birch
