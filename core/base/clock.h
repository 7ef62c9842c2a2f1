#pragma once

#include "core/base/call.h"

#include <QtGlobal>

#include <functional>

class QObject;

namespace birch {

/// Time as the engine sees it; tests put a fake one in its place. Thread-safe.
class Clock
{
public:
    virtual ~Clock() = default;

    /// Nanoseconds of CLOCK_BOOTTIME: never steps, counts through suspend.
    virtual qint64 bootNs() const = 0;
    /// Nanoseconds since 1970 UTC of the wall clock: may step.
    virtual qint64 wallNs() const = 0;
    /// Calls \a action on the thread of \a context once \a delay has passed; dropped silently
    /// when \a context is destroyed first. Must be called on the thread of \a context.
    virtual void after(Nanoseconds delay, QObject *context, std::function<void()> action) = 0;
};

/// The machine's clocks and event-loop timers.
class SystemClock final : public Clock
{
public:
    qint64 bootNs() const override;
    qint64 wallNs() const override;
    void after(Nanoseconds delay, QObject *context, std::function<void()> action) override;
};

} // namespace birch
