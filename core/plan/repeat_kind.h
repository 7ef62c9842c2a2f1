#pragma once

#include "core/plan/node_kind.h"

namespace birch {

/// Its children, in order, a number of times.
class RepeatKind final : public NodeKind
{
public:
    NodeDeclaration declaration() const override;
    QString summary(const QJsonObject &fields) const override;
    std::unique_ptr<PlanNode> compile(const ScanNode &node, CompileContext &context) const override;
};

} // namespace birch
