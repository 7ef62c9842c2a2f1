// What the operator asks of a running queue, and what is reported of it.
#include "core/engine/queue_worker.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

void QueueWorker::pause(PauseKind kind)
{
    if (!m_runners.empty() && kind == PauseKind::AfterScan) {
        m_isPauseAfterScan = true;
        return log(u"info"_s, tr("The queue pauses after this scan"));
    }
    if (!m_runners.empty()) { // the queue follows when its scans have paused
        m_isPauseAsked = true;
        for (const QUuid &id : running())
            runner(id)->pause(kind);
        return;
    }
    if (m_state == QueueState::Running && !m_isEnding)
        setState(QueueState::Paused);
}

void QueueWorker::pauseOne(const QUuid &id, PauseKind kind)
{
    if (ScanRunner *one = runner(id))
        one->pause(kind);
}

void QueueWorker::resume()
{
    m_isPauseAsked = m_isPauseAfterScan = false;
    const QList<QUuid> ids = running();
    const bool isAnyFree =
        ids.isEmpty() || std::any_of(ids.begin(), ids.end(), [this](const QUuid &id) {
            return runner(id)->heldBecause().isEmpty();
        });
    if (isAnyFree && m_state == QueueState::Paused) {
        setState(QueueState::Running);
        if (m_isStopAsked)
            setState(QueueState::Stopping);
    }
    for (const QUuid &id : ids)
        resumeOne(id);
    startNext();
}

void QueueWorker::resumeOne(const QUuid &id)
{
    ScanRunner *one = runner(id);
    if (!one)
        return;
    const QString held = one->heldBecause();
    one->resume(); // a scan that is held: later, by itself
    if (!held.isEmpty())
        emit refused(tr("The scan goes on by itself once its guard allows it. %1").arg(held));
}

void QueueWorker::stopAfterScan()
{
    if (m_state == QueueState::Paused && !m_runners.empty()) {
        m_isStopAsked = true; // once it is resumed
        return;
    }
    if (m_state == QueueState::Idle || !setState(QueueState::Stopping))
        return;
    startNext();
}

void QueueWorker::abort()
{
    if (m_runners.empty())
        return stopAfterScan();
    m_isStopAsked = true; // also where the scan is over but for what moves after it
    for (const QUuid &id : running()) {
        if (ScanRunner *one = runner(id)) // the end of one may be that of another
            one->stop(ScanState::Aborted, tr("Aborted by the operator."));
    }
}

void QueueWorker::abortOne(const QUuid &id)
{
    ScanRunner *one = runner(id);
    if (!one)
        return;
    m_abortedAlone.insert(id);
    one->stop(ScanState::Aborted, tr("Aborted by the operator."));
}

void QueueWorker::makeSafe()
{
    log(u"safe"_s, tr("Make safe was pressed"));
    for (InstrumentHost *host : m_ports.bench.hosts())
        host->cancel();
    if (m_state == QueueState::Running || m_state == QueueState::Paused)
        setState(QueueState::Stopping);
    bool isDriven = false;
    for (const QUuid &id : running()) {
        ScanRunner *one = runner(id);
        isDriven |= one && one->makeSafe(tr("Make safe was pressed."));
    }
    if (isDriven)
        return;
    driveSafe({});
    m_isEnding = m_state == QueueState::Stopping && m_runners.empty();
}

void QueueWorker::dismissSafe(const QString &nickname)
{
    m_safe->dismiss(nickname);
    if (m_runners.empty()) {
        m_touched.removeAll(nickname);
        guardTouched();
    }
    emit safeStateChanged(m_isDrivingSafe, false, m_safe->pending());
}

void QueueWorker::answerPrompt(const QUuid &prompt, const QStringList &answers)
{
    if (const Status answered = m_desk.answer(prompt, answers); !answered)
        emit promptRefused(prompt, answered.error().message);
}

void QueueWorker::shutdown(ScanState ending, Nanoseconds limit)
{
    if (std::exchange(m_isShuttingDown, true))
        return;
    m_ports.clock.after(limit, this, [this] { leave(); });
    if (!m_runners.empty()) {
        for (const QUuid &id : running()) {
            if (ScanRunner *one = runner(id))
                one->stop(ending, tr("Birch was closed."));
        }
        return;
    }
    if (m_state == QueueState::Running || m_state == QueueState::Paused)
        setState(QueueState::Stopping);
    m_isEnding = m_state == QueueState::Stopping;
    // Panels may have set something, even where nothing ran.
    if (const QStringList held = heldInstruments(); !held.isEmpty())
        driveSafe(held);
    settle();
}

void QueueWorker::discard()
{
    m_isEnding = true; // nothing starts any more
    m_progressTimer.stop();
    m_runners.clear();
    m_storing.clear();
}

void QueueWorker::updateTimes(Entry &entry) const
{
    QueueItem &item = entry.item;
    const ScanRunner *one = runner(item.id);
    const auto pace = one ? one->pace() : std::nullopt;
    if (!pace)
        return;
    const qint64 now = m_ports.clock.bootNs();
    item.points = one->pointsAcquired();
    item.elapsed = pace->elapsed(now);
    entry.remaining.update(pace->remaining(now, one->stepPointsDone()), now);
    item.remaining = entry.remaining.left();
    item.isLater = entry.remaining.hasGrown();
    item.finishesUs =
        item.remaining ? (m_ports.clock.wallNs() + item.remaining->count()) / 1000 : 0;
    // Full only when it is over: the last point is not the end.
    const double share =
        item.pointsPlanned > 0 ? double(item.points) / double(item.pointsPlanned) : 0.0;
    item.progress = item.state == ScanState::Completed ? 1.0 : std::min(share, 0.999);
    if (isFinal(item.state)) {
        item.remaining.reset();
        entry.remaining = {};
        item.isLater = false;
        item.finishesUs = 0;
    }
}

void QueueWorker::reportProgress()
{
    for (const QUuid &id : running()) {
        Entry &entry = m_entries[size_t(rowOf(id))];
        updateTimes(entry);
        const QueueItem &item = entry.item;
        emit progress({item.id, item.points, item.pointsPlanned, item.progress, item.elapsed,
                       item.remaining, item.isLater, item.finishesUs, runner(id)->partTimes(),
                       runner(id)->ifPausedNow()});
    }
}

} // namespace birch
