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

/// The lanes that have a step to do, of \a lane and all its branches.
void collectReady(PlanCursor &lane, std::vector<PlanCursor *> *ready)
{
    if (lane.isFinished())
        return;
    bool isWaiting = false;
    for (PlanCursor &branch : lane.lanes()) {
        isWaiting |= !branch.isFinished();
        collectReady(branch, ready);
    }
    if (!isWaiting)
        ready->push_back(&lane);
}

/// One step of any lane; false: the walk is over.
bool stepAny(PlanCursor &root, std::mt19937 &random, const MoveFails &fails, const ScanPlan &plan,
             WalkLog *log)
{
    std::vector<PlanCursor *> ready;
    collectReady(root, &ready);
    if (ready.empty())
        return false;
    PlanCursor &lane = *ready[random() % ready.size()];
    const PlanStep &step = lane.current();
    const QString line = logLine(plan, step);
    log->append(line);
    if (step.kind == StepKind::Move && !step.isSkipped && fails(0, line))
        lane.skipPosition();
    else if (step.kind == StepKind::Decide && !step.isSkipped)
        lane.decide(oracle(line));
    else
        lane.advance();
    return true;
}

bool never(int, const QString &)
{
    return false;
}

bool sometimes(int, const QString &text)
{
    return qHash(text, size_t(7)) % 5 == 0;
}

} // namespace

/// Branches at the same time: their order, their position, what they may not do.
class TestPlanLanes : public QObject
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
    void visitsWhatTheReferenceVisits_data();
    void visitsWhatTheReferenceVisits();
    void continuesAtEveryStep();
    void branchesShareTheLoopsAround();
    void snakesThroughForks();
    void takesTheLongestBranch();
    void branchesDoNotSeeEachOther();
    void refusesTwoSettersOfOneInstrument();
    void watchesAreOpenInside();
    void estimatesAMonitor();
    void compilesGuards_data();
    void compilesGuards();
    void tellsWhatCrowdsAWatch_data();
    void tellsWhatCrowdsAWatch();
    void refusesForeignLanes();
    void bringsBackOwnSetpointsOnly();
};

void TestPlanLanes::visitsWhatTheReferenceVisits_data()
{
    QTest::addColumn<bool>("isFailing");
    QTest::newRow("undisturbed") << false;
    QTest::newRow("moves fail under skip") << true;
}

void TestPlanLanes::visitsWhatTheReferenceVisits()
{
    QFETCH(bool, isFailing);
    const MoveFails fails = isFailing ? sometimes : never;
    int forks = 0;
    for (unsigned seed = 1; seed <= 300; ++seed) {
        std::mt19937 random(seed);
        const ScanTree tree = randomLanes(random, 1500);
        const PlanPointer plan = compiled(tree);
        QVERIFY2(plan, qPrintable(u"seed %1"_s.arg(seed)));
        const auto expected = sequencesOf(referenceWalk(tree, fails));
        WalkLog log;
        PlanCursor cursor(plan);
        while (stepAny(cursor, random, fails, *plan, &log)) {
        }
        forks += int(log.count(u"fork"_s));
        QVERIFY2(sequencesOf(log) == expected, qPrintable(u"seed %1"_s.arg(seed)));
        const qint64 points = qint64(log.filter(u"measure"_s).size());
        const qint64 planned = plan->points - plan->monitorPoints;
        QCOMPARE(cursor.pointsDone(), points);
        QVERIFY(plan->isBound ? points <= planned : points == planned);
    }
    QVERIFY(forks > 300); // the trees do fork
}

