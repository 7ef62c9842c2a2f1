#pragma once

#include "core/store/upkeep/table_catalogue.h"

namespace birch {

/// A foreign key that was taken away so that rows may come in any order.
struct PausedReference {
    QString table;
    QString name;
    QString definition; ///< as the server tells it
};

/// PostgreSQL, inside the caller's transaction: takes every foreign key away, and tells how to
/// bring them back. SQLite's are switched off for the connection: see setRulesActive().
Result<QList<PausedReference>> removeReferences(Connection &connection);
/// Checks every row. Errors: Conflict - one refers to nothing.
Status addReferences(Connection &connection, const QList<PausedReference> &references);

/// Whether triggers fire (and on SQLite foreign keys hold) for rows that are added: not for rows
/// that are whole already, with the registry and the counters that triggers keep. On PostgreSQL
/// part of the caller's transaction and for everybody; on SQLite for this connection, outside of a
/// transaction.
Status setRulesActive(Connection &connection, const TableCatalogue &catalogue, bool isActive);

/// Every row of every table, in the caller's transaction, with references and triggers off.
Status emptyTables(Connection &connection, const TableCatalogue &catalogue);

/// What SQLite derives (full-text indices) is made anew from the rows; PostgreSQL keeps its own.
Status rebuildDerived(Connection &connection);

/// Errors: Storage - a row refers to nothing. PostgreSQL has looked in addReferences().
Status checkReferences(Connection &connection);

} // namespace birch
