#include "core/plan/plan_compiler.h"
#include "core/engine/queue_file.h"
#include "core/plan/standard_nodes.h"

#include <cstdlib>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

BenchSpecs bench()
{
    InstrumentSpec smu;
    MovementSpec bias;
    bias.name = u"bias"_s;
    bias.unit = u"V"_s;
    bias.limits = {-10, 10};
    smu.movements = {bias};
    ColumnSpec current;
    current.name = u"current"_s;
    current.unit = u"A"_s;
    MeasurementSpec iv;
    iv.name = u"iv"_s;
    iv.columns = {current};
    smu.measurements = {iv};
    return {{u"smu"_s, smu}};
}

/// What compiles can be walked, saved and continued.
void walk(const ScanTree &tree, const NodeRegistry &registry)
{
    static const BenchSpecs specs = bench();
    const CompiledPlan compiled = compilePlan(tree, specs, registry);
    require(bool(compiled.plan) == compiled.problems.isEmpty());
    if (!compiled.plan)
        return;
    PlanCursor cursor(compiled.plan);
    for (int step = 0; step < 50 && !cursor.isFinished(); ++step)
        cursor.advance();
    const auto again = PlanCursor::restore(compiled.plan, cursor.save());
    require(bool(again));
    require(again.value().save() == cursor.save());
}

} // namespace

/// Any bytes are a tree or problems, never a crash; a tree that was read is written and read back
/// to the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const NodeRegistry registry = standardNodes();
    const QByteArray text(reinterpret_cast<const char *>(data), qsizetype(size));
    (void)readQueueText(text, registry, u"/nonexistent/a.queue.json"_s);
    const ReadTree read = readTreeText(text, registry);
    require(bool(read.tree) == read.problems.isEmpty());
    if (!read.tree)
        return 0;
    const QByteArray written = treeToText(*read.tree);
    const ReadTree again = readTreeText(written, registry);
    require(bool(again.tree));
    require(treeToText(*again.tree) == written);
    walk(*read.tree, registry);
    return 0;
}
