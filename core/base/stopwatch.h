#pragma once

#include "core/base/call.h"

namespace birch {

/// Adds how long it ran to a duration; without one it does not even read the clock.
class Stopwatch
{
public:
    explicit Stopwatch(Nanoseconds *into) { start(into); }
    ~Stopwatch() { start(nullptr); }
    Stopwatch(const Stopwatch &) = delete;

    /// From here on into another one; null: stopped.
    void start(Nanoseconds *into)
    {
        const auto now = m_into || into ? SteadyClock::now() : m_since;
        if (m_into)
            *m_into += now - m_since;
        m_into = into;
        m_since = now;
    }

private:
    using SteadyClock = std::chrono::steady_clock;
    Nanoseconds *m_into = nullptr;
    SteadyClock::time_point m_since;
};

} // namespace birch
