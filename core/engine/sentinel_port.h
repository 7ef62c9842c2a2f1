#pragma once

#include <QStringList>
#include <QUuid>

namespace birch {

/// What the sentinel is told of a running queue.
struct GuardedRun {
    QStringList instruments; ///< not proven safe since they were leased
    QUuid scan;              ///< the last one: its log tells what the sentinel does
    QString scanId;          ///< "" until the scan is on record

    bool operator==(const GuardedRun &) const = default;
};

/// Another process that drives instruments safe should this one die or hang. Engine thread; no call
/// waits for that process. Destroyed without release() it is left behind as by a kill.
class SentinelPort
{
public:
    virtual ~SentinelPort() = default;

    /// From now on these instruments, whatever they were before. Once this returns, no kill of this
    /// process keeps them from being made safe. That none can be had is logged, not returned: the
    /// scan goes on unguarded.
    virtual void guard(const GuardedRun &run) = 0;
    /// All of them are safe, or the operator takes care of them.
    virtual void release() = 0;
};

} // namespace birch
