#include "core/data/chunk_merge.h"

#include <QCoreApplication>

namespace birch {

namespace {

constexpr int kRadix = 16;
constexpr int kTopLevel = 3; // 4096 rows and more

int levelOf(qint64 rows)
{
    int level = 0;
    for (; level < kTopLevel && rows >= kRadix; rows /= kRadix)
        ++level;
    return level;
}

/// More than half of a limit: no two of these fit together.
bool isFull(const ChunkExtent &chunk, const MergeLimits &limits)
{
    return chunk.rowCount * 2 > limits.rows || chunk.bytes * 2 > limits.bytes;
}

/// The chunks at the end that could still grow.
std::span<const ChunkExtent> openTail(std::span<const ChunkExtent> chunks,
                                      const MergeLimits &limits)
{
    size_t first = chunks.size();
    while (first > 0 && !isFull(chunks[first - 1], limits))
        --first;
    return chunks.subspan(first);
}

} // namespace

std::optional<MergeRun> planMerge(std::span<const ChunkExtent> chunks, const MergeLimits &limits)
{
    const auto tail = openTail(chunks, limits);
    const auto base = qsizetype(chunks.size() - tail.size());
    qint64 rows = 0;
    qint64 bytes = 0;
    for (size_t i = 0; i < tail.size(); ++i) { // a full chunk's worth at the front of the tail
        if (rows + tail[i].rowCount > limits.rows || bytes + tail[i].bytes > limits.bytes)
            return i > 1 ? std::optional(MergeRun{base, qsizetype(i)}) : std::nullopt;
        rows += tail[i].rowCount;
        bytes += tail[i].bytes;
    }
    for (int level = 0; level < kTopLevel; ++level) {
        size_t first = tail.size();
        int members = 0;
        while (first > 0 && levelOf(tail[first - 1].rowCount) <= level) {
            --first;
            members += levelOf(tail[first].rowCount) == level ? 1 : 0;
        }
        if (members >= kRadix)
            return MergeRun{base + qsizetype(first), qsizetype(tail.size() - first)};
    }
    return {};
}

Result<Chunk> mergeChunks(std::span<const Chunk> chunks, const ColumnSpec &column,
                          ChunkEncoder &encoder)
{
    if (chunks.empty())
        return Error{ErrorCode::Internal,
                     QCoreApplication::translate("ChunkMerge", "No chunks to merge")};
    ColumnValues all(column.type, column.valuesPerRow());
    for (const Chunk &chunk : chunks) {
        auto values = decodeChunk(chunk, column);
        if (!values)
            return values.error();
        if (chunk.firstRow != chunks.front().firstRow + all.rowCount()) {
            return Error{ErrorCode::BadInput,
                         QCoreApplication::translate(
                             "ChunkMerge", "Chunks of column \"%1\" do not join on at row %2")
                             .arg(column.name)
                             .arg(chunk.firstRow)};
        }
        all.append(values.value());
    }
    const Chunk &first = chunks.front();
    return encoder.encode(first.object, first.column, first.firstRow, all);
}

} // namespace birch
