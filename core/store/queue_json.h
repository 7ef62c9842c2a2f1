#pragma once

#include "core/store/queue_item_repository.h"
#include "core/store/queue_repository.h"

namespace birch {

// The QUEUE of our command line and REST.

/// The fields of a SCAN, with what the queue says of it: "item" (its uid), "number", "priority" …
QJsonObject queueItemJson(const StoredQueueItem &item, int number);
QJsonObject queueJson(const StoredQueue &queue);
QJsonObject queueJson(const StoredQueue &queue, const QList<StoredQueueItem> &items);

} // namespace birch
