#include "tests/core/engine/engine_fixture.h"
#include "tests/core/plan/random_tree.h"
#include "tests/core/plan/reference_walk.h"

using namespace birch;
using namespace birch::test;

namespace {
constexpr SliceLimits kStepwise{std::chrono::milliseconds(5), 1, 4096, 1 << 18};

/// Two sweeps, two objects, repeats, averages, a wait: everything a cursor has to remember.
std::unique_ptr<ScanNode> manifoldTree()
{
    auto repeated = measureOf({u"smu.iv"_s});
    repeated->fields.insert(u"repeats"_s, 2);
    auto averaged = measureOf({u"stage.encoder"_s, u"smu.iv"_s});
    averaged->fields.insert(u"averages"_s, 3);
    auto inner = sweepOf(u"smu.bias"_s, linear(u"1"_s, u"3"_s, 3));
    inner->appendChild(std::move(repeated));
    inner->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"5 ms"_s}}));
    inner->appendChild(std::move(averaged));
    auto outer = sweepOf(u"stage.x"_s, linear(u"10"_s, u"20"_s, 2));
    outer->appendChild(setOf(u"smu.gate"_s, u"2"_s));
    outer->appendChild(std::move(inner));
    return outer;
}

/// Everything but the times.
bool isSameData(const StoredScan &a, const StoredScan &b)
{
    if (a.objects.size() != b.objects.size())
        return false;
    for (size_t object = 0; object < a.objects.size(); ++object) {
        for (size_t column = 1; column < a.objects[object].size(); ++column) {
            if (!(a.objects[object][column] == b.objects[object][column]))
                return false;
        }
    }
    return true;
}
} // namespace

/// Killed scans go on at their exact next point, and nothing shows.
class ContinuationTest : public QObject
{
    Q_OBJECT
private slots:
    void continuedEqualsUndisturbed_data()
    {
        QTest::addColumn<int>("killedAt"); // this read
        for (int read = 1; read <= 24; ++read)
            QTest::addRow("killed at read %d", read) << read;
    }
    void continuedEqualsUndisturbed()
    {
        QFETCH(int, killedAt);
        EngineFixture undisturbed;
        undisturbed.makeBench();
        undisturbed.makeWorker(kStepwise);
        const auto tree = manifoldTree();
        const auto plan = undisturbed.compile(tree->clone());
        undisturbed.add(plan);
        undisturbed.worker->start();
        QVERIFY(undisturbed.pump([&] {
            return !undisturbed.archive.scans.empty() && undisturbed.stored().endings > 0;
        }));

        EngineFixture killed;
        killed.makeBench();
        killed.makeWorker(kStepwise);
        killed.add(plan);
        bool isDead = false;
        killed.script->answer = [&, count = 0](const QString &asked) mutable {
            if (asked.startsWith(u"read"_s) && ++count == killedAt)
                isDead = true;
            return ok();
        };
        killed.worker->start();
        QVERIFY(killed.pump([&] { return isDead; }));
        killed.worker.reset(); // what is not in the archive is gone
        const auto stored = killed.archive.scans.front();
        QVERIFY(stored->endings == 0);
        stored->states.append(ScanState::Interrupted);

        EngineFixture next;
        next.clock.stepWall(std::chrono::hours(-5)); // the clock went back meanwhile
        next.archive.scans = killed.archive.scans;
        next.archive.byUid = killed.archive.byUid;
        next.makeBench();
        next.makeWorker();
        QueueItem item = next.item(next.compile(tree->clone()));
        next.worker->add(item, Continuation{stored->scan.uid, u"TEST-1"_s, stored->cursor, 0});
        next.worker->start();
        QVERIFY(next.pump([&] { return stored->endings > 0; }));
        QCOMPARE(stored->states.last(), ScanState::Completed);
        QCOMPARE(next.archive.scans.size(), size_t(1)); // the same identity
        QVERIFY(isSameData(*stored, undisturbed.stored()));
        for (const auto &columns : stored->objects) {
            for (qint64 row = 1; row < columns.front().rowCount(); ++row)
                QVERIFY(columns.front().intAt(row) >= columns.front().intAt(row - 1));
        }
        QVERIFY(next.pumpToIdle());
        QCOMPARE(next.items.first().points, next.items.first().pointsPlanned);
    }

