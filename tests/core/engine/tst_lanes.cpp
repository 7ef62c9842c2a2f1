#include "tests/core/engine/engine_fixture.h"
#include "tests/core/plan/random_tree.h"
#include "tests/core/plan/reference_walk.h"

using namespace birch;
using namespace birch::test;

namespace {

constexpr SliceLimits kStepwise{std::chrono::milliseconds(5), 1, 4096, 1 << 18};

/// benchSpecs() for in-process instruments, whose values are numbers told by their own setpoints.
void useLaneBench(EngineFixture &at)
{
    at.specs = benchSpecs();
    for (InstrumentSpec &spec : at.specs) {
        for (MeasurementSpec &measurement : spec.measurements) {
            for (ColumnSpec &column : measurement.columns) {
                column.type = ColumnType::Float64;
                column.shape.clear();
            }
        }
    }
    at.script->countsReads = false;
    at.makeBench();
}

bool isOfMonitor(const ScanPlan &plan, int object)
{
    return std::any_of(plan.watches.begin(), plan.watches.end(),
                       [object](const PlanWatch &watch) { return watch.object == object; });
}

/// Everything that does not depend on how far the other branches are: times, setpoints of
/// instruments that the object does not read, and what monitors read are left out.
bool isSameData(const ScanPlan &plan, const StoredScan &a, const StoredScan &b)
{
    if (a.objects.size() != b.objects.size())
        return false;
    for (size_t object = 0; object < a.objects.size(); ++object) {
        if (isOfMonitor(plan, int(object)))
            continue;
        const auto &specs = a.scan.objects[qsizetype(object)].columns;
        const auto readsFrom = [&](const ColumnSpec &setpoint) {
            return std::any_of(specs.begin(), specs.end(), [&](const ColumnSpec &value) {
                return value.role == ColumnRole::Value &&
                       value.name.section(u'.', 0, 0) == setpoint.name.section(u'.', 0, 0);
            });
        };
        for (qsizetype column = 1; column < specs.size(); ++column) {
            const ColumnRole role = specs[column].role;
            const bool isTold = role == ColumnRole::Index || readsFrom(specs[column]);
            if (isTold && !(a.objects[object][size_t(column)] == b.objects[object][size_t(column)]))
                return false;
        }
    }
    return true;
}

std::unique_ptr<ScanNode> branchOf(const QString &movement, int points, const QString &measurement)
{
    auto sweep = sweepOf(movement, linear(u"1"_s, QString::number(points), points));
    sweep->appendChild(measureOf({measurement}));
    return sweep;
}

/// smu and stage are swept at the same time.
std::unique_ptr<ScanNode> twoBranches(int smuPoints, int stagePoints)
{
    auto parallel = makeNode(u"parallel"_s);
    parallel->appendChild(branchOf(u"smu.bias"_s, smuPoints, u"smu.iv"_s));
    parallel->appendChild(branchOf(u"stage.x"_s, stagePoints, u"stage.encoder"_s));
    return parallel;
}

bool isEnded(const EngineFixture &at)
{
    return !at.archive.scans.empty() && at.stored().endings > 0;
}

} // namespace

/// Branches at the same time, through the engine: order, failures, pauses, kills.
class LanesTest : public QObject
{
    Q_OBJECT
private slots:
    void instrumentsSeeTheOrderOfTheirBranch_data() { addSeeds(60); }
    void instrumentsSeeTheOrderOfTheirBranch()
    {
        QFETCH(int, seed);
        std::mt19937 random{unsigned(seed)};
        const ScanTree tree = randomLanes(random, 400);
        EngineFixture at;
        useLaneBench(at);
        at.makeWorker(seed % 2 == 0 ? kStepwise : SliceLimits{});
        const auto compiled = compilePlan(tree, at.specs, standardNodes());
        QVERIFY(compiled.plan);
        at.add(compiled.plan);
        at.worker->start();
        at.drain();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        const auto expected = sequencesOf(referenceWalk(
            tree, [](int, const QString &) { return false; }, Answers::Truth));
        QMap<QString, QStringList> seen;
        for (const QString &event : at.events(u"begin"_s)) {
            const QStringList parts = event.split(u' ');
            if (isPosition(parts[2].toDouble()))
                seen[parts[1]].append(parts[1] + u'=' + QString::number(parts[2].toDouble()));
        }
        for (auto sequence = seen.begin(); sequence != seen.end(); ++sequence)
            QCOMPARE(
                sequence.value(),
                expected.value(sequence.key()).replaceInStrings(QRegularExpression(u"@.*"_s), {}));
        qint64 rows = 0;
        for (int object = 0; object < int(at.stored().objects.size()); ++object)
            rows += isOfMonitor(*compiled.plan, object) ? 0 : at.stored().rows(object);
        QVERIFY(compiled.plan->isBound ||
                rows == compiled.plan->points - compiled.plan->monitorPoints);
    }

