// What a station takes from queues, and when it gives it back for something better.
#include "app/session/continuation.h"
#include "app/session/queue_scans.h"
#include "app/session/queue_station.h"
#include "core/base/id.h"
#include "core/store/queue_repository.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

QueueStation::Held *QueueStation::nextHeld()
{
    for (auto &[uid, held] : m_held) {
        if (!held.isBegun && !held.isOver)
            return &held;
    }
    return nullptr;
}

/// People change queues while they run: the one that was claimed ahead may not be next any more.
Status QueueStation::replaceNext()
{
    Held *next = nextHeld();
    if (!next)
        return ok();
    const QUuid uid = next->claim.uid();
    QueueClaims claims(connection());
    const auto queue =
        QueueRepository(connection()).find(m_data.session(), uidText(next->claim.item.queue));
    if (!queue && queue.error().code != ErrorCode::NotFound)
        return queue.error();
    if (!queue || queue.value().state != QueueState::Running) {
        const QueueClaim claim = next->claim;
        dropUnbegun(uid);
        return claims.giveBack(m_data.session(), claim);
    }
    const auto better = claims.claimBetter(m_data.session(), m_claimer, next->claim);
    if (!better && better.error().code == ErrorCode::Conflict) {
        dropUnbegun(uid);
        return ok();
    }
    if (!better)
        return better.error();
    if (!better.value())
        return ok();
    dropUnbegun(uid);
    return take(*better.value());
}

int QueueStation::parallel()
{
    int most = 1;
    for (const QUuid &uid : std::as_const(m_options.queues)) {
        const auto queue = QueueRepository(connection()).find(m_data.session(), uidText(uid));
        if (queue)
            most = std::max(most, queue.value().settings.parallel);
    }
    return most;
}

/// What the scans of this station keep, or wait for.
QSet<QString> QueueStation::busyInstruments() const
{
    QSet<QString> busy;
    for (const auto &[uid, held] : m_held) {
        if (held.isOver)
            continue;
        for (const RequiredInstrument &need : held.claim.item.asked.needs)
            busy.insert(need.nickname);
    }
    return busy;
}

/// One scan; with \a isDisjoint one that needs none of the instruments that are busy.
Result<bool> QueueStation::claimNext(bool isDisjoint)
{
    QueueClaimer claimer = m_claimer;
    if (isDisjoint) {
        const QSet<QString> busy = busyInstruments();
        claimer.instruments.removeIf(
            [&busy](const RequiredInstrument &has) { return busy.contains(has.nickname); });
    }
    const auto claim = QueueClaims(connection()).claim(m_data.session(), claimer);
    if (!claim)
        return claim.error();
    if (!claim.value())
        return false;
    if (Status done = take(*claim.value()); !done)
        return done.error();
    return true;
}

/// As many as may run, and one more.
Status QueueStation::fill()
{
    const int most = parallel();
    m_station.engine().setParallel(most);
    const auto working = [this] {
        return std::count_if(m_held.begin(), m_held.end(),
                             [](const auto &one) { return !one.second.isOver; });
    };
    while (working() < most) {
        const auto claimed = claimNext(true);
        if (!claimed)
            return claimed.error();
        if (!claimed.value())
            break;
    }
    while (!nextHeld()) {
        const auto claimed = claimNext(false);
        if (!claimed)
            return claimed.error();
        if (!claimed.value())
            break;
    }
    if (!m_held.empty() && m_station.engine().state() == QueueState::Idle && nextHeld())
        m_station.engine().start();
    return ok();
}

Status QueueStation::take(const QueueClaim &claim)
{
    QueueClaims claims(connection());
    Held held;
    held.claim = claim;
    const bool goesOn = claim.item.isContinued();
    if (goesOn) {
        if (const auto recovered = m_data.recover(); !recovered) // its points come first
            return recovered.error();
        auto prepared = prepareContinuation(connection(), m_data.session(), claim.item.scanId,
                                            m_specs, m_registry);
        if (!prepared)
            return claims.declineToContinue(m_data.session(), claim, prepared.error().message);
        held.id = prepared.value().item.id;
        held.scan = claim.item.scan;
        prepared.value().item.shared = {claim.item.queue, claim.uid(), claim.epoch(),
                                        claim.item.position};
        m_held[claim.uid()] = held;
        m_station.engine().resumeScan(prepared.value().item, prepared.value().continuation);
        return ok();
    }
    PreparedScan prepared = prepareScan(claim.item, m_specs, m_registry);
    if (!prepared.item) {
        const Problem problem = prepared.problems.value(0);
        const QString reason = tr("It does not fit the bench of %1: %2 %3")
                                   .arg(m_claimer.station, problem.message, problem.remedy);
        emit noted(claim.item.asked.name + u": "_s + reason);
        m_ended.append({claim.uid(), {}, ScanState::Failed});
        return claims.giveBack(m_data.session(), claim, reason, true);
    }
    held.id = prepared.item->id;
    m_held[claim.uid()] = held;
    m_station.engine().add(*prepared.item);
    return ok();
}

} // namespace birch
