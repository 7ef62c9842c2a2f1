#pragma once

#include "core/plan/node_kind.h"

namespace birch {

/// After so many intervals without a reading nobody knows how things are: a guard is an alert then.
inline constexpr int kBlindIntervals = 3;

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
