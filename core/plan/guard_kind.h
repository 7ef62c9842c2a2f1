#pragma once

#include "core/plan/node_kind.h"

namespace birch {

/// A condition that is watched while its children run: a warning pauses the scan, an alert aborts
/// it.
class GuardKind final : public NodeKind
{
public:
    NodeDeclaration declaration() const override;
    QString summary(const QJsonObject &fields) const override;
    std::unique_ptr<PlanNode> compile(const ScanNode &node, CompileContext &context) const override;
};

} // namespace birch
