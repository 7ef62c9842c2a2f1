#include "core/store/queue_item_repository.h"

#include "core/base/id.h"
#include "core/data/new_scan_json.h"
#include "core/store/place_rules.h"
#include "core/store/scan_insert.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::array kStates{u"queued",  u"claimed", u"completed",
                             u"aborted", u"failed",  u"cancelled"};

QString itemSelect()
{
    return u"SELECT i.id, i.uid, q.uid, i.position, i.name, i.tree, i.details, i.priority, "
           "i.is_ready, i.not_before, st.name, i.state, c.name, i.lease_until, i.epoch, s.uid, "
           "i.revision FROM queue_items i JOIN queues q ON q.id = i.queue_id "
           "LEFT JOIN stations st ON st.id = i.station_id "
           "LEFT JOIN stations c ON c.id = i.claimed_by_id "
           "LEFT JOIN scans s ON s.id = i.scan_id"_s;
}

StoredQueueItem queueItem(const SqlRow &row)
{
    StoredQueueItem item;
    item.id = row.integer(0);
    item.uid = QUuid::fromString(row.text(1));
    item.queue = QUuid::fromString(row.text(2));
    item.position = int(row.integer(3));
    item.asked.name = row.text(4);
    item.asked.tree = jsonObject(row.text(5));
    item.asked.details = scanDetailsFromJson(jsonObject(row.text(6)));
    item.asked.priority = int(row.integer(7));
    item.asked.isReady = row.value(8).toBool();
    item.asked.notBefore = row.optionalInteger(9);
    item.asked.station = row.text(10);
    item.state = queueItemStateFromName(row.text(11)).value_or(QueueItemState::Failed);
    item.claimedBy = row.text(12);
    item.leaseUntil = row.optionalInteger(13);
    item.epoch = int(row.integer(14));
    item.scan = QUuid::fromString(row.text(15));
    item.revision = row.integer(16);
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
    const auto place = m_connection.firstRow(u"SELECT id, lab_id FROM queues WHERE uid = ?"_s +
                                                 m_connection.dialect().forUpdate(),
                                             {uidText(queue)});
    if (!place)
        return place.error();
    if (!place.value())
        return Error{ErrorCode::NotFound,
                     tr("The queue %1 is not in this database: birchctl queue list shows them")
                         .arg(uidText(queue))};
    if (Status may = mayEdit(session, place.value()->first().toLongLong()); !may)
        return may.error();
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

Status QueueItemRepository::mayEdit(const Session &session, qint64 queue)
{
    const PlaceRule rule = placeRule(u"queues"_s);
    if (Status seen = maySee(m_connection, session, rule, queue, tr("queue")); !seen)
        return seen;
    const auto place = placeOf(m_connection, session, rule, queue);
    if (!place)
        return place.error();
    return session.may(Action::Edit, EntityAccess::Lab, place.value(), tr("queue"));
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
    QVariant station(QMetaType::fromType<qint64>());
    if (!item.station.isEmpty()) {
        const auto row =
            m_connection.firstRow(u"SELECT id FROM stations WHERE name = ?"_s, {item.station});
        if (!row)
            return row.error();
        if (!row.value())
            return Error{
                ErrorCode::NotFound,
                tr("There is no station %1: birchctl stations list shows them").arg(item.station)};
        station = row.value()->first();
    }
    const qint64 now = nowUs();
    const auto row = m_connection.firstRow(
        u"INSERT INTO queue_items (uid, lab_id, queue_id, position, name, tree, details, priority, "
        "is_ready, not_before, station_id, created_at, created_by, updated_at, updated_by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"_s,
        {uidText(*uid), place.at(1), place.at(0), position, item.name, jsonText(item.tree),
         jsonText(scanDetailsToJson(item.details)), item.priority, item.isReady,
         numberOrNull(item.notBefore), station, now, session.user, now, session.user});
    if (!row)
        return row.error();
    for (const RequiredInstrument &need : item.needs) {
        if (Status done = m_connection.execute(
                u"INSERT INTO queue_item_instruments (item_id, nickname, definition, identity) "
                "VALUES (?, ?, ?, ?)"_s,
                {row.value()->first(), need.nickname, need.definition, need.identity});
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
    if (items->isEmpty())
        return ok();
    QHash<qint64, StoredQueueItem *> byId;
    QVariantList ids;
    for (StoredQueueItem &item : *items) {
        byId.insert(item.id, &item);
        ids << item.id;
    }
    return m_connection.select(
        u"SELECT item_id, nickname, definition, identity FROM queue_item_instruments "
        "WHERE item_id IN (%1) ORDER BY item_id, nickname"_s.arg(placeholders(ids.size())),
        ids, [&byId](const SqlRow &row) {
            byId[row.integer(0)]->asked.needs.append({row.text(1), row.text(2), row.text(3)});
        });
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

Result<std::optional<StoredQueueItem>>
QueueItemRepository::nextFor(const Session &session, const QString &station,
                             const QList<RequiredInstrument> &instruments, qint64 nowUs)
{
    // An instrument that is required must be among those of the station.
    QString missing = u"SELECT 1 FROM queue_item_instruments n WHERE n.item_id = i.id"_s;
    QVariantList values{nowUs, station};
    if (!instruments.isEmpty()) {
        QStringList offers;
        for (const RequiredInstrument &has : instruments) {
            offers << u"(n.definition = ? AND n.identity IN ('', ?))"_s;
            values << has.definition << has.identity;
        }
        missing += u" AND NOT ("_s + offers.join(u" OR "_s) + u')';
    }
    const Visibility visibility = visibleRows(placeRule(u"queues"_s), session, u"q"_s);
    if (!visibility.sql.isEmpty()) {
        missing +=
            u") AND EXISTS (SELECT 1 FROM queues q WHERE q.id = i.queue_id AND "_s + visibility.sql;
        values += visibility.values;
    }
    const auto row = m_connection.firstRow(
        u"SELECT i.uid FROM queue_items i WHERE i.state = 'queued' AND i.is_ready "
        "AND (i.not_before IS NULL OR i.not_before <= ?) "
        "AND (i.station_id IS NULL OR i.station_id = (SELECT id FROM stations WHERE name = ?)) "
        "AND NOT EXISTS (%1) ORDER BY i.priority DESC, i.created_at, i.position, i.id LIMIT 1"_s
                .arg(missing) +
            (m_connection.dialect().isPostgres() ? u" FOR UPDATE OF i SKIP LOCKED"_s : u""_s),
        values);
    if (!row)
        return row.error();
    if (!row.value())
        return std::optional<StoredQueueItem>();
    auto item = get(session, QUuid::fromString(row.value()->first().toString()));
    if (!item)
        return item.error();
    return std::optional(std::move(item).value());
}

} // namespace birch
