#include "core/store/queue_settle.h"

#include "core/base/id.h"
#include "core/store/queue_claims.h"
#include "core/store/queue_repository.h"
#include "core/store/scan_events.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("QueueSettle", text);
}

/// The item of a scan with what decides about it.
struct Settled {
    qint64 item = 0;
    qint64 queue = 0;
    QString name;
    QVariant station;
    int repeats = 1;
    int repeatsDone = 0;
    QueueTurn turn = QueueTurn::InOrder;
    QueueSettings settings;
    QUuid scanUid;
    QString scanId;
};

Result<std::optional<Settled>> itemOf(Connection &connection, qint64 scanRow)
{
    std::optional<Settled> found;
    const Status read = connection.select(
        u"SELECT i.id, i.queue_id, i.name, i.claimed_by_id, i.repeats, i.repeats_done, i.turn, "
        "q.settings, s.uid, s.scan_id FROM queue_items i "
        "JOIN queues q ON q.id = i.queue_id JOIN scans s ON s.id = i.scan_id "
        "WHERE i.scan_id = ? AND i.state IN ('queued', 'claimed')"_s,
        {scanRow}, [&found](const SqlRow &row) {
            Settled item;
            item.item = row.integer(0);
            item.queue = row.integer(1);
            item.name = row.text(2);
            item.station = row.value(3);
            item.repeats = int(row.integer(4));
            item.repeatsDone = int(row.integer(5));
            item.turn = QueueTurn(row.integer(6));
            item.settings = QueueSettings::fromJson(jsonObject(row.text(7)));
            item.scanUid = QUuid::fromString(row.text(8));
            item.scanId = row.text(9);
            found = item;
        });
    if (!read)
        return read.error();
    return found;
}

/// What an item becomes.
struct Outcome {
    QueueItemState state = QueueItemState::Completed;
    QueueTurn turn = QueueTurn::InOrder;
    int repeatsDone = 0;
    bool keepsScan = true;
    bool isHeld = false; ///< for the station that ran it
};

Outcome outcomeOf(const Settled &item, ScanState state)
{
    Outcome outcome{QueueItemState::Completed, item.turn, item.repeatsDone, true, false};
    switch (state) {
    case ScanState::Completed:
        ++outcome.repeatsDone;
        if (outcome.repeatsDone < item.repeats) {
            outcome.state = QueueItemState::Queued;
            outcome.keepsScan = false;
        }
        break;
    case ScanState::Failed:
        outcome.state = QueueItemState::Failed;
        if (item.settings.onFailure == FailedScan::Retry && item.turn != QueueTurn::AtEnd) {
            outcome.state = QueueItemState::Queued;
            outcome.turn = QueueTurn::AtEnd;
            outcome.keepsScan = false;
        }
        break;
    case ScanState::Interrupted:
        outcome.state = QueueItemState::Queued;
        outcome.isHeld = true;
        break;
    default:
        outcome.state = QueueItemState::Aborted;
        break;
    }
    return outcome;
}

Status write(Connection &connection, const Session &session, const Settled &item,
             const Outcome &outcome, const QString &reason)
{
    const auto now = QueueClaims::serverNow(connection);
    if (!now)
        return now.error();
    const QVariant none{QMetaType::fromType<qint64>()};
    const qint64 until =
        now.value() +
        std::chrono::duration_cast<std::chrono::microseconds>(kContinueAtHome).count();
    return connection.execute(
        u"UPDATE queue_items SET state = ?, turn = ?, repeats_done = ?, reason = ?, request = '', "
        "claimed_by_id = NULL, lease_until = NULL, claimed_process = '', held_for_id = ?, "
        "held_until = ?%1, revision = revision + 1, updated_at = ?, updated_by = ? "
        "WHERE id = ? AND state IN ('queued', 'claimed')"_s.arg(
            outcome.keepsScan ? QString() : u", scan_id = NULL"_s),
        {queueItemStateName(outcome.state), int(outcome.turn), outcome.repeatsDone, reason,
         outcome.isHeld ? item.station : none,
         outcome.isHeld && !item.station.isNull() ? QVariant(until) : none, now.value(),
         session.user, item.item});
}

} // namespace

Status beginQueueItem(Connection &connection, const QUuid &itemUid, int epoch, qint64 scanRow)
{
    const auto linked = connection.executeCounting(
        u"UPDATE queue_items SET scan_id = ? WHERE uid = ? AND epoch = ? AND state = 'claimed' "
        "AND scan_id IS NULL"_s,
        {scanRow, uidText(itemUid), epoch});
    if (!linked)
        return linked.error();
    if (linked.value() == 1)
        return ok();
    return Error{ErrorCode::Conflict,
                 tr("This scan was changed, removed or taken by another station meanwhile: it was "
                    "not begun here; the queue goes on with what is next")};
}

Status settleQueueItem(Connection &connection, const Session &session, qint64 scanRow,
                       ScanState state, const QString &reason)
{
    if (!isFinal(state) && state != ScanState::Interrupted)
        return ok();
    const auto found = itemOf(connection, scanRow);
    if (!found)
        return found.error();
    if (!found.value())
        return ok();
    const Settled &item = *found.value();
    // The queue before its item, as people's edits take them.
    if (state == ScanState::Failed && item.settings.onFailure == FailedScan::Stop) {
        if (Status done = connection.execute(
                u"UPDATE queues SET state = 'stopping', updated_at = ?, updated_by = ? "
                "WHERE id = ? AND state = 'running'"_s,
                {nowUs(), session.user, item.queue});
            !done)
            return done;
    }
    if (Status done = write(connection, session, item, outcomeOf(item, state), reason); !done)
        return done;
    const QString message = u"%1 (%2): %3"_s.arg(item.name, item.scanId, scanStateName(state)) +
                            (reason.isEmpty() ? QString() : u". "_s + reason);
    return logQueue(connection, item.queue,
                    state == ScanState::Completed ? u"info"_s : u"warning"_s, message,
                    item.scanUid);
}

} // namespace birch
