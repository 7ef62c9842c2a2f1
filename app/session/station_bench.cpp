#include "app/session/station_bench.h"

#include "app/session/resource_paths.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::seconds kSimulatorStart{10};
}

BenchSpecs specsOf(const BenchFile &file)
{
    BenchSpecs specs;
    for (const BenchEntry &entry : file.entries)
        specs.insert(entry.nickname, entry.spec);
    return specs;
}

std::unique_ptr<StationBench> StationBench::open(const QString &benchFile, Problems *problems)
{
    BenchLoad load = loadBench(benchFile, definitionFolders());
    if (!load.bench) {
        *problems = load.problems;
        return {};
    }
    std::unique_ptr<StationBench> station(new StationBench);
    station->m_file = *std::move(load.bench);
    for (const BenchEntry &entry : station->m_file.entries)
        station->m_addresses.insert(entry.nickname, entry.address);
    if (station->m_file.isSimulated) {
        station->m_simulator = std::make_unique<SimulatorProcess>();
        auto started = station->m_simulator->start(benchFile, Call::within(kSimulatorStart));
        if (!started) {
            problems->append(Problem{.file = benchFile, .message = started.error().message});
            return {};
        }
        station->m_addresses = started.value();
    }
    station->m_bench = std::make_unique<Bench>();
    station->m_bench->name = station->m_file.name;
    station->m_bench->file = benchFile;
    for (const BenchEntry &entry : station->m_file.entries) {
        const QString address = station->m_addresses.value(entry.nickname, entry.address);
        auto host = std::make_unique<InstrumentHost>(
            entry.nickname, entry.spec, [entry, address] { return makeInstrument(entry, address); },
            InstrumentHost::Placement::OwnThread);
        if (const Status added = station->m_bench->add(std::move(host)); !added) {
            problems->append(Problem{
                .file = benchFile, .field = entry.nickname, .message = added.error().message});
            return {};
        }
    }
    return station;
}

BenchSpecs StationBench::specs() const
{
    return specsOf(m_file);
}

} // namespace birch
