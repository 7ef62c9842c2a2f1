#include "core/store/chunk_select.h"

using namespace Qt::StringLiterals;

namespace birch {

Status selectChunks(Connection &connection, const ChunkRange &range,
                    const std::function<void(Chunk)> &onChunk)
{
    // The chunk that holds row `from` begins at or before it: one more step in the primary key.
    static const QString sql =
        u"SELECT first_row, row_count, codec, min_value, max_value, flagged_count, payload, flags "
        "FROM data_chunks WHERE measurement_object_id = ? AND column_index = ? AND first_row < ? "
        "AND first_row >= coalesce((SELECT max(first_row) FROM data_chunks "
        "WHERE measurement_object_id = ? AND column_index = ? AND first_row <= ?), 0) "
        "ORDER BY first_row"_s;
    const auto take = [&range, &onChunk](const auto &row) {
        Chunk chunk;
        chunk.column = range.column;
        chunk.firstRow = row.integer(0);
        chunk.rowCount = row.integer(1);
        chunk.codec = ChunkCodec(row.integer(2));
        chunk.minimum = row.bytes(3);
        chunk.maximum = row.bytes(4);
        chunk.flaggedCount = row.integer(5);
        chunk.payload = row.bytes(6);
        chunk.flags = row.bytes(7);
        onChunk(std::move(chunk));
    };
    return connection.selectBytes(
        sql, {range.objectRow, range.column, range.to, range.objectRow, range.column, range.from},
        take);
}

} // namespace birch
