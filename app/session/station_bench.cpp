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

bool isSame(const BenchEntry &one, const BenchEntry &other)
{
    return one.address == other.address && one.spec == other.spec &&
           one.definition->texts == other.definition->texts &&
           one.definition->link == other.definition->link;
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
    station->m_traceBytes = traceBytes;
    for (const BenchEntry &entry : station->m_file.entries)
        station->m_addresses.insert(entry.nickname, entry.address);
    if (station->m_file.isSimulated && !station->simulate(benchFile, {}, problems))
        return {};
    return station->addHosts(problems) ? std::move(station) : nullptr;
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
    return station->addHosts(problems) ? std::move(station) : nullptr;
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

bool StationBench::addHosts(Problems *problems)
{
    m_bench = std::make_unique<Bench>();
    describeBench();
    for (const BenchEntry &entry : m_file.entries) {
        if (const Status added = addHost(entry); !added) {
            problems->append(Problem{
                .file = m_file.path, .field = entry.nickname, .message = added.error().message});
            return false;
        }
    }
    return true;
}

Status StationBench::addHost(const BenchEntry &entry)
{
    const QString address = m_addresses.value(entry.nickname, entry.address);
    return m_bench->add(std::make_unique<InstrumentHost>(
        entry.nickname, entry.spec,
        [entry, address, trace = m_traces.add(entry.nickname, address, m_traceBytes)] {
            return makeInstrument(entry, address, trace);
        },
        InstrumentHost::Placement::OwnThread));
}

void StationBench::describeBench()
{
    BenchRecord record{m_file.name, m_file.path, m_file.text, m_file.version, {}};
    for (const BenchEntry &entry : m_file.entries)
        record.definitions.insert(entry.nickname, entry.definition->texts);
    m_bench->setRecord(std::move(record));
}

bool StationBench::isSimulatedAsBefore(const BenchFile &next, Problems *problems) const
{
    const auto restart = [&](const QString &field, const QString &message) {
        problems->append(Problem{
            .file = next.path,
            .field = field,
            .message = message,
            .remedy = tr("Start Birch again: simulated instruments are made at its start")});
    };
    if (next.isSimulated != m_file.isSimulated)
        restart(u"simulate"_s, tr("This can not be changed while the bench is in use"));
    if (!next.isSimulated)
        return problems->isEmpty();
    for (const BenchEntry &entry : next.entries) {
        const BenchEntry *before = m_file.find(entry.nickname);
        if (!before || before->definition->texts != entry.definition->texts ||
            before->faults != entry.faults)
            restart(entry.nickname, tr("%1 is simulated and was not there").arg(entry.nickname));
    }
    return problems->isEmpty();
}

StationBench::Update StationBench::differences(const BenchFile &before, const BenchFile &after)
{
    Update update;
    for (const BenchEntry &entry : before.entries) {
        const BenchEntry *now = after.find(entry.nickname);
        if (!now)
            update.removed.append(entry.nickname);
        else if (!isSame(entry, *now))
            update.changed.append(entry.nickname);
    }
    for (const BenchEntry &entry : after.entries) {
        if (!before.find(entry.nickname))
            update.added.append(entry.nickname);
    }
    return update;
}

std::optional<StationBench::Update> StationBench::reload(const QStringList &used,
                                                         Problems *problems)
{
    BenchLoad load = loadBench(m_file.path, definitionFolders());
    if (!load.bench) {
        *problems = load.problems;
        return {};
    }
    BenchFile next = *std::move(load.bench);
    if (!isSimulatedAsBefore(next, problems))
        return {};
    const Update update = differences(m_file, next);
    const QStringList leaving = update.changed + update.removed;
    for (const QString &nickname : leaving) {
        if (used.contains(nickname))
            problems->append(Problem{.file = next.path,
                                     .field = nickname,
                                     .message = tr("A scan of the queue uses %1").arg(nickname),
                                     .remedy = tr("Let it end or take it out of the queue, then "
                                                  "reload the bench")});
    }
    if (!problems->isEmpty())
        return {};
    if (const Status retired = m_bench->retire(leaving); !retired) {
        problems->append(Problem{.file = next.path,
                                 .message = retired.error().message,
                                 .remedy = tr("Wait until it is free, then reload the bench")});
        return {};
    }
    m_file = std::move(next);
    describeBench();
    for (const BenchEntry &entry : std::as_const(m_file.entries)) {
        if (!m_file.isSimulated)
            m_addresses.insert(entry.nickname, entry.address);
        if (!m_bench->find(entry.nickname))
            (void)addHost(entry); // its nickname is free, so nothing can go wrong
    }
    for (const QString &nickname : std::as_const(update.removed))
        m_addresses.remove(nickname);
    return update;
}

QString StationBench::addressInFile(const QString &nickname) const
{
    const BenchEntry *entry = m_file.find(nickname);
    return entry ? entry->address : QString();
}

BenchSpecs StationBench::specs() const
{
    return m_stepTimes.appliedTo(specsOf(m_file));
}

} // namespace birch
