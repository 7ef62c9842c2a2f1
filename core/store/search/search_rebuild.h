#pragma once

#include "core/store/connection.h"
#include "core/store/entity/entity_spec.h"

namespace birch {

/// Writes title and text of every object again where they differ, and counts all objects again:
/// after an upgrade, an import or a copy that wrote tables directly. In one transaction, or in the
/// caller's; nobody else should be adding rows meanwhile. Takes about a minute for 10^6 scans.
Status rebuildSearch(Connection &connection, const QList<EntitySpec> &specs = entitySpecs());

} // namespace birch
