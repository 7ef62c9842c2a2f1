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

} // namespace birch
