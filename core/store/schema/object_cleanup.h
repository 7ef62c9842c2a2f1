#pragma once

#include "core/store/schema/schema_shape.h"

namespace birch {

/// SQL that takes the rows of a table about to be dropped out of `objects`, and what hangs on them
/// along: with foreign keys off nothing goes by itself.
QString forgetObjectsSql(const QString &table, const SchemaShape &schema);

} // namespace birch
