#pragma once

#include "core/engine/queue_item.h"

namespace birch {

/// Scans of a queue that need one instrument: a lease is for one scan at a time, so they run one
/// after the other, however many the queue may run at once.
struct LeaseConflict {
    QString instrument;
    QList<QUuid> items; ///< QueueItem::id, in the order of the queue
    QString text;       ///< a sentence that says how each uses it
};

/// By instrument; empty: all of \a items could run at once.
QList<LeaseConflict> leaseConflicts(const QList<QueueItem> &items);

} // namespace birch
