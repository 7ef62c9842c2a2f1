#pragma once

#include "core/engine/queue_turns.h"
#include "core/engine/scan_runner.h"
#include "core/engine/stop_switch.h"

#include <QTimer>

#include <map>

namespace birch {

/// The queue itself: which scan runs, and what comes next. Lives on the engine thread; made and
/// called through QueueEngine alone.
class QueueWorker : public QObject
{
    Q_OBJECT
public:
    /// Makes the port that drives the bench; called on the engine thread. \a log is for what it
    /// does in the background.
    using SafeFactory =
        std::function<std::unique_ptr<SafePort>(const EnginePorts &, SafePort::Log log)>;

    QueueWorker(EnginePorts ports, SafeFactory safe, std::shared_ptr<StopSwitch> stopSwitch);
    ~QueueWorker() override;

    void begin(); ///< first call on the engine's thread

    void add(QueueItem item, std::optional<Continuation> continuation);
    void remove(const QUuid &id);
    void move(const QUuid &id, int to);
    void updateDetails(const QUuid &id, const ScanDetails &details);
    void setTurn(const QUuid &id, const ItemTurn &turn);
    void replace(const QueueItem &item);
    void runNow(const QUuid &id);
    void requeue(const QUuid &id);
    void removeEnded();
    void setParallel(int scans);
    void setFailedScanPolicy(FailedScan policy) { m_failedScan = policy; }
    void setName(const QString &name) { m_name = name; }
    void shareQueues() { m_isQueueAsked = true; }

    void start();
    void startOnly(const QList<QUuid> &ids);
    void pauseOne(const QUuid &id, PauseKind kind);
    void resumeOne(const QUuid &id);
    void abortOne(const QUuid &id);
    void pause(PauseKind kind);
    void pauseAfterPoint() { pause(PauseKind::AfterPoint); }
    void resume();
    void stopAfterScan();
    void abort();
    void makeSafe();
    void dismissSafe(const QString &nickname);
    /// Ends what runs as \a ending, drives safe, and emits finished() by \a limit at the latest.
    /// Whether somebody hears prompts(); without, a prompt pauses its scan.
    void setPromptsAttended(bool isAttended) { m_desk.setAttended(isAttended); }
    void answerPrompt(const QUuid &prompt, const QStringList &answers);
    void declinePrompt(const QUuid &prompt) { m_desk.decline(prompt); }
    void shutdown(ScanState ending, Nanoseconds limit);

    /// Lets go of what runs as a kill would.
    void discard();

signals:
    void itemAdded(int row, const birch::QueueItem &item);
    void itemRemoved(int row, const QUuid &id);
    void itemMoved(int from, int to);
    void itemChanged(int row, const birch::QueueItem &item);
    void progress(const birch::ItemProgress &progress);
    void queueStateChanged(birch::QueueState state);
    void logged(const QUuid &scan, const birch::ScanLogEntry &entry);
    void safeStateChanged(bool isDriving, bool isSafe, const QStringList &pending);
    void scanStored(const QUuid &scan, bool isStored, const QString &message);
    void refused(const QString &message);
    void promptAsked(const birch::PromptQuestion &question);
    void promptClosed(const QUuid &prompt);
    void promptRefused(const QUuid &prompt, const QString &message);
    void finished();

private:
    struct Entry {
        QueueItem item;
        std::optional<Continuation> continuation;
        RemainingTime remaining = {}; ///< of the run under way
    };

    int rowOf(const QUuid &id) const; ///< -1: none
    void changed(int row);
    bool setItemState(int row, ScanState state);
    bool setState(QueueState state);
    void log(const QString &level, const QString &message);

    int waitingRow(const QUuid &id);
    void waitAgain(int row);
    void repeatOrRetry(int row, ScanState state);

    void startNext();
    TurnChoice chooseNow() const;
    void wakeAt(qint64 us);
    void queueAfter(const QUuid &id, ScanState state);
    ScanRunner *runner(const QUuid &id) const; ///< null: it does not run
    QList<QUuid> running() const;
    bool isEveryScanPaused() const;
    void connectPauses(ScanRunner *runner, const QUuid &id);
    bool isAnyQueued() const;
    void createQueue();
    void run(int row);
    void connectRunner(ScanRunner *runner, const QUuid &id);
    void scanEnded(const QUuid &id, ScanState state, const QString &reason);
    void endQueue();
    void settle(); ///< to idle, and out at a shutdown, once nothing is under way any more
    void leave();
    void driveSafe(const QStringList &nicknames); ///< empty: all of the bench
    QStringList heldInstruments() const; ///< connected ones that somebody here may have set
    void reportProgress();
    void updateTimes(Entry &entry) const;

    void noteSafe(bool isDriving, bool isSafe, const QStringList &nicknames);
    void guardTouched(); ///< tells the sentinel

    PromptDesk m_desk{this};
    EnginePorts m_ports;
    SafeFactory m_safeFactory;
    std::unique_ptr<SafePort> m_safe;
    std::unique_ptr<SentinelPort> m_sentinel; ///< null: nobody guards
    GuardedRun m_guarded;                     ///< as the sentinel was told last
    std::shared_ptr<StopSwitch> m_stopSwitch;
    std::vector<Entry> m_entries;
    QueueState m_state = QueueState::Idle;
    FailedScan m_failedScan = FailedScan::Continue;
    QString m_name;
    QUuid m_queueUid;
    bool m_isQueueAsked = false;
    bool m_isStopAsked = false;  ///< after the scan in hand, paused or not
    bool m_isPauseAsked = false; ///< of the scans that run
    bool m_isPauseAfterScan = false;
    QStringList m_touched; ///< instruments that ran since they were last proven safe
    QStringList m_inUse; ///< by other programs, as found by the last scan that wanted them
    bool m_isDrivingSafe = false;
    bool m_isEnding = false; ///< the end of the queue is under way
    bool m_isShuttingDown = false;
    bool m_hasLeft = false;
    int m_parallel = 1;
    std::map<QUuid, std::unique_ptr<ScanRunner>> m_runners; ///< by entry
    QUuid m_newest;                                         ///< of these, the entry that began last
    std::map<QUuid, std::unique_ptr<ScanRunner>> m_storing; ///< by scan: ended, not yet stored
    QSet<QUuid> m_only;         ///< entries that were started; empty: all
    QSet<QUuid> m_abortedAlone; ///< the queue goes on after them
    qint64 m_wakeUs = 0;        ///< of the timer for the next start time; 0: none
    QTimer m_progressTimer;
};

} // namespace birch
