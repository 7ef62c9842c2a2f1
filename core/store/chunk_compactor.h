#pragma once

#include "core/data/chunk_merge.h"
#include "core/store/chunk_writer.h"
#include "core/store/stored_scan.h"

#include <map>

namespace birch {

/// Merges small neighbouring chunks inside the transaction that adds one, so that a slow scan of a
/// week leaves dozens of chunks instead of a million. Remembers the tail of each column; belongs to
/// the connection's thread.
class ChunkCompactor
{
public:
    ChunkCompactor(Connection &connection, ChunkWriter &writer)
        : m_connection(connection)
        , m_writer(writer)
    {
    }

    /// \a chunk has been inserted behind those of its column that were told before it; others may
    /// have been inserted behind it.
    Status added(const StoredObject &object, qint64 labRow, const Chunk &chunk);
    /// Of an object that nobody adds to any more: joins whatever fits into one chunk.
    Status compact(const StoredObject &object, qint64 labRow);
    /// After a rollback: what was remembered may not be stored.
    void forget() { m_tails.clear(); }

private:
    using Tail = std::vector<ChunkExtent>;
    Result<Tail *> tail(const StoredObject &object, int column);
    Result<Tail> allExtents(const StoredObject &object, int column);
    Status merge(const StoredObject &object, qint64 labRow, int column, Tail &extents,
                 const MergeRun &run);

    Connection &m_connection;
    ChunkWriter &m_writer;
    ChunkEncoder m_encoder;
    std::map<std::pair<qint64, int>, Tail> m_tails;
};

} // namespace birch
