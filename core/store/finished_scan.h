#pragma once

#include "core/data/chunk_codec.h"
#include "core/store/chunk_writer.h"
#include "core/store/overview_writer.h"
#include "core/store/session.h"
#include "core/store/stored_scan.h"

namespace birch {

/// A scan that was made elsewhere and is over: by another program, or in a file of data.
struct FinishedScan {
    QUuid uid;
    QString scanId; ///< human id; unique
    qint64 labRow = 0;
    qint64 stationRow = 0;
    QVariant projectRow; ///< invalid: none
    QVariant sampleRow;
    QVariant queueRow;
    int queuePosition = 0;
    ScanState state = ScanState::Completed;
    QString reason;
    ScanDetails details; ///< sample and project are taken from the rows
    qint64 startedUs = 0;
    std::optional<qint64> endedUs;
    QString softwareVersion;
    QJsonObject extraData;
    QList<TableSchema> objects;
    QStringList objectUids; ///< one per object
    qint64 createdUs = 0;
    QString createdBy;
    qint64 updatedUs = 0;
    std::optional<qint64> trashedUs;
    std::optional<qint64> archivedUs;
};

/// Stores one finished scan with its rows, inside the caller's transaction: the same chunks and
/// overview as of one that was recorded here. Belongs to the connection's thread; after an error
/// the transaction must be rolled back.
class FinishedScanWriter
{
public:
    explicit FinishedScanWriter(Connection &connection)
        : m_connection(connection)
        , m_chunks(connection)
        , m_overviews(connection)
    {
    }

    /// Errors: Denied; BadInput - a column that can not be stored; Conflict - the id is taken.
    Status begin(const Session &session, const FinishedScan &scan);
    /// More rows of an object, one ColumnValues per column, all of one length. At most
    /// rowsPerChunk() of them.
    Status append(int object, const std::vector<ColumnValues> &columns);
    /// Row counts, overview, log. Nothing may be appended after it.
    Status finish(const Session &session, const QList<ScanLogEntry> &log);

    /// How many rows of \a schema to give at once.
    static qint64 rowsPerChunk(const TableSchema &schema);

private:
    Status insertRow(const Session &session, const FinishedScan &scan);
    Status insertObjects(const FinishedScan &scan);

    Connection &m_connection;
    ChunkWriter m_chunks;
    OverviewWriter m_overviews;
    ChunkEncoder m_encoder;
    StoredScan m_scan;
};

} // namespace birch
