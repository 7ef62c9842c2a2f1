// What the editor and `birchctl check` do before anything moves: a hundred different trees of 10^4
// points each, from their text to a plan.

#include "core/plan/plan_compiler.h"
#include "core/plan/scan_json.h"
#include "core/plan/standard_nodes.h"
#include "tests/core/plan/plan_fixture.h"

#include <benchmark/benchmark.h>

using namespace birch;
using namespace birch::test;

namespace {

QList<QByteArray> hundredTrees()
{
    QList<QByteArray> texts;
    for (int i = 0; i < 100; ++i) {
        ScanTree tree;
        ScanNode *outer = tree.root()->appendChild(
            sweepOf(u"stage.x"_s, linear(u"0 mm"_s, u"%1 mm"_s.arg(5 + i * 0.1), 100)));
        auto inner = sweepOf(u"smu.bias"_s, {{u"kind"_s, u"expression"_s},
                                             {u"expression"_s, u"i * %1 µV"_s.arg(100 + i)},
                                             {u"points"_s, 100}});
        inner->appendChild(measureOf({u"smu.iv"_s}));
        outer->appendChild(std::move(inner));
        texts.append(treeToText(tree));
    }
    return texts;
}

void preflight(benchmark::State &state)
{
    const NodeRegistry registry = standardNodes();
    const BenchSpecs bench = benchSpecs();
    const QList<QByteArray> texts = hundredTrees();
    for (auto _ : state) {
        qint64 points = 0;
        for (const QByteArray &text : texts) {
            const ReadTree read = readTreeText(text, registry, {});
            const CompiledPlan compiled = compilePlan(*read.tree, bench, registry);
            points += compiled.plan ? compiled.plan->points : 0;
        }
        if (points != 1'000'000)
            state.SkipWithError("not every tree compiled");
    }
}
BENCHMARK(preflight)->Name("preflight of 100 trees")->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
