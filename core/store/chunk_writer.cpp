#include "core/store/chunk_writer.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString insertion()
{
    return u"INSERT INTO data_chunks (measurement_object_id, column_index, first_row, lab_id, "
           "row_count, codec, min_value, max_value, flagged_count, payload, flags) "
           "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s;
}

/// NULL for an empty one.
QVariant bytesOrNull(const QByteArray &bytes)
{
    return bytes.isEmpty() ? QVariant(QMetaType::fromType<QByteArray>()) : QVariant(bytes);
}

BinaryValues binaryValues(const ChunkWriter::Place &place, const Chunk &chunk)
{
    BinaryValues values;
    values.add(place.objectRow).add(qint64(chunk.column)).add(chunk.firstRow).add(place.labRow);
    values.add(chunk.rowCount).add(qint64(chunk.codec));
    values.addOrNull(chunk.minimum).addOrNull(chunk.maximum).add(chunk.flaggedCount);
    return values.add(chunk.payload).addOrNull(chunk.flags);
}
} // namespace

Status ChunkWriter::insert(const Place &place, const Chunk &chunk)
{
    return insert(std::span(&place, 1), std::span(&chunk, 1));
}

Status ChunkWriter::insert(std::span<const Place> places, std::span<const Chunk> chunks)
{
    std::vector<BinaryValues> rows;
    for (size_t i = 0; i < chunks.size(); ++i) {
        if (m_connection.dialect().isPostgres())
            rows.push_back(binaryValues(places[i], chunks[i]));
        else if (Status done = insertSqlite(places[i], chunks[i]); !done)
            return done;
    }
    static const QString sql = insertion();
    return rows.empty() ? ok() : m_connection.binary().executeAll(sql, rows);
}

Status ChunkWriter::insertSqlite(const Place &place, const Chunk &chunk)
{
    static const QString sql = insertion();
    return m_connection.execute(sql, {place.objectRow, chunk.column, chunk.firstRow, place.labRow,
                                      chunk.rowCount, int(chunk.codec), bytesOrNull(chunk.minimum),
                                      bytesOrNull(chunk.maximum), chunk.flaggedCount, chunk.payload,
                                      bytesOrNull(chunk.flags)});
}

Status ChunkWriter::remove(qint64 objectRow, int column, qint64 firstRow, qint64 endRow)
{
    return m_connection.execute(
        u"DELETE FROM data_chunks WHERE measurement_object_id = ? AND column_index = ? "
        "AND first_row >= ? AND first_row < ?"_s,
        {objectRow, column, firstRow, endRow});
}

} // namespace birch
