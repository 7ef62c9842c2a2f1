#pragma once

#include "core/base/call.h"

#include <condition_variable>
#include <mutex>

namespace birch {

/// Blocks for \a duration, which the instrument demands between two commands. False: a stop was
/// requested, or is requested meanwhile (returns at once).
inline bool pause(Nanoseconds duration, const std::stop_token &stop)
{
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    (void)never.wait_for(lock, stop, duration, [] { return false; });
    return !stop.stop_requested();
}

} // namespace birch
