#include "core/store/sql_run_store.h"

#include "core/base/id.h"
#include "core/store/queue_settle.h"
#include "core/store/scan_events.h"
#include "core/store/scan_insert.h"
#include "core/store/settings_repository.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// A commit that takes longer is given again: scans that wait for the store thread go on meanwhile.
ServerAccess::Milliseconds limitFor(const DatabaseUrl &url)
{
    constexpr ServerAccess::Milliseconds kLongest{30'000};
    const ServerAccess::Milliseconds limit = url.access().statementTimeout;
    return limit.count() > 0 ? std::min(limit, kLongest) : kLongest;
}
} // namespace

SqlRunStore::SqlRunStore(std::unique_ptr<Connection> connection, Session session, QUuid databaseUid,
                         QString station)
    : m_connection(std::move(connection))
    , m_session(std::move(session))
    , m_databaseUid(databaseUid)
    , m_station(std::move(station))
    , m_chunks(*m_connection)
    , m_compactor(*m_connection, m_chunks)
    , m_overviews(*m_connection)
{
}

Result<std::unique_ptr<SqlRunStore>>
SqlRunStore::open(const Database &database, const QString &userName, const QString &station)
{
    auto connection = database.connect();
    if (!connection)
        return connection.error();
    if (Status limited = connection.value()->limitStatements(limitFor(database.url())); !limited)
        return limited.error();
    // A station that stands still amid a commit keeps its scan locked from those who take it over.
    if (connection.value()->dialect().isPostgres()) {
        if (Status bounded =
                connection.value()->script(u"SET idle_in_transaction_session_timeout = '20s'"_s);
            !bounded)
            return bounded.error();
    }
    auto session = openSession(*connection.value(), userName);
    if (!session)
        return session.error();
    session.value().station = station;
    return std::unique_ptr<SqlRunStore>(new SqlRunStore(
        std::move(connection).value(), std::move(session).value(), database.uid(), station));
}

OpenedScan SqlRunStore::opened(const StoredScan &scan) const
{
    OpenedScan result;
    result.uid = scan.uid;
    result.scanId = scan.scanId;
    result.databaseUid = m_databaseUid;
    result.epoch = scan.epoch;
    result.state = scan.state;
    result.cursor = scan.cursor;
    for (const StoredObject &object : scan.objects)
        result.rowsStored.append(object.rowsStored);
    return result;
}

Result<OpenedScan> SqlRunStore::createScan(const NewScan &scan)
{
    if (Status may = mayRun(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(*m_connection, Durability::Relaxed);
    if (!transaction)
        return transaction.error();
    auto existing = loadScan(*m_connection, scan.uid);
    if (existing && existing.value().epoch == 1 && existing.value().state == ScanState::Running)
        return opened(existing.value()); // made before the answer was lost
    if (existing || existing.error().code != ErrorCode::NotFound)
        return existing
                   ? Error{ErrorCode::Conflict, tr("Scan %1 has run already: start it as a new one")
                                                    .arg(existing.value().scanId)}
                   : existing.error();
    auto made = insertScan(*m_connection, m_session, scan);
    if (!made)
        return made.error().within(tr("Starting the scan in the database"));
    if (!scan.queueItem.isNull()) {
        const Status begun =
            beginQueueItem(*m_connection, scan.queueItem, scan.queueItemEpoch, made.value().id);
        // What was recorded while the database was away is kept, whoever has its turn now.
        if (!begun && !(scan.isLate && begun.error().code == ErrorCode::Conflict))
            return begun.error();
    }
    if (Status done = auditScan(*m_connection, m_session, made.value(), EventAction::Started,
                                {{u"points_planned"_s, scan.pointsPlanned}});
        !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error().within(tr("Starting the scan in the database"));
    const OpenedScan result = opened(made.value());
    m_scans.insert_or_assign(scan.uid, std::move(made).value());
    return result;
}

Status SqlRunStore::makeDurable(const QUuid &scan)
{
    // One durable commit takes everything before it along.
    auto transaction = WriteTransaction::begin(*m_connection, Durability::Full);
    if (!transaction)
        return transaction.error();
    if (Status done = m_connection->execute(
            u"UPDATE scans SET updated_at = updated_at WHERE uid = ?"_s, {uidText(scan)});
        !done)
        return done;
    return transaction.value().commit();
}

Result<OpenedScan> SqlRunStore::continueScan(const QUuid &uid)
{
    if (Status may = mayRun(); !may)
        return may.error();
    m_scans.erase(uid);
    m_compactor.forget(); // another process may have written meanwhile
    auto transaction = WriteTransaction::begin(*m_connection);
    if (!transaction)
        return transaction.error();
    auto scan = loadScan(*m_connection, uid);
    if (!scan)
        return scan.error();
    if (Status may = mayEdit(u"scans"_s, scan.value().id, scan.value().scanId); !may)
        return may.error();
    if (scan.value().state != ScanState::Interrupted)
        return Error{ErrorCode::Conflict,
                     tr("Scan %1 is %2, not interrupted: only an interrupted scan can be continued")
                         .arg(scan.value().scanId, scanStateName(scan.value().state))};
    const auto taken = m_connection->executeCounting(
        u"UPDATE scans SET epoch = epoch + 1, state = 'running', reason = '', ended_at = NULL, "
        "updated_at = ?, updated_by = ? WHERE id = ? AND state = 'interrupted' AND epoch = ?"_s,
        {nowUs(), m_session.user, scan.value().id, scan.value().epoch});
    if (!taken)
        return taken.error();
    if (taken.value() != 1)
        return Error{ErrorCode::Conflict,
                     tr("Somebody else continues scan %1 already: see birchctl scans --active")
                         .arg(scan.value().scanId)};
    if (Status done = auditScan(*m_connection, m_session, scan.value(), EventAction::Continued,
                                {{u"epoch"_s, scan.value().epoch + 1}});
        !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    ++scan.value().epoch;
    scan.value().state = ScanState::Running;
    return opened(m_scans.insert_or_assign(uid, std::move(scan).value()).first->second);
}

Result<OpenedScan> SqlRunStore::openForRecovery(const QUuid &uid)
{
    m_scans.erase(uid);
    m_compactor.forget();
    auto scan = loadScan(*m_connection, uid);
    if (!scan)
        return scan.error();
    return opened(m_scans.insert_or_assign(uid, std::move(scan).value()).first->second);
}

Result<StoredScan *> SqlRunStore::cached(const QUuid &uid)
{
    if (const auto found = m_scans.find(uid); found != m_scans.end())
        return &found->second;
    auto scan = loadScan(*m_connection, uid);
    if (!scan)
        return scan.error();
    return &m_scans.insert_or_assign(uid, std::move(scan).value()).first->second;
}

} // namespace birch
