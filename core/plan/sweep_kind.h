#pragma once

#include "core/plan/node_kind.h"

namespace birch {

/// Sets one or several movements together through positions and runs its children at each, the
/// first position included. With snake, every other pass goes backwards.
class SweepKind final : public NodeKind
{
public:
    NodeDeclaration declaration() const override;
    QString summary(const QJsonObject &fields) const override;
    std::unique_ptr<PlanNode> compile(const ScanNode &node, CompileContext &context) const override;
};

} // namespace birch
