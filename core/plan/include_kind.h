#pragma once

#include "core/plan/node_kind.h"

namespace birch {

/// Another saved tree in its place. expandIncludes() puts the content there before a tree is
/// compiled, so no plan has a node of this kind.
class IncludeKind final : public NodeKind
{
public:
    NodeDeclaration declaration() const override;
    QString summary(const QJsonObject &fields) const override;
    std::unique_ptr<PlanNode> compile(const ScanNode &node, CompileContext &context) const override;
};

inline constexpr auto kIncludeKind = "include";

} // namespace birch
