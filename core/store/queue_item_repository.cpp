#include "core/store/queue_item_repository.h"

#include "core/base/id.h"
#include "core/data/new_scan_json.h"
#include "core/store/place_rules.h"
#include "core/store/queue_repository.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::array kStates{u"queued",  u"claimed", u"completed",
                             u"aborted", u"failed",  u"cancelled"};

constexpr std::array kRequests{u"", u"pause", u"abort"};

QString itemSelect()
{
    return u"SELECT i.id, i.uid, q.uid, i.position, i.name, i.tree, i.details, i.priority, "
           "i.is_ready, i.not_before, st.name, i.state, c.name, i.lease_until, i.epoch, s.uid, "
           "i.revision, i.turn, i.request, i.repeats, i.repeats_done, i.reason, "
           "i.claimed_process, h.name, i.held_until, s.scan_id, s.state, s.points, "
           "s.points_planned, s.started_at, s.ended_at "
           "FROM queue_items i JOIN queues q ON q.id = i.queue_id "
           "LEFT JOIN stations st ON st.id = i.station_id "
           "LEFT JOIN stations c ON c.id = i.claimed_by_id "
           "LEFT JOIN stations h ON h.id = i.held_for_id "
           "LEFT JOIN scans s ON s.id = i.scan_id"_s;
}

NewQueueItem askedOf(const SqlRow &row)
{
    NewQueueItem asked;
    asked.name = row.text(4);
    asked.tree = jsonObject(row.text(5));
    asked.details = scanDetailsFromJson(jsonObject(row.text(6)));
    asked.priority = int(row.integer(7));
    asked.isReady = row.value(8).toBool();
    asked.notBefore = row.optionalInteger(9);
    asked.station = row.text(10);
    asked.repeats = int(row.integer(19));
    return asked;
}

StoredQueueItem queueItem(const SqlRow &row)
{
    StoredQueueItem item;
    item.id = row.integer(0);
    item.uid = QUuid::fromString(row.text(1));
    item.queue = QUuid::fromString(row.text(2));
    item.position = int(row.integer(3));
    item.asked = askedOf(row);
    item.state = queueItemStateFromName(row.text(11)).value_or(QueueItemState::Failed);
    item.claimedBy = row.text(12);
    item.leaseUntil = row.optionalInteger(13);
    item.epoch = int(row.integer(14));
    item.scan = QUuid::fromString(row.text(15));
    item.revision = row.integer(16);
    item.turn = QueueTurn(row.integer(17));
    for (size_t i = 0; i < kRequests.size(); ++i) {
        if (row.text(18) == QStringView(kRequests[i]))
            item.request = QueueRequest(i);
    }
    item.repeatsDone = int(row.integer(20));
    item.reason = row.text(21);
    item.claimedProcess = row.text(22);
    item.heldFor = row.text(23);
    item.heldUntil = row.optionalInteger(24);
    item.scanId = row.text(25);
    item.scanState = scanStateFromName(row.text(26));
    item.points = row.integer(27);
    item.pointsPlanned = row.integer(28);
    item.startedUs = row.integer(29);
    item.endedUs = row.optionalInteger(30);
    return item;
}

QString placeholders(qsizetype count)
{
    return QStringList(count, u"?"_s).join(u", "_s);
}

QVariant numberOrNull(const std::optional<qint64> &number)
{
    return number ? QVariant(*number) : QVariant(QMetaType::fromType<qint64>());
}
} // namespace

QString queueItemStateName(QueueItemState state)
{
    return QString::fromUtf16(kStates[size_t(state)]);
}

QString queueRequestName(QueueRequest request)
{
    return QString::fromUtf16(kRequests[size_t(request)]);
}

std::optional<QueueItemState> queueItemStateFromName(const QString &name)
{
    for (size_t i = 0; i < kStates.size(); ++i) {
        if (name == QStringView(kStates[i]))
            return QueueItemState(i);
    }
    return {};
}

Result<QList<QUuid>> QueueItemRepository::append(const Session &session, const QUuid &queue,
                                                 const QList<NewQueueItem> &items)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    // The queue's row keeps two who append at the same time from taking the same position.
    const auto editable = QueueRepository(m_connection).editable(session, queue);
    if (!editable)
        return editable.error();
    const auto place =
        m_connection.firstRow(u"SELECT id, lab_id FROM queues WHERE id = ?"_s, {editable.value()});
    if (!place)
        return place.error();
    const auto last = m_connection.firstRow(u"SELECT coalesce(max(position), -1) FROM queue_items "
                                            "WHERE queue_id = ?"_s,
                                            {place.value()->first()});
    if (!last)
        return last.error();
    int position = last.value()->first().toInt();
    QList<QUuid> uids;
    for (const NewQueueItem &item : items) {
        QUuid uid = newUid();
        if (Status done = insert(session, *place.value(), item, ++position, &uid); !done)
            return done.error();
        uids << uid;
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return uids;
}

Result<QList<StoredQueueItem>> QueueItemRepository::visible(const Session &session, QString where,
                                                            QVariantList values,
                                                            const QString &order)
{
    const Visibility visibility = visibleRows(placeRule(u"queues"_s), session, u"q"_s);
    if (!visibility.sql.isEmpty())
        where += u" AND "_s + visibility.sql;
    return select(where, values + visibility.values, order);
}

