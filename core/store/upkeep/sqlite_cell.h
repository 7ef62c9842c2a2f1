#pragma once

#include "core/store/connection.h"
#include "core/store/upkeep/cell.h"

struct sqlite3_stmt;

namespace birch {

struct FinalizeStatement {
    void operator()(sqlite3_stmt *statement) const;
};
using SqliteStatement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

Result<SqliteStatement> prepareSqlite(const Connection &connection, const QString &sql);
/// \a cell lives until the statement has run. SQLite's own code.
int bindCell(sqlite3_stmt *statement, int position, const Cell &cell);
/// What the handle has just refused.
Error sqliteError(const Connection &connection);

} // namespace birch
