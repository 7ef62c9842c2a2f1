#pragma once

#include "core/engine/queue_item.h"

#include <QSet>

#include <vector>

namespace birch {

/// What the next scan is chosen from.
struct TurnRound {
    std::vector<const QueueItem *> items; ///< in the order of the queue
    QSet<QString> busy;                   ///< instruments of the scans that run
    QSet<QUuid> only;                     ///< entries that were started; empty: all
    qint64 nowUs = 0;                     ///< UTC
};

struct TurnChoice {
    int row = -1;      ///< -1: none may run now
    qint64 wakeUs = 0; ///< when one comes to its start time; 0: none waits for that
};

/// Whose turn it is: one that is to run now, else by priority, then order; what is tried once more
/// after all others. Passed over is what is not ready, comes later, or needs a busy instrument.
TurnChoice chooseNext(const TurnRound &round);

} // namespace birch
