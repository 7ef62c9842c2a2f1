#pragma once

#include "core/plan/node_kind.h"

namespace birch {

/// Its children at the same time: each walks in a lane of its own.
class ParallelKind final : public NodeKind
{
public:
    NodeDeclaration declaration() const override;
    QString summary(const QJsonObject &fields) const override;
    std::unique_ptr<PlanNode> compile(const ScanNode &node, CompileContext &context) const override;
};

} // namespace birch
