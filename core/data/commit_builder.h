#pragma once

#include "core/data/chunk_codec.h"
#include "core/data/spool_format.h"

namespace birch {

/// Gathers spool records into one ScanCommit. Rows that the database has already are left out, so
/// the same records may be given again after a lost answer or a kill.
class CommitBuilder
{
public:
    /// \a opened: rows, epoch and state as stored. \a objects and \a encoder outlive this.
    CommitBuilder(const OpenedScan &opened, const QList<TableSchema> &objects,
                  ChunkEncoder &encoder);

    /// Errors: Conflict - rows are missing between what is stored and this record.
    Status add(SpoolRecord record);
    /// Rows added that are new.
    qint64 rows() const { return m_rows; }
    bool hasEnding() const { return m_hasEnding; }
    ScanState state() const { return m_commit.state.value_or(m_storedState); }
    ScanCommit &commit() { return m_commit; }
    /// Turns the rows into chunks; nothing may be added after it.
    ScanCommit build();

private:
    struct Table {
        qint64 firstRow = 0; ///< of what is gathered
        qint64 nextRow = 0;
        std::vector<ColumnValues> columns;
    };
    Status addRows(const PointBatch &batch);
    void flush(int object);
    void startTable(int object, qint64 firstRow);

    const QList<TableSchema> &m_objects;
    ChunkEncoder &m_encoder;
    ScanState m_storedState;
    ScanCommit m_commit;
    std::vector<Table> m_tables;
    QByteArray m_cursor;
    qint64 m_rows = 0;
    bool m_hasEnding = false;
};

} // namespace birch
