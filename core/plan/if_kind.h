#pragma once

#include "core/plan/node_kind.h"

namespace birch {

/// A condition chooses between what is inside and its last child, an `else`.
class IfKind final : public NodeKind
{
public:
    NodeDeclaration declaration() const override;
    QString summary(const QJsonObject &fields) const override;
    std::unique_ptr<PlanNode> compile(const ScanNode &node, CompileContext &context) const override;
};

/// The other branch of an `if`: its last child.
class ElseKind final : public NodeKind
{
public:
    NodeDeclaration declaration() const override;
    QString summary(const QJsonObject &fields) const override;
    std::unique_ptr<PlanNode> compile(const ScanNode &node, CompileContext &context) const override;
};

} // namespace birch
