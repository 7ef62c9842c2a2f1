#include "core/store/queue_repository.h"

#include "core/base/id.h"
#include "core/store/place_rules.h"
#include "core/store/scan_events.h"
#include "core/store/scan_place.h"
#include "core/store/search/object_text.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"
#include "core/store/user_fields.h"
#include "core/store/write_transaction.h"

#include <QRandomGenerator>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kLinesPerUs = 1024;

QString queueSelect()
{
    return u"SELECT q.id, q.uid, q.name, q.state, q.settings, st.name, q.created_at, "
           "(SELECT count(*) FROM queue_items i WHERE i.queue_id = q.id AND i.state = 'queued'), "
           "(SELECT count(*) FROM queue_items i WHERE i.queue_id = q.id AND i.state = 'claimed'), "
           "(SELECT count(*) FROM queue_items i WHERE i.queue_id = q.id "
           "AND i.state NOT IN ('queued', 'claimed')), "
           "(SELECT count(*) FROM queue_items i WHERE i.queue_id = q.id "
           "AND i.state = 'completed'), "
           "(SELECT count(*) FROM scans s WHERE s.queue_id = q.id), q.extra_data "
           "FROM queues q LEFT JOIN stations st ON st.id = q.station_id "
           "WHERE q.trashed_at IS NULL"_s;
}

StoredQueue queueOf(const SqlRow &row)
{
    StoredQueue queue;
    queue.id = row.integer(0);
    queue.uid = QUuid::fromString(row.text(1));
    queue.name = row.text(2);
    queue.state = queueStateFromName(row.text(3)).value_or(QueueState::Idle);
    queue.settings = QueueSettings::fromJson(jsonObject(row.text(4)));
    queue.station = row.text(5);
    queue.createdUs = row.integer(6);
    queue.waiting = row.integer(7);
    queue.claimed = row.integer(8);
    queue.ended = row.integer(9);
    queue.completed = row.integer(10);
    queue.scans = row.integer(11);
    queue.fields = userFields(jsonObject(row.text(12)));
    return queue;
}

const QString kMadeByPeople = u"q.settings <> '{}'"_s; // a run from files leaves them alone
} // namespace

Result<QUuid> QueueRepository::create(const Session &session, const QString &station,
                                      const QString &name, const QueueSettings &settings)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto stationId = stationRow(m_connection, session, station);
    if (!stationId)
        return stationId.error();
    const auto lab = homeLab(m_connection, session);
    if (!lab)
        return lab.error();
    if (Status may =
            session.may(Action::Add, EntityAccess::Lab, Place{.lab = lab.value()}, tr("queue"));
        !may)
        return may.error();
    const QUuid uid = newUid();
    const qint64 now = nowUs();
    const auto made = m_connection.firstRow(
        u"INSERT INTO queues (uid, lab_id, station_id, name, mode, state, settings, created_at, "
        "created_by, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, 'idle', ?, ?, ?, ?, ?) "
        "RETURNING id"_s,
        {uidText(uid), lab.value(), stationId.value(), name,
         settings.parallel > 1 ? u"parallel"_s : u"serial"_s,
         settings == QueueSettings() ? u"{}"_s : jsonText(settings.toJson()), now, session.user,
         now, session.user});
    if (!made)
        return made.error().within(tr("Making the queue %1").arg(name));
    const qint64 row = made.value().value().first().toLongLong();
    if (Status done = describeQueue(m_connection, row); !done)
        return done.error();
    if (Status done = auditNewQueue(m_connection, session, row); !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return uid;
}

Result<QUuid> QueueRepository::createNamed(const Session &session, const QString &station,
                                           const QString &name, const QueueSettings &settings,
                                           const QMap<QString, QString> &fields)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    if (name.trimmed().isEmpty() || name.contains(u'/'))
        return Error{ErrorCode::BadInput,
                     tr("A queue needs a name without \"/\": give it another one")};
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto taken = select(session, u" AND q.name = ? AND "_s + kMadeByPeople, {name});
    if (!taken)
        return taken.error();
    if (!taken.value().isEmpty())
        return Error{
            ErrorCode::Conflict,
            tr("There is a queue %1 already: add scans to it, or take another name").arg(name)};
    auto uid = create(session, station, name, settings);
    if (!uid)
        return uid.error();
    // Also the usual settings are written down: that makes it one of people's.
    if (Status done = update(session, uid.value(), u"settings"_s, jsonText(settings.toJson()));
        !done)
        return done.error();
    if (!fields.isEmpty()) {
        if (Status done = setFields(session, uid.value(), fields); !done)
            return done.error();
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return uid;
}

Result<QList<StoredQueue>> QueueRepository::select(const Session &session, const QString &where,
                                                   const QVariantList &values)
{
    const Visibility visibility = visibleRows(placeRule(u"queues"_s), session, u"q"_s);
    QString sql = queueSelect() + where;
    if (!visibility.sql.isEmpty())
        sql += u" AND "_s + visibility.sql;
    QList<StoredQueue> queues;
    const Status done = m_connection.select(
        sql + u" ORDER BY q.created_at DESC, q.id DESC"_s, values + visibility.values,
        [&queues](const SqlRow &row) { queues.append(queueOf(row)); });
    if (!done)
        return done.error();
    return queues;
}

Result<QList<StoredQueue>> QueueRepository::list(const Session &session)
{
    return select(session, {}, {});
}

