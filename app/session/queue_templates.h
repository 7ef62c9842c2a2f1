#pragma once

#include "app/session/run_files.h"
#include "core/store/entity/entity_record.h"
#include "core/store/queue_item_repository.h"
#include "core/store/queue_repository.h"

namespace birch {

/// The queue that template \a key describes: its scan templates in order, each with its overrides
/// ("node.field": value), its delay as a wait before all else, and how often it runs. What is
/// wrong is in the problems, which name the template.
/// Errors: NotFound, and those of the database.
Result<LoadedRun> loadQueueTemplate(Connection &connection, const Session &session,
                                    const NodeRegistry &registry, const QString &key);

/// A queue template \a name of the scans of \a queue, whatever has become of them: trees that are
/// stored under the scan's name are referred to, the others stored. One transaction.
/// Errors: Conflict - there is such a template.
Result<EntityRecord> saveQueueTemplate(Connection &connection, const Session &session,
                                       const StoredQueue &queue, const QString &name);

} // namespace birch
