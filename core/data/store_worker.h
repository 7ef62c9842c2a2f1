#pragma once

#include "core/data/scan_drain.h"
#include "core/data/spool_syncer.h"
#include "core/data/store_thread.h"

#include <map>

namespace birch {

/// The thread behind StoreThread: commands first, then whichever scan is due. Sleeps otherwise.
class StoreWorker
{
public:
    struct Events { ///< called on the store or sync thread
        std::function<void(const QString &problem)> problemChanged;
        std::function<void(const QUuid &scan, const QString &message)> scanFault;
    };
    using SteadyClock = ScanBacklog::SteadyClock;

    StoreWorker(RunStoreFactory factory, RecorderSettings settings, const SpoolDisk &disk,
                Events events);
    ~StoreWorker();

    const RecorderSettings &settings() const { return m_settings; }
    const SpoolDisk &disk() const { return m_disk; }

    /// Whether a command waits for an attempt to reach a store that was away a moment ago.
    enum class Patience : quint8 { Try, None };

    // Any thread.
    /// \a command gets the store, or why there is none.
    void post(std::function<void(Result<RunStore *>)> command, Patience patience = Patience::Try);

    // Store thread, inside a command.
    Result<OpenedScan> createScan(const Result<RunStore *> &store, NewScan scan);
    Result<OpenedScan> continueScan(RunStore &store, const QUuid &scan);
    Result<QUuid> createQueue(const Result<RunStore *> &store, const QString &name,
                              const QString &mode);
    Status setQueueState(const Result<RunStore *> &store, const QUuid &queue, QueueState state);
    /// Blocks until the scan just created is on the disk of the database, or its spool tells of it.
    void makeDurable();

    // Any thread.
    /// The folder that createScan() or continueScan() locked; null when there is none.
    std::shared_ptr<SpoolLock> takeClaim(const QUuid &scan);
    void attach(std::shared_ptr<ScanBacklog> backlog);
    /// Something is urgent: sync, then look at it.
    void wake();
    qint64 backlogRows() const;
    std::chrono::milliseconds backlogAge() const;
    QString problem() const;

private:
    void loop();
    void poke();
    SteadyClock::time_point nextDue();
    void adoptNewScans();
    Result<RunStore *> store();
    /// True for an answer after which the connection is not to be trusted any more.
    static bool isConnectionLost(ErrorCode code);
    bool isAwayNow() const;
    /// True when scans may begin in the spool although \a error keeps the store away.
    bool mayBeginWithout(const Error &error) const;
    Result<OpenedScan> beginInSpool(NewScan scan, std::shared_ptr<SpoolLock> claim);
    Result<OpenedScan> claimedInDatabase(const OpenedScan &opened, NewScan scan,
                                         std::shared_ptr<SpoolLock> claim);
    Result<OpenedScan> claimed(OpenedScan scan, std::shared_ptr<SpoolLock> claim);
    void storeQueueStates();
    void drainDue();
    /// False when the store can not be written to now.
    bool drainOne(ScanDrain &drain, bool *isReleased);
    void drainLast();
    void forget(const std::shared_ptr<ScanBacklog> &backlog);
    void backOff(const Error &error);
    void setProblem(const QString &problem);
    void reportOverdue(const QString &why);

    const RunStoreFactory m_factory;
    const RecorderSettings m_settings;
    const SpoolDisk &m_disk;
    const Events m_events;

    mutable std::mutex m_queueMutex; // guards the next six
    struct Command {
        std::function<void(Result<RunStore *>)> run;
        Patience patience = Patience::Try;
    };
    std::deque<Command> m_commands;
    std::vector<std::shared_ptr<ScanBacklog>> m_newScans;
    std::vector<std::shared_ptr<ScanBacklog>> m_scans; ///< all that are not stored yet
    QString m_problem;
    bool m_isPoked = false;
    bool m_isStopping = false;
    std::condition_variable m_wake;

    std::mutex m_claimsMutex; // guards m_claims
    std::map<QUuid, std::shared_ptr<SpoolLock>> m_claims;

    // Store thread only.
    std::unique_ptr<RunStore> m_store;
    QUuid m_database; ///< whose scans these are; null while it is not known
    struct VolatileScan {
        NewScan scan;
        QString folder;
    };
    std::optional<VolatileScan> m_volatileScan; ///< created, not on the database's disk yet
    std::optional<Error> m_lastError;           ///< while it is away
    std::map<QUuid, QString> m_laterQueues;     ///< names of queues made while it was away
    std::map<QUuid, QueueState> m_laterStates;  ///< … and their states
    ChunkEncoder m_encoder;
    std::vector<std::unique_ptr<ScanDrain>> m_drains;
    std::chrono::milliseconds m_retryIn{0};
    SteadyClock::time_point m_retryAt{};

    std::unique_ptr<SpoolSyncer> m_syncer;
    std::thread m_thread;
};

} // namespace birch
