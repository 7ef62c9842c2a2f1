// How a queue ends: its instruments safe, its scans stored, then idle.
#include "core/engine/queue_worker.h"

namespace birch {

void QueueWorker::endQueue()
{
    setState(QueueState::Stopping);
    m_isEnding = true;
    m_only.clear();
    if (!m_touched.isEmpty())
        driveSafe(m_touched);
    settle();
}

void QueueWorker::driveSafe(const QStringList &nicknames)
{
    noteSafe(true, false, nicknames);
    m_safe->drive(
        nicknames, [this](const QString &level, const QString &message) { log(level, message); },
        [this, nicknames](bool isSafe) {
            noteSafe(false, isSafe, nicknames);
            settle();
        });
}

void QueueWorker::noteSafe(bool isDriving, bool isSafe, const QStringList &nicknames)
{
    m_isDrivingSafe = isDriving;
    const QStringList pending = m_safe->pending();
    if (!isDriving) {
        m_touched.removeIf([&](const QString &nickname) {
            return (nicknames.isEmpty() || nicknames.contains(nickname)) &&
                   !pending.contains(nickname);
        });
    }
    guardTouched();
    emit safeStateChanged(isDriving, isSafe, pending);
}

void QueueWorker::guardTouched()
{
    if (!m_sentinel)
        return;
    GuardedRun run = m_guarded;
    run.instruments = m_touched;
    if (const int row = rowOf(m_newest); row >= 0) {
        run.scan = m_entries[size_t(row)].item.uid;
        run.scanId = m_entries[size_t(row)].item.scanId;
    }
    if (run == m_guarded)
        return;
    m_guarded = run;
    run.instruments.isEmpty() ? m_sentinel->release() : m_sentinel->guard(run);
}

QStringList QueueWorker::heldInstruments() const
{
    QStringList held = m_touched;
    for (const InstrumentHost *host : m_ports.bench.hosts()) {
        const QString &nickname = host->nickname();
        if (host->connectionState() != ConnectionState::Closed && host->hasBeenLeased() &&
            !held.contains(nickname) &&
            !m_inUse.contains(nickname)) // a scan held it, but another program has it
            held.append(nickname);
    }
    return held;
}

void QueueWorker::settle()
{
    if (!m_runners.empty() || m_isDrivingSafe || !m_storing.empty())
        return;
    if (m_isEnding) {
        m_isEnding = false;
        setState(QueueState::Idle);
    }
    if (m_isShuttingDown && m_state == QueueState::Idle)
        leave();
}

void QueueWorker::leave()
{
    if (std::exchange(m_hasLeft, true))
        return;
    emit finished();
}

} // namespace birch