    void adaptiveSweepsContinueTheirSearch_data()
    {
        QTest::addColumn<bool>("isShape");
        QTest::addColumn<int>("killedAt"); // this read
        for (int read = 1; read <= 20; ++read) {
            QTest::addRow("crossing, killed at read %d", read) << false << read;
            QTest::addRow("shape, killed at read %d", read) << true << read;
        }
    }
    /// The search is in the stored position: the same points as if nothing had happened.
    void adaptiveSweepsContinueTheirSearch()
    {
        QFETCH(bool, isShape);
        QFETCH(int, killedAt);
        auto search = makeNode(u"adaptive"_s, {{u"movement"_s, u"smu.bias"_s},
                                               {u"start"_s, u"0"_s},
                                               {u"stop"_s, u"9"_s},
                                               {u"resolution"_s, u"0.01"_s},
                                               {u"points"_s, 12}});
        if (isShape) {
            search->fields.insert(u"goal"_s, u"shape"_s);
            search->fields.insert(u"value"_s, u"exp(smu.bias / 1 V)"_s);
        } else {
            search->fields.insert(u"condition"_s, u"smu.bias.readback > 3.7 V"_s);
        }
        search->appendChild(measureOf({u"smu.iv"_s}));
        auto outer = sweepOf(u"stage.x"_s, listOf({u"10"_s, u"20"_s}));
        outer->appendChild(std::move(search));
        const std::unique_ptr<ScanNode> tree = std::move(outer);
        const auto unitsOfBench = [](EngineFixture &at) {
            at.specs[u"smu"_s].movements[0].unit = u"V"_s;
        };

        EngineFixture undisturbed;
        unitsOfBench(undisturbed);
        undisturbed.makeBench();
        undisturbed.makeWorker(kStepwise);
        const auto plan = undisturbed.compile(tree->clone());
        QVERIFY(plan);
        undisturbed.add(plan);
        undisturbed.worker->start();
        QVERIFY(undisturbed.pumpToIdle());
        QCOMPARE(undisturbed.stored().states.last(), ScanState::Completed);
        QVERIFY(undisturbed.stored().rows() >= 20);

        EngineFixture killed;
        unitsOfBench(killed);
        killed.makeBench();
        killed.makeWorker(kStepwise);
        killed.add(plan);
        bool isDead = false;
        killed.script->answer = [&, count = 0](const QString &asked) mutable {
            if (asked.startsWith(u"read"_s) && ++count == killedAt)
                isDead = true;
            return ok();
        };
        killed.worker->start();
        QVERIFY(killed.pump([&] { return isDead; }));
        killed.worker.reset();
        const auto stored = killed.archive.scans.front();
        stored->states.append(ScanState::Interrupted);

        EngineFixture next;
        unitsOfBench(next);
        next.archive.scans = killed.archive.scans;
        next.archive.byUid = killed.archive.byUid;
        next.makeBench();
        next.makeWorker();
        next.worker->add(next.item(next.compile(tree->clone())),
                         Continuation{stored->scan.uid, u"TEST-1"_s, stored->cursor, 0});
        next.worker->start();
        QVERIFY(next.pump([&] { return stored->endings > 0; }));
        QCOMPARE(stored->states.last(), ScanState::Completed);
        QVERIFY(isSameData(*stored, undisturbed.stored()));
    }

    void skippedPointsAfterContinuation()
    {
        const auto makeTree = [] {
            auto inner = sweepOf(u"smu.bias"_s, linear(u"1"_s, u"3"_s, 3));
            inner->appendChild(measureOf({u"smu.iv"_s}));
            auto outer = sweepOf(u"stage.x"_s, linear(u"10"_s, u"20"_s, 2));
            outer->failure = FailureRule{FailurePolicy::Skip, 0};
            outer->appendChild(std::move(inner));
            return outer;
        };
        const auto tree = makeTree();
        const auto answer = [](const QString &asked) -> Status {
            if (asked == u"begin stage.x 10"_s)
                return Error{ErrorCode::Timeout, u"stuck"_s};
            return ok();
        };
        EngineFixture undisturbed;
        undisturbed.makeBench();
        undisturbed.makeWorker(kStepwise);
        undisturbed.script->answer = answer;
        undisturbed.add(undisturbed.compile(tree->clone()));
        undisturbed.worker->start();
        QVERIFY(undisturbed.pump([&] {
            return !undisturbed.archive.scans.empty() && undisturbed.stored().endings > 0;
        }));

        EngineFixture killed;
        killed.makeBench();
        killed.makeWorker(kStepwise);
        killed.script->answer = answer;
        killed.add(killed.compile(tree->clone()));
        killed.worker->start();
        QVERIFY(killed.pump(
            [&] { return !killed.archive.scans.empty() && killed.stored().rows() == 2; }));
        killed.worker.reset();
        const auto stored = killed.archive.scans.front();
        stored->states.append(ScanState::Interrupted);

        EngineFixture next;
        next.archive.byUid = killed.archive.byUid;
        next.makeBench();
        next.makeWorker();
        next.worker->add(next.item(next.compile(tree->clone())),
                         Continuation{stored->scan.uid, {}, stored->cursor, 0});
        next.worker->start();
        QVERIFY(next.pump([&] { return stored->endings > 0; }));
        QVERIFY(isSameData(*stored, undisturbed.stored()));
        QVERIFY(next.pumpToIdle());
    }