    void killedAndContinuedEqualsUndisturbed_data() { addSeeds(80); }
    void killedAndContinuedEqualsUndisturbed()
    {
        QFETCH(int, seed);
        std::mt19937 random{unsigned(seed)};
        const ScanTree tree = randomLanes(random, 120);
        EngineFixture undisturbed;
        useLaneBench(undisturbed);
        undisturbed.makeWorker();
        const auto plan = compilePlan(tree, undisturbed.specs, standardNodes()).plan;
        QVERIFY(plan);
        undisturbed.add(plan);
        undisturbed.worker->start();
        QVERIFY(undisturbed.pump([&] { return isEnded(undisturbed); }));
        QVERIFY(undisturbed.pumpToIdle());

        auto first = std::make_unique<EngineFixture>();
        useLaneBench(*first);
        first->makeWorker(kStepwise);
        first->add(plan);
        first->worker->start();
        std::shared_ptr<StoredScan> stored;
        std::optional<Continuation> continuation;
        // Killed again and again, at a random pass of the event loop.
        for (int kills = 0; kills < 12; ++kills) {
            int left = int(random() % 60);
            QVERIFY(first->pump([&] { return isEnded(*first) || --left < 0; }));
            if (!stored && first->archive.scans.empty())
                continue; // nothing is on record yet
            if (!stored)
                stored = first->archive.scans.front();
            if (stored->endings > 0)
                break;
            first->worker.reset();
            stored->states.append(ScanState::Interrupted);
            auto next = std::make_unique<EngineFixture>();
            next->archive.scans.push_back(stored);
            next->archive.byUid[stored->scan.uid] = stored;
            useLaneBench(*next);
            next->makeWorker(kStepwise);
            next->worker->add(next->item(plan), Continuation{stored->scan.uid, {}, {}, 0});
            next->worker->start();
            first = std::move(next);
            // A continuation that is killed before it is open leaves the scan as it was.
            QVERIFY(first->pump([&] { return stored->states.last() != ScanState::Interrupted; }));
        }
        QVERIFY(first->pump([&] { return stored ? stored->endings > 0 : isEnded(*first); }));
        if (!stored)
            stored = first->archive.scans.front();
        QCOMPARE(stored->states.last(), ScanState::Completed);
        QVERIFY(isSameData(*plan, *stored, undisturbed.stored()));
        for (const auto &columns : stored->objects) {
            for (qint64 row = 1; row < columns.front().rowCount(); ++row)
                QVERIFY(columns.front().intAt(row) > columns.front().intAt(row - 1));
        }
        QVERIFY(first->pumpToIdle());
    }

