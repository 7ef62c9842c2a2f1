#pragma once

#include "core/plan/node_kind.h"

namespace birch {

/// A sweep that chooses its next position from what it has found so far: see SearchRule.
class AdaptiveKind final : public NodeKind
{
public:
    NodeDeclaration declaration() const override;
    QString summary(const QJsonObject &fields) const override;
    std::unique_ptr<PlanNode> compile(const ScanNode &node, CompileContext &context) const override;
};

} // namespace birch
