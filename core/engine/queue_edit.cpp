// Waiting scans and their turns.
#include "core/engine/queue_worker.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

/// Its row; -1, and told so, where it does not wait.
int QueueWorker::waitingRow(const QUuid &id)
{
    const int row = rowOf(id);
    if (row < 0)
        return -1;
    if (m_entries[size_t(row)].item.state == ScanState::Queued)
        return row;
    emit refused(tr("Only a scan that has not started can be changed: requeue it, or add a copy"));
    return -1;
}

void QueueWorker::setTurn(const QUuid &id, const ItemTurn &turn)
{
    const int row = waitingRow(id);
    if (row < 0)
        return;
    m_entries[size_t(row)].item.turn = turn;
    changed(row);
    startNext();
}

void QueueWorker::replace(const QueueItem &item)
{
    const int row = item.plan ? waitingRow(item.id) : -1;
    if (row < 0)
        return;
    Entry &entry = m_entries[size_t(row)];
    if (entry.continuation && entry.item.plan->hash != item.plan->hash) {
        emit refused(tr("This scan goes on where it was interrupted, so its tree stays: add the "
                        "changed one as a new scan"));
        return;
    }
    const QUuid uid = entry.item.uid;
    const QString scanId = entry.item.scanId;
    entry.item = item;
    entry.item.uid = uid;
    entry.item.scanId = scanId;
    entry.item.state = ScanState::Queued;
    entry.item.pointsPlanned = item.plan->points;
    entry.item.remaining = item.plan->duration;
    changed(row);
    startNext();
}

void QueueWorker::runNow(const QUuid &id)
{
    const int row = waitingRow(id);
    if (row < 0)
        return;
    m_entries[size_t(row)].item.turn.isNow = true;
    changed(row);
    m_state == QueueState::Idle ? startOnly({id}) : startNext();
}

void QueueWorker::startOnly(const QList<QUuid> &ids)
{
    if (m_state != QueueState::Idle || m_isShuttingDown)
        return;
    m_only = QSet<QUuid>(ids.begin(), ids.end());
    start();
}

void QueueWorker::requeue(const QUuid &id)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    const ScanState state = m_entries[size_t(row)].item.state;
    if (!isFinal(state) && state != ScanState::Interrupted) {
        emit refused(tr("This scan waits or runs: duplicate it to run it twice"));
        return;
    }
    ItemTurn &turn = m_entries[size_t(row)].item.turn;
    turn.repeatsDone = 0;
    turn.isRetry = false;
    waitAgain(row);
    move(id, int(m_entries.size()) - 1);
    startNext();
}

void QueueWorker::removeEnded()
{
    for (int row = int(m_entries.size()) - 1; row >= 0; --row) {
        const QueueItem &item = m_entries[size_t(row)].item;
        if (isFinal(item.state))
            remove(QUuid(item.id));
    }
}

/// As a scan of its own, not begun yet.
void QueueWorker::waitAgain(int row)
{
    Entry &entry = m_entries[size_t(row)];
    entry.continuation.reset();
    QueueItem &item = entry.item;
    item.state = ScanState::Queued;
    item.uid = {};
    item.scanId.clear();
    item.points = 0;
    item.progress = 0;
    item.elapsed = {};
    item.remaining = item.plan->duration;
    item.startedUs = item.finishesUs = 0;
    changed(row);
}

/// A scan has ended as \a state: once more, where that is asked.
void QueueWorker::repeatOrRetry(int row, ScanState state)
{
    ItemTurn &turn = m_entries[size_t(row)].item.turn;
    if (state == ScanState::Completed && turn.repeatsDone < turn.repeats)
        return waitAgain(row);
    if (state != ScanState::Failed || m_failedScan != FailedScan::Retry || turn.isRetry)
        return;
    turn.isRetry = true;
    log(u"info"_s, tr("\"%1\" has failed and is tried once more after the others")
                       .arg(m_entries[size_t(row)].item.name));
    waitAgain(row);
}

} // namespace birch
