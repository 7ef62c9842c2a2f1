#pragma once

#include <algorithm>
#include <chrono>
#include <stop_token>

namespace birch {

using Nanoseconds = std::chrono::nanoseconds;

/// A point on the monotonic clock by which a blocking call must have returned.
class Deadline
{
public:
    static Deadline in(Nanoseconds duration) { return Deadline(SteadyClock::now() + duration); }

    /// Never negative.
    Nanoseconds remaining() const
    {
        return std::max(Nanoseconds::zero(), Nanoseconds(m_at - SteadyClock::now()));
    }
    bool hasPassed() const { return SteadyClock::now() >= m_at; }
    /// How long ago it passed; zero until then.
    Nanoseconds overrun() const
    {
        return std::max(Nanoseconds::zero(), Nanoseconds(SteadyClock::now() - m_at));
    }
    /// The earlier of this and \a duration from now: for a part of a longer call.
    Deadline atMost(Nanoseconds duration) const
    {
        return Deadline(std::min(m_at, SteadyClock::now() + duration));
    }

private:
    using SteadyClock = std::chrono::steady_clock;
    explicit Deadline(SteadyClock::time_point at)
        : m_at(at)
    {
    }
    SteadyClock::time_point m_at;
};

/// Where the time of a reading went. Trigger: commands that start it, and its queries on their way.
/// Answer: until the first bytes came. Transfer: from there to the last.
struct ReadTimes {
    Nanoseconds trigger{};
    Nanoseconds answer{};
    Nanoseconds transfer{};

    Nanoseconds sum() const { return trigger + answer + transfer; }
    ReadTimes &operator+=(const ReadTimes &more)
    {
        trigger += more.trigger;
        answer += more.answer;
        transfer += more.transfer;
        return *this;
    }
};

/// What every hardware call obeys: returns by the deadline, and within 100 ms of a stop request
/// (blocking waits are cut into slices of kWaitSlice).
struct Call {
    Deadline deadline;
    std::stop_token stop = {};
    ReadTimes *times = nullptr; ///< added to, by who knows; null: nobody asks

    static Call within(Nanoseconds duration, std::stop_token token = {})
    {
        return {Deadline::in(duration), std::move(token), nullptr};
    }
};

inline constexpr std::chrono::milliseconds kWaitSlice{20};

} // namespace birch