/// \a place: id and lab of the queue.
Status QueueItemRepository::insert(const Session &session, const QVariantList &place,
                                   const NewQueueItem &item, int position, QUuid *uid)
{
    if (item.name.isEmpty() || item.tree.isEmpty())
        return Error{ErrorCode::BadInput,
                     tr("A scan in a queue needs a name and a tree: give both")};
    const auto station = stationId(item.station);
    if (!station)
        return station.error();
    const qint64 now = nowUs();
    const auto row = m_connection.firstRow(
        u"INSERT INTO queue_items (uid, lab_id, queue_id, position, name, tree, details, priority, "
        "is_ready, not_before, station_id, repeats, created_at, created_by, updated_at, "
        "updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"_s,
        {uidText(*uid), place.at(1), place.at(0), position, item.name, jsonText(item.tree),
         jsonText(scanDetailsToJson(item.details)), item.priority, item.isReady,
         numberOrNull(item.notBefore), station.value(), std::max(1, item.repeats), now,
         session.user, now, session.user});
    if (!row)
        return row.error();
    return insertNeeds(row.value()->first().toLongLong(), item.needs);
}

Result<QVariant> QueueItemRepository::stationId(const QString &name)
{
    if (name.isEmpty())
        return QVariant(QMetaType::fromType<qint64>());
    const auto row = m_connection.firstRow(u"SELECT id FROM stations WHERE name = ?"_s, {name});
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound,
                     tr("There is no station %1: birchctl stations list shows them").arg(name)};
    return row.value()->first();
}

Status QueueItemRepository::insertNeeds(qint64 item, const QList<RequiredInstrument> &needs)
{
    for (const RequiredInstrument &need : needs) {
        if (Status done = m_connection.execute(
                u"INSERT INTO queue_item_instruments (item_id, nickname, definition, identity) "
                "VALUES (?, ?, ?, ?)"_s,
                {item, need.nickname, need.definition, need.identity});
            !done)
            return done;
    }
    return ok();
}

Result<QList<StoredQueueItem>>
QueueItemRepository::select(const QString &where, const QVariantList &values, const QString &order)
{
    QList<StoredQueueItem> items;
    if (Status done =
            m_connection.select(itemSelect() + where + order, values,
                                [&items](const SqlRow &row) { items.append(queueItem(row)); });
        !done)
        return done.error();
    if (Status done = loadNeeds(&items); !done)
        return done.error();
    return items;
}

Status QueueItemRepository::loadNeeds(QList<StoredQueueItem> *items)
{
    constexpr qsizetype kAtOnce = 1000; // values that a statement takes on either engine
    for (qsizetype first = 0; first < items->size(); first += kAtOnce) {
        QHash<qint64, StoredQueueItem *> byId;
        QVariantList ids;
        for (qsizetype i = first; i < std::min(items->size(), first + kAtOnce); ++i) {
            byId.insert((*items)[i].id, &(*items)[i]);
            ids << (*items)[i].id;
        }
        const Status read = m_connection.select(
            u"SELECT item_id, nickname, definition, identity FROM queue_item_instruments "
            "WHERE item_id IN (%1) ORDER BY item_id, nickname"_s.arg(placeholders(ids.size())),
            ids, [&byId](const SqlRow &row) {
                byId[row.integer(0)]->asked.needs.append({row.text(1), row.text(2), row.text(3)});
            });
        if (!read)
            return read;
    }
    return ok();
}

Result<QList<StoredQueueItem>> QueueItemRepository::list(const Session &session, const QUuid &queue)
{
    return visible(session, u" WHERE q.uid = ?"_s, {uidText(queue)},
                   u" ORDER BY i.position, i.id"_s);
}

Result<StoredQueueItem> QueueItemRepository::get(const Session &session, const QUuid &item)
{
    auto found = visible(session, u" WHERE i.uid = ?"_s, {uidText(item)}, {});
    if (!found)
        return found.error();
    if (found.value().isEmpty())
        return Error{ErrorCode::NotFound,
                     tr("There is no queued scan %1: birchctl queue show lists those of a queue")
                         .arg(uidText(item))};
    return found.value().first();
}

Result<StoredQueueItem> QueueItemRepository::find(const Session &session, const QString &key)
{
    const Error unknown{ErrorCode::NotFound,
                        tr("There is no scan %1 in a queue: give it as QUEUE/NUMBER, as \"birchctl "
                           "queue show\" counts them")
                            .arg(key)};
    const qsizetype slash = key.lastIndexOf(u'/');
    if (slash > 0) {
        const auto queue = QueueRepository(m_connection).find(session, key.first(slash));
        if (!queue)
            return queue.error();
        auto items = list(session, queue.value().uid);
        if (!items)
            return items.error();
        bool isNumber = false;
        const int number = key.sliced(slash + 1).toInt(&isNumber);
        if (!isNumber || number < 1 || number > items.value().size())
            return unknown;
        return items.value()[number - 1];
    }
    constexpr qsizetype kShortest = 8;
    if (key.size() < kShortest)
        return unknown;
    const auto found =
        visible(session, u" WHERE substr(i.uid, 1, %1) = ?"_s.arg(key.size()), {key}, {});
    if (!found)
        return found.error();
    if (found.value().size() > 1)
        return Error{ErrorCode::Conflict,
                     tr("Several queued scans begin with %1: give more of the id").arg(key)};
    return found.value().isEmpty() ? Result<StoredQueueItem>(unknown) : found.value().first();
}

} // namespace birch
