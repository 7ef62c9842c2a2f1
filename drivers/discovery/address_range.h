#pragma once

#include "core/base/result.h"

#include <QHostAddress>
#include <QList>

namespace birch {

/// The most hosts that a search asks one by one.
inline constexpr qsizetype kMostHostsInRange = 1024;

/// The IPv4 hosts of "192.168.1.0/24" (without its network and broadcast addresses) or of
/// "192.168.1.10-192.168.1.30" ("192.168.1.10-30" too). Errors: BadInput, also for more than
/// kMostHostsInRange.
Result<QList<QHostAddress>> hostsInRange(const QString &text);

} // namespace birch
