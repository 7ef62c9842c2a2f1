#pragma once

#include "core/data/chunk_codec.h"

namespace birch {

/// Where one stored chunk of a column lies; \a bytes uncompressed (for text: as stored).
struct ChunkExtent {
    qint64 firstRow = 0;
    qint64 rowCount = 0;
    qint64 bytes = 0;
};

/// Neighbours that become one chunk: positions in the list that was asked about.
struct MergeRun {
    qsizetype first = 0;
    qsizetype count = 0;

    bool operator==(const MergeRun &) const = default;
};

struct MergeLimits {
    qint64 rows = 16384;
    qint64 bytes = qint64(1) << 20;
};

/// Which of the neighbouring \a chunks of one column (ordered by first row; the tail of the column
/// is enough) to merge now. Radix 16: sixteen chunks of 16^k rows or more become one, so that a
/// value is rewritten at most four times on its way to a full chunk, and the unmerged rest stays
/// below 16 chunks per level. At most one run; ask again after doing it, until it is empty.
std::optional<MergeRun> planMerge(std::span<const ChunkExtent> chunks,
                                  const MergeLimits &limits = {});

/// One chunk for all of \a chunks, which join on. Errors: BadInput - one is damaged, or they do
/// not.
Result<Chunk> mergeChunks(std::span<const Chunk> chunks, const ColumnSpec &column,
                          ChunkEncoder &encoder);

} // namespace birch
