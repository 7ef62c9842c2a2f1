#pragma once

#include "core/base/call.h"

#include <QtGlobal>

namespace birch {

/// Pause: the scan pauses with the reason; resume makes the step again.
enum class FailurePolicy : quint8 { Abort, Retry, Skip, Pause };

struct FailureRule {
    FailurePolicy policy = FailurePolicy::Abort;
    int retries = 0;       ///< for Retry; after the last one: abort
    Nanoseconds backOff{}; ///< before the first retry
    double factor = 2;     ///< each next wait is so many times as long …
    Nanoseconds longest{}; ///< … up to this; 0: kMaxBackOff

    bool operator==(const FailureRule &) const = default;

    /// Before the retry \a number, counted from 1.
    Nanoseconds waitBefore(int number) const;
};

inline constexpr int kMaxRetries = 1000;
inline constexpr Nanoseconds kMaxBackOff = std::chrono::hours(24);
inline constexpr double kMaxBackOffFactor = 100;

} // namespace birch
