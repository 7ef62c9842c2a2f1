#include "core/store/sql_run_store.h"

#include "core/base/id.h"
#include "core/store/commit_check.h"
#include "core/store/scan_events.h"
#include "core/store/scan_insert.h"
#include "core/store/settings_repository.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <numeric>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QVariant nullText()
{
    return QVariant(QMetaType::fromType<QString>());
}
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
    auto transaction = WriteTransaction::begin(*m_connection);
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

Status SqlRunStore::commit(const ScanCommit &commit)
{
    if (Status may = mayRun(); !may)
        return may.error();
    auto scan = cached(commit.scan);
    if (!scan)
        return scan.error();
    Status done = commitInto(*scan.value(), commit);
    if (!done) {
        const QString scanId = scan.value()->scanId;
        m_scans.erase(commit.scan);
        m_compactor.forget();
        return done.error().within(tr("Storing scan %1").arg(scanId));
    }
    if (commit.state && (isFinal(*commit.state) || *commit.state == ScanState::Interrupted)) {
        m_scans.erase(commit.scan);
        m_compactor.forget(); // of scans that still run it is read again
    }
    return ok();
}

Status SqlRunStore::commitInto(StoredScan &scan, const ScanCommit &commit)
{
    if (Status fits = checkCommit(scan, commit); !fits)
        return fits;
    // The spool gives rows again that a crash of the server takes back, but nothing else.
    const bool isDurable = commit.isDurable || commit.state.has_value() || !commit.log.isEmpty();
    auto transaction =
        WriteTransaction::begin(*m_connection, isDurable ? Durability::Full : Durability::Relaxed);
    if (!transaction)
        return transaction.error();
    if (Status owned = checkOwner(scan, commit); !owned)
        return owned;
    const auto isNew = claimRows(scan, commit);
    if (!isNew)
        return isNew.error();
    if (isNew.value()) {
        if (Status done = insertChunks(scan, commit); !done)
            return done;
        if (Status done = updateOverviews(scan, commit); !done)
            return done;
    }
    if (Status done = updateScan(scan, commit); !done)
        return done;
    if (Status done = insertLog(scan, commit); !done)
        return done;
    if (Status done = transaction.value().commit(); !done)
        return done;
    for (size_t i = 0; i < scan.objects.size(); ++i)
        scan.objects[i].rowsStored = commit.rowsAfter[qsizetype(i)];
    return ok();
}

Status SqlRunStore::checkOwner(StoredScan &scan, const ScanCommit &commit)
{
    const auto row = m_connection->firstRow(u"SELECT epoch, state FROM scans WHERE id = ?"_s +
                                                m_connection->dialect().forUpdate(),
                                            {scan.id});
    if (!row)
        return row.error();
    if (!row.value() || row.value()->at(0).toInt() != commit.epoch)
        return Error{ErrorCode::Conflict,
                     tr("another program has taken the scan over: nothing was stored; close this "
                        "one, its rows stay in the spool")};
    const auto state = scanStateFromName(row.value()->at(1).toString());
    if (!state)
        return Error{ErrorCode::Storage, tr("its state is unknown to this program: install the "
                                            "newer Birch")};
    scan.state = *state;
    return ok();
}

Result<bool> SqlRunStore::claimRows(const StoredScan &scan, const ScanCommit &commit)
{
    for (size_t i = 0; i < scan.objects.size(); ++i) {
        const qint64 before = commit.rowsBefore[qsizetype(i)];
        const qint64 after = commit.rowsAfter[qsizetype(i)];
        if (before == after)
            continue;
        const auto changed = m_connection->executeCounting(
            u"UPDATE measurement_objects SET rows_stored = ? WHERE id = ? AND rows_stored = ?"_s,
            {after, scan.objects[i].id, before});
        if (!changed)
            return changed.error();
        if (changed.value() == 1)
            continue;
        const auto stored = loadObjects(*m_connection, scan.id);
        if (!stored)
            return stored.error();
        if (i == 0 ||
            commit.rowsBefore.first(qsizetype(i)) == commit.rowsAfter.first(qsizetype(i))) {
            if (holdsRows(stored.value(), commit.rowsAfter))
                return false;
        }
        return Error{
            ErrorCode::Conflict,
            tr("%1 holds %2 rows where %3 were expected: nothing was stored; its rows stay "
               "in the spool")
                .arg(scan.objects[i].schema.name)
                .arg(stored.value()[i].rowsStored)
                .arg(before)};
    }
    return true;
}

Status SqlRunStore::insertChunks(const StoredScan &scan, const ScanCommit &commit)
{
    for (const Chunk &chunk : commit.chunks) {
        const StoredObject &object = scan.objects[size_t(chunk.object)];
        if (Status done = m_chunks.insert(object.id, scan.labId, chunk); !done)
            return done;
        if (Status done = m_compactor.added(object, scan.labId, chunk); !done)
            return done;
    }
    return ok();
}

Status SqlRunStore::updateOverviews(const StoredScan &scan, const ScanCommit &commit)
{
    const bool isEnd =
        commit.state && (isFinal(*commit.state) || *commit.state == ScanState::Interrupted);
    for (size_t i = 0; i < scan.objects.size(); ++i) {
        StoredObject object = scan.objects[i];
        object.rowsStored = commit.rowsAfter[qsizetype(i)];
        if (Status done = m_overviews.update(object, scan.labId, commit.rowsBefore[qsizetype(i)],
                                             object.rowsStored, isEnd);
            !done)
            return done;
    }
    return ok();
}

Status SqlRunStore::updateScan(const StoredScan &scan, const ScanCommit &commit)
{
    if (Status may = checkTransition(scan, commit); !may)
        return may;
    const qint64 points =
        std::accumulate(commit.rowsAfter.begin(), commit.rowsAfter.end(), qint64(0));
    const bool isStateNew = commit.state && *commit.state != scan.state;
    const auto changed = m_connection->executeCounting(
        u"UPDATE scans SET points = ?, position_cursor = coalesce(?, position_cursor), "
        "state = coalesce(?, state), reason = coalesce(?, reason), "
        "ended_at = coalesce(?, ended_at), updated_at = coalesce(?, updated_at) "
        "WHERE id = ? AND epoch = ?"_s,
        {points, commit.cursor.isEmpty() ? nullText() : QVariant(jsonText(commit.cursor)),
         isStateNew ? QVariant(scanStateName(*commit.state)) : nullText(),
         commit.reason.isEmpty() ? nullText() : QVariant(commit.reason),
         commit.endedUs ? QVariant(*commit.endedUs) : QVariant(QMetaType::fromType<qint64>()),
         isStateNew ? QVariant(nowUs()) : QVariant(QMetaType::fromType<qint64>()), scan.id,
         commit.epoch});
    if (!changed)
        return changed.error();
    if (changed.value() != 1)
        return Error{ErrorCode::Conflict, tr("another program has taken the scan over: nothing was "
                                             "stored; its rows stay in the spool")};
    return isStateNew ? auditScanState(*m_connection, m_session, scan, *commit.state) : ok();
}

Status SqlRunStore::insertLog(const StoredScan &scan, const ScanCommit &commit)
{
    qint64 sequence = commit.logSequence;
    for (const ScanLogEntry &entry : commit.log) {
        if (Status done = m_connection->execute(
                u"INSERT INTO scan_logs (scan_id, epoch, sequence, logged_at_ns, level, message) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (scan_id, epoch, sequence) DO NOTHING"_s,
                {scan.id, commit.epoch, sequence++, entry.timeNs, entry.level, entry.message});
            !done)
            return done;
    }
    return ok();
}

} // namespace birch
