#pragma once

#include <QtGlobal>

namespace birch {

inline constexpr int kMaxPriority = 1000;
inline constexpr int kMaxRepeats = 100'000;

/// When it is the turn of a waiting scan, and how often.
struct ItemTurn {
    int priority = 0;       ///< higher runs first
    bool isReady = true;    ///< the gate: somebody has released it
    qint64 notBeforeUs = 0; ///< UTC; 0: any time
    int repeats = 1;        ///< runs in all, each a scan of its own
    int repeatsDone = 0;
    bool isNow = false;   ///< before all others, past gate and start time
    bool isRetry = false; ///< it has failed, and is tried once more after the others

    bool operator==(const ItemTurn &) const = default;
};

} // namespace birch
