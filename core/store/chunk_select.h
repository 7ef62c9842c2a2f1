#pragma once

#include "core/data/run_store.h"
#include "core/store/connection.h"

#include <functional>

namespace birch {

/// Which stored chunks: those of one column that hold rows of [from, to).
struct ChunkRange {
    qint64 objectRow = 0;
    int column = 0;
    qint64 from = 0;
    qint64 to = 0;
};

/// The chunks of \a range in order of rows, in one statement (hence one state of the database).
/// \a onChunk must not use the connection. Chunk::object is left 0.
Status selectChunks(Connection &connection, const ChunkRange &range,
                    const std::function<void(Chunk)> &onChunk);

} // namespace birch
