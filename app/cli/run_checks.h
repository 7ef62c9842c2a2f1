#pragma once

#include "app/cli/command.h"
#include "app/session/station_data.h"
#include "core/engine/queue_item.h"

#include <optional>

namespace birch::cli {

/// What is known before scans run: details from the options, samples looked up and fit to be
/// measured, space on the disks, the right to write. The exit code of what stands in the way, and
/// everything was said; nothing: they may run.
std::optional<int> checkItems(const Invocation &invocation, StationData &data,
                              QList<QueueItem> *items);

} // namespace birch::cli
