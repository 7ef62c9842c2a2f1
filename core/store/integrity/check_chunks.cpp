#include "core/data/chunk_codec.h"
#include "core/store/integrity/object_batches.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Integrity", text);
}

QString remedy()
{
    return tr("restore these rows from a backup; the others of the scan are not affected");
}

QString span(qint64 first, qint64 end)
{
    return first == end - 1 ? QString::number(first) : u"%1 to %2"_s.arg(first).arg(end - 1);
}

/// Looks at the chunks of a batch, which come ordered by object, column and first row.
class ChunkWalk
{
public:
    ChunkWalk(IntegrityContext &context, const ObjectBatch &batch)
        : m_context(context)
        , m_batch(batch)
    {
        for (const auto &[row, object] : batch.objects)
            m_next[row].assign(size_t(object.object.schema.columns.size()), 0);
    }

    Status walk()
    {
        const Status done = m_context.connection.select(
            u"SELECT measurement_object_id, column_index, first_row, row_count, lab_id, "
            "flagged_count, flags IS NULL%1 FROM data_chunks WHERE measurement_object_id >= ? "
            "AND measurement_object_id <= ? ORDER BY measurement_object_id, column_index, "
            "first_row"_s.arg(m_context.isFull ? u", codec, min_value, max_value, payload, flags"_s
                                               : QString()),
            {m_batch.firstRow, m_batch.lastRow}, [this](const SqlRow &row) { look(row); });
        if (!done)
            return done;
        for (const auto &[row, object] : m_batch.objects)
            lookAtEnd(object);
        return ok();
    }

private:
    struct Place {
        const CheckedObject &object;
        int column;
    };
    void look(const SqlRow &row);
    void lookAtRows(const Place &place, qint64 first, qint64 count);
    void lookAtFlags(const Place &place, const SqlRow &row);
    void lookAtValues(const Place &place, const SqlRow &row);
    void lookAtEnd(const CheckedObject &object);
    void add(const Place &place, const QString &what, const QString &rows,
             const QString &expected = {}, const QString &found = {})
    {
        m_context.add({.table = u"data_chunks"_s,
                       .id = place.object.place(place.column),
                       .what = what,
                       .rows = rows,
                       .expected = expected,
                       .found = found,
                       .remedy = remedy()});
    }

    IntegrityContext &m_context;
    const ObjectBatch &m_batch;
    std::unordered_map<qint64, std::vector<qint64>> m_next; ///< row expected, per object and column
    ChunkEncoder m_encoder{false};
};

void ChunkWalk::look(const SqlRow &row)
{
    const auto found = m_batch.objects.find(row.integer(0));
    if (found == m_batch.objects.end())
        return; // of no object: told by the check of references
    m_context.examined(1);
    const Place place{found->second, int(row.integer(1))};
    const qint64 first = row.integer(2);
    const qint64 count = row.integer(3);
    const QString rows = span(first, first + count);
    if (!place.object.schemaProblem.isEmpty())
        return; // told at the end
    if (place.column < 0 || place.column >= place.object.object.schema.columns.size())
        return add(place, tr("the measurement has no such column"), rows);
    if (count <= 0 || first < 0)
        return add(place, tr("a chunk without rows"), {}, {}, u"%1 + %2"_s.arg(first).arg(count));
    lookAtRows(place, first, count);
    if (row.integer(4) != place.object.lab)
        add(place, tr("the chunk belongs to another lab than its measurement"), rows,
            QString::number(place.object.lab), row.text(4));
    lookAtFlags(place, row);
    if (m_context.isFull)
        lookAtValues(place, row);
}

void ChunkWalk::lookAtRows(const Place &place, qint64 first, qint64 count)
{
    qint64 &next = m_next[place.object.object.id][size_t(place.column)];
    if (first > next)
        add(place, tr("rows are missing"), span(next, first));
    else if (first < next)
        add(place, tr("rows are stored twice"), span(first, std::min(next, first + count)));
    next = std::max(next, first + count);
}

void ChunkWalk::lookAtFlags(const Place &place, const SqlRow &row)
{
    const qint64 values =
        row.integer(3) * place.object.object.schema.columns[place.column].valuesPerRow();
    const qint64 flagged = row.integer(5);
    const bool hasFlags = !row.value(6).toBool();
    if (flagged < 0 || flagged > values || (flagged > 0) != hasFlags)
        add(place, tr("the count of flagged values does not fit the flags"),
            span(row.integer(2), row.integer(2) + row.integer(3)),
            hasFlags ? tr("1 to %1").arg(values) : u"0"_s, QString::number(flagged));
}

void ChunkWalk::lookAtValues(const Place &place, const SqlRow &row)
{
    const ColumnSpec &spec = place.object.object.schema.columns[place.column];
    Chunk chunk;
    chunk.column = place.column;
    chunk.firstRow = row.integer(2);
    chunk.rowCount = row.integer(3);
    chunk.flaggedCount = row.integer(5);
    chunk.codec = ChunkCodec(row.integer(7));
    chunk.minimum = row.bytes(8);
    chunk.maximum = row.bytes(9);
    chunk.payload = row.bytes(10);
    chunk.flags = row.bytes(11);
    const QString rows = span(chunk.firstRow, chunk.firstRow + chunk.rowCount);
    const auto values = decodeChunk(chunk, spec);
    if (!values)
        return add(place, tr("its values do not read back"), rows, {}, values.error().message);
    const Chunk again = m_encoder.encode(0, place.column, chunk.firstRow, values.value());
    if (again.flaggedCount != chunk.flaggedCount)
        add(place, tr("the count of flagged values is not theirs"), rows,
            QString::number(again.flaggedCount), QString::number(chunk.flaggedCount));
    if (again.minimum != chunk.minimum || again.maximum != chunk.maximum)
        add(place, tr("minimum and maximum are not those of its values"), rows,
            QString::fromLatin1((again.minimum + again.maximum).toHex()),
            QString::fromLatin1((chunk.minimum + chunk.maximum).toHex()));
}

void ChunkWalk::lookAtEnd(const CheckedObject &object)
{
    if (!object.schemaProblem.isEmpty()) {
        m_context.add({.table = u"measurement_objects"_s,
                       .id = object.place(),
                       .what = tr("its columns can not be read"),
                       .found = object.schemaProblem,
                       .remedy = tr("restore the newest sound backup")});
        return;
    }
    const std::vector<qint64> &next = m_next[object.object.id];
    for (size_t column = 0; column < next.size(); ++column) {
        const Place place{object, int(column)};
        const qint64 rows = object.object.rowsStored;
        if (next[column] < rows)
            add(place, tr("rows are missing at the end"), span(next[column], rows),
                tr("%1 rows").arg(rows), tr("%1 rows").arg(next[column]));
        else if (next[column] > rows)
            add(place, tr("there are rows after the last one"), span(rows, next[column]),
                tr("%1 rows").arg(rows), tr("%1 rows").arg(next[column]));
    }
}
} // namespace

Status checkChunks(IntegrityContext &context)
{
    return forEachObjectBatch(
        context, [&context](const ObjectBatch &batch) { return ChunkWalk(context, batch).walk(); });
}

} // namespace birch
