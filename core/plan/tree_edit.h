#pragma once

#include "core/base/result.h"
#include "core/plan/scan_tree.h"

#include <variant>

namespace birch {

/// One change of a tree. apply() returns the change that undoes it exactly, so that undo, redo and
/// their mixture need nothing else. A removed node belongs to the edit that puts it back.
///
/// A model that wants rows announced before they change looks at the public members first.
class TreeEdit
{
public:
    struct Insert {
        NodeId parent;
        int row = 0; ///< 0 … number of children
        std::unique_ptr<ScanNode> node;
    };
    struct Remove {
        NodeId node;
    };
    struct Move {
        NodeId node;
        NodeId parent;
        int row = 0; ///< among the children of \a parent once \a node is taken out
    };
    struct SetField {
        NodeId node;
        QString key;
        QJsonValue value; ///< Undefined: absent
    };
    struct SetLabel {
        NodeId node;
        QString label;
    };
    struct SetEnabled {
        NodeId node;
        bool isEnabled = true;
    };
    struct SetFailure {
        NodeId node;
        std::optional<FailureRule> failure;
    };
    struct SetTimeout {
        NodeId node;
        QString timeout;
    };
    struct SetDetails {
        QString name;
        TreeDetails details;
    };
    /// Everything, e.g. a file opened over the tree.
    struct Replace {
        ScanTree tree;
    };
    using Change = std::variant<Insert, Remove, Move, SetField, SetLabel, SetEnabled, SetFailure,
                                SetTimeout, SetDetails, Replace>;

    TreeEdit(Change change)
        : m_change(std::move(change))
    {
    }

    const Change &change() const { return m_change; }
    /// The node that is changed, inserted or moved; null for SetDetails and Replace.
    NodeId node() const;

    /// Whether apply() would succeed. Errors: NotFound - no such node or parent; OutOfRange - no
    /// such row, or nested deeper than kMaxDepth; BadInput - a node into itself, the root moved or
    /// removed, an id that is there already.
    Status check(const ScanTree &tree) const;

    /// Changes \a tree and returns the inverse. After an error nothing has changed and the edit is
    /// whole; after success it is spent.
    Result<TreeEdit> apply(ScanTree &tree);

private:
    Change m_change;
};

} // namespace birch
