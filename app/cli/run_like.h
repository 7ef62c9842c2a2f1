#pragma once

#include "app/cli/command.h"

namespace birch::cli {

/// --like SCAN and --dry-run
QList<QCommandLineOption> likeOptions();
/// Runs a stored scan once more from its record alone.
int runLike(const Invocation &invocation);

} // namespace birch::cli