/// Lanes that are saved to text and restored before every step behave like those that are not.
void TestPlanLanes::continuesAtEveryStep()
{
    for (unsigned seed = 1; seed <= 60; ++seed) {
        std::mt19937 growing(seed);
        const PlanPointer plan = compiled(randomLanes(growing, 300));
        QVERIFY(plan);
        std::mt19937 random(seed), same(seed);
        const MoveFails fails = seed % 2 == 0 ? sometimes : never;
        WalkLog log, restoredLog;
        PlanCursor cursor(plan);
        PlanCursor restored(plan);
        do {
            const QByteArray text = QJsonDocument(restored.save()).toJson();
            auto again = PlanCursor::restore(plan, QJsonDocument::fromJson(text).object());
            QVERIFY2(bool(again), "a position that was just saved is refused");
            restored = std::move(again).value();
            QCOMPARE(restored.save(), cursor.save());
            QCOMPARE(restored.pointsDone(), cursor.pointsDone());
            stepAny(restored, same, fails, *plan, &restoredLog);
        } while (stepAny(cursor, random, fails, *plan, &log));
        QCOMPARE(restoredLog, log);
    }
}

void TestPlanLanes::branchesShareTheLoopsAround()
{
    ScanTree tree;
    ScanNode *sweep = tree.root()->appendChild(sweepOf(u"stage.x"_s, linear(u"0"_s, u"4"_s, 5)));
    ScanNode *parallel = sweep->appendChild(makeNode(u"parallel"_s));
    ScanNode *bias = parallel->appendChild(sweepOf(u"smu.bias"_s, linear(u"0"_s, u"1"_s, 3)));
    bias->appendChild(measureOf({u"smu.iv"_s}));
    parallel->appendChild(measureOf({u"heater.monitor"_s}));
    const PlanPointer plan = compiled(tree);
    QVERIFY(plan);
    QCOMPARE(plan->points, 5 * (3 + 1));
    QCOMPARE(plan->objects[0].indexColumns, 2);
    QCOMPARE(plan->objects[1].indexColumns, 1);
    WalkLog log;
    std::mt19937 random(1);
    PlanCursor cursor(plan);
    while (stepAny(cursor, random, never, *plan, &log)) {
    }
    const WalkLog measures = log.filter(u"measure %1"_s.arg(parallel->child(1)->id.toString()));
    for (int i = 0; i < 5; ++i)
        QVERIFY(measures[i].endsWith(u"[%1]"_s.arg(i)));
}

void TestPlanLanes::snakesThroughForks()
{
    ScanTree tree;
    ScanNode *outer = tree.root()->appendChild(sweepOf(u"stage.y"_s, linear(u"0"_s, u"2"_s, 3)));
    ScanNode *parallel = outer->appendChild(makeNode(u"parallel"_s));
    ScanNode *inner = parallel->appendChild(sweepOf(u"smu.bias"_s, linear(u"0"_s, u"2"_s, 3)));
    inner->fields.insert(u"snake"_s, true);
    inner->appendChild(measureOf({u"smu.iv"_s}));
    const PlanPointer plan = compiled(tree);
    QVERIFY(plan);
    WalkLog log;
    std::mt19937 random(1);
    PlanCursor cursor(plan);
    while (stepAny(cursor, random, never, *plan, &log)) {
    }
    QStringList values;
    for (const QString &line : log.filter(u"smu.bias"_s))
        values.append(line.section(u'=', 1));
    QCOMPARE(values.join(u' '), u"0 1 2 2 1 0 0 1 2"_s);
}

void TestPlanLanes::takesTheLongestBranch()
{
    ScanTree tree;
    ScanNode *parallel = tree.root()->appendChild(makeNode(u"parallel"_s));
    parallel->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"3 s"_s}}));
    parallel->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"5 s"_s}}));
    ScanNode *measure = parallel->appendChild(measureOf({u"smu.iv"_s}));
    const PlanPointer plan = compiled(tree);
    QVERIFY(plan);
    QCOMPARE(plan->duration, Nanoseconds(std::chrono::seconds(5)));
    measure->isEnabled = false;
    tree.root()->appendChild(measureOf({u"smu.iv"_s}));
    QVERIFY(compiled(tree)->duration > Nanoseconds(std::chrono::seconds(5)));
}

