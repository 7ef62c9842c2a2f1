#pragma once

#include "core/plan/node_kind.h"

namespace birch {

/// Its children, in order.
class SequenceKind final : public NodeKind
{
public:
    NodeDeclaration declaration() const override;
    QString summary(const QJsonObject &fields) const override;
    std::unique_ptr<PlanNode> compile(const ScanNode &node, CompileContext &context) const override;
};

/// \a children in order, for kinds that hold some; null: there are none.
std::unique_ptr<PlanNode> makeSequence(const ScanNode &node,
                                       std::vector<std::unique_ptr<const PlanNode>> children,
                                       CompileContext &context);

} // namespace birch
