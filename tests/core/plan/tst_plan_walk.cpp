#include "core/plan/plan_cursor.h"
#include "tests/core/plan/plan_fixture.h"
#include "tests/core/plan/random_tree.h"
#include "tests/core/plan/reference_walk.h"
#include "tests/core/plan/walk_log.h"

#include <QJsonDocument>
#include <QTest>

using namespace birch;
using namespace birch::test;

namespace {

using PlanPointer = std::shared_ptr<const ScanPlan>;

/// One step on, failing where \a fails says so for the moves that reach hardware.
void stepOn(PlanCursor &cursor, const ScanPlan &plan, int *moves, const MoveFails &fails)
{
    const PlanStep &step = cursor.current();
    if (step.kind == StepKind::Move && !step.isSkipped && fails((*moves)++, {}))
        cursor.skipPosition();
    else if (step.kind == StepKind::Decide && !step.isSkipped)
        cursor.decide(oracle(logLine(plan, step)));
    else
        cursor.advance();
}

WalkLog walkOf(const PlanPointer &plan, const MoveFails &fails)
{
    WalkLog log;
    int moves = 0;
    for (PlanCursor cursor(plan); !cursor.isFinished(); stepOn(cursor, *plan, &moves, fails))
        log.append(logLine(*plan, cursor.current()));
    return log;
}

bool never(int, const QString &)
{
    return false;
}

} // namespace

class TestPlanWalk : public QObject
{
    Q_OBJECT

    const NodeRegistry m_registry = standardNodes();
    const BenchSpecs m_bench = benchSpecs();

    PlanPointer compiled(const ScanTree &tree) const
    {
        const CompiledPlan result = compilePlan(tree, m_bench, m_registry);
        for (const Problem &problem : result.problems)
            qWarning().noquote() << problem.field << problem.message;
        return result.plan;
    }

private slots:
    void visitsWhatTheReferenceVisits();
    void skipsWhatTheReferenceSkips();
    void continuesAtEveryStep();
    void visitsEveryPosition();
    void multipliesNestedCounts();
    void snakesBackwards();
    void ordersSetpointsByTheirLastMove();
    void refusesForeignPositions();
    void walksTenMillionPointsQuickly();
};

void TestPlanWalk::visitsWhatTheReferenceVisits()
{
    for (unsigned seed = 1; seed <= 400; ++seed) {
        std::mt19937 random(seed);
        const ScanTree tree = randomTree(random, 2000);
        const PlanPointer plan = compiled(tree);
        QVERIFY2(plan, qPrintable(u"seed %1"_s.arg(seed)));
        const WalkLog expected = referenceWalk(tree, never);
        const WalkLog visited = walkOf(plan, never);
        QVERIFY2(visited == expected, qPrintable(u"seed %1"_s.arg(seed)));
        const qint64 points = qint64(visited.filter(u"measure"_s).size());
        QVERIFY(plan->isBound ? points <= plan->points : points == plan->points);
    }
}

void TestPlanWalk::skipsWhatTheReferenceSkips()
{
    for (unsigned seed = 1; seed <= 200; ++seed) {
        std::mt19937 random(seed);
        const ScanTree tree = randomTree(random, 1000);
        const PlanPointer plan = compiled(tree);
        QVERIFY(plan);
        const auto fails = [seed](int move, const QString &) {
            return (unsigned(move) * 2654435761U + seed) % 5 == 0;
        };
        QVERIFY2(walkOf(plan, fails) == referenceWalk(tree, fails),
                 qPrintable(u"seed %1"_s.arg(seed)));
    }
}