void TestPlanLanes::branchesDoNotSeeEachOther()
{
    ScanTree tree;
    tree.root()->appendChild(setOf(u"heater.temperature"_s, u"300 K"_s));
    ScanNode *parallel = tree.root()->appendChild(makeNode(u"parallel"_s));
    ScanNode *one = parallel->appendChild(sweepOf(u"smu.bias"_s, listOf({u"1"_s})));
    one->appendChild(measureOf({u"smu.iv"_s}));
    ScanNode *two = parallel->appendChild(sweepOf(u"stage.x"_s, listOf({u"1"_s})));
    two->appendChild(measureOf({u"heater.monitor"_s}));
    tree.root()->appendChild(measureOf({u"smu.iv2"_s}));
    const PlanPointer plan = compiled(tree);
    QVERIFY(plan);
    QCOMPARE(plan->objects[0].movements.size(), 2); // heater, smu
    QCOMPARE(plan->objects[1].movements.size(), 2); // heater, stage
    QCOMPARE(plan->objects[2].movements.size(), 3); // behind them: all
}

void TestPlanLanes::refusesTwoSettersOfOneInstrument()
{
    ScanTree tree;
    ScanNode *parallel = tree.root()->appendChild(makeNode(u"parallel"_s));
    ScanNode *one = parallel->appendChild(sweepOf(u"stage.x"_s, listOf({u"1"_s})));
    one->label = u"across"_s;
    one->appendChild(measureOf({u"smu.iv"_s}));
    ScanNode *two = parallel->appendChild(makeNode(u"sequence"_s));
    ScanNode *set = two->appendChild(setOf(u"stage.y"_s, u"2"_s));
    const CompiledPlan refused = compilePlan(tree, m_bench, m_registry);
    QVERIFY(!refused.plan);
    QCOMPARE(refused.problems.size(), 1);
    QCOMPARE(refused.problems.first().node, uidText(set->id));
    QVERIFY(refused.problems.first().message.contains(u"across"_s));
    QVERIFY(refused.problems.first().message.contains(u"stage.y"_s));
    set->isEnabled = false;
    QVERIFY(compiled(tree));
    set->isEnabled = true;
    // Reading it from another branch is allowed, and so is setting it one after the other.
    (void)two->takeChild(0);
    two->appendChild(measureOf({u"smu.iv2"_s}));
    one->appendChild(setOf(u"stage.y"_s, u"2"_s));
    QVERIFY(compiled(tree));
}

void TestPlanLanes::watchesAreOpenInside()
{
    ScanTree tree;
    ScanNode *sweep = tree.root()->appendChild(sweepOf(u"stage.x"_s, listOf({u"1"_s, u"2"_s})));
    ScanNode *monitor = sweep->appendChild(monitorOf(u"heater.monitor"_s, u"1 s"_s));
    monitor->appendChild(measureOf({u"smu.iv"_s}));
    const PlanPointer plan = compiled(tree);
    QVERIFY(plan);
    QStringList seen;
    for (PlanCursor cursor(plan); !cursor.isFinished(); cursor.advance()) {
        const auto restored = PlanCursor::restore(plan, cursor.save());
        QVERIFY(restored);
        const auto open = restored.value().openWatches();
        QCOMPARE(open.size(), cursor.openWatches().size());
        QString line = logLine(*plan, cursor.current()).section(u' ', 0, 0);
        for (const OpenWatch &watch : open)
            line += u" in %1"_s.arg(watch.indices.back());
        seen.append(line);
    }
    QCOMPARE(seen, (QStringList{u"move"_s, u"watch"_s, u"measure in 0"_s, u"unwatch"_s, u"move"_s,
                                u"watch"_s, u"measure in 1"_s, u"unwatch"_s}));
    // Below a position that failed nothing is watched.
    PlanCursor cursor(plan);
    for (cursor.skipPosition(); cursor.current().kind != StepKind::Move; cursor.advance()) {
        QVERIFY(cursor.current().isSkipped);
        QVERIFY(cursor.openWatches().empty());
    }
}

