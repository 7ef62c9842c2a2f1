#include "core/store/chunk_writer.h"

#include <QtEndian>

#include <array>
#include <libpq-fe.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kParameters = 11;
constexpr const char *kStatement = "birch_chunk_insert";
// Type ids of PostgreSQL's catalogue, fixed for all versions.
constexpr Oid kInt8 = 20;
constexpr Oid kBytea = 17;
constexpr std::array<Oid, kParameters> kTypes{kInt8,  kInt8,  kInt8, kInt8,  kInt8, kInt8,
                                              kBytea, kBytea, kInt8, kBytea, kBytea};

const char16_t *const kColumns =
    u"INSERT INTO data_chunks (measurement_object_id, column_index, first_row, lab_id, row_count, "
    "codec, min_value, max_value, flagged_count, payload, flags) VALUES ";

/// NULL for an empty one.
QVariant bytesOrNull(const QByteArray &bytes)
{
    return bytes.isEmpty() ? QVariant(QMetaType::fromType<QByteArray>()) : QVariant(bytes);
}

/// Parameters of one binary PQexecPrepared.
class BinaryRow
{
public:
    void add(qint64 value)
    {
        m_integers[m_count] = qToBigEndian(value);
        m_values[m_count] = reinterpret_cast<const char *>(&m_integers[m_count]);
        m_lengths[m_count++] = sizeof value;
    }
    void add(const QByteArray &bytes, bool isNullable)
    {
        m_values[m_count] = isNullable && bytes.isEmpty() ? nullptr : bytes.constData();
        m_lengths[m_count++] = int(bytes.size());
    }
    const char *const *values() const { return m_values.data(); }
    const int *lengths() const { return m_lengths.data(); }

private:
    std::array<qint64, kParameters> m_integers{};
    std::array<const char *, kParameters> m_values{};
    std::array<int, kParameters> m_lengths{};
    size_t m_count = 0;
};

using PgResult = std::unique_ptr<PGresult, decltype(&PQclear)>;
} // namespace

Status ChunkWriter::insert(qint64 objectRow, qint64 labRow, const Chunk &chunk)
{
    return m_connection.dialect().isPostgres() ? insertPostgres(objectRow, labRow, chunk)
                                               : insertSqlite(objectRow, labRow, chunk);
}

Status ChunkWriter::insertSqlite(qint64 objectRow, qint64 labRow, const Chunk &chunk)
{
    static const QString sql =
        QString::fromUtf16(kColumns) + u"(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s;
    return m_connection.execute(sql, {objectRow, chunk.column, chunk.firstRow, labRow,
                                      chunk.rowCount, int(chunk.codec), bytesOrNull(chunk.minimum),
                                      bytesOrNull(chunk.maximum), chunk.flaggedCount, chunk.payload,
                                      bytesOrNull(chunk.flags)});
}

Status ChunkWriter::prepare()
{
    // It lives as long as the connection: another writer may have made it.
    const auto known =
        m_connection.firstRow(u"SELECT 1 FROM pg_prepared_statements WHERE name = ?"_s,
                              {QString::fromLatin1(kStatement)});
    if (!known)
        return known.error();
    m_isPrepared = known.value().has_value();
    if (m_isPrepared)
        return ok();
    const QByteArray sql =
        QString::fromUtf16(kColumns).toUtf8() + "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    const PgResult result(PQprepare(m_connection.postgresHandle(), kStatement, sql.constData(),
                                    kParameters, kTypes.data()),
                          &PQclear);
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK)
        return m_connection.lastServerError(result.get());
    m_isPrepared = true;
    return ok();
}

Status ChunkWriter::insertPostgres(qint64 objectRow, qint64 labRow, const Chunk &chunk)
{
    if (!m_isPrepared) {
        if (Status done = prepare(); !done)
            return done;
    }
    BinaryRow row;
    row.add(objectRow);
    row.add(chunk.column);
    row.add(chunk.firstRow);
    row.add(labRow);
    row.add(chunk.rowCount);
    row.add(qint64(chunk.codec));
    row.add(chunk.minimum, true);
    row.add(chunk.maximum, true);
    row.add(chunk.flaggedCount);
    row.add(chunk.payload, false);
    row.add(chunk.flags, true);
    static constexpr std::array<int, kParameters> kBinary{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const PgResult result(PQexecPrepared(m_connection.postgresHandle(), kStatement, kParameters,
                                         row.values(), row.lengths(), kBinary.data(), 1),
                          &PQclear);
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK)
        return m_connection.lastServerError(result.get());
    return ok();
}

Status ChunkWriter::remove(qint64 objectRow, int column, qint64 firstRow, qint64 endRow)
{
    return m_connection.execute(
        u"DELETE FROM data_chunks WHERE measurement_object_id = ? AND column_index = ? "
        "AND first_row >= ? AND first_row < ?"_s,
        {objectRow, column, firstRow, endRow});
}

} // namespace birch
