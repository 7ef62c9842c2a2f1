#pragma once

#include "core/instrument/bench.h"
#include "core/instrument/settings_difference.h"
#include "core/plan/scan_plan.h"

#include <memory>

class QObject;

namespace birch {

using SnapshotReply = std::function<void(Result<SettingsSnapshot>)>;

/// What the instruments of \a plan say now; connects those that are not, as a scan would (their
/// init sequences are sent). Nothing else is set. \a owner holds them meanwhile, no longer.
///
/// \a reply is called once on the thread of \a context, through its event loop; dropped with it.
/// Errors: Conflict - an instrument is held, naming by whom; those of opening and reading, naming
/// the instrument.
void readSettings(std::shared_ptr<const ScanPlan> plan, const Bench &bench, const QString &owner,
                  QObject *context, SnapshotReply reply);

/// The same for a program without a window: runs an event loop until they have answered.
Result<SettingsSnapshot> readSettingsNow(std::shared_ptr<const ScanPlan> plan, const Bench &bench,
                                         const QString &owner);

} // namespace birch
