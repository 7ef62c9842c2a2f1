#pragma once

#include "core/data/run_store.h"
#include "core/store/connection.h"

#include <span>

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

    /// Where a chunk belongs.
    struct Place {
        qint64 objectRow = 0;
        qint64 labRow = 0;
    };
    Status insert(const Place &place, const Chunk &chunk);
    /// All of \a chunks, each at the place of the same number.
    Status insert(std::span<const Place> places, std::span<const Chunk> chunks);
    /// The chunks of a column that begin in [\a firstRow, \a endRow).
    Status remove(qint64 objectRow, int column, qint64 firstRow, qint64 endRow);

private:
    Status insertSqlite(const Place &place, const Chunk &chunk);

    Connection &m_connection;
};

} // namespace birch
