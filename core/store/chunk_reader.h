#pragma once

#include "core/base/column_values.h"
#include "core/store/stored_scan.h"

namespace birch {

/// Reads stored values, touching only the chunks that hold them. Belongs to the connection's
/// thread.
class ChunkReader
{
    Q_DECLARE_TR_FUNCTIONS(ChunkReader)
public:
    explicit ChunkReader(Connection &connection)
        : m_connection(connection)
    {
    }

    /// Rows [\a from, \a to) of a column, clipped to what \a object had stored when it was loaded.
    /// Errors: NotFound - no such column; Storage - rows are missing or damaged.
    Result<ColumnValues> read(const StoredObject &object, int column, qint64 from, qint64 to);
    /// Every column of the object, in order.
    Result<std::vector<ColumnValues>> readAll(const StoredObject &object, qint64 from, qint64 to);

    qint64 chunksRead() const { return m_chunksRead; } ///< since it was made

private:
    Connection &m_connection;
    qint64 m_chunksRead = 0;
};

} // namespace birch