void TestPlanLanes::estimatesAMonitor()
{
    ScanTree tree;
    ScanNode *sweep = tree.root()->appendChild(sweepOf(u"stage.x"_s, listOf({u"1"_s, u"2"_s})));
    ScanNode *monitor = sweep->appendChild(monitorOf(u"heater.monitor"_s, u"1 s"_s));
    monitor->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"10 s"_s}}));
    monitor->appendChild(setOf(u"smu.bias"_s, u"1 V"_s));
    const PlanPointer plan = compiled(tree);
    QVERIFY(plan);
    QVERIFY(plan->points >= 2 * 11 && plan->points <= 2 * 12);
    QCOMPARE(plan->monitorPoints, plan->points);
    QCOMPARE(plan->objects.size(), 1);
    QCOMPARE(plan->objects[0].movements.size(), 2); // also what is set inside
    QCOMPARE(plan->instruments, (QStringList{u"heater"_s, u"smu"_s, u"stage"_s}));
    monitor->fields.insert(u"interval"_s, u"1 us"_s);
    QVERIFY(!compilePlan(tree, m_bench, m_registry).plan);
}

void TestPlanLanes::compilesGuards_data()
{
    QTest::addColumn<QString>("warning");
    QTest::addColumn<QString>("clear");
    QTest::addColumn<QString>("alert");
    QTest::addColumn<QString>("problem"); // its field; "" for none
    QTest::newRow("warning") << u"smu.current > 1 mA"_s << QString() << QString() << QString();
    QTest::newRow("hysteresis") << u"smu.current > 1 mA"_s << u"smu.current < 100 uA"_s
                                << u"smu.voltage > 5 V"_s << QString();
    QTest::newRow("nothing") << QString() << QString() << u" "_s << u"warning"_s;
    QTest::newRow("clear alone") << QString() << u"smu.current < 1 A"_s << u"smu.current > 2 A"_s
                                 << u"clear"_s;
    QTest::newRow("unknown name") << QString() << QString() << u"smu.curent > 2 A"_s << u"alert"_s;
    QTest::newRow("not read here")
        << QString() << QString() << u"heater.power > 2 W"_s << u"alert"_s;
    QTest::newRow("wrong unit") << u"smu.current > 2 V"_s << QString() << QString() << u"warning"_s;
    QTest::newRow("no condition") << u"smu.current + 1 A"_s << QString() << QString()
                                  << u"warning"_s;
}

void TestPlanLanes::compilesGuards()
{
    QFETCH(QString, problem);
    ScanTree tree;
    ScanNode *guard = tree.root()->appendChild(makeNode(
        u"guard"_s, {{u"measurements"_s, QJsonArray{u"smu.iv"_s}}, {u"interval"_s, u"1 s"_s}}));
    for (const QString &field : {u"warning"_s, u"clear"_s, u"alert"_s}) {
        const QString text =
            *static_cast<QString *>(QTest::qData(field.toLatin1(), qMetaTypeId<QString>()));
        if (!text.isEmpty())
            guard->fields.insert(field, text);
    }
    guard->appendChild(measureOf({u"heater.monitor"_s}));
    const CompiledPlan compiled = compilePlan(tree, m_bench, m_registry);
    QCOMPARE(compiled.plan != nullptr, problem.isEmpty());
    if (!compiled.plan) {
        QCOMPARE(compiled.problems.first().field, problem);
        QCOMPARE(compiled.problems.first().node, uidText(guard->id));
        return;
    }
    QCOMPARE(compiled.plan->instruments, (QStringList{u"heater"_s, u"smu"_s}));
    QCOMPARE(compiled.plan->objects.size(), 1); // a guard records nothing
}

void TestPlanLanes::tellsWhatCrowdsAWatch_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("interval");
    QTest::addColumn<QString>("read"); // inside, for 1 s
    QTest::addColumn<bool>("isTold");
    QTest::newRow("guard: alert") << u"guard"_s << u"300 ms"_s << u"smu.iv2"_s << true;
    QTest::newRow("guard: just in time") << u"guard"_s << u"400 ms"_s << u"smu.iv2"_s << false;
    QTest::newRow("guard of another instrument")
        << u"guard"_s << u"300 ms"_s << u"heater.monitor"_s << false;
    QTest::newRow("monitor: left out") << u"monitor"_s << u"900 ms"_s << u"smu.iv2"_s << true;
    QTest::newRow("monitor: just in time") << u"monitor"_s << u"1 s"_s << u"smu.iv2"_s << false;
}

