#pragma once

#include "core/store/upkeep/table_catalogue.h"

namespace birch {

using RowHandler = std::function<Status(const Row &)>;

Status selectSqliteRows(Connection &connection, const CatalogueTable &table, const QString &sql,
                        const QList<Cell> &values, const RowHandler &onRow);
Status selectPostgresRows(Connection &connection, const CatalogueTable &table, const QString &sql,
                          const QList<Cell> &values, const RowHandler &onRow);
Status copyPostgresRows(Connection &connection, const CatalogueTable &table,
                        const RowHandler &onRow);

} // namespace birch
