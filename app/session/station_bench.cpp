#include "app/session/station_bench.h"

#include "app/session/resource_paths.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::seconds kSimulatorStart{10};

QString tr(const char *text)
{
    return QCoreApplication::translate("StationBench", text);
}
} // namespace

BenchSpecs specsOf(const BenchFile &file)
{
    BenchSpecs specs;
    for (const BenchEntry &entry : file.entries)
        specs.insert(entry.nickname, entry.spec);
    return specs;
}

std::unique_ptr<StationBench> StationBench::open(const QString &benchFile, Problems *problems,
                                                 qsizetype traceBytes)
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
    if (station->m_file.isSimulated && !station->simulate(benchFile, {}, problems))
        return {};
    return station->addHosts(problems, traceBytes) ? std::move(station) : nullptr;
}

std::unique_ptr<StationBench> StationBench::openRehearsal(const QString &benchFile, double speed,
                                                          Problems *problems)
{
    BenchLoad load = loadBench(benchFile, definitionFolders());
    if (!load.bench) {
        *problems = load.problems;
        return {};
    }
    std::unique_ptr<StationBench> station(new StationBench);
    station->m_file = *std::move(load.bench);
    const double factor = station->m_file.isSimulated ? station->m_file.timeFactor : 1;
    station->m_file.isSimulated = true;
    if (!station->simulate(benchFile, factor * speed, problems))
        return {};
    return station->addHosts(problems, TraceRing::kUsual) ? std::move(station) : nullptr;
}

bool StationBench::simulate(const QString &benchFile, std::optional<double> speed,
                            Problems *problems)
{
    m_simulator = std::make_unique<SimulatorProcess>();
    auto started = m_simulator->start(benchFile, Call::within(kSimulatorStart), speed);
    if (!started) {
        problems->append(Problem{.file = benchFile, .message = started.error().message});
        return false;
    }
    m_addresses = started.value();
    for (const BenchEntry &entry : m_file.entries) {
        if (!m_addresses.contains(entry.nickname))
            problems->append(
                Problem{.file = benchFile,
                        .field = entry.nickname,
                        .message = tr("%1 has no simulated counterpart").arg(entry.nickname),
                        .remedy = tr("Describe its behaviour in its definition.")});
    }
    return problems->isEmpty();
}

bool StationBench::addHosts(Problems *problems, qsizetype traceBytes)
{
    m_bench = std::make_unique<Bench>();
    m_bench->name = m_file.name;
    m_bench->file = m_file.path;
    m_bench->text = m_file.text;
    m_bench->version = m_file.version;
    for (const BenchEntry &entry : m_file.entries) {
        m_bench->definitions.insert(entry.nickname, entry.definition->texts);
        const QString address = m_addresses.value(entry.nickname, entry.address);
        auto host = std::make_unique<InstrumentHost>(
            entry.nickname, entry.spec,
            [entry, address, trace = m_traces.add(entry.nickname, address, traceBytes)] {
                return makeInstrument(entry, address, trace);
            },
            InstrumentHost::Placement::OwnThread);
        if (const Status added = m_bench->add(std::move(host)); !added) {
            problems->append(Problem{
                .file = m_file.path, .field = entry.nickname, .message = added.error().message});
            return false;
        }
    }
    return true;
}

BenchSpecs StationBench::specs() const
{
    return m_stepTimes.appliedTo(specsOf(m_file));
}

} // namespace birch