/// A cursor that is saved to text and restored before every step behaves like one that is not.
void TestPlanWalk::continuesAtEveryStep()
{
    for (unsigned seed = 1; seed <= 60; ++seed) {
        std::mt19937 random(seed);
        const PlanPointer plan = compiled(randomTree(random, 500));
        QVERIFY(plan);
        const auto fails = [seed](int move, const QString &) {
            return seed % 2 == 0 && move % 7 == 3;
        };
        int moves = 0;
        int restoredMoves = 0;
        PlanCursor cursor(plan);
        PlanCursor restored(plan);
        while (true) {
            const QByteArray text = QJsonDocument(restored.save()).toJson();
            auto again = PlanCursor::restore(plan, QJsonDocument::fromJson(text).object());
            QVERIFY2(bool(again), "a position that was just saved is refused");
            restored = std::move(again).value();
            QCOMPARE(logLine(*plan, restored.current()), logLine(*plan, cursor.current()));
            QCOMPARE(restored.save(), cursor.save());
            QCOMPARE(restored.pointsDone(), cursor.pointsDone());
            QCOMPARE(restored.readsSinceMove(), cursor.readsSinceMove());
            if (cursor.isFinished())
                break;
            stepOn(cursor, *plan, &moves, fails);
            stepOn(restored, *plan, &restoredMoves, fails);
        }
        QVERIFY(cursor.pointsDone() == plan->points || plan->isBound);
    }
}

void TestPlanWalk::visitsEveryPosition()
{
    ScanTree tree;
    ScanNode *sweep = tree.root()->appendChild(sweepOf(u"stage.x"_s, linear(u"0"_s, u"4"_s, 5)));
    sweep->appendChild(measureOf({u"smu.iv"_s}));
    const PlanPointer plan = compiled(tree);
    QVERIFY(plan);
    QCOMPARE(plan->points, 5);
    QStringList moves;
    for (const QString &line : walkOf(plan, never).filter(u"move"_s))
        moves.append(line);
    QCOMPARE(moves, (QStringList{u"move stage.x=0"_s, u"move stage.x=1"_s, u"move stage.x=2"_s,
                                 u"move stage.x=3"_s, u"move stage.x=4"_s}));
}

void TestPlanWalk::multipliesNestedCounts()
{
    ScanTree tree;
    ScanNode *repeat = tree.root()->appendChild(makeNode(u"repeat"_s, {{u"times"_s, 7}}));
    ScanNode *outer = repeat->appendChild(sweepOf(u"stage.x"_s, linear(u"0"_s, u"4"_s, 5)));
    ScanNode *inner = outer->appendChild(sweepOf(u"smu.bias"_s, linear(u"0"_s, u"1"_s, 11)));
    ScanNode *measure = inner->appendChild(measureOf({u"smu.iv"_s}));
    measure->fields.insert(u"repeats"_s, 3);
    inner->appendChild(measureOf({u"smu.iv"_s}))->isEnabled = false;
    const PlanPointer plan = compiled(tree);
    QVERIFY(plan);
    QCOMPARE(plan->points, 7 * 5 * 11 * 3);
    QCOMPARE(walkOf(plan, never).filter(u"measure"_s).size(), 7 * 5 * 11 * 3);
    QCOMPARE(plan->objects.size(), 1);
}

void TestPlanWalk::snakesBackwards()
{
    ScanTree tree;
    ScanNode *outer = tree.root()->appendChild(sweepOf(u"stage.y"_s, linear(u"0"_s, u"2"_s, 3)));
    ScanNode *inner = outer->appendChild(sweepOf(u"stage.x"_s, linear(u"0"_s, u"2"_s, 3)));
    inner->fields.insert(u"snake"_s, true);
    inner->appendChild(measureOf({u"smu.iv"_s}));
    const PlanPointer plan = compiled(tree);
    QVERIFY(plan);
    QStringList xs;
    for (const QString &line : walkOf(plan, never).filter(u"stage.x"_s))
        xs.append(line.section(u'=', 1));
    QCOMPARE(xs.join(u' '), u"0 1 2 2 1 0 0 1 2"_s);
}

