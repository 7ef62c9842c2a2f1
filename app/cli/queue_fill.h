#pragma once

#include "app/cli/queue_verbs.h"
#include "app/session/run_files.h"
#include "core/plan/node_registry.h"

namespace birch::cli {

// What the verbs that put scans into queues share with those that change them.

Error badValue(const QString &option, const QString &expected, const QString &given);

/// What the options say about when and where an item runs.
Result<QueueItemEdit> turnFrom(const Invocation &invocation);

/// Scans of files or trees, with what the options say, as this bench compiles them.
struct CompiledHere {
    CompiledRun run;
    BenchSpecs specs;
};
CompiledHere compileHere(const Station &station, const Invocation &invocation, LoadedRun loaded,
                         const NodeRegistry &registry);

int printQueueOf(const Invocation &invocation, StationData &data, const QUuid &queue);

} // namespace birch::cli
