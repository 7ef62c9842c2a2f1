// What people do with the scans of a queue, while stations take from it.
#include "core/base/id.h"
#include "core/data/new_scan_json.h"
#include "core/store/event_log.h"
#include "core/store/queue_item_repository.h"
#include "core/store/queue_repository.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// As it was before anybody claimed it.
const QString kUnclaimed =
    u"state = 'queued', claimed_by_id = NULL, lease_until = NULL, claimed_process = '', "
    "request = ''"_s;

bool isOver(const StoredQueueItem &item)
{
    return item.state != QueueItemState::Queued && item.state != QueueItemState::Claimed;
}
} // namespace

Result<StoredQueueItem> QueueItemRepository::locked(const Session &session, const QUuid &uid)
{
    const auto item = get(session, uid);
    if (!item)
        return item;
    if (const auto queue = QueueRepository(m_connection).editable(session, item.value().queue);
        !queue)
        return queue.error();
    // Stations claim without the queue's row: as it is now, and as it stays until the end.
    const auto row = m_connection.firstRow(u"SELECT id FROM queue_items WHERE id = ?"_s +
                                               m_connection.dialect().forUpdate(),
                                           {item.value().id});
    if (!row)
        return row.error();
    return get(session, uid);
}

Result<StoredQueueItem> QueueItemRepository::waiting(const Session &session, const QUuid &uid)
{
    auto item = locked(session, uid);
    if (!item)
        return item;
    if (item.value().isBegun())
        return Error{ErrorCode::Conflict,
                     tr("%1 runs on %2: abort it first, or wait until it has ended")
                         .arg(item.value().asked.name, item.value().claimedBy)};
    if (isOver(item.value()))
        return Error{ErrorCode::Conflict,
                     tr("%1 is %2: \"birchctl queue requeue\" lets it wait once more")
                         .arg(item.value().asked.name, queueItemStateName(item.value().state))};
    return item;
}

Status QueueItemRepository::change(const Session &session, const StoredQueueItem &item,
                                   const QString &assignments, const QVariantList &values)
{
    // A station that holds it unbegun is refused when it begins: its claim's epoch is over.
    const QString claim =
        item.state == QueueItemState::Claimed ? u", epoch = epoch + 1, "_s + kUnclaimed : QString();
    return m_connection.execute(
        u"UPDATE queue_items SET %1%2, revision = revision + 1, updated_at = ?, updated_by = ? "
        "WHERE id = ?"_s.arg(assignments, claim),
        values + QVariantList{nowUs(), session.user, item.id});
}

Status QueueItemRepository::tell(const Session &session, const StoredQueueItem &item,
                                 const QString &action, const QString &message)
{
    const auto queue = m_connection.firstRow(u"SELECT id, lab_id, name FROM queues WHERE uid = ?"_s,
                                             {uidText(item.queue)});
    if (!queue)
        return queue.error();
    if (Status done = logQueue(m_connection, queue.value()->at(0).toLongLong(), u"info"_s, message);
        !done)
        return done;
    Event event{.lab = queue.value()->at(1).toLongLong(), .kind = u"queues"_s};
    event.objectUid = uidText(item.queue);
    event.title = queue.value()->at(2).toString();
    event.changes = {
        {u"scan"_s, item.asked.name}, {u"item"_s, uidText(item.uid)}, {u"action"_s, action}};
    return EventLog(m_connection).record(session, std::move(event));
}

Status QueueItemRepository::edit(const Session &session, const QUuid &uid,
                                 const QueueItemEdit &edit, qint64 revision)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto found = waiting(session, uid);
    if (!found)
        return found.error();
    const StoredQueueItem &item = found.value();
    if (item.revision != revision)
        return Error{ErrorCode::Conflict,
                     tr("Somebody else changed %1 meanwhile: look at it again, then repeat your "
                        "change")
                         .arg(item.asked.name)};
    if (edit.tree && item.isContinued())
        return Error{ErrorCode::Conflict,
                     tr("%1 is to be continued where it was interrupted, so its tree stays: close "
                        "the scan %2 and requeue it, or duplicate it")
                         .arg(item.asked.name, item.scanId)};
    if ((edit.name && edit.name->isEmpty()) || (edit.tree && edit.tree->isEmpty()) ||
        edit.repeats.value_or(1) < 1)
        return Error{ErrorCode::BadInput,
                     tr("A scan in a queue needs a name, a tree and at least one run: give them")};
    const auto station = stationId(edit.station.value_or(item.asked.station));
    if (!station)
        return station.error();
    const std::optional<qint64> notBefore = edit.notBefore.value_or(item.asked.notBefore);
    if (Status done = change(
            session, item,
            u"name = ?, tree = ?, details = ?, priority = ?, is_ready = ?, not_before = ?, "
            "station_id = ?, repeats = ?"_s,
            {edit.name.value_or(item.asked.name), jsonText(edit.tree.value_or(item.asked.tree)),
             jsonText(scanDetailsToJson(edit.details.value_or(item.asked.details))),
             edit.priority.value_or(item.asked.priority), edit.isReady.value_or(item.asked.isReady),
             notBefore ? QVariant(*notBefore) : QVariant(QMetaType::fromType<qint64>()),
             station.value(), edit.repeats.value_or(item.asked.repeats)});
        !done)
        return done;
    if (edit.needs) {
        if (Status done = m_connection.execute(
                u"DELETE FROM queue_item_instruments WHERE item_id = ?"_s, {item.id});
            !done)
            return done;
        if (Status done = insertNeeds(item.id, *edit.needs); !done)
            return done;
    }
    if (Status done = tell(session, item, u"edited"_s, tr("%1 was edited").arg(item.asked.name));
        !done)
        return done;
    return transaction.value().commit();
}

