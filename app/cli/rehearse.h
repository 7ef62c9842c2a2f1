#pragma once

#include "app/cli/command.h"
#include "core/engine/queue_item.h"

namespace birch::cli {

QCommandLineOption rehearseOption();
QCommandLineOption speedOption();

/// Walks \a items on simulated instruments and says what would have happened. Exit code: 0 - all
/// would complete.
int rehearse(const Invocation &invocation, const QString &benchFile, const QList<QueueItem> &items,
             bool goesOnAfterFailure);

} // namespace birch::cli
