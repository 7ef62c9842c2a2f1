#include "app/session/queue_station.h"

#include "app/session/queue_process.h"
#include "app/session/queue_scans.h"
#include "core/plan/standard_nodes.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::milliseconds kLook{200};
constexpr int kBeatsPerLease = 6;
} // namespace

QueueStation::QueueStation(StationData &data, Workstation &station, Options options)
    : m_data(data)
    , m_station(station)
    , m_options(std::move(options))
    , m_registry(standardNodes())
    , m_specs(station.bench().specs())
{
    m_claimer.station = station.station();
    m_claimer.process = ownClaimProcess();
    m_claimer.instruments = offeredBy(station.bench().file());
    m_claimer.queues = m_options.queues;
    m_claimer.lease = std::chrono::duration_cast<std::chrono::microseconds>(
        data.settings().duration(Setting::QueueLease));
    m_claimer.grace = std::chrono::duration_cast<std::chrono::microseconds>(
        data.settings().duration(Setting::QueueGrace));
    QueueEngine &engine = station.engine();
    connect(&engine, &QueueEngine::itemChanged, this,
            [this](int, const QueueItem &item) { engineChanged(item); });
    connect(&engine, &QueueEngine::scanStored, this, &QueueStation::scanStored);
    connect(&engine, &QueueEngine::queueStateChanged, this, [this](QueueState state) {
        if (state == QueueState::Idle)
            look();
    });
    connect(&m_timer, &QTimer::timeout, this, &QueueStation::look);
    m_timer.setInterval(kLook);
}

QueueStation::~QueueStation() = default;

void QueueStation::start()
{
    m_station.engine().shareQueues();
    m_station.engine().setFailedScanPolicy(FailedScan::Continue); // the queues' own one decides
    m_sinceBeat.invalidate();
    m_sinceRecovery.invalidate();
    m_timer.start();
    look();
}

/// All of it once; the database may be away.
void QueueStation::look()
{
    if (m_isLeaving)
        return;
    Status done = m_data.isConnected() ? ok() : m_data.connect();
    if (done)
        done = lookOnce();
    if (done) {
        if (std::exchange(m_wasAway, false))
            emit noted(tr("The queue goes on."));
        return;
    }
    if (!std::exchange(m_wasAway, true))
        emit noted(tr("%1 Nothing new is begun until that is over.").arg(done.error().message));
    if (m_data.isConnected() && !connection().isAlive())
        (void)m_data.connect();
    if (done.error().code == ErrorCode::Denied && m_held.empty())
        emit exhausted(done.error().message);
}

Status QueueStation::lookOnce()
{
    if (Status done = beat(); !done)
        return done;
    if (Status done = followRequests(); !done)
        return done;
    if (Status done = replaceNext(); !done)
        return done;
    if (Status done = fill(); !done)
        return done;
    return seeWhatIsLeft();
}

Status QueueStation::beat()
{
    const auto lease = std::chrono::duration_cast<std::chrono::milliseconds>(m_claimer.lease);
    QueueClaims claims(connection());
    if (!m_sinceRecovery.isValid() || m_sinceRecovery.elapsed() > lease.count() / 2) {
        m_sinceRecovery.start();
        const auto taken = claims.recover(m_data.session(), m_claimer, isClaimProcessGone);
        if (!taken)
            return taken.error();
    }
    if (m_sinceBeat.isValid() && m_sinceBeat.elapsed() < lease.count() / kBeatsPerLease)
        return ok();
    QList<QueueClaim> held;
    for (const auto &[item, one] : m_held)
        held << one.claim;
    const auto lost = claims.beat(m_data.session(), m_claimer, held);
    if (!lost)
        return lost.error();
    m_sinceBeat.start();
    for (const QUuid &item : lost.value()) {
        Held &one = m_held[item];
        if (one.isOver)
            continue; // its ending was stored, the word of it is on its way
        if (one.isBegun) {
            emit noted(tr("%1 was taken from this station because it was not heard of for too "
                          "long: it is aborted here")
                           .arg(one.claim.item.asked.name));
            obey(one, QueueRequest::Abort);
        } else {
            dropUnbegun(item);
        }
    }
    return ok();
}

Status QueueStation::followRequests()
{
    QueueItemRepository items(connection());
    for (auto &[uid, held] : m_held) {
        if (!held.isBegun || held.isOver)
            continue;
        const auto item = items.get(m_data.session(), uid);
        if (!item && item.error().code != ErrorCode::NotFound)
            return item.error();
        if (item && item.value().epoch == held.claim.epoch() &&
            item.value().request != held.request)
            obey(held, item.value().request);
    }
    return ok();
}

void QueueStation::obey(Held &held, QueueRequest request)
{
    held.request = request;
    QueueEngine &engine = m_station.engine();
    switch (request) {
    case QueueRequest::Abort:
        engine.abortOne(held.id);
        break;
    case QueueRequest::Pause:
        engine.pauseOne(held.id, PauseKind::AfterPoint);
        break;
    case QueueRequest::None:
        engine.resumeOne(held.id);
        break;
    }
}

QueueStation::Held *QueueStation::heldByEntry(const QUuid &id)
{
    for (auto &[uid, held] : m_held) {
        if (held.id == id)
            return &held;
    }
    return nullptr;
}

void QueueStation::engineChanged(const QueueItem &item)
{
    Held *held = heldByEntry(item.id);
    if (!held)
        return;
    if (item.state != ScanState::Queued)
        held->isBegun = true;
    held->scan = item.uid;
    if (!isFinal(item.state) && item.state != ScanState::Interrupted)
        return;
    held->isOver = true;
    const bool isKnown = std::any_of(m_ended.begin(), m_ended.end(),
                                     [&item](const Ended &one) { return one.scan == item.uid; });
    if (!isKnown && !item.scanId.isEmpty())
        m_ended.append({held->claim.uid(), item.uid, item.state});
    // The next one runs already; claim the one after it.
    QMetaObject::invokeMethod(this, &QueueStation::look, Qt::QueuedConnection);
}

void QueueStation::scanStored(const QUuid &scan, bool isStored, const QString &message)
{
    const auto found = std::find_if(m_held.begin(), m_held.end(),
                                    [&scan](const auto &one) { return one.second.scan == scan; });
    if (found == m_held.end())
        return;
    const Held held = found->second;
    const auto &items = m_station.engine().items();
    const auto entry = std::find_if(items.begin(), items.end(),
                                    [&held](const QueueItem &item) { return item.id == held.id; });
    const bool hasScan = entry != items.end() && !entry->scanId.isEmpty();
    const QString reason = entry != items.end() ? entry->reason : message;
    forget(held.claim.uid());
    const bool goesOn = held.claim.item.isContinued();
    if (isStored || (hasScan && !goesOn) || !m_data.isConnected() || m_isLeaving)
        return; // with its last commit the item was settled, or recovery does that
    // It was not begun: its claim is over, or this station can not begin it, or not go on with it.
    QueueClaims claims(connection());
    const Status given = goesOn ? claims.declineToContinue(m_data.session(), held.claim, reason)
                                : claims.giveBack(m_data.session(), held.claim, reason, true);
    if (!given)
        emit noted(given.error().message);
}

void QueueStation::forget(const QUuid &item)
{
    const auto found = m_held.find(item);
    if (found == m_held.end())
        return;
    m_station.engine().remove(found->second.id);
    m_held.erase(found);
}

void QueueStation::dropUnbegun(const QUuid &item)
{
    forget(item);
}

} // namespace birch
