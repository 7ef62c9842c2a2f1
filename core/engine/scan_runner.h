#pragma once

#include "core/engine/end_settings.h"
#include "core/engine/pace.h"
#include "core/engine/pause_kind.h"
#include "core/engine/plan_executor.h"
#include "core/engine/queue_item.h"
#include "core/engine/quiet_outputs.h"
#include "core/engine/safe_port.h"
#include "core/engine/scan_setup.h"
#include "core/engine/sentinel_port.h"
#include "core/engine/settings_restore.h"
#include "core/engine/step_times.h"
#include "core/engine/timing_journal.h"

namespace birch {

/// What the engine is made of from outside; all of it outlives the engine.
struct EnginePorts {
    Bench &bench;
    Clock &clock;
    RunArchive &archive;
    QList<RunObserver *> observers = {};
    QString station = {};
    QString softwareVersion = {};
    SliceLimits slice = {};
    ScanSetup::Limits setup = {};
    PromptDesk *prompts = nullptr; ///< null: there is nobody to ask
    /// Hears how long the steps took of each scan that was completed without failures, on the
    /// engine thread.
    std::function<void(std::shared_ptr<const ScanPlan>, const RunTimes &)> timed = {};
    /// Makes the guard of running queues; called on the engine thread. Empty: none. The log is of
    /// what runs.
    std::function<std::unique_ptr<SentinelPort>(SafePort::Log log)> sentinel = {};
};

/// One scan from its leases to its one ending: completed, aborted, failed, or interrupted when the
/// program leaves. Engine thread.
class ScanRunner : public QObject
{
    Q_OBJECT
public:
    /// \a scan: uid, details, tree and queue are filled in; the rest comes from here.
    ScanRunner(const EnginePorts &ports, SafePort &safe, std::shared_ptr<const ScanPlan> plan,
               NewScan scan, std::optional<Continuation> continuation, RunRecord::LogSink log);
    ~ScanRunner() override;

    /// Before start(): settings that its instruments are compared with. Where they differ it ends
    /// before its first step, sets them back, or goes on and says so, as \a demand chooses.
    void setDemand(SettingsDemand demand) { m_demand = std::move(demand); }
    void start(std::stop_token stop);
    /// AfterPoint or Now; \a reason: a sentence, "" where the operator asks.
    void pause(PauseKind kind, const QString &reason = {});
    /// Outputs go back to what they were first; where that fails it stays paused. A scan that a
    /// guard holds goes on later, by itself.
    void resume();
    /// While it runs: what a pause now would break off. "" while it does not.
    QString ifPausedNow() const;
    /// While it is paused: why, and what is done again on resume.
    QString pauseNote() const { return m_pauseNote; }
    /// Why a guard holds it; "" where none does.
    QString heldBecause() const { return m_holds > 0 ? m_heldBecause : QString(); }
    /// Ends it now as \a state (Aborted or Interrupted), through the safe values. A scan that ends
    /// already keeps its ending, but what still moves after it is halted and everything made safe.
    void stop(ScanState state, const QString &reason);

    /// The operator wants everything safe: ends what runs as aborted; drives once more what is
    /// being driven. False: it sends nothing any more, so the caller has to drive.
    bool makeSafe(const QString &reason);

    /// Into the log of this scan.
    void log(const QString &level, const QString &message);

    qint64 pointsAcquired() const; ///< continued ones included
    qint64 stepPointsDone() const; ///< without those of monitors: what pace() counts
    std::optional<Pace> pace() const { return m_pace; }
    PartTimes partTimes() const { return m_timer ? m_timer->mainParts() : PartTimes(); }

signals:
    void leased();     ///< it holds its instruments: from here on it may touch them
    void foundInUse(); ///< after all another program has one of them: it has touched none
    void opened(const QString &scanId);
    void paused();
    void resumed();
    void noteChanged(); ///< see heldBecause(), pauseNote()
    void safeDriven(bool isDriving, bool isSafe);
    /// Once, and last but stored(): the instruments are free again.
    void ended(birch::ScanState state, const QString &reason);
    /// After ended(): the database has everything, or recovery will see to it.
    void stored(bool isStored, const QString &message);

private:
    enum class Rest : quint8 { None, Parking, Paused, Returning };
    enum class Phase : quint8 { Preparing, Creating, Running, Ending, Finishing, Ended };

    bool holdsInstruments() const;
    void prepared(Result<SetupResult> setup);
    void meetDemand();
    void restoreSettings(const QList<SettingDifference> &differences);
    void create();
    void created(Result<std::shared_ptr<RunWriter>> writer);
    void run();
    void watchPauses();
    void standsStill();
    void parkOutputs();
    void tellPaused(const QStringList &note);
    void stayPaused(const Error &error);
    void goOn();
    void continueScan(bool isDisturbed);
    void end(ScanState state, const QString &reason);
    void moveAfter();
    void haltAfter(const QString &reason);
    void moveTo(const QList<MoveTarget> &targets, std::function<void(const Status &)> done);
    void driveSafe();
    void drivenSafe(bool isSafe);
    void returnToStart();
    void finish();
    void takeEndSettings();
    void keepEndSettings(const QJsonObject &settings);
    void writeEnding();
    void answer(ScanState state, const QString &reason);
    QList<MoveTarget> targetsAfter() const;
    std::optional<double> startOf(int movement) const; ///< where it goes back to; none: nowhere

    EnginePorts m_ports;
    SafePort &m_safe;
    bool m_isInUse = false; ///< by another program
    std::shared_ptr<const ScanPlan> m_plan;
    NewScan m_scan;
    std::optional<Continuation> m_continuation;
    std::optional<SettingsDemand> m_demand;
    RunRecord::LogSink m_log;
    QList<ScanLogEntry> m_earlyLog; ///< from before there was a record
    std::stop_token m_stop;

    Phase m_phase = Phase::Preparing;
    Rest m_rest = Rest::None;
    bool m_isPauseAsked = false; ///< by the operator, or until the operator resumes
    bool m_isPauseNow = false;
    QString m_pauseReason;
    QString m_pauseNote;
    int m_holds = 0; ///< guards that want it paused
    QString m_heldBecause;
    bool m_isCreateAsked = false;
    bool m_isSafetyStop = false; ///< nothing moves any more but to its safe value
    std::optional<Error> m_createFailure;
    ScanState m_ending = ScanState::Failed;
    QString m_reason;
    std::optional<Pace> m_pace;
    qint64 m_pointsBefore = 0;
    qint64 m_pointsAtEnd = 0;

    // In this order: what comes later refers to what comes before.
    std::optional<ScanTimer> m_timer;
    std::unique_ptr<ScanSetup> m_setup;
    std::unique_ptr<SettingsRestore> m_settings;
    RunHandles m_handles;
    QJsonObject m_startPositions;
    std::unique_ptr<RunRecord> m_record;
    std::unique_ptr<TimingJournal> m_timing;
    std::unique_ptr<PlanExecutor> m_executor;
    std::unique_ptr<QuietOutputs> m_quiet;
    std::unique_ptr<SetpointRestore> m_after;
    std::unique_ptr<EndSettings> m_endSettings;
};

} // namespace birch
