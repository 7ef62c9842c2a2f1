#pragma once

#include "core/store/connection.h"
#include "core/store/entity/entity_spec.h"

#include <QStringList>

namespace birch {

/// Where the live tables are not what the entities declare, one sentence each. Empty: they agree.
/// What somebody has added and does no harm (a column that may be empty, an index) is passed over:
/// see auditSchema() for everything. Four statements, whatever the number of tables.
Result<QStringList> schemaDifferences(Connection &connection,
                                      const QList<EntitySpec> &specs = entitySpecs());

} // namespace birch
