#pragma once

#include "core/data/run_store.h"
#include "core/store/chunk_compactor.h"
#include "core/store/chunk_writer.h"
#include "core/store/database.h"
#include "core/store/overview_writer.h"
#include "core/store/session.h"
#include "core/store/stored_scan.h"

#include <map>

namespace birch {

/// Runs in SQLite or PostgreSQL. Belongs to the thread that opened it; after NotConnected it is
/// of no more use: open another one.
///
/// A commit whose answer was lost may be given again: rows that are there already are recognised by
/// epoch and row counts, and nothing is stored twice.
class SqlRunStore final : public RunStore
{
    Q_DECLARE_TR_FUNCTIONS(SqlRunStore)
public:
    /// \a database must outlive it. \a station: whose queues.
    static Result<std::unique_ptr<SqlRunStore>>
    open(const Database &database, const QString &userName, const QString &station);

    QUuid databaseUid() const override { return m_databaseUid; }
    Result<OpenedScan> createScan(const NewScan &scan) override;
    Result<OpenedScan> continueScan(const QUuid &scan) override;
    Result<OpenedScan> openForRecovery(const QUuid &scan) override;
    Status commit(const ScanCommit &commit) override;
    Result<QList<qint64>> rowsAtTakeover(const QUuid &scan, int epoch) override;
    Result<SideRows> openSide(const QUuid &scan, int epoch, const QString &station) override;
    Status commitSide(const ScanCommit &commit, const SideRows &side) override;
    Status makeDurable(const QUuid &scan) override;
    Result<QUuid> createQueue(const QString &name, const QString &mode) override;
    Status setQueueState(const QUuid &queue, QueueState state) override;


    const Session &session() const { return m_session; }

private:
    SqlRunStore(std::unique_ptr<Connection> connection, Session session, QUuid databaseUid,
                QString station);
    /// Rights as they are now. Errors: Denied. Not asked for each commit: a scan that was begun is
    /// recorded to its end.
    Status mayRun();
    Status mayEdit(const QString &table, qint64 row, const QString &what);
    OpenedScan opened(const StoredScan &scan) const;
    Result<StoredScan *> cached(const QUuid &uid);
    Status commitInto(StoredScan &scan, const ScanCommit &commit);
    Status checkOwner(StoredScan &scan, const ScanCommit &commit);
    /// False: the rows are there already, the answer to them was lost.
    Result<bool> claimRows(const StoredScan &scan, const ScanCommit &commit);
    Status insertChunks(const StoredScan &scan, const ScanCommit &commit);
    Status updateOverviews(const StoredScan &scan, const ScanCommit &commit);
    Status updateScan(const StoredScan &scan, const ScanCommit &commit);
    /// Tables that hold rows of \a epoch which came too late.
    Result<std::vector<StoredObject>> sideObjects(const StoredScan &scan, int epoch);
    Status updateDocuments(const StoredScan &scan, const ScanCommit &commit);
    Status insertLog(const StoredScan &scan, const ScanCommit &commit);

    std::unique_ptr<Connection> m_connection;
    Session m_session;
    QUuid m_databaseUid;
    QString m_station;
    ChunkWriter m_chunks;
    ChunkCompactor m_compactor;
    OverviewWriter m_overviews;
    std::map<QUuid, StoredScan> m_scans; ///< that are being written; forgotten after an error
};

} // namespace birch
