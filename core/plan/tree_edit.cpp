#include "core/plan/tree_edit.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("TreeEdit", text);
}

Error notFound()
{
    return {ErrorCode::NotFound, tr("The node is no longer in the tree: choose another")};
}

int depthOf(const ScanNode *node)
{
    int depth = 0;
    for (; node->parent() != nullptr; node = node->parent())
        ++depth;
    return depth;
}

int heightOf(const ScanNode &node)
{
    int height = 0;
    for (int row = 0; row < node.childCount(); ++row)
        height = std::max(height, 1 + heightOf(*node.child(row)));
    return height;
}

void collectIds(const ScanNode &node, QSet<NodeId> *ids, bool *isTwice)
{
    *isTwice = *isTwice || ids->contains(node.id);
    ids->insert(node.id);
    for (int row = 0; row < node.childCount(); ++row)
        collectIds(*node.child(row), ids, isTwice);
}

Status checkPlace(const ScanNode *parent, int row, int rows, const ScanNode &node)
{
    if (parent == nullptr)
        return notFound();
    if (row < 0 || row > rows)
        return Error{ErrorCode::OutOfRange, tr("There is no such row: choose another place")};
    if (depthOf(parent) + 1 + heightOf(node) > kMaxDepth)
        return Error{ErrorCode::OutOfRange,
                     tr("The tree would be nested deeper than %1 levels: choose a place further up")
                         .arg(kMaxDepth)};
    return ok();
}

/// Whether one change can be applied: see TreeEdit::check().
struct Check {
    const ScanTree &tree;

    Status operator()(const TreeEdit::Insert &insert) const
    {
        const ScanNode *parent = tree.find(insert.parent);
        if (!insert.node)
            return Error{ErrorCode::BadInput, tr("There is nothing to insert")};
        const int rows = parent != nullptr ? parent->childCount() : 0;
        if (const Status place = checkPlace(parent, insert.row, rows, *insert.node); !place)
            return place;
        QSet<NodeId> ids;
        bool isTwice = false;
        collectIds(*tree.root(), &ids, &isTwice);
        collectIds(*insert.node, &ids, &isTwice);
        if (isTwice)
            return Error{ErrorCode::BadInput, tr("The node is in the tree already: insert a copy")};
        return ok();
    }
    Status operator()(const TreeEdit::Remove &remove) const
    {
        const ScanNode *node = tree.find(remove.node);
        if (node == nullptr)
            return notFound();
        if (node->parent() == nullptr)
            return Error{ErrorCode::BadInput, tr("The root stays: remove what is inside")};
        return ok();
    }
    Status operator()(const TreeEdit::Move &move) const
    {
        const ScanNode *node = tree.find(move.node);
        const ScanNode *parent = tree.find(move.parent);
        if (node == nullptr || parent == nullptr)
            return notFound();
        if (node->parent() == nullptr || node->isAncestorOf(parent))
            return Error{ErrorCode::BadInput,
                         tr("A node can not be moved into itself: choose another place")};
        const int rows = parent->childCount() - (node->parent() == parent ? 1 : 0);
        return checkPlace(parent, move.row, rows, *node);
    }
    Status operator()(const TreeEdit::SetDetails &) const { return ok(); }
    Status operator()(const TreeEdit::Replace &) const { return ok(); }
    template<typename OfNode>
    Status operator()(const OfNode &change) const
    {
        return tree.find(change.node) != nullptr ? ok() : notFound();
    }
};

/// Applies one change that Check has passed; returns its inverse.
struct Apply {
    ScanTree &tree;

    TreeEdit operator()(TreeEdit::Insert &insert) const
    {
        const NodeId id = insert.node->id;
        tree.find(insert.parent)->insertChild(insert.row, std::move(insert.node));
        return TreeEdit(TreeEdit::Remove{id});
    }
    TreeEdit operator()(TreeEdit::Remove &remove) const
    {
        const ScanNode *node = tree.find(remove.node);
        ScanNode *parent = node->parent();
        const int row = node->row();
        return TreeEdit(TreeEdit::Insert{parent->id, row, parent->takeChild(row)});
    }
    TreeEdit operator()(TreeEdit::Move &move) const
    {
        const ScanNode *node = tree.find(move.node);
        ScanNode *parent = node->parent();
        const TreeEdit::Move back{move.node, parent->id, node->row()};
        auto taken = parent->takeChild(back.row);
        tree.find(move.parent)->insertChild(move.row, std::move(taken));
        return TreeEdit(back);
    }
    TreeEdit operator()(TreeEdit::SetField &set) const
    {
        QJsonObject &fields = tree.find(set.node)->fields;
        const QJsonValue before = fields.value(set.key);
        if (set.value.isUndefined())
            fields.remove(set.key);
        else
            fields.insert(set.key, set.value);
        return TreeEdit(TreeEdit::SetField{set.node, set.key, before});
    }
    TreeEdit operator()(TreeEdit::SetLabel &set) const
    {
        std::swap(tree.find(set.node)->label, set.label);
        return TreeEdit(std::move(set));
    }
    TreeEdit operator()(TreeEdit::SetEnabled &set) const
    {
        std::swap(tree.find(set.node)->isEnabled, set.isEnabled);
        return TreeEdit(std::move(set));
    }
    TreeEdit operator()(TreeEdit::SetFailure &set) const
    {
        std::swap(tree.find(set.node)->failure, set.failure);
        return TreeEdit(std::move(set));
    }
    TreeEdit operator()(TreeEdit::SetTimeout &set) const
    {
        std::swap(tree.find(set.node)->timeout, set.timeout);
        return TreeEdit(std::move(set));
    }
    TreeEdit operator()(TreeEdit::SetDetails &set) const
    {
        std::swap(tree.name, set.name);
        std::swap(tree.details, set.details);
        return TreeEdit(std::move(set));
    }
    TreeEdit operator()(TreeEdit::Replace &replace) const
    {
        std::swap(tree, replace.tree);
        return TreeEdit(std::move(replace));
    }
};

} // namespace

NodeId TreeEdit::node() const
{
    return std::visit(
        [](const auto &change) -> NodeId {
            using Kind = std::decay_t<decltype(change)>;
            if constexpr (std::is_same_v<Kind, Insert>)
                return change.node ? change.node->id : NodeId();
            else if constexpr (std::is_same_v<Kind, SetDetails> || std::is_same_v<Kind, Replace>)
                return {};
            else
                return change.node;
        },
        m_change);
}

Status TreeEdit::check(const ScanTree &tree) const
{
    return std::visit(Check{tree}, m_change);
}

Result<TreeEdit> TreeEdit::apply(ScanTree &tree)
{
    if (const Status possible = check(tree); !possible)
        return possible.error();
    return std::visit(Apply{tree}, m_change);
}

} // namespace birch
