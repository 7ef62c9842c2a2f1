#pragma once

#include "core/data/recorder_settings.h"
#include "core/data/run_store.h"

#include <QObject>

#include <functional>
#include <memory>

namespace birch {

class ScanBacklog;
class SpoolDisk;
class SpoolLock;
class StoreWorker;

/// Runs on the store thread; called again after the connection was lost. Empty: there is no
/// database, and everything stays in the spool.
using RunStoreFactory = std::function<Result<std::unique_ptr<RunStore>>()>;

template<typename T>
using StoreReply = std::function<void(Result<T>)>;

/// The one writer of runs: a thread with its own RunStore, fed from the spool's backlog.
///
/// All functions are thread-safe and return at once. A reply is called exactly once, on the thread
/// of \a context, through its event loop, and dropped when \a context is gone. Must outlive every
/// RunRecorder that was opened on it. Destroying it stores what can be stored now (one attempt, no
/// waiting for a database that is away) and leaves the rest in the spool to recovery.
///
/// While the database is away acquisition goes on into the spool: problemChanged() says so once,
/// the store is retried with back-off, backlogRows() grows, then drains by itself.
class StoreThread : public QObject
{
    Q_OBJECT
public:
    /// \a disk, for tests, outlives this; null: the real one.
    StoreThread(RunStoreFactory factory, RecorderSettings settings, QObject *parent = nullptr,
                const SpoolDisk *disk = nullptr);
    ~StoreThread() override;

    const RecorderSettings &settings() const;

    /// Claims the scan's spool folder (so that a death from here on is noticed by recovery), then
    /// creates the scan in the database. While that is away, and its identity is known, the scan
    /// begins in the spool, under a human id of its own, and follows into the database by itself.
    /// Errors as RunStore::createScan; Io, Full: no spool folder.
    void createScan(const NewScan &scan, QObject *context, StoreReply<OpenedScan> reply);
    /// As createScan(), for an interrupted scan. Conflict: its spool still waits for recovery, or
    /// somebody else runs it.
    void continueScan(const QUuid &scan, QObject *context, StoreReply<OpenedScan> reply);
    /// While the database is away the queue gets its uid, and is made there with its first scan.
    void createQueue(const QString &name, const QString &mode, QObject *context,
                     StoreReply<QUuid> reply);
    /// While the database is away the last state is kept and follows; a refusal is logged.
    void setQueueState(const QUuid &queue, QueueState state);
    /// Anything else that the writer's connection is wanted for (timings, recovery): \a work runs
    /// on the store thread between commits, with the store or why there is none; may block.
    void run(std::function<void(Result<RunStore *>)> work);

    /// Rows in the spool and not yet in the database, over all scans.
    qint64 backlogRows() const;
    /// How long the oldest of them has waited, over all scans; zero when none waits.
    std::chrono::milliseconds backlogAge() const;
    /// What keeps the backlog from draining; "" when nothing does.
    QString problem() const;

signals:
    /// Emitted on the store thread: connect with a receiver, so that it is queued.
    void problemChanged(const QString &problem);
    /// The spool of a running scan could not be synced (or the database refused its rows for good):
    /// pause the scan, show the sentence. Emitted on the sync or store thread.
    void scanFault(const QUuid &scan, const QString &message);

private:
    friend class RunRecorder;
    std::unique_ptr<StoreWorker> m_worker;
};

} // namespace birch
