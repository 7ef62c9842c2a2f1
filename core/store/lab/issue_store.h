#pragma once

#include "core/store/entity/entity_hooks.h"

namespace birch {

/// Every write of an issue: one without assignee about equipment goes to its owner; a change of
/// status has a line in the time line; resolving sets when, and when maintenance is due next.
EntityHooks issueHooks();
/// A task without a date is due one interval after today.
EntityHooks maintenanceHooks();

/// Opens an issue for every active task that is due and has none open; two at once open one.
/// Returns the new issues. \a today: yyyy-MM-dd.
Result<QList<EntityRecord>> openDueMaintenance(Connection &connection, const Session &session,
                                               const QString &today);

} // namespace birch
