// Queues and timings of SqlRunStore.
#include "core/base/id.h"
#include "core/store/place_rules.h"
#include "core/store/scan_events.h"
#include "core/store/scan_insert.h"
#include "core/store/search/object_text.h"
#include "core/store/settings_repository.h"
#include "core/store/sql_run_store.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
const QString kTimings = u"timings"_s;

QString timingScope(const QString &station)
{
    return u"station/"_s + station;
}
} // namespace

Status SqlRunStore::mayRun()
{
    auto session = renewed(*m_connection, m_session);
    if (!session)
        return session.error();
    m_session = std::move(session).value();
    return m_session.mayWrite();
}

Status SqlRunStore::mayEdit(const QString &table, qint64 row, const QString &what)
{
    const auto place = placeOf(*m_connection, m_session, placeRule(table), row);
    if (!place)
        return place.error();
    return m_session.may(Action::Edit, EntityAccess::Lab, place.value(), what);
}

Result<QUuid> SqlRunStore::createQueue(const QString &name, const QString &mode)
{
    if (Status may = mayRun(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(*m_connection);
    if (!transaction)
        return transaction.error();
    const auto station = stationRow(*m_connection, m_session, m_station);
    if (!station)
        return station.error();
    const auto lab = homeLab(*m_connection, m_session);
    if (!lab)
        return lab.error();
    if (Status may =
            m_session.may(Action::Add, EntityAccess::Lab, Place{.lab = lab.value()}, tr("queue"));
        !may)
        return may.error();
    const QUuid uid = newUid();
    const qint64 now = nowUs();
    const auto made = m_connection->firstRow(
        u"INSERT INTO queues (uid, lab_id, station_id, name, mode, state, created_at, "
        "created_by, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, 'idle', ?, ?, ?, ?) "
        "RETURNING id"_s,
        {uidText(uid), lab.value(), station.value(), name, mode, now, m_session.user, now,
         m_session.user});
    if (!made)
        return made.error().within(tr("Making the queue %1").arg(name));
    if (Status done = describeQueue(*m_connection, made.value().value().first().toLongLong());
        !done)
        return done.error();
    if (Status done =
            auditNewQueue(*m_connection, m_session, made.value().value().first().toLongLong());
        !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return uid;
}

Status SqlRunStore::setQueueState(const QUuid &queue, QueueState state)
{
    if (Status may = mayRun(); !may)
        return may;
    auto transaction = WriteTransaction::begin(*m_connection);
    if (!transaction)
        return transaction.error();
    const auto row = m_connection->firstRow(u"SELECT id, state, name FROM queues WHERE uid = ?"_s +
                                                m_connection->dialect().forUpdate(),
                                            {uidText(queue)});
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound, tr("The queue is not in this database: start it again")};
    if (Status may = mayEdit(u"queues"_s, row.value()->at(0).toLongLong(), tr("queue")); !may)
        return may;
    const auto current = queueStateFromName(row.value()->at(1).toString());
    if (current == state)
        return ok();
    if (!current || !isAllowed(*current, state))
        return Error{ErrorCode::Conflict,
                     tr("Queue %1 is %2 and can not become %3: refresh its state and try again")
                         .arg(row.value()->at(2).toString(), row.value()->at(1).toString(),
                              queueStateName(state))};
    const qint64 now = nowUs();
    const QVariant none{QMetaType::fromType<qint64>()};
    if (Status done = m_connection->execute(
            u"UPDATE queues SET state = ?, started_at = coalesce(started_at, ?), ended_at = ?, "
            "updated_at = ?, updated_by = ? WHERE id = ?"_s,
            {queueStateName(state), state == QueueState::Running ? QVariant(now) : none,
             state == QueueState::Idle ? QVariant(now) : none, now, m_session.user,
             row.value()->at(0)});
        !done)
        return done;
    if (Status done = auditQueueState(*m_connection, m_session, row.value()->at(0).toLongLong(),
                                      *current, state);
        !done)
        return done;
    return transaction.value().commit();
}

Result<QJsonObject> SqlRunStore::timings()
{
    const auto text = SettingsRepository(*m_connection).get(timingScope(m_station), kTimings);
    if (!text)
        return text.error();
    return text.value() ? jsonObject(*text.value()) : QJsonObject();
}

Status SqlRunStore::saveTimings(const QJsonObject &timings)
{
    return SettingsRepository(*m_connection)
        .set(m_session, timingScope(m_station), kTimings, jsonText(timings));
}

} // namespace birch
