#pragma once

#include "core/base/result.h"
#include "core/plan/node_kind.h"

#include <map>

namespace birch {

/// The kinds of nodes this program knows. Made by the composition root, passed around by const
/// reference; immutable after that.
class NodeRegistry
{
public:
    /// Errors: Conflict - the id is registered already.
    Status add(std::unique_ptr<NodeKind> kind);

    const NodeKind *find(const QString &id) const; ///< null: none
    /// Null: no such kind. Valid as long as the registry.
    const NodeDeclaration *declaration(const QString &id) const;
    QStringList ids() const; ///< in the order of registration, for palettes

private:
    struct Entry {
        std::unique_ptr<NodeKind> kind;
        NodeDeclaration declaration;
    };
    std::map<QString, Entry> m_kinds;
    QStringList m_order;
};

} // namespace birch
