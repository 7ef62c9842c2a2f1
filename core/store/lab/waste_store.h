#pragma once

#include "core/store/entity/entity_hooks.h"

namespace birch {

/// "empty" "partial" "nearly_full" "full" "overfull", as people read a container.
QString wasteFillStatus(double percent);
/// Whether a container may go from \a from to \a to. Errors: Conflict - says where it may go.
Status checkWasteStep(const QString &from, const QString &to);

/// Every write of a waste container: level from the percentage, allowed steps, and their dates.
EntityHooks wasteHooks();

/// A new empty container like the one with \a key, which is closed. Returns the new one.
Result<EntityRecord> replaceWaste(Connection &connection, const Session &session,
                                  const QString &key);

} // namespace birch
