// Acquisition end to end - plan, engine, spool, SQLite - beside what a careful C programmer would
// write: a loop over sqlite3 with prepared rows. One setpoint and eight values per point,
// in-process instruments, 10^6 points, the same folder, WAL, synchronous NORMAL, 4096 rows per
// transaction.

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
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <ctime>

using namespace Qt::StringLiterals;
using namespace birch;

namespace {

constexpr int kPoints = 1'000'000;
constexpr int kValues = 8;
constexpr int kRowsPerTransaction = 4096;
using SteadyClock = std::chrono::steady_clock;

void require(bool isGood, const QString &what)
{
    if (isGood)
        return;
    std::fprintf(stderr, "bench_engine: %s\n", qPrintable(what));
    std::abort();
}

double secondsSince(SteadyClock::time_point start)
{
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

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

/// Seconds from start() until every row is durably in the database.
double acquire(const QString &folder)
{
    InstrumentSpec spec;
    spec.movements = {test::inlineMovement(u"bias"_s)};
    spec.measurements = {test::inlineMeasurement(u"iv"_s, kValues)};
    Bench bench;
    require(bool(bench.add(test::inlineHost(u"smu"_s, spec))), u"bench"_s);

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
                         seconds = secondsSince(start);
                     });
    QObject::connect(&engine, &QueueEngine::queueStateChanged, &loop, [&](QueueState state) {
        if (state == QueueState::Idle)
            loop.quit();
    });
    engine.start();
    loop.exec();
    require(engine.items().first().state == ScanState::Completed &&
                engine.items().first().points == kPoints,
            engine.items().first().reason);
    return seconds;
}

void acquisitionBirch(benchmark::State &state)
{
    for (auto _ : state) {
        const QTemporaryDir folder;
        state.SetIterationTime(acquire(folder.path()));
    }
    state.SetItemsProcessed(state.iterations() * kPoints);
}

qint64 nowNs()
{
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return qint64(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

void run(sqlite3 *db, const char *sql)
{
    require(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK,
            QString::fromUtf8(sqlite3_errmsg(db)));
}

double insertRows(const QString &file)
{
    sqlite3 *db = nullptr;
    require(sqlite3_open(qPrintable(file), &db) == SQLITE_OK, u"open"_s);
    run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            "CREATE TABLE iv (seq INTEGER PRIMARY KEY, time INTEGER, idx INTEGER, bias REAL,"
            " readback REAL, v0 REAL, v1 REAL, v2 REAL, v3 REAL, v4 REAL, v5 REAL, v6 REAL,"
            " v7 REAL)");
    sqlite3_stmt *insert = nullptr;
    require(sqlite3_prepare_v2(db, "INSERT INTO iv VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", -1, &insert,
                               nullptr) == SQLITE_OK,
            u"prepare"_s);
    const auto start = SteadyClock::now();
    for (int row = 0; row < kPoints; ++row) {
        if (row % kRowsPerTransaction == 0)
            run(db, row == 0 ? "BEGIN IMMEDIATE" : "COMMIT; BEGIN IMMEDIATE");
        const double bias = double(row) / (kPoints - 1);
        sqlite3_bind_int64(insert, 1, row);
        sqlite3_bind_int64(insert, 2, nowNs());
        sqlite3_bind_int64(insert, 3, row);
        sqlite3_bind_double(insert, 4, bias);
        sqlite3_bind_double(insert, 5, bias);
        for (int value = 0; value < kValues; ++value)
            sqlite3_bind_double(insert, 6 + value, bias + 1e-3 + value);
        require(sqlite3_step(insert) == SQLITE_DONE, u"step"_s);
        sqlite3_reset(insert);
    }
    run(db, "COMMIT");
    const double seconds = secondsSince(start);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return seconds;
}

void acquisitionSqliteC(benchmark::State &state)
{
    for (auto _ : state) {
        const QTemporaryDir folder;
        state.SetIterationTime(insertRows(folder.filePath(u"rows.db"_s)));
    }
    state.SetItemsProcessed(state.iterations() * kPoints);
}

void timed(benchmark::internal::Benchmark *benchmark)
{
    benchmark->UseManualTime()->Iterations(1)->Repetitions(7)->ReportAggregatesOnly()->Unit(
        benchmark::kMillisecond);
}

BENCHMARK(acquisitionSqliteC)->Name("acquisition/reference")->Apply(timed);
BENCHMARK(acquisitionBirch)->Name("acquisition")->Apply(timed);

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
