#pragma once

#include "core/store/connection.h"
#include "core/store/entity/entity_spec.h"

#include <QStringList>

namespace birch {

/// Where the live tables differ from what the entities declare: one sentence per column (missing,
/// other type, required or not, not unique). Empty: they agree. Two statements, whatever the number
/// of tables.
Result<QStringList> schemaDifferences(Connection &connection,
                                      const QList<EntitySpec> &specs = entitySpecs());

} // namespace birch
