#pragma once

#include "core/data/run_store.h"

#include <QStringList>

#include <chrono>
#include <functional>

namespace birch {

/// Waits until no sentinel of a dead workstation drives instruments at these \a addresses any more:
/// what starts now would talk to them at the same time. One that is still at it after \a patience
/// is asked to leave: who starts a scan takes the bench over. Blocks. What was waited for, one
/// sentence each.
QStringList awaitSentinels(const QString &spoolDir, const QStringList &addresses,
                           std::chrono::milliseconds patience);

/// Brings what sentinels did into the logs of their scans. \a store: opened when it is needed.
/// What is worth telling, one sentence each.
QStringList recoverSentinels(const QString &spoolDir,
                             const std::function<Result<RunStore *>()> &store);

} // namespace birch
