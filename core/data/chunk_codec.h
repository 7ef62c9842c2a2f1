#pragma once

#include "core/data/run_store.h"

#include <memory>

namespace birch {

/// No chunk is larger than this uncompressed: both databases refuse values of a gigabyte.
inline constexpr qint64 kMaxChunkBytes = 960'000'000;

/// True for a column that can be stored: extents above zero and a row that fits into a chunk.
bool isStorable(const ColumnSpec &column);

/// Columns to chunks, bit-exact (payload of a NaN and the sign of zero included).
///
/// Holds the compressor's working memory: make one and keep it. Belongs to one thread.
class ChunkEncoder
{
public:
    explicit ChunkEncoder(bool compress = true);
    ~ChunkEncoder();
    ChunkEncoder(ChunkEncoder &&) noexcept;
    ChunkEncoder &operator=(ChunkEncoder &&) noexcept;

    Chunk encode(int object, int column, qint64 firstRow, const ColumnValues &values);

private:
    struct Scratch;
    QByteArray packed(std::span<const char> bytes);

    bool m_compress;
    std::unique_ptr<Scratch> m_scratch;
};

/// The values of \a chunk, which was read from a database and may hold anything.
/// Errors: BadInput - it does not hold \a column's values; names what does not fit.
Result<ColumnValues> decodeChunk(const Chunk &chunk, const ColumnSpec &column);

/// minimum or maximum of a chunk as a number; nothing for text and where no value is Ok and finite.
std::optional<double> boundAsDouble(const QByteArray &bound, ColumnType type);

} // namespace birch
