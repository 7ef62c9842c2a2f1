#pragma once

#include "core/store/connection.h"
#include "core/store/migrations.h"
#include "core/store/schema/schema_shape.h"

namespace birch {

/// The schema that \a migrations up to \a version make from nothing: on SQLite in memory, on
/// PostgreSQL in a schema of its own on \a connection, inside a transaction that is rolled back.
/// Errors: Denied - on PostgreSQL, when the role may not make a schema.
Result<SchemaShape> referenceSchema(Connection &connection, const QList<Migration> &migrations,
                                    int version);

} // namespace birch
