#include "core/engine/queue_worker.h"

#include "core/base/id.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr auto kProgressInterval = std::chrono::milliseconds(100);
}

QueueWorker::QueueWorker(EnginePorts ports, SafeFactory safe,
                         std::shared_ptr<StopSwitch> stopSwitch)
    : m_ports(std::move(ports))
    , m_safeFactory(std::move(safe))
    , m_stopSwitch(std::move(stopSwitch))
    , m_name(tr("Queue"))
    , m_progressTimer(this)
{
    m_ports.prompts = &m_desk;
    connect(&m_desk, &PromptDesk::asked, this, &QueueWorker::promptAsked);
    connect(&m_desk, &PromptDesk::closed, this, &QueueWorker::promptClosed);
    m_progressTimer.setInterval(kProgressInterval);
    connect(&m_progressTimer, &QTimer::timeout, this, &QueueWorker::reportProgress);
}

void QueueWorker::begin()
{
    m_safe = m_safeFactory(
        m_ports, [this](const QString &level, const QString &message) { log(level, message); });
    if (m_ports.sentinel)
        m_sentinel = m_ports.sentinel([this](const QString &level, const QString &message) {
            ScanRunner *newest = runner(m_newest);
            newest ? newest->log(level, message) : log(level, message);
        });
    m_ports.archive.watchFaults(this, [this](const QUuid &scan, const QString &message) {
        const auto entry = std::find_if(m_entries.begin(), m_entries.end(),
                                        [&scan](const Entry &one) { return one.item.uid == scan; });
        if (entry == m_entries.end() || !runner(entry->item.id))
            return;
        // What is acquired is in the spool and more can be: so nothing is thrown away, but nothing
        // goes on either until somebody has looked.
        log(u"error"_s,
            tr("%1 The scan pauses after this point: see to it, then resume.").arg(message));
        // Alone it takes the queue along, also where it ends before it pauses.
        m_isPauseAsked = m_isPauseAsked || m_runners.size() == 1;
        runner(entry->item.id)->pause(PauseKind::AfterPoint, message);
    });
}

QueueWorker::~QueueWorker() = default;

int QueueWorker::rowOf(const QUuid &id) const
{
    const auto at = std::find_if(m_entries.begin(), m_entries.end(),
                                 [&id](const Entry &entry) { return entry.item.id == id; });
    return at == m_entries.end() ? -1 : int(at - m_entries.begin());
}

void QueueWorker::changed(int row)
{
    emit itemChanged(row, m_entries[size_t(row)].item);
}

void QueueWorker::add(QueueItem item, std::optional<Continuation> continuation)
{
    if (!item.plan || item.id.isNull() || rowOf(item.id) >= 0) {
        emit refused(tr("This scan is in the queue already: add a copy of it"));
        return;
    }
    item.state = ScanState::Queued;
    item.pointsPlanned = item.plan->points;
    item.remaining = item.plan->duration;
    if (continuation) {
        item.uid = continuation->uid;
        item.scanId = continuation->scanId;
    }
    m_entries.push_back({std::move(item), std::move(continuation)});
    emit itemAdded(int(m_entries.size()) - 1, m_entries.back().item);
    // A queue that runs and has just run dry takes it at once.
    startNext();
}

void QueueWorker::remove(const QUuid &id)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    if (runner(id)) {
        emit refused(tr("This scan is running: abort it first, then remove it"));
        return;
    }
    m_entries.erase(m_entries.begin() + row);
    emit itemRemoved(row, id);
}

void QueueWorker::move(const QUuid &id, int to)
{
    const int from = rowOf(id);
    if (from < 0)
        return;
    if (m_entries[size_t(from)].item.state != ScanState::Queued) {
        emit refused(tr("Only scans that have not started can be moved"));
        return;
    }
    to = std::clamp(to, 0, int(m_entries.size()) - 1);
    if (from == to)
        return;
    const auto first = m_entries.begin();
    if (from < to)
        std::rotate(first + from, first + from + 1, first + to + 1);
    else
        std::rotate(first + to, first + from, first + from + 1);
    emit itemMoved(from, to);
}

void QueueWorker::updateDetails(const QUuid &id, const ScanDetails &details)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    m_entries[size_t(row)].item.details = details;
    changed(row);
}

bool QueueWorker::setItemState(int row, ScanState state)
{
    QueueItem &item = m_entries[size_t(row)].item;
    if (!isAllowed(item.state, state))
        return false;
    item.state = state;
    updateTimes(m_entries[size_t(row)]);
    changed(row);
    return true;
}

bool QueueWorker::setState(QueueState state)
{
    if (m_state == state || !isAllowed(m_state, state))
        return false;
    m_state = state;
    if (!m_queueUid.isNull())
        m_ports.archive.setQueueState(m_queueUid, state);
    emit queueStateChanged(state);
    return true;
}

