#include "core/plan/scan_node.h"

#include "core/base/id.h"

#include <algorithm>

namespace birch {

ScanNode::ScanNode(QString nodeKind, NodeId nodeId)
    : kind(std::move(nodeKind))
    , id(nodeId.isNull() ? newUid() : nodeId)
{
}

int ScanNode::row() const
{
    if (m_parent == nullptr)
        return 0;
    const auto &siblings = m_parent->m_children;
    const auto at = std::find_if(siblings.begin(), siblings.end(),
                                 [this](const auto &node) { return node.get() == this; });
    return int(at - siblings.begin());
}

ScanNode *ScanNode::insertChild(int row, std::unique_ptr<ScanNode> node)
{
    node->m_parent = this;
    const auto at = m_children.begin() + std::clamp(row, 0, childCount());
    return m_children.insert(at, std::move(node))->get();
}

ScanNode *ScanNode::appendChild(std::unique_ptr<ScanNode> node)
{
    return insertChild(childCount(), std::move(node));
}

std::unique_ptr<ScanNode> ScanNode::takeChild(int row)
{
    std::unique_ptr<ScanNode> taken = std::move(m_children.at(size_t(row)));
    m_children.erase(m_children.begin() + row);
    taken->m_parent = nullptr;
    return taken;
}

bool ScanNode::isAncestorOf(const ScanNode *node) const
{
    for (; node != nullptr; node = node->m_parent) {
        if (node == this)
            return true;
    }
    return false;
}

std::unique_ptr<ScanNode> ScanNode::clone() const
{
    return duplicate(true);
}

std::unique_ptr<ScanNode> ScanNode::copy() const
{
    return duplicate(false);
}

std::unique_ptr<ScanNode> ScanNode::duplicate(bool keepIds) const
{
    auto node = std::make_unique<ScanNode>(kind, keepIds ? id : NodeId());
    node->label = label;
    node->isEnabled = isEnabled;
    node->timeout = timeout;
    node->failure = failure;
    node->fields = fields;
    for (const auto &child : m_children)
        node->appendChild(child->duplicate(keepIds));
    return node;
}

} // namespace birch
