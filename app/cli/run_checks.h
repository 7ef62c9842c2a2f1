#pragma once

#include "app/cli/command.h"
#include "app/session/station_data.h"
#include "core/engine/queue_item.h"
#include "drivers/definition/bench_file.h"

#include <optional>

namespace birch::cli {

/// What is known before scans run: details from the options, samples looked up and fit to be
/// measured, space on the disks, the right to write. The exit code of what stands in the way, and
/// everything was said; nothing: they may run.
std::optional<int> checkItems(const Invocation &invocation, StationData &data,
                              QList<QueueItem> *items);

/// Says which calibrations are overdue by the table of calibrations; what hinders the look is no
/// reason to keep scans from running.
void noteCalibrations(const Invocation &invocation, StationData &data, const BenchFile &bench,
                      const QList<QueueItem> &items);

} // namespace birch::cli