void TestPlanWalk::ordersSetpointsByTheirLastMove()
{
    ScanTree tree;
    tree.root()->appendChild(setOf(u"heater.temperature"_s, u"300 K"_s));
    ScanNode *sweep = tree.root()->appendChild(sweepOf(u"stage.x"_s, listOf({u"1"_s, u"2"_s})));
    sweep->appendChild(measureOf({u"smu.iv"_s}));
    sweep->appendChild(setOf(u"heater.temperature"_s, u"310 K"_s));
    const PlanPointer plan = compiled(tree);
    QVERIFY(plan);
    PlanCursor cursor(plan);
    QVERIFY(cursor.setpointsInForce().isEmpty());
    for (int step = 0; step < 2; ++step) // heater, x = 1
        cursor.advance();
    QCOMPARE(cursor.setpointsInForce().size(), 2);
    QCOMPARE(cursor.setpointsInForce().first().value, 300.0);
    QVERIFY(cursor.readsSinceMove().isEmpty());
    cursor.advance(); // the reading
    QCOMPARE(cursor.readsSinceMove(), QList<int>{0});
    cursor.advance(); // heater again: now the last
    QCOMPARE(cursor.setpointsInForce().first().value, 1.0);
    QCOMPARE(cursor.setpointsInForce().last().value, 310.0);
    QVERIFY(cursor.readsSinceMove().isEmpty());
}

void TestPlanWalk::refusesForeignPositions()
{
    std::mt19937 random(5);
    ScanTree tree;
    ScanNode *sweep = tree.root()->appendChild(sweepOf(u"stage.x"_s, linear(u"0"_s, u"4"_s, 5)));
    sweep->appendChild(measureOf({u"smu.iv"_s}));
    const PlanPointer plan = compiled(tree);
    sweep->fields = sweepOf(u"stage.x"_s, linear(u"0"_s, u"5"_s, 5))->fields;
    const PlanPointer other = compiled(tree);
    QVERIFY(plan && other);
    PlanCursor cursor(plan);
    cursor.advance();
    const QJsonObject saved = cursor.save();
    QVERIFY(PlanCursor::restore(plan, saved));
    QVERIFY(!PlanCursor::restore(other, saved));
    QVERIFY(!PlanCursor::restore(plan, {}));

    const QList<QPair<QString, QJsonValue>> damages{
        {u"points"_s, -1},
        {u"points"_s, 1e12},
        {u"frames"_s, u"x"_s},
        {u"frames"_s, QJsonArray{QJsonArray{0, 0, false}}},
        {u"frames"_s, QJsonArray{QJsonArray{0, 5, false}}},
        {u"frames"_s,
         QJsonArray{QJsonArray{0, 0, false}, QJsonArray{5, 0, false}, QJsonArray{0, -1, false}}},
        {u"frames"_s,
         QJsonArray{QJsonArray{0, 0, false}, QJsonArray{0, 0, false}, QJsonArray{1, -1, false}}},
        {u"setpoints"_s, QJsonArray{QJsonArray{7, u"1"_s}}},
        {u"setpoints"_s, QJsonArray{QJsonArray{0, u"nan"_s}}},
        {u"reads"_s, QJsonArray{3}},
    };
    for (const auto &[key, value] : damages) {
        QJsonObject damaged = saved;
        damaged.insert(key, value);
        QVERIFY2(!PlanCursor::restore(plan, damaged), qPrintable(key));
    }
}

void TestPlanWalk::walksTenMillionPointsQuickly()
{
    ScanTree tree;
    ScanNode *outer = tree.root()->appendChild(sweepOf(u"stage.x"_s, linear(u"0"_s, u"4"_s, 1000)));
    ScanNode *inner = outer->appendChild(sweepOf(u"smu.bias"_s, linear(u"-1"_s, u"1"_s, 10'000)));
    inner->fields.insert(u"snake"_s, true);
    inner->appendChild(measureOf({u"smu.iv"_s}));
    const PlanPointer plan = compiled(tree);
    QVERIFY(plan);
    QCOMPARE(plan->points, 10'000'000);
    QElapsedTimer timer;
    timer.start();
    PlanCursor cursor(plan);
    qint64 steps = 0;
    double sum = 0; // so that nothing is optimised away
    for (; !cursor.isFinished() && steps < 2'000'000; cursor.advance()) {
        ++steps;
        if (cursor.current().kind == StepKind::Move)
            sum += cursor.current().targets[0].value;
    }
    const double nsPerStep = double(timer.nsecsElapsed()) / double(steps);
    qInfo("%.1f ns per step (%g)", nsPerStep, sum);
    QVERIFY(nsPerStep < 2000); // a debug build under a loaded machine; release is under 100
}

QTEST_APPLESS_MAIN(TestPlanWalk)
#include "tst_plan_walk.moc"
