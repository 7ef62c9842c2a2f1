#include "core/store/commit_check.h"
#include "core/store/queue_settle.h"
#include "core/store/scan_events.h"
#include "core/store/sql_run_store.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"
#include "core/store/timing_table.h"
#include "core/store/write_transaction.h"

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QVariant nullText()
{
    return QVariant(QMetaType::fromType<QString>());
}
} // namespace

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
    const bool isDurable = commit.isDurable || commit.state.has_value() || !commit.log.isEmpty() ||
                           !commit.endSettings.isEmpty();
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
    if (Status done = updateDocuments(scan, commit); !done)
        return done;
    if (Status done = insertLog(scan, commit); !done)
        return done;
    if (commit.timing) {
        if (Status done = storeTiming(*m_connection, scan.id, commit.epoch, *commit.timing); !done)
            return done;
    }
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
    std::vector<ChunkWriter::Place> places;
    for (const Chunk &chunk : commit.chunks)
        places.push_back({scan.objects[size_t(chunk.object)].id, scan.labId});
    if (Status done = m_chunks.insert(places, commit.chunks); !done)
        return done;
    for (const Chunk &chunk : commit.chunks) {
        const StoredObject &object = scan.objects[size_t(chunk.object)];
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
        std::vector<Chunk> added;
        std::copy_if(commit.chunks.begin(), commit.chunks.end(), std::back_inserter(added),
                     [i](const Chunk &chunk) { return size_t(chunk.object) == i; });
        if (Status done = m_overviews.update(
                {object, scan.labId, commit.rowsBefore[qsizetype(i)], added}, isEnd);
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
    if (!isStateNew)
        return ok();
    if (Status done = auditScanState(*m_connection, m_session, scan, *commit.state); !done)
        return done;
    return settleQueueItem(*m_connection, m_session, scan.id, *commit.state, commit.reason);
}

Status SqlRunStore::updateDocuments(const StoredScan &scan, const ScanCommit &commit)
{
    if (commit.endSettings.isEmpty())
        return ok();
    return m_connection->execute(u"UPDATE scan_documents SET end_settings = ? WHERE scan_id = ?"_s,
                                 {jsonText(commit.endSettings), scan.id});
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