    void whatCanNotGoOnStaysInterrupted_data()
    {
        QTest::addColumn<QString>("fails");
        QTest::newRow("the instrument is away") << u"open smu"_s;
        QTest::newRow("the setpoint is not reached") << u"begin smu.bias 2"_s;
    }
    void whatCanNotGoOnStaysInterrupted()
    {
        QFETCH(QString, fails);
        EngineFixture killed;
        killed.makeBench();
        killed.makeWorker(kStepwise);
        const auto plan = killed.sweepPlan(4);
        killed.add(plan);
        killed.worker->start();
        QVERIFY(killed.pump(
            [&] { return !killed.archive.scans.empty() && killed.stored().rows() == 2; }));
        killed.worker.reset();
        const auto stored = killed.archive.scans.front();
        stored->states.append(ScanState::Interrupted);

        EngineFixture next;
        next.archive.byUid = killed.archive.byUid;
        next.makeBench();
        next.makeWorker();
        next.script->answer = [fails, isBroken = true](const QString &asked) mutable -> Status {
            if (isBroken && asked == fails) {
                isBroken = false;
                return Error{ErrorCode::Timeout, u"no answer"_s};
            }
            return ok();
        };
        const auto goOn = [&] {
            next.worker->add(next.item(plan), Continuation{stored->scan.uid, {}, {}, 0});
            next.worker->start();
        };
        goOn();
        next.drain();
        QVERIFY(next.pumpToIdle());
        QVERIFY(next.items.last().state != ScanState::Completed);
        QCOMPARE(stored->states.last(), ScanState::Interrupted);
        goOn(); // and now it answers
        next.drain();
        QVERIFY(next.pumpToIdle());
        QCOMPARE(stored->states.last(), ScanState::Completed);
        QCOMPARE(stored->rows(), 4);
    }

    void instrumentsSeeTheOrderOfTheTree_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 40; ++seed)
            QTest::addRow("tree %d", seed) << seed;
    }
    void instrumentsSeeTheOrderOfTheTree()
    {
        QFETCH(int, seed);
        std::mt19937 random{unsigned(seed)};
        const ScanTree tree = randomTree(random, 400);
        EngineFixture at;
        at.specs = benchSpecs();
        for (InstrumentSpec &spec : at.specs) {
            // The in-process instrument answers numbers; what is read does not matter here.
            for (MeasurementSpec &measurement : spec.measurements) {
                for (ColumnSpec &column : measurement.columns) {
                    column.type = ColumnType::Float64;
                    column.shape.clear();
                }
            }
        }
        at.makeBench();
        at.makeWorker();
        const auto compiled = compilePlan(tree, at.specs, standardNodes());
        if (!compiled.plan)
            QSKIP("nothing to measure in this tree");
        at.add(compiled.plan);
        at.worker->start();
        at.drain();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Completed);

        QStringList seen;
        for (const QString &event : at.events(u"begin"_s)) {
            const QStringList parts = event.split(u' ');
            if (isPosition(parts[2].toDouble()))
                seen.append(parts[1] + u' ' + QString::number(parts[2].toDouble()));
        }
        QStringList expected; // of the reference: movements one by one, and how many measures
        int measures = 0;
        for (const QString &line : referenceWalk(
                 tree, [](int, const QString &) { return false; }, Answers::Truth)) {
            measures += line.startsWith(u"measure"_s);
            if (!line.startsWith(u"move"_s))
                continue;
            QStringList together;
            const QStringList targets = line.split(u' ').mid(1);
            for (const QString &target : targets) {
                const QString value = target.section(u'=', 1).section(u'@', 0, 0);
                together.append(target.section(u'=', 0, 0) + u' ' +
                                QString::number(value.toDouble()));
            }
            // Of movements that move together, one on a ramp is sent its target last.
            const auto from = seen.begin() + std::min(expected.size(), seen.size());
            std::sort(from, from + std::min(together.size(), seen.end() - from));
            std::sort(together.begin(), together.end());
            expected.append(together);
        }
        QCOMPARE(seen, expected);
        qint64 rows = 0;
        for (int object = 0; object < int(at.stored().objects.size()); ++object)
            rows += at.stored().rows(object);
        QCOMPARE(rows, qint64(measures));
        QVERIFY(compiled.plan->isBound || rows == compiled.plan->points);
    }
};

QTEST_GUILESS_MAIN(ContinuationTest)
#include "tst_continuation.moc"
