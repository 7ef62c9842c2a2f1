#pragma once

#include "core/plan/failure_rule.h"
#include "core/plan/node_id.h"

#include <QJsonObject>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace birch {

/// One node of a scan tree as the operator edits it. What it does is up to its kind.
///
/// Children are changed through insertChild() and takeChild() alone, so that parent() holds.
class ScanNode
{
public:
    explicit ScanNode(QString kind, NodeId id = {}); ///< null id: a new one is made
    ScanNode(const ScanNode &) = delete;
    ScanNode &operator=(const ScanNode &) = delete;

    QString kind;
    NodeId id;
    QString label;                      ///< "" for none
    bool isEnabled = true;              ///< false: this node and everything below does nothing
    QString timeout;                    ///< as typed, e.g. "5 s"; "": as the enclosing node
    std::optional<FailureRule> failure; ///< none: as the enclosing node; at the top: abort
    QJsonObject fields;                 ///< declared keys only, values as the operator typed them

    ScanNode *parent() const { return m_parent; } ///< null: the root, or not in a tree
    int childCount() const { return int(m_children.size()); }
    ScanNode *child(int row) const { return m_children.at(size_t(row)).get(); }
    /// Position among the parent's children; 0 without a parent.
    int row() const;
    /// \a row is clamped to the children there are. Returns the node.
    ScanNode *insertChild(int row, std::unique_ptr<ScanNode> node);
    ScanNode *appendChild(std::unique_ptr<ScanNode> node);
    std::unique_ptr<ScanNode> takeChild(int row);
    bool isAncestorOf(const ScanNode *node) const; ///< true for itself

    std::unique_ptr<ScanNode> clone() const; ///< same ids, for undo and snapshots
    std::unique_ptr<ScanNode> copy() const;  ///< new ids, for copy and paste

private:
    std::unique_ptr<ScanNode> duplicate(bool keepIds) const;

    ScanNode *m_parent = nullptr;
    std::vector<std::unique_ptr<ScanNode>> m_children;
};

} // namespace birch
