// What the engine adds to a point, by node kind, beside the bare virtual calls that a point is made
// of: begin, state and read of an in-process instrument. Nothing is stored, so that what is left is
// the walk through the plan, the step, its timing and the rows. A scan's beginning and end are
// taken off: they are those of the same tree with a single pass.

#include "core/engine/bench_safe.h"
#include "core/engine/queue_engine.h"
#include "core/engine/rehearsal_archive.h"
#include "tests/core/plan/plan_fixture.h"
#include "tests/support/inline_instrument.h"

#include <QCoreApplication>
#include <QEventLoop>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdio>

using namespace birch;
using namespace birch::test;

namespace {

using SteadyClock = std::chrono::steady_clock;
using Tree = std::unique_ptr<ScanNode>;

constexpr int kPasses = 20'000;

void require(bool isGood, const QString &what)
{
    if (isGood)
        return;
    std::fprintf(stderr, "bench_nodes: %s\n", qPrintable(what));
    std::abort();
}

double secondsSince(SteadyClock::time_point start)
{
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

BenchSpecs specs()
{
    InstrumentSpec smu;
    smu.movements = {inlineMovement(u"bias"_s)};
    smu.measurements = {inlineMeasurement(u"iv"_s, 2)};
    InstrumentSpec stage;
    stage.movements = {inlineMovement(u"x"_s)};
    stage.measurements = {inlineMeasurement(u"encoder"_s, 1)};
    return {{u"smu"_s, smu}, {u"stage"_s, stage}};
}

Tree iv()
{
    return measureOf({u"smu.iv"_s});
}

Tree sweep(int passes)
{
    auto node = sweepOf(u"smu.bias"_s, linear(u"0"_s, u"1"_s, passes + 1));
    node->appendChild(iv());
    return node;
}

Tree repeated(int passes, std::initializer_list<ScanNode *> children)
{
    auto node = makeNode(u"repeat"_s, {{u"mode"_s, u"times"_s}, {u"times"_s, passes}});
    for (ScanNode *child : children)
        node->appendChild(Tree(child));
    return node;
}

/// \a node with a measurement in it.
ScanNode *around(Tree node, Tree child)
{
    node->appendChild(std::move(child));
    return node.release();
}

struct Kind {
    const char *name;
    Tree (*make)(int passes);
};

const Kind kKinds[] = {
    {"measure", [](int n) { return repeated(n, {iv().release()}); }},
    {"sequence", [](int n) { return repeated(n, {around(makeNode(u"sequence"_s), iv())}); }},
    {"set",
     [](int n) {
         return repeated(n, {setOf(u"smu.bias"_s, u"1"_s).release(), iv().release()});
     }},
    {"sweep", sweep},
    {"repeatWhile",
     [](int n) {
         auto node = makeNode(
             u"repeat"_s,
             {{u"mode"_s, u"while"_s}, {u"condition"_s, u"smu.v0 > -1000 V"_s}, {u"limit"_s, n}});
         return Tree(around(std::move(node), iv()));
     }},
    {"if",
     [](int n) {
         auto node = makeNode(u"if"_s, {{u"condition"_s, u"1 V > 10 mV"_s}});
         return repeated(n, {around(std::move(node), iv())});
     }},
    {"wait",
     [](int n) {
         auto node = makeNode(u"wait"_s, {{u"duration"_s, u"1 ns"_s}});
         return repeated(n, {node.release(), iv().release()});
     }},
    {"waitUntil",
     [](int n) {
         auto node = makeNode(u"wait"_s, {{u"mode"_s, u"until"_s},
                                          {u"condition"_s, u"smu.v0 > -1000 V"_s},
                                          {u"interval"_s, u"1 ms"_s},
                                          {u"limit"_s, u"60 s"_s}});
         return repeated(n, {node.release(), iv().release()});
     }},
    {"parallel",
     [](int n) {
         auto node = makeNode(u"parallel"_s);
         node->appendChild(iv());
         node->appendChild(measureOf({u"stage.encoder"_s}));
         return repeated(n, {node.release()});
     }},
    {"adaptive",
     [](int n) {
         auto node = makeNode(u"adaptive"_s, {{u"movement"_s, u"smu.bias"_s},
                                              {u"start"_s, u"0"_s},
                                              {u"stop"_s, u"1000"_s},
                                              {u"condition"_s, u"smu.bias >= 400 V"_s},
                                              {u"resolution"_s, u"0.001"_s},
                                              {u"points"_s, 50}});
         return repeated(std::max(1, n / 20), {around(std::move(node), iv())});
     }},
    {"monitor",
     [](int n) { return Tree(around(monitorOf(u"stage.encoder"_s, u"10 ms"_s), sweep(n))); }},
    {"guard",
     [](int n) {
         auto node = makeNode(u"guard"_s, {{u"measurements"_s, QJsonArray{u"stage.encoder"_s}},
                                           {u"interval"_s, u"10 ms"_s},
                                           {u"alert"_s, u"stage.v0 > 1e6 V"_s}});
         return Tree(around(std::move(node), sweep(n)));
     }},
};

struct Run {
    double seconds = 0;
    qint64 points = 0;
};

Run run(Tree root)
{
    const BenchSpecs known = specs();
    const CompiledPlan compiled = compilePlan(ScanTree(std::move(root)), known, standardNodes());
    require(compiled.plan != nullptr,
            compiled.problems.isEmpty() ? u"no plan"_s : compiled.problems.first().message);
    Bench bench;
    for (auto at = known.begin(); at != known.end(); ++at)
        require(bool(bench.add(inlineHost(at.key(), at.value()))), at.key());
    SystemClock clock;
    RehearsalArchive archive;
    QueueEngine engine(
        {bench, clock, archive, {}, u"BENCH"_s}, [](const EnginePorts &ports, SafePort::Log log) {
            return std::make_unique<BenchSafe>(ports.bench, ports.clock, std::move(log));
        });
    QueueItem item;
    item.id = newUid();
    item.name = u"bench"_s;
    item.plan = compiled.plan;
    engine.add(item);
    QEventLoop loop;
    QObject::connect(&engine, &QueueEngine::queueStateChanged, &loop, [&](QueueState state) {
        if (state == QueueState::Idle)
            loop.quit();
    });
    const auto start = SteadyClock::now();
    engine.start();
    loop.exec();
    const Run done{secondsSince(start), engine.items().first().points};
    require(engine.items().first().state == ScanState::Completed, engine.items().first().reason);
    return done;
}

void enginePoint(benchmark::State &state, const Kind &kind)
{
    qint64 points = 0;
    for (auto _ : state) {
        const Run ends = run(kind.make(1));
        const Run whole = run(kind.make(kPasses));
        points += whole.points - ends.points;
        state.SetIterationTime(std::max(1e-9, whole.seconds - ends.seconds));
    }
    state.SetItemsProcessed(points);
}

void virtualCalls(benchmark::State &state)
{
    const InstrumentSpec spec = specs()[u"smu"_s];
    std::unique_ptr<Instrument> instrument =
        std::make_unique<InlineInstrument>(u"smu"_s, spec, nullptr);
    const Call call = Call::within(std::chrono::hours(1));
    for (auto _ : state) {
        ColumnValues voltage;
        ColumnValues current;
        ColumnValues *const columns[] = {&voltage, &current};
        const auto start = SteadyClock::now();
        for (int point = 0; point < kPasses; ++point) {
            benchmark::DoNotOptimize(instrument);
            const bool isRead = instrument->begin(0, point, call) && instrument->state(0, call) &&
                                instrument->read(0, columns, call);
            require(isRead, u"read"_s);
        }
        state.SetIterationTime(secondsSince(start));
    }
    state.SetItemsProcessed(state.iterations() * kPasses);
}

void timed(benchmark::internal::Benchmark *benchmark)
{
    benchmark->UseManualTime()->Unit(benchmark::kMillisecond);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    timed(benchmark::RegisterBenchmark("node/reference", virtualCalls));
    for (const Kind &kind : kKinds)
        timed(benchmark::RegisterBenchmark(
            ("node/" + std::string(kind.name)).c_str(),
            [&kind](benchmark::State &state) { enginePoint(state, kind); }));
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
