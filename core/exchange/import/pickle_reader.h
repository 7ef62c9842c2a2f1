#pragma once

#include "core/base/result.h"
#include "core/exchange/import/pickle_value.h"

namespace birch {

/// What a pickle may cost; a file that needs more is refused.
struct PickleLimits {
    qint64 bytes = 256 * 1024 * 1024;
    size_t nodes = 2'000'000;
    size_t stack = 1'000'000;
    size_t memo = 2'000'000;
    size_t marks = 10'000;
    qsizetype line = 1024 * 1024; ///< of the text opcodes of protocol 0
};

/// Reads a Python pickle of protocol 0 to 5 as data. Only plain values are made; classes, calls and
/// states are recorded as what they are named, so a hostile pickle does nothing. Thread-safe.
/// Errors: BadInput - no pickle, damaged, larger than \a limits, or it relies on something outside
/// the file (persistent ids, extension registry, buffers); says at which byte.
Result<PickleDocument> readPickle(QByteArrayView bytes, const PickleLimits &limits = {});

} // namespace birch
