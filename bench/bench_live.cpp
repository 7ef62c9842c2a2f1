// How much the live chart takes from a scan: points per second from plan to database with the
// chart open and following, beside the same with no chart. In-process instruments, a setpoint and
// eight values per point, as fast as the engine goes, which is a thousand times what a bench
// does; the live data that charts read from is kept in both. Offscreen, chart 1280 by 700.

#include "core/base/id.h"
#include "core/data/live_data.h"
#include "core/data/store_thread.h"
#include "core/engine/bench_safe.h"
#include "core/engine/queue_engine.h"
#include "core/engine/stored_runs.h"
#include "core/store/sql_run_store.h"
#include "tests/core/plan/plan_fixture.h"
#include "tests/support/inline_instrument.h"
#include "widgets/chart/chart_panel.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QEventLoop>
#include <QTemporaryDir>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

namespace {

constexpr int kPoints = 1'000'000;
constexpr int kValues = 8;
using SteadyClock = std::chrono::steady_clock;

void require(bool isGood, const QString &what)
{
    if (isGood)
        return;
    std::fprintf(stderr, "bench_live: %s\n", qPrintable(what));
    std::abort();
}

std::shared_ptr<const ScanPlan> makePlan(const InstrumentSpec &spec)
{
    auto sweep = sweepOf(u"smu.bias"_s, linear(u"0"_s, u"1"_s, kPoints));
    sweep->appendChild(measureOf({u"smu.iv"_s}));
    const CompiledPlan compiled =
        compilePlan(ScanTree(std::move(sweep)), {{u"smu"_s, spec}}, standardNodes());
    require(compiled.plan != nullptr,
            compiled.problems.isEmpty() ? u"no plan"_s : compiled.problems.first().message);
    return compiled.plan;
}

/// The chart of the window, with the scan on it once it has begun.
std::unique_ptr<ChartPanel> openChart(QueueEngine &engine, const LiveData &live)
{
    auto chart = std::make_unique<ChartPanel>();
    QObject::connect(
        &engine, &QueueEngine::itemChanged, chart.get(),
        [&live, shown = chart.get(), uid = QUuid()](int, const QueueItem &item) mutable {
            const auto scan = live.find(item.uid);
            if (!scan || item.uid == uid)
                return;
            uid = item.uid;
            shown->setSources(scan->name, {scan->objects.begin(), scan->objects.end()});
        });
    chart->resize(1280, 700);
    chart->show();
    QCoreApplication::processEvents();
    return chart;
}

/// Seconds from start() until every row is durably in the database.
double acquire(bool hasChart)
{
    const QTemporaryDir folder;
    InstrumentSpec spec;
    spec.movements = {inlineMovement(u"bias"_s)};
    spec.measurements = {inlineMeasurement(u"iv"_s, kValues)};
    Bench bench;
    require(bool(bench.add(inlineHost(u"smu"_s, spec))), u"bench"_s);
    auto database =
        Database::open(DatabaseUrl::sqliteFile(folder.filePath(u"birch.db"_s)), u"bench"_s);
    require(bool(database), database ? QString() : database.error().message);
    RecorderSettings settings;
    settings.spoolDir = folder.filePath(u"spool"_s);
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
    LiveData live;
    EnginePorts ports{.bench = bench, .clock = clock, .archive = runs};
    ports.observers = {&live};
    ports.station = u"BENCH"_s;
    QueueEngine engine(ports, [](const EnginePorts &given, SafePort::Log log) {
        return std::make_unique<BenchSafe>(given.bench, given.clock, std::move(log));
    });
    const std::unique_ptr<ChartPanel> chart = hasChart ? openChart(engine, live) : nullptr;
    QueueItem item;
    item.id = newUid();
    item.name = u"bench"_s;
    item.plan = makePlan(spec);
    engine.add(item);
    QEventLoop loop;
    double seconds = 0;
    const auto start = SteadyClock::now();
    QObject::connect(&engine, &QueueEngine::scanStored, &loop,
                     [&](const QUuid &, bool isStored, const QString &message) {
                         require(isStored, message);
                         seconds =
                             std::chrono::duration<double>(SteadyClock::now() - start).count();
                     });
    QObject::connect(&engine, &QueueEngine::queueStateChanged, &loop, [&](QueueState state) {
        if (state == QueueState::Idle)
            loop.quit();
    });
    engine.start();
    loop.exec();
    require(engine.items().first().points == kPoints, engine.items().first().reason);
    require(!chart || !live.scans().empty(), u"the chart had nothing to show"_s);
    return seconds;
}

void liveScan(benchmark::State &state, bool hasChart)
{
    for (auto _ : state)
        state.SetIterationTime(acquire(hasChart));
    state.SetItemsProcessed(state.iterations() * kPoints);
}

void timed(benchmark::internal::Benchmark *benchmark)
{
    benchmark->UseManualTime()->Iterations(1)->Repetitions(7)->ReportAggregatesOnly()->Unit(
        benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(liveScan, off, false)->Name("live_scan/reference")->Apply(timed);
BENCHMARK_CAPTURE(liveScan, on, true)->Name("live_scan")->Apply(timed);

} // namespace

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    applyTheme(app, ThemeMode::Light);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
