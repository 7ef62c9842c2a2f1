#pragma once

#include <QString>

namespace birch {

/// This program as claims of queues name it: boot of the computer, number, time of its start.
QString ownClaimProcess();
/// True when \a process ran on this computer since it was started, and has ended. Of another
/// computer, or from before a restart, nothing is known: its lease decides.
bool isClaimProcessGone(const QString &process);

} // namespace birch
