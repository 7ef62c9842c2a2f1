#pragma once

#include "core/store/connection.h"
#include "core/store/schema/schema_shape.h"

namespace birch {

/// What going from the tables \a before to \a after would lose, in words: "samples (12 rows)",
/// "samples.tags (3 values)". Empty tables and columns that hold nothing but their default are no
/// loss.
Result<QStringList> dataLoss(Connection &connection, const SchemaShape &before,
                             const SchemaShape &after);

} // namespace birch
