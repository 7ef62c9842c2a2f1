#pragma once

#include "app/session/bench_traces.h"
#include "app/session/simulator_process.h"
#include "core/base/problem.h"
#include "core/engine/step_times.h"
#include "core/instrument/bench.h"
#include "core/plan/compile_context.h"
#include "drivers/definition/bench_file.h"

#include <memory>
#include <optional>

namespace birch {

/// The bench of this station, ready to be opened: hosts for every instrument, the simulator running
/// where the bench file asks for it. Nothing is connected yet.
class StationBench
{
public:
    /// Blocks while a simulator starts (up to 10 s). Null, with \a problems filled, on any error.
    /// \a traceBytes of the traffic of each instrument are kept in memory.
    static std::unique_ptr<StationBench> open(const QString &benchFile, Problems *problems,
                                              qsizetype traceBytes = TraceRing::kUsual);
    /// The same bench of simulated instruments alone, whatever the file says, \a speed times as
    /// fast: no instrument is reached through it.
    static std::unique_ptr<StationBench> openRehearsal(const QString &benchFile, double speed,
                                                       Problems *problems);

    /// What came of changes in the bench file, by nickname.
    struct Update {
        QStringList added;
        QStringList changed; ///< another instrument, address or limits: not connected
        QStringList removed;
    };
    /// Takes over what the file says now. What is as before stays connected. Nothing is done, with
    /// \a problems filled, where the file is wrong, where one that changes is held by somebody or
    /// among \a used (by what waits), or where a simulator would have to start anew. Blocks for the
    /// disk.
    std::optional<Update> reload(const QStringList &used, Problems *problems);

    Bench &bench() { return *m_bench; }
    const Bench &bench() const { return *m_bench; }
    const BenchFile &file() const { return m_file; } ///< for the thread that may reload()
    /// What plans are compiled against, with what was learned about the time of steps.
    BenchSpecs specs() const;
    void setStepTimes(StepTimes times) { m_stepTimes = std::move(times); }
    const BenchTraces &traces() const { return m_traces; }
    QString addressInFile(const QString &nickname) const; ///< "": no such instrument
    const QMap<QString, QString> &addresses() const { return m_addresses; } ///< in use now

private:
    StationBench() = default;
    bool simulate(const QString &benchFile, std::optional<double> speed, Problems *problems);
    bool addHosts(Problems *problems);
    Status addHost(const BenchEntry &entry);
    void describeBench(); ///< to the scans that follow
    static Update differences(const BenchFile &before, const BenchFile &after);
    bool isSimulatedAsBefore(const BenchFile &next, Problems *problems) const;

    BenchFile m_file;
    QMap<QString, QString> m_addresses;
    StepTimes m_stepTimes;
    BenchTraces m_traces;
    qsizetype m_traceBytes = TraceRing::kUsual;
    std::unique_ptr<SimulatorProcess> m_simulator;
    std::unique_ptr<Bench> m_bench; ///< gone before the simulator: hosts close their links first
};

/// What the instruments of \a file offer, without opening anything: enough to compile.
BenchSpecs specsOf(const BenchFile &file);

} // namespace birch
