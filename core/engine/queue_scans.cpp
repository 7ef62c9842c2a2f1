// The scans of a queue that run: what is heard of them, and what their ends mean for the queue.
#include "core/engine/queue_worker.h"

namespace birch {

void QueueWorker::connectRunner(ScanRunner *runner, const QUuid &id)
{
    connect(runner, &ScanRunner::opened, this, [this, id](const QString &scanId) {
        const int row = rowOf(id);
        m_entries[size_t(row)].item.scanId = scanId;
        changed(row);
        guardTouched(); // by the id that people know
    });
    connectPauses(runner, id);
    const QStringList instruments = m_entries[size_t(rowOf(id))].item.plan->instruments;
    const auto isNew = std::make_shared<QStringList>(); // of them, those that no scan held before
    connect(runner, &ScanRunner::leased, this, [this, instruments, isNew] {
        for (const QString &nickname : instruments) {
            if (!m_touched.contains(nickname))
                isNew->append(nickname);
            m_inUse.removeAll(nickname);
        }
        m_touched += *isNew;
        guardTouched();
    });
    connect(runner, &ScanRunner::foundInUse, this, [this, isNew] {
        for (const QString &nickname : std::as_const(*isNew)) {
            m_touched.removeAll(nickname);
            m_inUse.append(nickname);
            if (InstrumentHost *host = m_ports.bench.find(nickname))
                host->close();
        }
        guardTouched();
    });
    connect(runner, &ScanRunner::safeDriven, this,
            [this, instruments](bool isDriving, bool isSafe) {
                noteSafe(isDriving, isSafe, instruments);
            });
    connect(runner, &ScanRunner::ended, this,
            [this, id](ScanState state, const QString &reason) { scanEnded(id, state, reason); });
    connect(
        runner, &ScanRunner::stored, this,
        [this, uid = m_entries[size_t(rowOf(id))].item.uid](bool isStored, const QString &message) {
            if (const auto runners = m_storing.find(uid); runners != m_storing.end()) {
                runners->second.release()->deleteLater();
                m_storing.erase(runners);
            }
            emit scanStored(uid, isStored, message);
            settle();
        });
}

void QueueWorker::connectPauses(ScanRunner *runner, const QUuid &id)
{
    connect(runner, &ScanRunner::paused, this, [this, id] {
        setItemState(rowOf(id), ScanState::Paused);
        if (!isEveryScanPaused())
            return;
        if (m_isPauseAsked || int(m_runners.size()) >= m_parallel)
            setState(QueueState::Paused);
        m_isPauseAsked = false;
    });
    connect(runner, &ScanRunner::noteChanged, this, [this, id, runner] {
        const int row = rowOf(id);
        m_entries[size_t(row)].item.heldBecause = runner->heldBecause();
        m_entries[size_t(row)].item.pauseNote = runner->pauseNote();
        changed(row);
    });
    connect(runner, &ScanRunner::resumed, this, [this, id] {
        setItemState(rowOf(id), ScanState::Running);
        if (m_state != QueueState::Paused)
            return;
        setState(QueueState::Running); // it went on by itself
        if (m_isStopAsked)
            setState(QueueState::Stopping);
    });
}

void QueueWorker::scanEnded(const QUuid &id, ScanState state, const QString &reason)
{
    reportProgress();
    const int row = rowOf(id);
    QueueItem &item = m_entries[size_t(row)].item;
    item.reason = reason;
    item.pauseNote.clear();
    item.points = runner(id)->pointsAcquired();
    item.turn.repeatsDone += state == ScanState::Completed ? 1 : 0;
    setItemState(row, state);
    m_storing[item.uid] = std::move(m_runners[id]); // until the database has it
    m_runners.erase(id);
    m_stopSwitch->forget(id);
    if (m_newest == id)
        m_newest = m_runners.empty() ? QUuid() : m_runners.begin()->first;
    if (m_runners.empty())
        m_progressTimer.stop();
    repeatOrRetry(row, state);
    queueAfter(id, state);
    QMetaObject::invokeMethod(this, &QueueWorker::startNext, Qt::QueuedConnection);
}

/// What the end of a scan means for the queue.
void QueueWorker::queueAfter(const QUuid &id, ScanState state)
{
    const bool isAlone = m_abortedAlone.remove(id);
    const bool isLast = m_runners.empty();
    if (m_isStopAsked || m_isShuttingDown || (state == ScanState::Aborted && !isAlone) ||
        (state == ScanState::Failed && m_failedScan == FailedScan::Stop))
        setState(QueueState::Stopping);
    else if ((m_isPauseAsked && isEveryScanPaused()) ||
             (m_isPauseAfterScan && isLast && isAnyQueued()))
        setState(QueueState::Paused); // the first: too late for this scan
    if (isLast)
        m_isStopAsked = m_isPauseAsked = m_isPauseAfterScan = false;
}

} // namespace birch