Status QueueItemRepository::move(const Session &session, const QUuid &uid, int row)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto found = waiting(session, uid);
    if (!found)
        return found.error();
    const StoredQueueItem &item = found.value();
    QList<qint64> ids;
    if (Status read = m_connection.select(
            u"SELECT id FROM queue_items WHERE queue_id = (SELECT queue_id FROM queue_items "
            "WHERE id = ?) ORDER BY position, id"_s,
            {item.id}, [&ids](const SqlRow &one) { ids << one.integer(0); });
        !read)
        return read;
    const int from = int(ids.indexOf(item.id));
    const int to = std::clamp(row, 0, int(ids.size()) - 1);
    ids.move(from, to);
    for (int i = 0; i < int(ids.size()); ++i) {
        if (Status done = m_connection.execute(
                u"UPDATE queue_items SET position = ? WHERE id = ? AND position <> ?"_s,
                {i, ids[i], i});
            !done)
            return done;
    }
    if (Status done = tell(session, item, u"moved"_s,
                           tr("%1 was moved to place %2").arg(item.asked.name).arg(to + 1));
        !done)
        return done;
    return transaction.value().commit();
}

Status QueueItemRepository::remove(const Session &session, const QUuid &uid)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto item = locked(session, uid);
    if (!item)
        return item.error();
    if (item.value().isBegun())
        return Error{ErrorCode::Conflict,
                     tr("%1 runs on %2: abort it first, then remove it")
                         .arg(item.value().asked.name, item.value().claimedBy)};
    if (Status done =
            m_connection.execute(u"DELETE FROM queue_items WHERE id = ?"_s, {item.value().id});
        !done)
        return done;
    if (Status done = tell(session, item.value(), u"removed"_s,
                           tr("%1 was removed").arg(item.value().asked.name));
        !done)
        return done;
    return transaction.value().commit();
}

Result<QUuid> QueueItemRepository::duplicate(const Session &session, const QUuid &uid)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto item = locked(session, uid);
    if (!item)
        return item.error();
    const auto place = m_connection.firstRow(
        u"SELECT queue_id, lab_id FROM queue_items WHERE id = ?"_s, {item.value().id});
    if (!place)
        return place.error();
    const int position = item.value().position + 1;
    if (Status done = m_connection.execute(u"UPDATE queue_items SET position = position + 1 "
                                           "WHERE queue_id = ? AND position >= ?"_s,
                                           {place.value()->first(), position});
        !done)
        return done.error();
    QUuid copy = newUid();
    if (Status done = insert(session, *place.value(), item.value().asked, position, &copy); !done)
        return done.error();
    if (Status done = tell(session, item.value(), u"duplicated"_s,
                           tr("%1 was duplicated").arg(item.value().asked.name));
        !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return copy;
}

Status QueueItemRepository::requeue(const Session &session, const QUuid &uid)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto item = locked(session, uid);
    if (!item)
        return item.error();
    if (!isOver(item.value()) && !item.value().isContinued())
        return Error{ErrorCode::Conflict,
                     tr("%1 is %2 and needs no second place: duplicate it to run it twice")
                         .arg(item.value().asked.name, queueItemStateName(item.value().state))};
    const auto last = m_connection.firstRow(
        u"SELECT max(position) + 1 FROM queue_items WHERE queue_id = (SELECT queue_id FROM "
        "queue_items WHERE id = ?)"_s,
        {item.value().id});
    if (!last)
        return last.error();
    if (Status done = change(session, item.value(),
                             u"state = 'queued', turn = 1, repeats_done = 0, scan_id = NULL, "
                             "reason = '', held_for_id = NULL, held_until = NULL, request = '', "
                             "position = ?"_s,
                             {last.value()->first()});
        !done)
        return done;
    if (Status done = tell(session, item.value(), u"requeued"_s,
                           tr("%1 waits once more").arg(item.value().asked.name));
        !done)
        return done;
    return transaction.value().commit();
}

Status QueueItemRepository::runNow(const Session &session, const QUuid &uid)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto item = waiting(session, uid);
    if (!item)
        return item.error();
    if (Status done = change(session, item.value(), u"turn = 0"_s, {}); !done)
        return done;
    if (Status done = tell(session, item.value(), u"now"_s,
                           tr("%1 is to run now").arg(item.value().asked.name));
        !done)
        return done;
    return transaction.value().commit();
}

} // namespace birch
