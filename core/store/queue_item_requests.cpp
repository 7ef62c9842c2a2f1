// What people ask of scans that stations run, and what is left of those that are over.
#include "core/base/id.h"
#include "core/store/queue_item_repository.h"
#include "core/store/queue_repository.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

Status QueueItemRepository::ask(const Session &session, const QUuid &uid, QueueRequest request)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto item = locked(session, uid);
    if (!item)
        return item.error();
    if (item.value().state != QueueItemState::Claimed)
        return Error{ErrorCode::Conflict,
                     tr("%1 is %2, not running: there is nobody to ask")
                         .arg(item.value().asked.name, queueItemStateName(item.value().state))};
    if (Status done = m_connection.execute(
            u"UPDATE queue_items SET request = ?, updated_at = ?, updated_by = ? WHERE id = ?"_s,
            {queueRequestName(request), nowUs(), session.user, item.value().id});
        !done)
        return done;
    const QString message = request == QueueRequest::Abort   ? tr("%1 is to be aborted")
                            : request == QueueRequest::Pause ? tr("%1 is to pause")
                                                             : tr("%1 is to go on");
    if (Status done = tell(session, item.value(),
                           request == QueueRequest::None ? u"resume"_s : queueRequestName(request),
                           message.arg(item.value().asked.name));
        !done)
        return done;
    return transaction.value().commit();
}

Status QueueItemRepository::askAll(const Session &session, const QUuid &queue, QueueRequest request)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto row = QueueRepository(m_connection).editable(session, queue);
    if (!row)
        return row.error();
    if (Status done = m_connection.execute(
            u"UPDATE queue_items SET request = ?, updated_at = ?, updated_by = ? "
            "WHERE queue_id = ? AND state = 'claimed' AND request <> 'abort'"_s,
            {queueRequestName(request), nowUs(), session.user, row.value()});
        !done)
        return done;
    return transaction.value().commit();
}

Result<qint64> QueueItemRepository::clearEnded(const Session &session, const QUuid &queue)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto row = QueueRepository(m_connection).editable(session, queue);
    if (!row)
        return row.error();
    const auto removed = m_connection.executeCounting(
        u"DELETE FROM queue_items WHERE queue_id = ? AND state NOT IN ('queued', 'claimed')"_s,
        {row.value()});
    if (!removed)
        return removed.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return removed.value();
}

} // namespace birch
