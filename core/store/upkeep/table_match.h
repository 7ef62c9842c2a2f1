#pragma once

#include "core/store/upkeep/table_catalogue.h"

namespace birch {

/// The target's table with its columns in the order of the source's. Errors: Conflict - it has not
/// all of them.
Result<CatalogueTable> matchingTable(const TableCatalogue &target, const CatalogueTable &source);

/// How the columns count: SQLite does not say what is JSON.
QList<CellType> commonTypes(const CatalogueTable &one, const CatalogueTable &other);

} // namespace birch
