#pragma once

#include "core/store/schema/live_schema.h"

namespace birch {

Result<SchemaShape> readSqliteSchema(Connection &connection, ShapeDetail detail);
Result<SchemaShape> readPostgresSchema(Connection &connection, ShapeDetail detail);

} // namespace birch
