#pragma once

#include "core/store/connection.h"
#include "core/store/schema/schema_shape.h"

namespace birch {

enum class ShapeDetail : quint8 {
    Tables, ///< tables and what belongs to them, triggers by name alone: four statements,
            ///< whatever the number of tables
    Whole   ///< the texts of triggers, functions and row security too
};

/// The schema that \a connection looks at, from the engine's catalogue. `schema_version`, the book
/// of the schema layer, is left out, and so are partitions (counted in their table's options).
Result<SchemaShape> liveSchema(Connection &connection, ShapeDetail detail = ShapeDetail::Whole);

} // namespace birch
