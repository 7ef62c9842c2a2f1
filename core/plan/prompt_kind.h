#pragma once

#include "core/plan/node_kind.h"

namespace birch {

/// Asks the operator, and records the answer.
class PromptKind final : public NodeKind
{
public:
    NodeDeclaration declaration() const override;
    QString summary(const QJsonObject &fields) const override;
    std::unique_ptr<PlanNode> compile(const ScanNode &node, CompileContext &context) const override;
};

} // namespace birch
