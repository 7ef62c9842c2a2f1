// Claims whose stations have died.
#include "core/base/id.h"
#include "core/store/queue_claims.h"
#include "core/store/queue_repository.h"
#include "core/store/queue_settle.h"
#include "core/store/scan_events.h"
#include "core/store/store_json.h"
#include "core/store/stored_scan.h"
#include "core/store/write_transaction.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Rows that each object had when the scan was taken from its station, by the epoch that is over:
/// what comes from there later lies behind them.
Status noteTakeover(Connection &connection, const StoredScan &scan)
{
    const auto row = connection.firstRow(u"SELECT extra_data FROM scans WHERE id = ?"_s, {scan.id});
    if (!row)
        return row.error();
    QJsonObject extra = jsonObject(row.value()->first().toString());
    QJsonArray rows;
    for (const StoredObject &object : scan.objects)
        rows.append(object.rowsStored);
    QJsonObject takeovers = extra[u"takeovers"_s].toObject();
    takeovers.insert(QString::number(scan.epoch), rows);
    extra.insert(u"takeovers"_s, takeovers);
    return connection.execute(u"UPDATE scans SET extra_data = ? WHERE id = ?"_s,
                              {jsonText(extra), scan.id});
}

/// False: somebody writes to the scan at this moment, so its station is not dead, or not yet.
Result<bool> lockScanOf(Connection &connection, const QUuid &item)
{
    const auto locked = connection.firstRow(
        u"SELECT id FROM scans WHERE id = (SELECT scan_id FROM queue_items WHERE uid = ?)"_s +
            (connection.dialect().isPostgres() ? u" FOR UPDATE SKIP LOCKED"_s : u""_s),
        {uidText(item)});
    if (!locked)
        return locked.error();
    if (locked.value())
        return true;
    const auto scan = connection.firstRow(
        u"SELECT 1 FROM queue_items WHERE uid = ? AND scan_id IS NOT NULL"_s, {uidText(item)});
    if (!scan)
        return scan.error();
    return !scan.value();
}
} // namespace

Result<int> QueueClaims::recover(const Session &session, const QueueClaimer &claimer,
                                 const std::function<bool(const QString &)> &isGone)
{
    const auto now = serverNow(m_connection);
    if (!now)
        return now.error();
    struct Candidate {
        QUuid uid;
        qint64 leaseUntil = 0;
        QString station;
        QString process;
    };
    QList<Candidate> candidates;
    if (Status read = m_connection.select(
            u"SELECT i.uid, i.lease_until, st.name, i.claimed_process FROM queue_items i "
            "JOIN stations st ON st.id = i.claimed_by_id WHERE i.state = 'claimed' "
            "AND (i.lease_until < ? OR st.name = ?)"_s,
            {now.value(), claimer.station},
            [&candidates](const SqlRow &row) {
                candidates.append(
                    {QUuid::fromString(row.text(0)), row.integer(1), row.text(2), row.text(3)});
            });
        !read)
        return read.error();
    int taken = 0;
    for (const Candidate &candidate : std::as_const(candidates)) {
        const bool hasDied = candidate.station == claimer.station &&
                             candidate.process != claimer.process && isGone &&
                             isGone(candidate.process);
        if (candidate.leaseUntil >= now.value() && !hasDied)
            continue;
        auto transaction = WriteTransaction::begin(m_connection);
        if (!transaction)
            return transaction.error();
        // As it is now: its station may have beaten meanwhile, or somebody else was faster. The
        // scan before its item, as a commit that ends it takes them.
        const auto locked = lockScanOf(m_connection, candidate.uid);
        if (!locked)
            return locked.error();
        if (!locked.value())
            continue;
        const auto row = m_connection.firstRow(
            u"SELECT lease_until FROM queue_items WHERE uid = ? AND state = 'claimed' AND "
            "claimed_process = ?"_s +
                (m_connection.dialect().isPostgres() ? u" FOR UPDATE SKIP LOCKED"_s : u""_s),
            {uidText(candidate.uid), candidate.process});
        if (!row)
            return row.error();
        if (!row.value() || (row.value()->first().toLongLong() >= now.value() && !hasDied))
            continue;
        const auto item = QueueItemRepository(m_connection).get(session, candidate.uid);
        if (!item)
            return item.error();
        if (Status done = takeBack(session, {item.value(), now.value() + claimer.grace.count()});
            !done)
            return done.error();
        if (Status done = transaction.value().commit(); !done)
            return done.error();
        ++taken;
    }
    return taken;
}

Status QueueClaims::takeBack(const Session &session, const Lost &lost)
{
    const StoredQueueItem &item = lost.item;
    if (item.scan.isNull())
        return giveBack(session, {item});
    auto scan = loadScan(m_connection, item.scan);
    if (!scan)
        return scan.error();
    const ScanState state = scan.value().state;
    if (state == ScanState::Running || state == ScanState::Paused) {
        const QString reason =
            tr("Station %1 has not been heard of any more; its scan can be continued")
                .arg(item.claimedBy);
        const auto taken = m_connection.executeCounting(
            u"UPDATE scans SET epoch = epoch + 1, state = 'interrupted', reason = ?, ended_at = ?, "
            "updated_at = ?, updated_by = ? WHERE id = ? AND epoch = ? "
            "AND state IN ('running', 'paused')"_s,
            {reason, *item.leaseUntil, *item.leaseUntil, session.user, scan.value().id,
             scan.value().epoch});
        if (!taken)
            return taken.error();
        if (taken.value() != 1)
            return ok(); // its station writes again: the next look decides
        if (Status done = noteTakeover(m_connection, scan.value()); !done)
            return done;
        if (Status done =
                auditScanState(m_connection, session, scan.value(), ScanState::Interrupted);
            !done)
            return done;
        if (Status done = settleQueueItem(m_connection, session, scan.value().id,
                                          ScanState::Interrupted, reason);
            !done)
            return done;
    } else if (Status done = settleQueueItem(m_connection, session, scan.value().id, state, {});
               !done) { // it had ended, or been recovered, without a word of the item
        return done;
    }
    return m_connection.execute(
        u"UPDATE queue_items SET epoch = epoch + 1, held_until = CASE WHEN held_until IS NULL "
        "THEN held_until ELSE ? END WHERE id = ?"_s,
        {lost.graceUntil, item.id});
}

Status QueueClaims::declineToContinue(const Session &session, const QueueClaim &claim,
                                      const QString &reason)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    if (Status done = giveBack(session, claim, reason); !done)
        return done;
    const auto now = serverNow(m_connection);
    if (!now)
        return now.error();
    // Not the next claim of this station again.
    constexpr std::chrono::microseconds kPause = std::chrono::minutes(10);
    if (Status done = m_connection.execute(
            u"UPDATE queue_items SET held_for_id = NULL, held_until = ? WHERE uid = ? AND "
            "state = 'queued' AND epoch = ?"_s,
            {now.value() + kPause.count(), uidText(claim.uid()), claim.epoch() + 1});
        !done)
        return done;
    return transaction.value().commit();
}

} // namespace birch
