#pragma once

#include <QtGlobal>

namespace birch {

enum class FailurePolicy : quint8 { Abort, Retry, Skip };

struct FailureRule {
    FailurePolicy policy = FailurePolicy::Abort;
    int retries = 0; ///< for Retry; after the last one: abort
    bool operator==(const FailureRule &) const = default;
};

inline constexpr int kMaxRetries = 1000;

} // namespace birch
