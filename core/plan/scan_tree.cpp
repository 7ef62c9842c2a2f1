#include "core/plan/scan_tree.h"

#include <functional>

namespace birch {

namespace {

ScanNode *findBelow(ScanNode *node, const NodeId &id)
{
    if (node->id == id)
        return node;
    for (int row = 0; row < node->childCount(); ++row) {
        if (ScanNode *found = findBelow(node->child(row), id))
            return found;
    }
    return nullptr;
}

int countBelow(const ScanNode *node)
{
    int count = 1;
    for (int row = 0; row < node->childCount(); ++row)
        count += countBelow(node->child(row));
    return count;
}

} // namespace

ScanTree::ScanTree()
    : m_root(std::make_unique<ScanNode>(QString::fromLatin1(kRootKind)))
{
}

ScanTree::ScanTree(std::unique_ptr<ScanNode> root)
    : m_root(std::move(root))
{
    Q_ASSERT(m_root);
}

ScanTree::ScanTree(const ScanTree &other)
    : name(other.name)
    , details(other.details)
    , m_root(other.m_root->clone())
{
}

ScanTree &ScanTree::operator=(const ScanTree &other)
{
    if (this != &other)
        *this = ScanTree(other);
    return *this;
}

ScanNode *ScanTree::find(const NodeId &id) const
{
    return findBelow(m_root.get(), id);
}

int ScanTree::nodeCount() const
{
    return countBelow(m_root.get());
}

} // namespace birch
