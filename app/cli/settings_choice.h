#pragma once

#include "app/cli/command.h"
#include "app/session/station_bench.h"
#include "core/engine/queue_item.h"

namespace birch::cli {

/// --settings restore|keep
QCommandLineOption settingsOption();
/// As the option says; Refuse without it. Errors: BadInput.
Result<SettingsChoice> settingsChoice(const Invocation &invocation);

/// Shows how the instruments of \a item differ from what it demands, and notes \a choice in it.
/// kDone: it may run; else the exit code, and everything was said.
int meetDemand(const Invocation &invocation, QueueItem &item, const StationBench &bench,
               SettingsChoice choice);

/// Shows the same, and leaves it at that.
int dryRun(const Invocation &invocation, const QueueItem &item, const StationBench &bench,
           SettingsChoice choice);

/// What a scan's record says of its instruments beside what they say now.
struct SettingsReview {
    QString scanId;
    QList<SettingDifference> differences;
};

/// Asks the instruments that \a item runs on; see readSettings(). Nothing is set.
Result<SettingsReview> reviewSettings(const QueueItem &item, const Bench &bench);

/// The three-way difference on standard output, on standard error with --json.
void tell(const Invocation &invocation, const SettingsReview &review, SettingsChoice choice);
/// Says what to pass; with --json {"error", "scan_id", "differences"}. The exit code.
int refuse(const Invocation &invocation, const SettingsReview &review);

} // namespace birch::cli
