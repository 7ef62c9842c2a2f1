#include "core/store/queue_claims.h"

#include "core/base/id.h"
#include "core/store/queue_repository.h"
#include "core/store/queue_settle.h"
#include "core/store/scan_events.h"
#include "core/store/scan_place.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
bool comesBefore(const StoredQueueItem &a, const StoredQueueItem &b)
{
    if (a.turn != b.turn)
        return a.turn < b.turn;
    if (a.asked.priority != b.asked.priority)
        return a.asked.priority > b.asked.priority;
    // Between queues the one that the server has put first stays.
    return a.queue == b.queue && a.position < b.position;
}

QString instrumentsText(const QList<RequiredInstrument> &instruments)
{
    QJsonArray list;
    for (const RequiredInstrument &has : instruments)
        list.append(QJsonObject{{u"nickname"_s, has.nickname},
                                {u"definition"_s, has.definition},
                                {u"identity"_s, has.identity}});
    return jsonText(list);
}
} // namespace

Result<qint64> QueueClaims::serverNow(Connection &connection)
{
    if (!connection.dialect().isPostgres())
        return nowUs(); // the file is on this computer
    const auto row =
        connection.firstRow(u"SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"_s);
    if (!row)
        return row.error();
    return row.value()->first().toLongLong();
}

Result<std::optional<QueueClaim>> QueueClaims::lease(const Session &session,
                                                     const QueueClaimer &claimer,
                                                     StoredQueueItem item, qint64 now)
{
    const auto station = stationRow(m_connection, session, claimer.station);
    if (!station)
        return station.error();
    // Only an interrupted scan goes on; a repeat and a retry are scans of their own.
    const bool isContinued = item.isContinued();
    const qint64 until = now + claimer.lease.count();
    if (Status done = m_connection.execute(
            u"UPDATE queue_items SET state = 'claimed', claimed_by_id = ?, claimed_process = ?, "
            "lease_until = ?, epoch = epoch + 1, request = '', held_for_id = NULL, "
            "held_until = NULL%1, updated_at = ?, updated_by = ? WHERE id = ?"_s.arg(
                isContinued ? QString() : u", scan_id = NULL"_s),
            {station.value(), claimer.process, until, now, session.user, item.id});
        !done)
        return done.error();
    if (!isContinued)
        item.scan = {};
    ++item.epoch;
    item.leaseUntil = until;
    item.claimedBy = claimer.station;
    item.claimedProcess = claimer.process;
    return std::optional(QueueClaim{std::move(item)}); // its state says whether it goes on
}

Result<std::optional<QueueClaim>> QueueClaims::claim(const Session &session,
                                                     const QueueClaimer &claimer)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto now = serverNow(m_connection);
    if (!now)
        return now.error();
    auto next =
        QueueItemRepository(m_connection)
            .nextFor(session, claimer.station, claimer.instruments, now.value(), claimer.queues);
    if (!next)
        return next.error();
    if (!next.value())
        return std::optional<QueueClaim>();
    auto claim = lease(session, claimer, *std::move(next).value(), now.value());
    if (!claim)
        return claim;
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return claim;
}

Result<std::optional<QueueClaim>> QueueClaims::claimBetter(const Session &session,
                                                           const QueueClaimer &claimer,
                                                           const QueueClaim &held)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    QueueItemRepository items(m_connection);
    const auto mine = items.get(session, held.uid());
    if (!mine && mine.error().code != ErrorCode::NotFound)
        return mine.error();
    if (!mine || mine.value().epoch != held.epoch() ||
        mine.value().state != QueueItemState::Claimed)
        return Error{ErrorCode::Conflict,
                     tr("%1 was changed or removed: claim what is next").arg(held.item.asked.name)};
    const auto now = serverNow(m_connection);
    if (!now)
        return now.error();
    auto next =
        items.nextFor(session, claimer.station, claimer.instruments, now.value(), claimer.queues);
    if (!next)
        return next.error();
    if (!next.value() || mine.value().isBegun() || !comesBefore(*next.value(), mine.value()))
        return std::optional<QueueClaim>();
    if (Status done = giveBack(session, held); !done)
        return done.error();
    auto claim = lease(session, claimer, *std::move(next).value(), now.value());
    if (!claim)
        return claim;
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return claim;
}

Result<QList<QUuid>> QueueClaims::beat(const Session &session, const QueueClaimer &claimer,
                                       const QList<QueueClaim> &held)
{
    auto transaction = WriteTransaction::begin(m_connection, Durability::Relaxed);
    if (!transaction)
        return transaction.error();
    const auto now = serverNow(m_connection);
    if (!now)
        return now.error();
    const auto station = stationRow(m_connection, session, claimer.station);
    if (!station)
        return station.error();
    if (Status done = m_connection.execute(
            u"INSERT INTO station_beats (station_id, process, seen_at, instruments) "
            "VALUES (?, ?, ?, ?) ON CONFLICT (station_id, process) DO UPDATE SET "
            "seen_at = excluded.seen_at, instruments = excluded.instruments"_s,
            {station.value(), claimer.process, now.value(), instrumentsText(claimer.instruments)});
        !done)
        return done.error();
    QList<QUuid> lost;
    for (const QueueClaim &claim : held) {
        const auto kept = m_connection.executeCounting(
            u"UPDATE queue_items SET lease_until = ? WHERE uid = ? AND epoch = ? "
            "AND state = 'claimed'"_s,
            {now.value() + claimer.lease.count(), uidText(claim.uid()), claim.epoch()});
        if (!kept)
            return kept.error();
        if (kept.value() != 1)
            lost << claim.uid();
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return lost;
}

Status QueueClaims::giveBack(const Session &session, const QueueClaim &claim, const QString &reason,
                             bool isOver)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto given = m_connection.executeCounting(
        u"UPDATE queue_items SET state = ?, claimed_by_id = NULL, lease_until = NULL, "
        "claimed_process = '', request = '', reason = ?, epoch = epoch + 1, updated_at = ?, "
        "updated_by = ? WHERE uid = ? AND epoch = ? AND state = 'claimed'"_s,
        {queueItemStateName(isOver ? QueueItemState::Failed : QueueItemState::Queued), reason,
         nowUs(), session.user, uidText(claim.uid()), claim.epoch()});
    if (!given)
        return given.error();
    if (given.value() == 1 && !reason.isEmpty()) {
        const auto queue = m_connection.firstRow(u"SELECT id FROM queues WHERE uid = ?"_s,
                                                 {uidText(claim.item.queue)});
        if (!queue)
            return queue.error();
        if (Status done = logQueue(m_connection, queue.value()->first().toLongLong(), u"error"_s,
                                   claim.item.asked.name + u": "_s + reason);
            !done)
            return done;
    }
    return transaction.value().commit();
}

Status QueueClaims::leave(const Session &session, const QueueClaimer &claimer)
{
    const auto station = stationRow(m_connection, session, claimer.station);
    if (!station)
        return station.error();
    return m_connection.execute(u"DELETE FROM station_beats WHERE station_id = ? AND process = ?"_s,
                                {station.value(), claimer.process});
}

} // namespace birch
