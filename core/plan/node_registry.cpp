#include "core/plan/node_registry.h"

#include <QCoreApplication>

namespace birch {

Status NodeRegistry::add(std::unique_ptr<NodeKind> kind)
{
    NodeDeclaration declaration = kind->declaration();
    const QString id = declaration.id;
    if (m_kinds.contains(id)) {
        return Error{
            ErrorCode::Conflict,
            QCoreApplication::translate("NodeRegistry", "The node kind \"%1\" is registered twice")
                .arg(id)};
    }
    m_kinds.emplace(id, Entry{std::move(kind), std::move(declaration)});
    m_order.append(id);
    return ok();
}

const NodeKind *NodeRegistry::find(const QString &id) const
{
    const auto at = m_kinds.find(id);
    return at == m_kinds.end() ? nullptr : at->second.kind.get();
}

const NodeDeclaration *NodeRegistry::declaration(const QString &id) const
{
    const auto at = m_kinds.find(id);
    return at == m_kinds.end() ? nullptr : &at->second.declaration;
}

QStringList NodeRegistry::ids() const
{
    return m_order;
}

} // namespace birch