void QueueWorker::log(const QString &level, const QString &message)
{
    const ScanLogEntry entry{m_ports.clock.wallNs(), level, message};
    for (RunObserver *observer : std::as_const(m_ports.observers))
        observer->log({}, entry);
    emit logged({}, entry);
}

void QueueWorker::start()
{
    if (m_isShuttingDown || m_state != QueueState::Idle)
        return;
    setState(QueueState::Running);
    if (m_queueUid.isNull() && !m_isQueueAsked)
        return createQueue();
    startNext();
}

void QueueWorker::createQueue()
{
    m_isQueueAsked = true;
    m_ports.archive.createQueue(m_name, this, [this](const Result<QUuid> &queue) {
        if (queue) {
            m_queueUid = queue.value();
            m_ports.archive.setQueueState(m_queueUid, m_state);
        } else {
            m_isQueueAsked = false; // the next start tries again
            log(u"warning"_s,
                tr("The queue itself is not recorded: %1").arg(queue.error().message));
        }
        startNext();
    });
}

void QueueWorker::setParallel(int scans)
{
    m_parallel = std::clamp(scans, 1, kMaxParallelScans);
    startNext();
}

TurnChoice QueueWorker::chooseNow() const
{
    TurnRound round;
    for (const Entry &entry : m_entries)
        round.items.push_back(&entry.item);
    for (const QUuid &id : running()) {
        for (const QString &nickname : m_entries[size_t(rowOf(id))].item.plan->instruments)
            round.busy.insert(nickname);
    }
    round.only = m_only;
    round.nowUs = m_ports.clock.wallNs() / 1000;
    return chooseNext(round);
}

void QueueWorker::startNext()
{
    if (m_isEnding)
        return;
    if (m_state == QueueState::Stopping && m_runners.empty())
        return endQueue();
    TurnChoice choice;
    while (m_state == QueueState::Running && !m_isPauseAsked &&
           int(m_runners.size()) < m_parallel) {
        choice = chooseNow();
        if (choice.row < 0)
            break;
        run(choice.row);
    }
    if (m_state != QueueState::Running || choice.row >= 0)
        return;
    if (choice.wakeUs > 0)
        wakeAt(choice.wakeUs);
    else if (m_runners.empty())
        endQueue();
}

void QueueWorker::wakeAt(qint64 us)
{
    if (m_wakeUs > 0 && m_wakeUs <= us)
        return;
    m_wakeUs = us;
    const qint64 inNs = us * 1000 - m_ports.clock.wallNs();
    m_ports.clock.after(Nanoseconds(std::max<qint64>(inNs, 0)), this, [this, us] {
        if (m_wakeUs == us)
            m_wakeUs = 0;
        startNext();
    });
}

ScanRunner *QueueWorker::runner(const QUuid &id) const
{
    const auto found = m_runners.find(id);
    return found == m_runners.end() ? nullptr : found->second.get();
}

QList<QUuid> QueueWorker::running() const
{
    QList<QUuid> ids;
    for (const auto &[id, one] : m_runners)
        ids.append(id);
    return ids;
}

bool QueueWorker::isEveryScanPaused() const
{
    const QList<QUuid> ids = running();
    return std::all_of(ids.begin(), ids.end(), [this](const QUuid &id) {
        return m_entries[size_t(rowOf(id))].item.state == ScanState::Paused;
    });
}

bool QueueWorker::isAnyQueued() const
{
    return std::any_of(m_entries.begin(), m_entries.end(),
                       [](const Entry &entry) { return entry.item.state == ScanState::Queued; });
}

void QueueWorker::run(int row)
{
    Entry &entry = m_entries[size_t(row)];
    if (entry.item.uid.isNull())
        entry.item.uid = newUid();
    NewScan scan;
    scan.uid = entry.item.uid;
    scan.details = entry.item.details;
    if (scan.details.name.isEmpty())
        scan.details.name = entry.item.name;
    scan.tree = entry.item.tree;
    const SharedItem &shared = entry.item.shared;
    scan.queueUid = shared.queue.isNull() ? m_queueUid : shared.queue;
    scan.queuePosition = shared.queue.isNull() ? row : shared.position;
    scan.queueItem = shared.item;
    scan.queueItemEpoch = shared.epoch;
    entry.item.startedUs = m_ports.clock.wallNs() / 1000;
    entry.item.turn.isNow = false;
    const QUuid id = entry.item.id;
    m_newest = id;
    auto made = std::make_unique<ScanRunner>(
        m_ports, *m_safe, entry.item.plan, std::move(scan), entry.continuation,
        [this](const QUuid &uid, const ScanLogEntry &line) { emit logged(uid, line); });
    ScanRunner *started = made.get();
    if (entry.item.demand)
        started->setDemand(*entry.item.demand);
    m_runners[id] = std::move(made);
    connectRunner(started, id);
    setItemState(row, ScanState::Running);
    m_progressTimer.start();
    started->start(m_stopSwitch->renew(id));
}

} // namespace birch
