#pragma once

#include "core/data/recorder_settings.h"
#include "core/data/run_store.h"

#include <QObject>

#include <functional>
#include <memory>

namespace birch {

class ScanBacklog;
class SpoolLock;
class StoreWorker;

/// Runs on the store thread; called again after the connection was lost.
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
    StoreThread(RunStoreFactory factory, RecorderSettings settings, QObject *parent = nullptr);
    ~StoreThread() override;

    const RecorderSettings &settings() const;

    /// Claims the scan's spool folder (so that a death from here on is noticed by recovery), then
    /// creates the scan in the database. Errors as RunStore::createScan; Io, Full: no spool folder.
    void createScan(const NewScan &scan, QObject *context, StoreReply<OpenedScan> reply);
    /// As createScan(), for an interrupted scan. Conflict: its spool still waits for recovery, or
    /// somebody else runs it.
    void continueScan(const QUuid &scan, QObject *context, StoreReply<OpenedScan> reply);
    void createQueue(const QString &name, const QString &mode, QObject *context,
                     StoreReply<QUuid> reply);
    void setQueueState(const QUuid &queue, QueueState state, QObject *context,
                       StoreReply<std::monostate> reply);
    /// Anything else that the writer's connection is wanted for (timings, recovery): \a work runs on
    /// the store thread between commits and may block for a transaction.
    void run(std::function<void(RunStore &)> work);

    /// Rows in the spool and not yet in the database, over all scans.
    qint64 backlogRows() const;
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
    Result<std::shared_ptr<SpoolLock>> takeClaim(const QUuid &scan);
    void attach(std::shared_ptr<ScanBacklog> backlog);

    std::unique_ptr<StoreWorker> m_worker;
};

} // namespace birch
