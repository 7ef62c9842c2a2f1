#pragma once

#include "core/plan/node_kind.h"

namespace birch {

/// Reads measurements at an interval into its own measurement object while its children run.
class MonitorKind final : public NodeKind
{
public:
    NodeDeclaration declaration() const override;
    QString summary(const QJsonObject &fields) const override;
    std::unique_ptr<PlanNode> compile(const ScanNode &node, CompileContext &context) const override;
};

} // namespace birch
