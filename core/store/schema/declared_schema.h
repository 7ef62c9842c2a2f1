#pragma once

#include "core/store/dialect.h"
#include "core/store/schema/schema_shape.h"
#include "core/store/schema/table_model.h"

namespace birch {

/// What the tables of entities must look like in one dialect. Triggers by name alone.
SchemaShape declaredSchema(const QList<EntitySpec> &specs, const Dialect &dialect);
TableShape tableShape(const TableModel &table, const Dialect &dialect);

} // namespace birch
