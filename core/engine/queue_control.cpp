// What the operator asks of a running queue, and what is reported of it.
#include "core/engine/queue_worker.h"

using namespace Qt::StringLiterals;

namespace birch {

void QueueWorker::pause(PauseKind kind)
{
    if (m_runner && kind == PauseKind::AfterScan) {
        m_isPauseAfterScan = true;
        return log(u"info"_s, tr("The queue pauses after this scan"));
    }
    if (m_runner) { // the queue follows when the scan has paused
        m_isPauseAsked = true;
        return m_runner->pause(kind);
    }
    if (m_state == QueueState::Running && !m_isEnding)
        setState(QueueState::Paused);
}

void QueueWorker::resume()
{
    m_isPauseAsked = m_isPauseAfterScan = false;
    if (m_runner && !m_runner->heldBecause().isEmpty()) {
        m_runner->resume(); // later, by itself
        emit refused(tr("The scan goes on by itself once its guard allows it. %1")
                         .arg(m_runner->heldBecause()));
        return;
    }
    if (m_state == QueueState::Paused) {
        setState(QueueState::Running);
        if (m_isStopAsked)
            setState(QueueState::Stopping);
    }
    if (m_runner)
        m_runner->resume();
    else
        startNext();
}

void QueueWorker::stopAfterScan()
{
    if (m_state == QueueState::Paused && m_runner) {
        m_isStopAsked = true; // once it is resumed
        return;
    }
    if (m_state == QueueState::Idle || !setState(QueueState::Stopping))
        return;
    if (!m_runner)
        startNext();
}

void QueueWorker::abort()
{
    if (!m_runner)
        return stopAfterScan();
    m_isStopAsked = true; // also where the scan is over but for what moves after it
    m_runner->stop(ScanState::Aborted, tr("Aborted by the operator."));
}

void QueueWorker::makeSafe()
{
    log(u"safe"_s, tr("Make safe was pressed"));
    for (InstrumentHost *host : m_ports.bench.hosts())
        host->cancel();
    if (m_state == QueueState::Running || m_state == QueueState::Paused)
        setState(QueueState::Stopping);
    if (m_runner && m_runner->makeSafe(tr("Make safe was pressed.")))
        return;
    driveSafe({});
    m_isEnding = m_state == QueueState::Stopping && !m_runner;
}

void QueueWorker::dismissSafe(const QString &nickname)
{
    m_safe->dismiss(nickname);
    if (!m_runner) {
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
    if (m_runner)
        return m_runner->stop(ending, tr("Birch was closed."));
    if (m_state == QueueState::Running || m_state == QueueState::Paused)
        setState(QueueState::Stopping);
    m_isEnding = m_state == QueueState::Stopping;
    // Panels may have set something, even where nothing ran.
    if (const QStringList open = openInstruments(); !open.isEmpty())
        driveSafe(open);
    settle();
}

void QueueWorker::discard()
{
    m_isEnding = true; // nothing starts any more
    m_progressTimer.stop();
    m_runner.reset();
    m_storing.clear();
}

void QueueWorker::updateTimes(QueueItem &item) const
{
    const auto pace = m_runner && item.id == m_running ? m_runner->pace() : std::nullopt;
    if (!pace)
        return;
    const qint64 now = m_ports.clock.bootNs();
    item.points = m_runner->pointsAcquired();
    item.elapsed = pace->elapsed(now);
    item.remaining = pace->remaining(now, m_runner->stepPointsDone());
    item.finishesUs =
        item.remaining ? (m_ports.clock.wallNs() + item.remaining->count()) / 1000 : 0;
    // Full only when it is over: the last point is not the end.
    const double share =
        item.pointsPlanned > 0 ? double(item.points) / double(item.pointsPlanned) : 0.0;
    item.progress = item.state == ScanState::Completed ? 1.0 : std::min(share, 0.999);
    if (isFinal(item.state)) {
        item.remaining.reset();
        item.finishesUs = 0;
    }
}

void QueueWorker::reportProgress()
{
    const int row = rowOf(m_running);
    if (row < 0)
        return;
    QueueItem &item = m_entries[size_t(row)].item;
    updateTimes(item);
    emit progress({item.id, item.points, item.pointsPlanned, item.progress, item.elapsed,
                   item.remaining, item.finishesUs,
                   m_runner ? m_runner->ifPausedNow() : QString()});
}

} // namespace birch
