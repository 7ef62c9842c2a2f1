#include "core/store/chunk_compactor.h"

#include "core/store/chunk_select.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// Below 16 unmerged chunks on each of four levels, and a full one before them.
constexpr qsizetype kTailChunks = 80;

ChunkExtent extentOf(const ColumnSpec &column, qint64 firstRow, qint64 rows, qint64 storedBytes)
{
    const qint64 width = column.type == ColumnType::Bool ? 1 : 8;
    const qint64 bytes =
        column.type == ColumnType::Utf8 ? storedBytes : rows * column.valuesPerRow() * width;
    return {firstRow, rows, bytes};
}

/// How many from \a first on are one chunk together.
qsizetype fittingFrom(const std::vector<ChunkExtent> &extents, qsizetype first)
{
    const MergeLimits limits;
    qint64 rows = 0;
    qint64 bytes = 0;
    qsizetype count = 0;
    for (auto i = size_t(first); i < extents.size(); ++i) {
        rows += extents[i].rowCount;
        bytes += extents[i].bytes;
        if (rows > limits.rows || bytes > limits.bytes)
            break;
        ++count;
    }
    return count;
}
} // namespace

Result<ChunkCompactor::Tail *> ChunkCompactor::tail(const StoredObject &object, int column)
{
    const auto key = std::pair(object.id, column);
    if (const auto found = m_tails.find(key); found != m_tails.end())
        return &found->second;
    Tail extents;
    const ColumnSpec &spec = object.schema.columns[column];
    const Status done = m_connection.select(
        u"SELECT first_row, row_count, length(payload) FROM data_chunks "
        "WHERE measurement_object_id = ? AND column_index = ? ORDER BY first_row DESC LIMIT ?"_s,
        {object.id, column, kTailChunks}, [&extents, &spec](const SqlRow &row) {
            extents.push_back(extentOf(spec, row.integer(0), row.integer(1), row.integer(2)));
        });
    if (!done)
        return done.error();
    std::reverse(extents.begin(), extents.end());
    return &m_tails.insert_or_assign(key, std::move(extents)).first->second;
}

Status ChunkCompactor::added(const StoredObject &object, qint64 labRow, const Chunk &chunk)
{
    const auto remembered = tail(object, chunk.column);
    if (!remembered)
        return remembered.error();
    Tail &extents = *remembered.value();
    const qint64 known = extents.empty() ? 0 : extents.back().firstRow + extents.back().rowCount;
    if (known <= chunk.firstRow)
        extents.push_back(extentOf(object.schema.columns[chunk.column], chunk.firstRow,
                                   chunk.rowCount, chunk.payload.size()));
    while (const auto run = planMerge(extents)) {
        if (Status done = merge(object, labRow, chunk.column, extents, *run); !done)
            return done;
    }
    if (extents.size() > 2 * size_t(kTailChunks))
        extents.erase(extents.begin(), extents.end() - kTailChunks);
    return ok();
}

Result<ChunkCompactor::Tail> ChunkCompactor::allExtents(const StoredObject &object, int column)
{
    Tail extents;
    const ColumnSpec &spec = object.schema.columns[column];
    const Status done = m_connection.select(
        u"SELECT first_row, row_count, length(payload) FROM data_chunks "
        "WHERE measurement_object_id = ? AND column_index = ? ORDER BY first_row"_s,
        {object.id, column}, [&extents, &spec](const SqlRow &row) {
            extents.push_back(extentOf(spec, row.integer(0), row.integer(1), row.integer(2)));
        });
    if (!done)
        return done.error();
    return extents;
}

Status ChunkCompactor::compact(const StoredObject &object, qint64 labRow)
{
    for (int column = 0; column < int(object.schema.columns.size()); ++column) {
        auto known = allExtents(object, column);
        if (!known)
            return known.error();
        Tail &extents = known.value();
        for (qsizetype first = 0; first < qsizetype(extents.size()); ++first) {
            const qsizetype count = fittingFrom(extents, first);
            if (count < 2)
                continue;
            if (Status done = merge(object, labRow, column, extents, {first, count}); !done)
                return done;
        }
    }
    return ok();
}

Status ChunkCompactor::merge(const StoredObject &object, qint64 labRow, int column, Tail &extents,
                             const MergeRun &run)
{
    const ChunkExtent &first = extents[size_t(run.first)];
    const ChunkExtent &last = extents[size_t(run.first + run.count - 1)];
    const qint64 from = first.firstRow;
    const qint64 end = last.firstRow + last.rowCount;
    std::vector<Chunk> chunks;
    if (Status done = selectChunks(m_connection, {object.id, column, from, end},
                                   [&chunks](Chunk chunk) { chunks.push_back(std::move(chunk)); });
        !done)
        return done;
    const auto merged = mergeChunks(chunks, object.schema.columns[column], m_encoder);
    if (!merged)
        return merged.error();
    if (Status done = m_writer.remove(object.id, column, from, end); !done)
        return done;
    if (Status done = m_writer.insert({object.id, labRow}, merged.value()); !done)
        return done;
    const ChunkExtent extent = extentOf(object.schema.columns[column], merged.value().firstRow,
                                        merged.value().rowCount, merged.value().payload.size());
    const auto at = extents.begin() + run.first;
    *at = extent;
    extents.erase(at + 1, at + run.count);
    return ok();
}

} // namespace birch
