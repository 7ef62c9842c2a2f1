#pragma once

#include "core/engine/queue_item.h"
#include "core/plan/compile_context.h"
#include "core/plan/node_registry.h"
#include "core/store/scan_repository.h"

namespace birch {

/// An interrupted scan, ready to be given to the engine.
struct PreparedContinuation {
    QueueItem item;
    Continuation continuation;
};

/// Loads the interrupted scan \a key and compiles its stored tree against the bench as it is now.
/// Errors: NotFound; Conflict - it is not interrupted, or the bench has changed so that the plan is
/// another one; BadInput - the tree no longer compiles (says why).
/// On the thread of \a connection.
Result<PreparedContinuation> prepareContinuation(Connection &connection, const Session &session,
                                                 const QString &key, const BenchSpecs &bench,
                                                 const NodeRegistry &registry);

/// The scan of \a report once more: its tree, and what was said about it apart from operator and
/// comment. Its instruments are to be set as they were; choose in demand what that means.
/// Errors: BadInput - it has no tree, or one that does not compile on \a bench; Conflict - the plan
/// would be another one.
Result<QueueItem> prepareLike(const ScanReport &report, const BenchSpecs &bench,
                              const NodeRegistry &registry);

} // namespace birch
