#include "tests/core/plan/plan_fixture.h"

#include <QTest>

#include <atomic>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BIRCH_COUNTS_ALLOCATIONS 0 // the sanitizers bring their own malloc
#else
#define BIRCH_COUNTS_ALLOCATIONS 1
#endif

namespace {
std::atomic<qint64> allocations{0};
}

#if BIRCH_COUNTS_ALLOCATIONS
extern "C" {
void *__libc_malloc(size_t size);
void *malloc(size_t size) // stands before the C library's own, for operator new and Qt alike
{
    allocations.fetch_add(1, std::memory_order_relaxed);
    return __libc_malloc(size);
}
}
#endif

using namespace birch;
using namespace birch::test;

class TestPlanCursorMemory : public QObject
{
    Q_OBJECT

private slots:
    void stepsAllocateNothing();
};

/// A garbage-free walk is what lets the engine run a million points a second next to its charts.
void TestPlanCursorMemory::stepsAllocateNothing()
{
#if !BIRCH_COUNTS_ALLOCATIONS
    QSKIP("allocations are counted in builds without sanitizers");
#endif
    ScanTree tree;
    ScanNode *repeat = tree.root()->appendChild(makeNode(u"repeat"_s, {{u"times"_s, 3}}));
    repeat->appendChild(setOf(u"heater.temperature"_s, u"300 K"_s));
    ScanNode *outer = repeat->appendChild(sweepOf(u"stage.x"_s, linear(u"0"_s, u"4"_s, 20)));
    outer->fields.insert(u"snake"_s, true);
    ScanNode *inner = outer->appendChild(sweepOf(u"smu.bias"_s, linear(u"0"_s, u"1"_s, 100)));
    inner->appendChild(measureOf({u"smu.iv"_s}))->fields.insert(u"repeats"_s, 80);
    inner->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"1 ms"_s}}));
    const auto plan = compilePlan(tree, benchSpecs(), standardNodes()).plan;
    QVERIFY(plan);

    const qint64 empty = allocations.load();
    PlanCursor cursor(plan);
    QVERIFY2(allocations.load() > empty, "the counter does not count");
    const qint64 before = allocations.load();
    qint64 steps = 0;
    for (; !cursor.isFinished(); ++steps) {
        if (steps % 1000 == 999 && cursor.current().kind == StepKind::Move)
            cursor.skipPosition();
        else
            cursor.advance();
    }
    QCOMPARE(allocations.load() - before, 0);
    QCOMPARE(cursor.pointsDone(), 3 * 20 * 100 * 80);
    QVERIFY(steps > cursor.pointsDone());
}

QTEST_APPLESS_MAIN(TestPlanCursorMemory)
#include "tst_plan_cursor_memory.moc"
