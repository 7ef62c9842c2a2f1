#include "core/data/commit_builder.h"

#include "core/data/column_slice.h"

#include <QCoreApplication>
#include <QJsonDocument>

namespace birch {

namespace {

constexpr qint64 kChunkRows = 16384;
constexpr size_t kChunkBytes = size_t(8) << 20; ///< of one column; a single row may be larger

template<typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template<typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

/// How many rows of \a batch go into one chunk.
qint64 rowsPerChunk(const PointBatch &batch)
{
    size_t largest = 1;
    for (const ColumnValues &column : batch.columns)
        largest = std::max(largest, column.bytes().size());
    const auto bytesPerRow =
        std::max<size_t>(largest / size_t(std::max<qint64>(batch.rowCount(), 1)), 1);
    return std::clamp(qint64(kChunkBytes / bytesPerRow), qint64(1), kChunkRows);
}

} // namespace

CommitBuilder::CommitBuilder(const OpenedScan &opened, const QList<TableSchema> &objects,
                             ChunkEncoder &encoder)
    : m_objects(objects)
    , m_encoder(encoder)
    , m_storedState(opened.state)
    , m_tables(size_t(objects.size()))
{
    m_commit.scan = opened.uid;
    m_commit.epoch = opened.epoch;
    m_commit.rowsBefore = opened.rowsStored;
    m_commit.rowsBefore.resize(objects.size());
    m_commit.rowsAfter = m_commit.rowsBefore;
    for (qsizetype i = 0; i < objects.size(); ++i)
        startTable(int(i), m_commit.rowsBefore.at(i));
}

void CommitBuilder::startTable(int object, qint64 firstRow)
{
    Table &table = m_tables[size_t(object)];
    table.firstRow = firstRow;
    table.nextRow = firstRow;
    table.columns.clear();
    for (const ColumnSpec &column : m_objects.at(object).columns)
        table.columns.emplace_back(column.type, column.valuesPerRow());
}

Status CommitBuilder::add(SpoolRecord record)
{
    return std::visit(Overloaded{[](SpoolHeader &) { return ok(); },
                                 [this](RowsRecord &rows) {
                                     if (!rows.cursor.isEmpty())
                                         m_cursor = rows.cursor;
                                     return addRows(rows.batch);
                                 },
                                 [this](LogRecord &log) {
                                     if (m_commit.log.isEmpty())
                                         m_commit.logSequence = log.sequence;
                                     m_commit.log.append(std::move(log.entry));
                                     return ok();
                                 },
                                 [this](StateRecord &state) {
                                     m_commit.state = state.state;
                                     return ok();
                                 },
                                 [this](EndRecord &end) {
                                     m_commit.state = end.state;
                                     m_commit.reason = std::move(end.reason);
                                     m_commit.endedUs = end.endedUs;
                                     m_hasEnding = true;
                                     return ok();
                                 },
                                 [this](CursorRecord &cursor) {
                                     m_cursor = std::move(cursor.cursor);
                                     return ok();
                                 },
                                 [this](EndSettingsRecord &end) {
                                     m_commit.endSettings = std::move(end.settings);
                                     return ok();
                                 },
                                 [this](TimingRecord &timing) {
                                     m_commit.timing = std::move(timing.timing);
                                     return ok();
                                 },
                                 [](LaterRecord &) { return ok(); }},
                      record);
}

Status CommitBuilder::addRows(const PointBatch &batch)
{
    const int object = batch.object;
    const qint64 rows = batch.rowCount();
    qint64 row = batch.firstRow;
    const qint64 end = batch.firstRow + rows;
    if (end <= m_tables[size_t(object)].nextRow)
        return ok(); // stored before
    if (row != m_tables[size_t(object)].nextRow) {
        return Error{
            ErrorCode::Conflict,
            QCoreApplication::translate("CommitBuilder",
                                        "\"%1\": the database holds %2 rows, the spool goes on at "
                                        "row %3; keep the spool folder and restore the database")
                .arg(m_objects.at(object).name)
                .arg(m_tables[size_t(object)].nextRow)
                .arg(row)};
    }
    const qint64 perChunk = rowsPerChunk(batch);
    while (row < end) {
        Table &table = m_tables[size_t(object)];
        const qint64 gathered = table.nextRow - table.firstRow;
        if (gathered >= perChunk) {
            flush(object);
            continue;
        }
        const qint64 count = std::min(end - row, perChunk - gathered);
        for (size_t i = 0; i < table.columns.size(); ++i) {
            if (count == rows)
                table.columns[i].append(batch.columns[i]);
            else
                table.columns[i].append(sliceRows(batch.columns[i], row - batch.firstRow, count));
        }
        row += count;
        table.nextRow += count;
    }
    m_rows += rows;
    return ok();
}

void CommitBuilder::flush(int object)
{
    Table &table = m_tables[size_t(object)];
    if (table.nextRow == table.firstRow)
        return;
    for (size_t i = 0; i < table.columns.size(); ++i)
        m_commit.chunks.push_back(
            m_encoder.encode(object, int(i), table.firstRow, table.columns[i]));
    startTable(object, table.nextRow);
}

ScanCommit CommitBuilder::build()
{
    for (qsizetype i = 0; i < m_objects.size(); ++i) {
        flush(int(i));
        m_commit.rowsAfter[i] = m_tables[size_t(i)].nextRow;
    }
    if (!m_cursor.isEmpty())
        m_commit.cursor = QJsonDocument::fromJson(m_cursor).object();
    return std::move(m_commit);
}

} // namespace birch
