#pragma once

#include "app/session/instrument_journal.h"
#include "app/session/sentinel_handover.h"
#include "app/session/station_bench.h"
#include "app/session/station_data.h"
#include "app/session/station_notices.h"
#include "app/session/step_times_keeper.h"
#include "core/data/live_data.h"
#include "core/data/store_thread.h"
#include "core/engine/queue_engine.h"
#include "core/engine/stored_runs.h"

namespace birch {

/// Waits until the sentinels of dead workstations have let go of these instruments: the bench is
/// ours alone then, and the logs of earlier scans tell how they were made safe.
void takeBenchOver(StationData &data, const StationBench &bench);

/// The setting where it is set, else what the bench file says, else the computer's name.
QString stationName(const StationData &data, const BenchFile &bench);

/// Where the journal of this station writes, and waits.
JournalWriter::Place journalPlace(StationData &data, const QString &station);

/// Everything that runs scans on this station, wired together: bench, clock, store thread, live
/// data, engine. Made on the main thread after recovery; its parts end in the right order.
class Workstation
{
public:
    /// \a observers: told besides the live data; outlive this.
    Workstation(StationData &data, std::unique_ptr<StationBench> bench,
                QList<RunObserver *> observers = {});
    ~Workstation();

    StationData &data() { return m_data; }
    QString station() const { return stationName(m_data, m_bench->file()); }
    StationBench &bench() { return *m_bench; }
    /// Takes over what the bench file says now, while others run. As StationBench::reload(); an
    /// instrument that is used by a scan of the queue stays as it is, which is a problem, too.
    std::optional<StationBench::Update> reloadBench(Problems *problems);
    StoreThread &store() { return *m_store; }
    LiveData &live() { return m_live; }
    QueueEngine &engine() { return *m_engine; }
    StepTimesKeeper &stepTimes() { return *m_stepTimes; }
    /// What becomes of the connections: follow it, and close instruments through it.
    InstrumentJournal &journal() { return *m_journal; }
    StationNotices &notices() { return *m_notices; }
    /// Of the disks, while scans run.
    SpaceWatch &space() { return m_space; }

private:
    void watchSpace();
    SentinelHandover handover() const;

    StationData &m_data;
    std::unique_ptr<StationBench> m_bench;
    HandoverBox m_handover; ///< for the engine's thread
    std::unique_ptr<InstrumentJournal> m_journal;
    std::unique_ptr<StationNotices> m_notices;
    std::unique_ptr<StepTimesKeeper> m_stepTimes;
    SystemClock m_clock;
    SpaceWatch m_space;
    QSet<QUuid> m_short; ///< scans that were paused since the disk is nearly full
    LiveData m_live;
    std::unique_ptr<StoreThread> m_store;
    std::unique_ptr<StoredRuns> m_runs;
    std::unique_ptr<QueueEngine> m_engine; ///< first to go
};

} // namespace birch
