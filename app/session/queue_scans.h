#pragma once

#include "app/session/run_files.h"
#include "core/store/queue_item_repository.h"
#include "drivers/definition/bench_file.h"

namespace birch {

/// The instruments of \a file as queues ask for them.
QList<RequiredInstrument> offeredBy(const BenchFile &file);
/// What the station of a compiled scan must have.
QList<RequiredInstrument> neededBy(const QueueItem &item, const BenchSpecs &bench);
/// As it waits in a queue, with a copy of its tree.
NewQueueItem newQueueItem(const QueueItem &item, const BenchSpecs &bench);

/// A scan of a queue compiled against this bench, to be given to the engine.
struct PreparedScan {
    std::optional<QueueItem> item; ///< none: there are problems
    Problems problems;
};
PreparedScan prepareScan(const StoredQueueItem &stored, const BenchSpecs &bench,
                         const NodeRegistry &registry);

} // namespace birch
