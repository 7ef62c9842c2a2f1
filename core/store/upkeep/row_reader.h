#pragma once

#include "core/store/upkeep/table_catalogue.h"
#include "core/store/upkeep/table_digest.h"

namespace birch {

/// Which rows, and in what order.
struct RowFilter {
    QString where = {}; ///< with ? for \a values; identifiers of a catalogue only
    QList<Cell> values = {};
    bool byKey = false; ///< in order of the primary key
    qint64 limit = -1;
};

/// Rows of \a table with all its columns, exactly as stored. \a onRow must not use the connection;
/// its failure ends the reading and is returned.
Status readRows(Connection &connection, const CatalogueTable &table, const RowFilter &filter,
                const std::function<Status(const Row &)> &onRow);

/// Every row, in no order: on PostgreSQL through COPY, which refuses to leave out rows that a
/// policy hides when row_security is off. Otherwise as readRows().
Status readTable(Connection &connection, const CatalogueTable &table,
                 const std::function<Status(const Row &)> &onRow);

/// Of every row; \a types one for each column, where they should count as something else than what
/// this engine calls them (JSON in SQLite).
Result<TableDigest> digestTable(Connection &connection, const CatalogueTable &table,
                                const QList<CellType> &types = {});

} // namespace birch
