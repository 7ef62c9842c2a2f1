#pragma once

#include "core/data/run_store.h"
#include "core/store/connection.h"

namespace birch {

/// Writes rows of data_chunks inside the caller's transaction: on PostgreSQL as binary through
/// libpq, on SQLite through QtSql. Belongs to the connection and its thread.
class ChunkWriter
{
public:
    explicit ChunkWriter(Connection &connection)
        : m_connection(connection)
    {
    }

    Status insert(qint64 objectRow, qint64 labRow, const Chunk &chunk);
    /// The chunks of a column that begin in [\a firstRow, \a endRow).
    Status remove(qint64 objectRow, int column, qint64 firstRow, qint64 endRow);

private:
    Status insertSqlite(qint64 objectRow, qint64 labRow, const Chunk &chunk);
    Status insertPostgres(qint64 objectRow, qint64 labRow, const Chunk &chunk);
    Status prepare();

    Connection &m_connection;
    bool m_isPrepared = false;
};

} // namespace birch
