#pragma once

#include "core/plan/field_spec.h"
#include "core/plan/plan_node.h"
#include "core/plan/scan_node.h"

namespace birch {

class CompileContext;

/// What a kind of node is called and holds.
struct NodeDeclaration {
    QString id; ///< stable: it is stored in files, e.g. "sweep"
    QString label;
    QString help; ///< one line
    QString icon; ///< name in the theme, e.g. "sweep"
    bool takesChildren = false;
    bool yieldsData = false; ///< its steps measure
    QList<FieldSpec> fields;
};

/// A kind of node: one class and one registration (standard_nodes.cpp) make it exist in files, in
/// the editor, in the compiler and in the walk. Stateless; shared by all threads.
class NodeKind
{
public:
    virtual ~NodeKind() = default;

    /// In the language of the program.
    virtual NodeDeclaration declaration() const = 0;
    /// One line for the tree view, e.g. "smu.bias -10 mV … 10 mV, 201 points"; "" while nothing is
    /// filled in.
    virtual QString summary(const QJsonObject &fields) const = 0;
    /// The node of the plan; null when there is nothing to do, or after problems, which are in
    /// \a context. Called with fields of the declared shape, for enabled nodes only.
    virtual std::unique_ptr<PlanNode> compile(const ScanNode &node,
                                              CompileContext &context) const = 0;
};

} // namespace birch
