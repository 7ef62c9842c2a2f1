#pragma once

#include "core/base/problem.h"
#include "core/plan/compile_context.h"
#include "core/plan/node_registry.h"
#include "core/plan/scan_tree.h"

namespace birch {

/// A plan, or everything that stands in its way.
struct CompiledPlan {
    std::shared_ptr<const ScanPlan> plan; ///< null: there are problems
    Problems problems;
};

/// Checks \a tree against what the bench offers and turns it into a plan. Touches no hardware,
/// keeps no state; loops stay loops. \a file is what problems name.
CompiledPlan compilePlan(const ScanTree &tree, const BenchSpecs &bench,
                         const NodeRegistry &registry, const QString &file = {});

} // namespace birch
