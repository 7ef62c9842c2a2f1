#pragma once

#include "core/store/upkeep/table_catalogue.h"

namespace birch {

/// Adds rows to one table inside the caller's transaction: prepared INSERTs, or COPY, during which
/// the connection can do nothing else. Dropped unfinished, what it has added is the transaction's
/// to undo.
class RowWriter
{
public:
    static Result<std::unique_ptr<RowWriter>> open(Connection &connection,
                                                   const CatalogueTable &table);
    virtual ~RowWriter() = default;

    /// All columns of the table, in its order. Errors: BadInput - the table can not hold a value;
    /// Conflict - it breaks a rule of the table; as Connection.
    virtual Status write(const Row &row) = 0;
    /// What COPY refused shows here at the latest.
    virtual Status finish() = 0;
};

} // namespace birch
