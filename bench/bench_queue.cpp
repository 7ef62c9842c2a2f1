// Between two scans of a queue: from the last call of one to the first of the next, initialisation
// (reading the instruments' settings) aside, with the scans going to SQLite as they do on a
// station. Beside it what one durable write of the same disk takes: the gap waits for none.

#include "core/base/id.h"
#include "core/data/store_thread.h"
#include "core/engine/bench_safe.h"
#include "core/engine/queue_engine.h"
#include "core/engine/stored_runs.h"
#include "core/plan/plan_compiler.h"
#include "core/plan/standard_nodes.h"
#include "core/store/sql_run_store.h"
#include "tests/support/inline_instrument.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QJsonArray>
#include <QTemporaryDir>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace birch;

namespace {

constexpr int kScans = 200;
constexpr int kPoints = 20;
using SteadyClock = std::chrono::steady_clock;

void require(bool isGood, const QString &what)
{
    if (isGood)
        return;
    std::fprintf(stderr, "bench_queue: %s\n", qPrintable(what));
    std::abort();
}

double milliseconds(SteadyClock::time_point from, SteadyClock::time_point to)
{
    return std::chrono::duration<double, std::milli>(to - from).count();
}

double percentile(std::vector<double> values, double share)
{
    require(!values.empty(), u"nothing was measured"_s);
    std::sort(values.begin(), values.end());
    return values[size_t(double(values.size() - 1) * share)];
}

/// When the instruments were asked what.
class CallTimes
{
public:
    Status note(const QString &event)
    {
        const auto now = SteadyClock::now();
        if (event.startsWith(u"begin") || event.startsWith(u"read")) {
            if (m_initialised != SteadyClock::time_point())
                m_gaps.push_back(milliseconds(m_lastCall, now) -
                                 milliseconds(m_firstInitialised, m_initialised));
            m_initialised = {};
            m_lastCall = now;
            return ok();
        }
        if (m_initialised == SteadyClock::time_point())
            m_firstInitialised = now;
        m_initialised = now;
        return ok();
    }
    /// Without the first, before which there was no scan.
    std::vector<double> gaps() const { return {m_gaps.begin() + 1, m_gaps.end()}; }

private:
    SteadyClock::time_point m_lastCall;
    SteadyClock::time_point m_firstInitialised;
    SteadyClock::time_point m_initialised;
    std::vector<double> m_gaps;
};

std::shared_ptr<const ScanPlan> makePlan(const InstrumentSpec &spec)
{
    auto sweep = std::make_unique<ScanNode>(u"sweep"_s);
    const QJsonObject positions{{u"kind"_s, u"linear"_s},
                                {u"start"_s, u"0"_s},
                                {u"stop"_s, u"1"_s},
                                {u"points"_s, kPoints}};
    sweep->fields = {{u"axes"_s, QJsonArray{QJsonObject{{u"movement"_s, u"smu.bias"_s},
                                                        {u"positions"_s, positions}}}}};
    auto measure = std::make_unique<ScanNode>(u"measure"_s);
    measure->fields = {{u"measurements"_s, QJsonArray{u"smu.iv"_s}}};
    sweep->appendChild(std::move(measure));
    const CompiledPlan compiled =
        compilePlan(ScanTree(std::move(sweep)), {{u"smu"_s, spec}}, standardNodes());
    require(compiled.plan != nullptr,
            compiled.problems.isEmpty() ? u"no plan"_s : compiled.problems.first().message);
    return compiled.plan;
}

std::vector<double> runQueue(const QString &folder)
{
    InstrumentSpec spec;
    spec.movements = {test::inlineMovement(u"bias"_s)};
    spec.measurements = {test::inlineMeasurement(u"iv"_s, 2)};
    ParameterSpec range;
    range.key = u"range"_s;
    spec.parameters = {range};
    CallTimes times;
    auto script = std::make_shared<test::InlineScript>();
    script->answer = [&times](const QString &event) { return times.note(event); };
    Bench bench;
    require(bool(bench.add(test::inlineHost(u"smu"_s, spec, script))), u"bench"_s);

    auto database = Database::open(DatabaseUrl::sqliteFile(folder + u"/birch.db"_s), u"bench"_s);
    require(bool(database), database ? QString() : database.error().message);
    RecorderSettings settings;
    settings.spoolDir = folder + u"/spool"_s;
    StoreThread store(
        [&]() -> Result<std::unique_ptr<RunStore>> {
            auto opened = SqlRunStore::open(*database.value(), u"bench"_s, u"BENCH"_s);
            if (!opened)
                return opened.error();
            return std::unique_ptr<RunStore>(std::move(opened).value());
        },
        settings);
    StoredRuns runs(store);
    SystemClock clock;
    QueueEngine engine(
        {bench, clock, runs, {}, u"BENCH"_s}, [](const EnginePorts &ports, SafePort::Log log) {
            return std::make_unique<BenchSafe>(ports.bench, ports.clock, std::move(log));
        });
    const auto plan = makePlan(spec);
    for (int i = 0; i < kScans; ++i) {
        QueueItem item;
        item.id = newUid();
        item.name = u"scan %1"_s.arg(i);
        item.plan = plan;
        engine.add(item);
    }
    QEventLoop loop;
    QObject::connect(&engine, &QueueEngine::queueStateChanged, &loop, [&](QueueState state) {
        if (state == QueueState::Idle)
            loop.quit();
    });
    engine.start();
    loop.exec();
    for (const QueueItem &item : engine.items())
        require(item.state == ScanState::Completed, item.reason);
    return times.gaps();
}

/// One write of 4 KiB that has reached the disk.
std::vector<double> durableWrites(const QString &folder)
{
    const int file = ::open(QFile::encodeName(folder + u"/durable"_s).constData(),
                            O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    require(file >= 0, u"no file"_s);
    const QByteArray block(4096, 'x');
    std::vector<double> times;
    for (int i = 0; i < kScans; ++i) {
        const auto start = SteadyClock::now();
        require(::write(file, block.constData(), size_t(block.size())) == block.size() &&
                    ::fdatasync(file) == 0,
                u"write"_s);
        times.push_back(milliseconds(start, SteadyClock::now()));
    }
    ::close(file);
    return times;
}

void betweenScans(benchmark::State &state)
{
    for (auto _ : state) {
        QTemporaryDir folder;
        const std::vector<double> gaps = runQueue(folder.path());
        const std::vector<double> writes = durableWrites(folder.path());
        const double median = percentile(gaps, 0.5);
        state.SetIterationTime(median * 1e-3);
        state.counters["gap_ms_p50"] = median;
        state.counters["gap_ms_p99"] = percentile(gaps, 0.99);
        state.counters["durable_write_ms_p50"] = percentile(writes, 0.5);
        state.counters["limit_ms"] = 5;
    }
}
BENCHMARK(betweenScans)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
