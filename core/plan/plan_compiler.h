#pragma once

#include "core/base/problem.h"
#include "core/plan/compile_context.h"
#include "core/plan/node_registry.h"
#include "core/plan/scan_tree.h"
#include "core/plan/tree_library.h"

namespace birch {

/// A plan, or everything that stands in its way.
struct CompiledPlan {
    std::shared_ptr<const ScanPlan> plan; ///< null: there are problems
    Problems problems;
    /// Parts that will never do anything, which is hardly meant; they keep nothing from running.
    Problems notes = {};
    /// Where files are named: with included trees in their places and with full paths, which is
    /// what is stored with the scan.
    std::optional<ScanTree> expanded = {};

    /// What the plan was compiled from, \a typed being what was given to the compiler.
    const ScanTree &complete(const ScanTree &typed) const { return expanded ? *expanded : typed; }
};

/// Checks \a tree against what the bench offers and turns it into a plan. Touches no hardware,
/// keeps no state; loops stay loops. \a file is what problems name, and where files that the
/// tree names are looked for; \a library: what it may include by name.
CompiledPlan compilePlan(const ScanTree &tree, const BenchSpecs &bench,
                         const NodeRegistry &registry, const QString &file = {},
                         const TreeLibrary &library = {});

} // namespace birch
