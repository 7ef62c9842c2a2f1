#include "core/store/chunk_reader.h"

#include "core/data/chunk_codec.h"
#include "core/data/column_slice.h"
#include "core/store/chunk_select.h"

#include <algorithm>

namespace birch {

namespace {
/// A slice of a flagged chunk may hold no flagged value: then it has no flags, as if never stored.
void dropIdleFlags(ColumnValues *values)
{
    const auto flags = values->flags();
    if (flags.empty() || std::any_of(flags.begin(), flags.end(), [](quint8 flag) { return flag; }))
        return;
    const auto bytes = values->bytes();
    values->assign(QByteArray(bytes.data(), qsizetype(bytes.size())), {}, values->valueCount());
}
} // namespace

Result<ColumnValues> ChunkReader::read(const StoredObject &object, int column, qint64 from,
                                       qint64 to)
{
    if (column < 0 || column >= object.schema.columns.size())
        return Error{ErrorCode::NotFound, tr("%1 has no column number %2: see birchctl show")
                                              .arg(object.schema.name)
                                              .arg(column)};
    const ColumnSpec &spec = object.schema.columns[column];
    ColumnValues values(spec.type, spec.valuesPerRow());
    from = std::max<qint64>(from, 0);
    to = std::min(to, object.rowsStored);
    if (from >= to)
        return values;
    std::optional<Error> damage;
    qint64 next = from;
    const Status done = selectChunks(
        m_connection, {object.id, column, from, to},
        [this, &spec, &values, &damage, &next, to](const Chunk &chunk) {
            ++m_chunksRead;
            if (damage || chunk.firstRow > next || chunk.firstRow + chunk.rowCount <= next)
                return;
            auto decoded = decodeChunk(chunk, spec);
            if (!decoded) {
                damage = decoded.error();
                return;
            }
            const qint64 end = std::min(to, chunk.firstRow + chunk.rowCount);
            if (chunk.firstRow == next && end - next == chunk.rowCount)
                values.append(decoded.value());
            else
                values.append(sliceRows(decoded.value(), next - chunk.firstRow, end - next));
            next = end;
        });
    if (!done)
        return done.error();
    if (damage)
        return damage->within(tr("Reading %1").arg(spec.name));
    if (next != to)
        return Error{ErrorCode::Storage,
                     tr("Rows %1 to %2 of %3 are missing from the database: restore a backup")
                         .arg(next)
                         .arg(to - 1)
                         .arg(spec.name)};
    dropIdleFlags(&values);
    return values;
}

Result<std::vector<ColumnValues>> ChunkReader::readAll(const StoredObject &object, qint64 from,
                                                       qint64 to)
{
    std::vector<ColumnValues> columns;
    for (int column = 0; column < object.schema.columns.size(); ++column) {
        auto values = read(object, column, from, to);
        if (!values)
            return values.error();
        columns.push_back(std::move(values).value());
    }
    return columns;
}

} // namespace birch