    void oneBranchFails_data()
    {
        QTest::addColumn<QString>("fails");
        QTest::addColumn<int>("times");
        QTest::addColumn<int>("policy");
        QTest::addColumn<int>("retries");
        QTest::addColumn<ScanState>("state");
        QTest::addColumn<QString>("smuRows"); // the first value of each
        QTest::addColumn<int>("stageRows");   // -1: as far as it came
        const auto completed = ScanState::Completed, failed = ScanState::Failed;
        const int abort = int(FailurePolicy::Abort), retry = int(FailurePolicy::Retry),
                  skip = int(FailurePolicy::Skip);
        QTest::newRow("abort") << u"begin smu.bias 2"_s << 1 << abort << 0 << failed << u"1"_s
                               << -1;
        QTest::newRow("retry a move")
            << u"begin smu.bias 2"_s << 2 << retry << 2 << completed << u"1 2 3"_s << 6;
        QTest::newRow("retry a read")
            << u"read smu.iv"_s << 2 << retry << 2 << completed << u"1 2 3"_s << 6;
        QTest::newRow("retry in vain")
            << u"begin smu.bias 3"_s << 9 << retry << 2 << failed << u"1 2"_s << -1;
        QTest::newRow("skip") << u"begin smu.bias 2"_s << 1 << skip << 0 << completed << u"1 - 3"_s
                              << 6;
    }
    void oneBranchFails()
    {
        QFETCH(QString, fails);
        QFETCH(int, times);
        QFETCH(int, policy);
        QFETCH(int, retries);
        QFETCH(int, stageRows);
        EngineFixture at;
        at.script->countsReads = false;
        at.makeBench();
        at.makeWorker(kStepwise);
        auto tree = twoBranches(3, 6);
        tree->child(0)->failure = FailureRule{FailurePolicy(policy), retries};
        at.add(at.compile(std::move(tree)));
        at.script->answer = [fails, times, count = 0](const QString &asked) mutable -> Status {
            if (asked == fails && count < times) {
                ++count;
                return Error{ErrorCode::Timeout, u"no answer"_s};
            }
            return ok();
        };
        at.worker->start();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QTEST(at.stored().states.last(), "state");
        QStringList rows;
        for (qint64 row = 0; row < at.stored().rows(0); ++row) {
            const ColumnValues &value = at.stored().objects[0][4];
            const bool isOk = value.stateAt(row) == ValueState::Ok;
            // 1.7 times the bias is what the instrument makes of it.
            rows.append(isOk ? QString::number(value.doubleAt(row) / 1.7) : u"-"_s);
        }
        QTEST(rows.join(u' '), "smuRows");
        if (stageRows >= 0)
            QCOMPARE(at.stored().rows(1), qint64(stageRows));
        // Nobody moves another branch's instrument to try again, and safe values come once.
        QCOMPARE(at.events(u"begin stage.x 1"_s).size(), 1);
        const bool isFailed = at.stored().states.last() == ScanState::Failed;
        QCOMPARE(at.events(u"begin smu.gate 0.5"_s).size(), isFailed ? 1 : 0);
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().endings, 1);
    }

    void pausesEveryLane_data()
    {
        QTest::addColumn<int>("afterRows");
        for (const int rows : {1, 2, 3, 5, 6, 8})
            QTest::addRow("after %d rows", rows) << rows;
    }
    void pausesEveryLane()
    {
        QFETCH(int, afterRows);
        EngineFixture at;
        at.makeBench();
        at.makeWorker(kStepwise);
        auto outer = sweepOf(u"smu.gate"_s, linear(u"1"_s, u"3"_s, 3));
        // One point per branch: the pause can only be where the branches meet again.
        auto parallel = makeNode(u"parallel"_s);
        parallel->appendChild(measureOf({u"smu.iv"_s}));
        parallel->appendChild(branchOf(u"stage.x"_s, 2, u"stage.encoder"_s));
        outer->appendChild(std::move(parallel));
        at.add(at.compile(std::move(outer)));
        at.worker->start();
        const auto rows = [&] {
            return at.archive.scans.empty() ? 0 : at.stored().rows(0) + at.stored().rows(1);
        };
        QVERIFY(at.pump([&] { return rows() >= afterRows; }));
        at.worker->pauseAfterPoint();
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused || isEnded(at); }));
        QCOMPARE(at.state, QueueState::Paused);
        QCOMPARE(at.items.first().state, ScanState::Paused);
        QVERIFY(rows() <= afterRows + 2); // each lane at most one more
        const qsizetype asked = at.script->events.size();
        at.drain();
        at.clock.advance(std::chrono::hours(1));
        at.drain();
        QCOMPARE(at.script->events.size(), asked); // really stands still
        at.worker->resume();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().states, (QList<ScanState>{ScanState::Running, ScanState::Paused,
                                                       ScanState::Running, ScanState::Completed}));
        QCOMPARE(rows(), qint64(9));
        QVERIFY(at.pumpToIdle());
    }

    void pausesWhileOneLaneWaits()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker(kStepwise);
        auto parallel = twoBranches(40, 1);
        auto waiting = makeNode(u"sequence"_s);
        waiting->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"10 s"_s}}));
        waiting->appendChild(measureOf({u"stage.encoder"_s}));
        parallel->appendChild(std::move(waiting));
        at.add(at.compile(std::move(parallel)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().rows() == 3; }));
        at.worker->pauseAfterPoint();
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        const qint64 pausedAt = at.clock.bootNs();
        const qint64 rows = at.stored().rows();
        QVERIFY(rows <= 4);
        at.clock.advance(std::chrono::seconds(4)); // counts as waited
        at.drain();
        QCOMPARE(at.stored().rows(), rows);
        at.worker->resume();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QCOMPARE(at.stored().rows(0), 40);
        QCOMPARE(at.stored().rows(2), 1);
        QVERIFY(at.clock.bootNs() - pausedAt < 10'100'000'000);
        QVERIFY(at.pumpToIdle());
    }

    void pauseStopsALaneWithoutPoints()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker(kStepwise);
        auto parallel = makeNode(u"parallel"_s);
        parallel->appendChild(sweepOf(u"stage.x"_s, linear(u"1"_s, u"50"_s, 50)));
        parallel->appendChild(branchOf(u"smu.bias"_s, 50, u"smu.iv"_s));
        at.add(at.compile(std::move(parallel)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().rows() == 5; }));
        at.worker->pauseAfterPoint();
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        QVERIFY(at.events(u"begin stage.x"_s).size() < 20);
        at.worker->resume();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.events(u"begin stage.x"_s).size(), 50);
        QCOMPARE(at.stored().rows(), 50);
        QVERIFY(at.pumpToIdle());
    }

    void resumedBeforeAllStandStill()
    {
        EngineFixture at;
        at.script->pollsToArrive = 3;
        at.makeBench();
        at.makeWorker(kStepwise);
        at.add(at.compile(twoBranches(5, 5)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().rows() == 2; }));
        at.worker->pauseAfterPoint();
        at.worker->resume();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QCOMPARE(at.stored().rows(0), 5);
        QCOMPARE(at.stored().rows(1), 5);
        QVERIFY(at.pumpToIdle());
    }

    void abortEndsEveryLane()
    {
        EngineFixture at;
        at.script->pollsToArrive = 1'000'000;
        at.makeBench();
        at.makeWorker(kStepwise);
        at.add(at.compile(twoBranches(5, 5)));
        at.worker->start();
        QVERIFY(at.pump([&] { return at.events(u"begin"_s).size() == 2; }));
        at.script->pollsToArrive = 0;
        at.worker->abort();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().states.last(), ScanState::Aborted);
        QVERIFY(!at.events(u"stop smu.bias"_s).isEmpty());
        QVERIFY(!at.events(u"stop stage.x"_s).isEmpty());
        QCOMPARE(at.events(u"begin smu.gate 0.5"_s).size(), 1); // safe, once
        QCOMPARE(at.stored().endings, 1);
        QVERIFY(at.pumpToIdle());
    }

    void fullDiskEndsEveryLane()
    {
        EngineFixture at;
        at.archive.rowsUntilFull = 5;
        at.makeBench();
        at.makeWorker(kStepwise);
        at.add(at.compile(twoBranches(5, 5)));
        at.worker->start();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().states.last(), ScanState::Interrupted);
        QCOMPARE(at.stored().rows(0) + at.stored().rows(1), 5);
        QVERIFY(at.pumpToIdle());
    }

private:
    static void addSeeds(int count)
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= count; ++seed)
            QTest::addRow("tree %d", seed) << seed;
    }
};

QTEST_GUILESS_MAIN(LanesTest)
#include "tst_lanes.moc"