Result<StoredQueue> QueueRepository::find(const Session &session, const QString &key)
{
    auto found = select(session, u" AND (q.uid = ? OR (q.name = ? AND %1))"_s.arg(kMadeByPeople),
                        {key, key});
    if (found && found.value().isEmpty())
        found = select(session, u" AND q.name = ?"_s, {key});
    if (!found)
        return found.error();
    if (found.value().isEmpty())
        return Error{ErrorCode::NotFound,
                     tr("There is no queue %1: \"birchctl queue list\" shows them, \"birchctl "
                        "queue new\" makes one")
                         .arg(key)};
    if (found.value().size() > 1)
        return Error{ErrorCode::Conflict,
                     tr("Several queues are called %1: give the id of one, \"birchctl queue list\" "
                        "shows them")
                         .arg(key)};
    return found.value().first();
}

Status QueueRepository::mayEdit(const Session &session, qint64 row)
{
    if (Status may = session.mayWrite(); !may)
        return may;
    const PlaceRule rule = placeRule(u"queues"_s);
    if (Status seen = maySee(m_connection, session, rule, row, tr("queue")); !seen)
        return seen;
    const auto place = placeOf(m_connection, session, rule, row);
    if (!place)
        return place.error();
    return session.may(Action::Edit, EntityAccess::Lab, place.value(), tr("queue"));
}

Result<qint64> QueueRepository::editable(const Session &session, const QUuid &queue)
{
    // Scans that are begun in it meanwhile refer to the row and need not wait.
    const QString lock = m_connection.dialect().isPostgres() ? u" FOR NO KEY UPDATE"_s : QString();
    const auto row =
        m_connection.firstRow(u"SELECT id FROM queues WHERE uid = ?"_s + lock, {uidText(queue)});
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound,
                     tr("The queue %1 is not in this database: birchctl queue list shows them")
                         .arg(uidText(queue))};
    const qint64 id = row.value()->first().toLongLong();
    if (Status may = mayEdit(session, id); !may)
        return may.error();
    return id;
}

Status QueueRepository::update(const Session &session, const QUuid &queue, const QString &column,
                               const QVariant &value)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto row = editable(session, queue);
    if (!row)
        return row.error();
    if (Status done = m_connection.execute(
            u"UPDATE queues SET %1 = ?, revision = revision + 1, updated_at = ?, "
            "updated_by = ? WHERE id = ?"_s.arg(column),
            {value, nowUs(), session.user, row.value()});
        !done)
        return done;
    if (Status done = describeQueue(m_connection, row.value()); !done)
        return done;
    return transaction.value().commit();
}

Status QueueRepository::rename(const Session &session, const QUuid &queue, const QString &name)
{
    if (name.trimmed().isEmpty() || name.contains(u'/'))
        return Error{ErrorCode::BadInput,
                     tr("A queue needs a name without \"/\": give it another one")};
    return update(session, queue, u"name"_s, name);
}

Status QueueRepository::setSettings(const Session &session, const QUuid &queue,
                                    const QueueSettings &settings)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    if (Status done = update(session, queue, u"settings"_s, jsonText(settings.toJson())); !done)
        return done;
    if (Status done =
            update(session, queue, u"mode"_s, settings.parallel > 1 ? u"parallel"_s : u"serial"_s);
        !done)
        return done;
    return transaction.value().commit();
}

Status QueueRepository::setFields(const Session &session, const QUuid &queue,
                                  const QMap<QString, QString> &fields)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto row = editable(session, queue);
    if (!row)
        return row.error();
    const auto extra = extraDataWith(m_connection, u"queues"_s, row.value(), fields);
    if (!extra)
        return extra.error();
    if (Status done = update(session, queue, u"extra_data"_s, extra.value()); !done)
        return done;
    return transaction.value().commit();
}

Result<QList<QueueLogLine>> QueueRepository::log(const Session &session, const QUuid &queue,
                                                 int limit)
{
    const auto found = find(session, uidText(queue));
    if (!found)
        return found.error();
    QList<QueueLogLine> lines;
    const Status done = m_connection.select(
        u"SELECT l.logged_at, l.level, l.message, s.scan_id FROM queue_logs l "
        "LEFT JOIN scans s ON s.uid = l.scan_uid WHERE l.queue_id = ? "
        "ORDER BY l.sequence DESC LIMIT ?"_s,
        {found.value().id, limit}, [&lines](const SqlRow &row) {
            lines.append({row.integer(0), row.text(1), row.text(2), row.text(3)});
        });
    if (!done)
        return done.error();
    std::reverse(lines.begin(), lines.end());
    return lines;
}

Result<qint64> QueueRepository::clearLog(const Session &session, const QUuid &queue)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto row = editable(session, queue);
    if (!row)
        return row.error();
    const auto cleared =
        m_connection.executeCounting(u"DELETE FROM queue_logs WHERE queue_id = ?"_s, {row.value()});
    if (!cleared)
        return cleared.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return cleared.value();
}

Status logQueue(Connection &connection, qint64 queueRow, const QString &level,
                const QString &message, const QUuid &scanUid)
{
    const qint64 now = nowUs();
    // Stations write at the same time: by time, told apart by chance, so that none waits for
    // another.
    const qint64 sequence =
        now * kLinesPerUs + qint64(QRandomGenerator::global()->bounded(quint32(kLinesPerUs)));
    return connection.execute(
        u"INSERT INTO queue_logs (queue_id, sequence, scan_uid, logged_at, level, message) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (queue_id, sequence) DO NOTHING"_s,
        {queueRow, sequence,
         scanUid.isNull() ? QVariant(QMetaType::fromType<QString>()) : QVariant(uidText(scanUid)),
         now, level, message});
}

} // namespace birch
