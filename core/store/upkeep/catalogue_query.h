#pragma once

#include "core/store/upkeep/table_catalogue.h"

namespace birch {

/// Every base table of a SQLite file, in no order.
Result<QList<CatalogueTable>> readSqliteTables(Connection &connection);
/// Every base table of the connection's schema, partitioned ones once, in no order.
Result<QList<CatalogueTable>> readPostgresTables(Connection &connection);

} // namespace birch
