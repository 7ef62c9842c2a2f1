// States of stored queues.
#include "core/base/id.h"
#include "core/store/queue_repository.h"
#include "core/store/scan_events.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

Status QueueRepository::setState(const Session &session, const QUuid &queue, QueueState state)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto row = m_connection.firstRow(u"SELECT id, state, name FROM queues WHERE uid = ?"_s +
                                               m_connection.dialect().forUpdate(),
                                           {uidText(queue)});
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound, tr("The queue is not in this database: start it again")};
    const qint64 id = row.value()->at(0).toLongLong();
    if (Status may = mayEdit(session, id); !may)
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
    if (Status done = m_connection.execute(
            u"UPDATE queues SET state = ?, started_at = coalesce(started_at, ?), ended_at = ?, "
            "updated_at = ?, updated_by = ? WHERE id = ?"_s,
            {queueStateName(state), state == QueueState::Running ? QVariant(now) : none,
             state == QueueState::Idle ? QVariant(now) : none, now, session.user, id});
        !done)
        return done;
    if (Status done = auditQueueState(m_connection, session, id, *current, state); !done)
        return done;
    return transaction.value().commit();
}

Status QueueRepository::settleState(const Session &session, const QUuid &queue)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    // Kept until the end: nobody claims one of its scans meanwhile.
    const auto row = m_connection.firstRow(u"SELECT id FROM queues WHERE uid = ?"_s +
                                               m_connection.dialect().forUpdate(),
                                           {uidText(queue)});
    if (!row)
        return row.error();
    if (!row.value())
        return ok();
    const auto claimed = m_connection.firstRow(
        u"SELECT count(*) FROM queue_items WHERE queue_id = ? AND state = 'claimed'"_s,
        {row.value()->first()});
    if (!claimed)
        return claimed.error();
    if (claimed.value()->first().toLongLong() > 0)
        return ok();
    if (Status done = setState(session, queue, QueueState::Idle); !done)
        return done;
    return transaction.value().commit();
}

} // namespace birch