/// Readings of one instrument wait for each other.
void TestPlanLanes::tellsWhatCrowdsAWatch()
{
    QFETCH(QString, kind);
    QFETCH(QString, interval);
    QFETCH(QString, read);
    QFETCH(bool, isTold);
    BenchSpecs bench = m_bench;
    for (const QString &nickname : {u"smu"_s, u"heater"_s}) {
        for (MeasurementSpec &measurement : bench[nickname].measurements) {
            if (measurement.name != u"iv")
                measurement.readTime = std::chrono::seconds(1);
        }
    }
    ScanTree tree;
    ScanNode *watch = tree.root()->appendChild(
        makeNode(kind, {{u"measurements"_s, QJsonArray{u"smu.iv"_s}}, {u"interval"_s, interval}}));
    if (kind == u"guard")
        watch->fields.insert(u"alert"_s, u"smu.current > 1 A"_s);
    watch->appendChild(measureOf({read}));
    tree.root()->appendChild(measureOf({u"smu.iv2"_s})); // not inside
    const CompiledPlan compiled = compilePlan(tree, bench, m_registry);
    QVERIFY2(compiled.plan, qPrintable(compiled.problems.value(0).message));
    QCOMPARE(compiled.notes.size(), isTold ? 1 : 0);
    if (!isTold)
        return;
    QCOMPARE(compiled.notes.first().node, uidText(watch->id));
    QCOMPARE(compiled.notes.first().field, u"interval"_s);
    QVERIFY(compiled.notes.first().message.contains(read));
}

void TestPlanLanes::refusesForeignLanes()
{
    ScanTree tree;
    ScanNode *parallel = tree.root()->appendChild(makeNode(u"parallel"_s));
    parallel->appendChild(measureOf({u"smu.iv"_s}));
    parallel->appendChild(measureOf({u"heater.monitor"_s}));
    const PlanPointer plan = compiled(tree);
    QVERIFY(plan);
    PlanCursor cursor(plan);
    QCOMPARE(cursor.current().kind, StepKind::Fork);
    cursor.lanes()[1].advance();
    const QJsonObject saved = cursor.save();
    auto restored = PlanCursor::restore(plan, saved);
    QVERIFY(restored);
    QVERIFY(!restored.value().lanes()[0].isFinished());
    QVERIFY(restored.value().lanes()[1].isFinished());
    const QJsonObject done{{u"frames"_s, QJsonArray{}}};
    for (const QJsonValue &lanes :
         {QJsonValue(), QJsonValue(1), QJsonValue(QJsonArray{done}),
          QJsonValue(QJsonArray{done, done, done}), QJsonValue(QJsonArray{done, QJsonObject{}}),
          QJsonValue(QJsonArray{
              done, QJsonObject{{u"frames"_s, QJsonArray{QJsonArray{1, -1, false}}}}})}) {
        QJsonObject damaged = saved;
        damaged.insert(u"lanes"_s, lanes);
        QVERIFY(!PlanCursor::restore(plan, damaged));
    }
}

void TestPlanLanes::bringsBackOwnSetpointsOnly()
{
    ScanTree tree;
    tree.root()->appendChild(setOf(u"heater.temperature"_s, u"300 K"_s));
    ScanNode *parallel = tree.root()->appendChild(makeNode(u"parallel"_s));
    for (const QString &movement : {u"smu.bias"_s, u"stage.x"_s}) {
        ScanNode *sweep = parallel->appendChild(sweepOf(movement, listOf({u"1"_s})));
        sweep->appendChild(measureOf({u"smu.iv"_s}));
    }
    const PlanPointer plan = compiled(tree);
    QVERIFY(plan);
    PlanCursor cursor(plan);
    cursor.advance(); // the heater
    for (PlanCursor &lane : cursor.lanes())
        lane.advance(); // its move
    QCOMPARE(cursor.setpointsInForce().size(), 3);
    for (const PlanCursor &lane : cursor.lanes())
        QCOMPARE(lane.setpointsInForce().size(), 1);
}

QTEST_APPLESS_MAIN(TestPlanLanes)
#include "tst_plan_lanes.moc"
