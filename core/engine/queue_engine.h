#pragma once

#include "core/engine/call_queue.h"
#include "core/engine/queue_worker.h"

#include <QThread>

namespace birch {

/// The queue of one station, for the thread that shows it: every call returns at once and takes
/// effect on the engine's thread, every signal arrives as a queued value. Works while scans run.
///
/// Make and destroy it on the thread that owns the bench's hosts; in-process instruments move to
/// the engine's thread for its life. Destroying it without shutdown() leaves a running scan as a
/// kill would: acquired points stay, recovery finds it interrupted, nothing is driven safe.
class QueueEngine : public QObject
{
    Q_OBJECT
public:
    /// \a safe: how the bench is driven to its safe values.
    QueueEngine(EnginePorts ports, QueueWorker::SafeFactory safe, QObject *parent = nullptr);
    ~QueueEngine() override;

    /// As last reported: what a list that opens now shows before the first signal.
    const QList<QueueItem> &items() const { return m_items; }
    QueueState state() const { return m_state; }

    /// \a item: id, name, plan, tree and details count. Goes to the end of the queue.
    void add(const QueueItem &item);
    /// An interrupted scan, to go on at its exact next point under its identity, when its turn
    /// comes.
    void resumeScan(const QueueItem &item, const Continuation &continuation);
    /// Not the running one: abort() first.
    void remove(const QUuid &id);
    /// To row \a to, counted without the moved one. Only a scan that has not started.
    void move(const QUuid &id, int to);
    /// For a scan that has not started this is what will be stored; later changes to stored scans
    /// go through their repository as well.
    void updateDetails(const QUuid &id, const ScanDetails &details);
    /// Of a scan that has not started.
    void setTurn(const QUuid &id, const ItemTurn &turn);
    /// Another name, tree, plan, details and turn for a scan that has not started.
    void replace(const QueueItem &item);
    /// It is next, past its gate and start time; in a queue that is idle it runs alone.
    void runNow(const QUuid &id);
    /// One that is over waits once more, at the end, as a scan of its own.
    void requeue(const QUuid &id);
    void removeEnded(); ///< all that are over
    /// How many scans may run at once, where their instruments are others.
    void setParallel(int scans);
    void setFailedScanPolicy(FailedScan policy);
    void setName(const QString &name); ///< of the queue; before start()
    /// Its scans come from queues that are kept elsewhere: it makes none of its own.
    void shareQueues();

    void start();
    void startOnly(const QList<QUuid> &ids); ///< the others stay queued
    // Of one scan; the others and the queue go on.
    void pauseOne(const QUuid &id, PauseKind kind);
    void resumeOne(const QUuid &id);
    void abortOne(const QUuid &id);
    void pause(PauseKind kind);
    void pauseAfterPoint() { pause(PauseKind::AfterPoint); }
    void resume();
    void stopAfterScan();
    /// Ends what runs and stops the queue; what waits stays queued. The stop is at the
    /// transports within 100 ms, also when an instrument hangs.
    void abort();
    /// Everything to its safe values, whatever runs or hangs. Nothing waits for this thread.
    void makeSafe();
    /// The operator takes care of this instrument: no more tries to drive it safe.
    void dismissSafe(const QString &nickname);
    /// Whether somebody hears promptAsked(); without, a prompt pauses its scan.
    void setPromptsAttended(bool isAttended);
    /// One text per field, as typed. What does not fit comes back as promptRefused().
    void answerPrompt(const QUuid &prompt, const QStringList &answers);
    /// Nobody can answer: its scan pauses.
    void declinePrompt(const QUuid &prompt);
    /// Ends what runs (as interrupted, so that it can be continued, or as aborted), drives safe,
    /// then finished() comes, by \a limit at the latest.
    void shutdown(ScanState ending = ScanState::Interrupted,
                  Nanoseconds limit = std::chrono::seconds(10));

signals:
    void itemAdded(int row, const birch::QueueItem &item);
    void itemRemoved(int row, const QUuid &id);
    void itemMoved(int from, int to);
    void itemChanged(int row, const birch::QueueItem &item);
    void progress(const birch::ItemProgress &progress);
    void queueStateChanged(birch::QueueState state);
    /// \a scan is null for the queue's own lines.
    void logged(const QUuid &scan, const birch::ScanLogEntry &entry);
    /// \a pending: instruments that are tried again until they are safe or dismissed.
    void safeStateChanged(bool isDriving, bool isSafe, const QStringList &pending);
    /// After the ending of a scan: it is in the database, or why that is left to recovery.
    void scanStored(const QUuid &scan, bool isStored, const QString &message);
    /// A call that could not be followed: one sentence that says what to do.
    void refused(const QString &message);
    void promptAsked(const birch::PromptQuestion &question);
    /// It was answered, or its scan has paused or ended.
    void promptClosed(const QUuid &prompt);
    void promptRefused(const QUuid &prompt, const QString &message);
    void finished();

private:
    void mirror();
    void cancelHosts();
    /// Runs \a call on the engine's thread.
    void post(std::function<void()> call) { m_calls->post(std::move(call)); }
    /// Runs \a take on this object's thread with copies of what \a signal carried.
    template<typename... Values, typename Take>
    void hear(void (QueueWorker::*signal)(Values...), Take take)
    {
        connect(
            m_worker, signal, m_worker,
            [this, take](const std::decay_t<Values> &...values) {
                m_news->post([take, values...] { take(values...); });
            },
            Qt::DirectConnection);
    }

    Bench &m_bench;
    QList<InstrumentHost *> m_inlineHosts; ///< on the engine's thread
    std::shared_ptr<StopSwitch> m_stopSwitch;
    QList<QueueItem> m_items;
    QueueState m_state = QueueState::Idle;
    QThread m_thread;
    QueueWorker *m_worker; ///< on m_thread; deleted there
    CallQueue *m_calls;    ///< to the engine's thread; the worker's child
    CallQueue *m_news;     ///< back
};

} // namespace birch
