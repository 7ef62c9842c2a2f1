// When a station has nothing left to run.
#include "app/session/queue_station.h"

#include "core/base/id.h"
#include "core/store/queue_repository.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Why what waits in a queue is not run here now; "" for what will be.
QString hindrance(const StoredQueueItem &item, const QueueClaimer &claimer)
{
    if (item.turn == QueueTurn::Now)
        return {};
    if (!item.asked.isReady)
        return QueueStation::tr("not ready");
    if (!item.asked.station.isEmpty() && item.asked.station != claimer.station)
        return QueueStation::tr("for %1").arg(item.asked.station);
    if (item.isContinued() && item.heldUntil && item.heldFor.isEmpty())
        return QueueStation::tr("can not be continued: %1").arg(item.reason);
    for (const RequiredInstrument &need : item.asked.needs) {
        const bool isThere = std::any_of(claimer.instruments.begin(), claimer.instruments.end(),
                                         [&need](const RequiredInstrument &has) {
                                             return has.nickname == need.nickname &&
                                                    has.definition == need.definition;
                                         });
        if (!isThere)
            return QueueStation::tr("needs %1 (%2)").arg(need.nickname, need.definition);
    }
    return {};
}
} // namespace

Status QueueStation::seeWhatIsLeft()
{
    if (m_options.isWaiting || m_options.queues.isEmpty() || !m_held.empty() ||
        m_station.engine().state() != QueueState::Idle)
        return ok();
    QStringList behind;
    for (const QUuid &uid : std::as_const(m_options.queues)) {
        const auto queue = QueueRepository(connection()).find(m_data.session(), uidText(uid));
        if (!queue && queue.error().code == ErrorCode::NotFound)
            continue; // somebody has thrown it away
        if (!queue)
            return queue.error();
        if (queue.value().state == QueueState::Paused)
            return ok(); // until somebody resumes it
        const auto items = QueueItemRepository(connection()).list(m_data.session(), uid);
        if (!items)
            return items.error();
        for (const StoredQueueItem &item : items.value()) {
            if (item.state == QueueItemState::Claimed)
                return ok(); // its station may die, and then it is this one's turn
            if (item.state != QueueItemState::Queued)
                continue;
            const QString why = hindrance(item, m_claimer);
            if (why.isEmpty() && queue.value().state == QueueState::Running)
                return ok(); // its time comes
            if (!why.isEmpty())
                behind << u"%1 (%2)"_s.arg(item.asked.name, why);
        }
    }
    emit exhausted(behind.isEmpty() ? QString() : tr("Not run here: %1").arg(behind.join(u", "_s)));
    return ok();
}

void QueueStation::leave()
{
    if (std::exchange(m_isLeaving, true) || !m_data.isConnected())
        return;
    m_timer.stop();
    QueueClaims claims(connection());
    for (const auto &[uid, held] : m_held) {
        if (!held.isBegun)
            (void)claims.giveBack(m_data.session(), held.claim); // else its lease ends
    }
    (void)claims.leave(m_data.session(), m_claimer);
    for (const QUuid &uid : std::as_const(m_options.queues))
        (void)QueueRepository(connection()).settleState(m_data.session(), uid);
}

Status openQueue(Connection &connection, const Session &session, const QUuid &uid)
{
    QueueRepository queues(connection);
    const auto queue = queues.find(session, uidText(uid));
    if (!queue)
        return queue.error();
    if (queue.value().state == QueueState::Stopping) {
        if (Status settled = queues.settleState(session, uid); !settled)
            return settled;
    }
    return queues.setState(session, uid, QueueState::Running);
}

} // namespace birch
