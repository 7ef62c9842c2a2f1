#include "tests/core/engine/engine_fixture.h"

using namespace birch;
using namespace birch::test;

namespace {

std::unique_ptr<ScanNode> ifNode(const QString &condition)
{
    return makeNode(u"if"_s, {{u"condition"_s, condition}});
}

std::unique_ptr<ScanNode> repeatNode(const QString &mode, const QString &value, int limit)
{
    const QString key = mode == u"while" ? u"condition"_s : mode;
    return makeNode(u"repeat"_s, {{u"mode"_s, mode}, {key, value}, {u"limit"_s, limit}});
}

/// smu.bias through 1 … \a points, smu.iv at each, which reads 1.7 V per volt of bias.
std::unique_ptr<ScanNode> sweepAndRead(int points)
{
    auto sweep = sweepOf(u"smu.bias"_s, linear(u"1"_s, QString::number(points), points));
    sweep->appendChild(measureOf({u"smu.iv"_s}));
    return sweep;
}

} // namespace

/// Conditions with what was measured: which branch, how often, and what is neither.
class ConditionsTest : public QObject
{
    Q_OBJECT

    static void runAll(EngineFixture &at, std::unique_ptr<ScanNode> tree)
    {
        at.makeBench();
        at.makeWorker();
        const auto plan = at.compile(std::move(tree));
        QVERIFY(plan);
        at.add(plan);
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings > 0; }));
    }

private slots:
    void choosesByWhatWasMeasured()
    {
        EngineFixture at;
        auto sweep = sweepAndRead(4);
        auto choice = ifNode(u"smu.v0 > 3.5 V and smu.bias < 4 V"_s);
        choice->appendChild(setOf(u"stage.x"_s, u"1"_s));
        auto other = makeNode(u"else"_s);
        other->appendChild(setOf(u"stage.x"_s, u"2"_s));
        choice->appendChild(std::move(other));
        sweep->appendChild(std::move(choice));
        runAll(at, std::move(sweep));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        const QStringList moves = at.events(u"begin stage"_s);
        QCOMPARE(moves, (QStringList{u"begin stage.x 2"_s, u"begin stage.x 2"_s,
                                     u"begin stage.x 1"_s, u"begin stage.x 2"_s}));
    }

    void unknownIsNeitherTrueNorFalse_data()
    {
        QTest::addColumn<int>("policy");
        QTest::addColumn<ScanState>("state");
        QTest::newRow("abort") << int(FailurePolicy::Abort) << ScanState::Failed;
        QTest::newRow("retry") << int(FailurePolicy::Retry) << ScanState::Failed;
        QTest::newRow("skip") << int(FailurePolicy::Skip) << ScanState::Completed;
    }
    void unknownIsNeitherTrueNorFalse()
    {
        QFETCH(int, policy);
        EngineFixture at;
        at.script->flag = ValueState::Overload; // of v0
        auto tree = makeNode(u"sequence"_s);
        tree->appendChild(setOf(u"smu.bias"_s, u"1"_s));
        tree->appendChild(measureOf({u"smu.iv"_s}));
        auto choice = ifNode(u"not smu.v0 > 1 V"_s);
        choice->failure = FailureRule{FailurePolicy(policy), policy == 1 ? 2 : 0};
        choice->appendChild(setOf(u"stage.x"_s, u"1"_s));
        auto other = makeNode(u"else"_s);
        other->appendChild(setOf(u"stage.x"_s, u"2"_s));
        choice->appendChild(std::move(other));
        tree->appendChild(std::move(choice));
        tree->appendChild(setOf(u"smu.bias"_s, u"3"_s));
        runAll(at, std::move(tree));
        QTEST(at.stored().states.last(), "state");
        QCOMPARE(at.events(u"begin stage"_s).size(), 0);
        const bool isSkipped = at.stored().states.last() == ScanState::Completed;
        QCOMPARE(at.events(u"begin smu.bias 3"_s).size(), isSkipped ? 1 : 0);
        const QString said =
            at.stored().messages(isSkipped ? u"warning"_s : u"error"_s).join(u' ') +
            at.stored().reason;
        QVERIFY2(said.contains(u"smu.v0 has no value"_s), qPrintable(said));
    }

    void knownPartsDecideBesideUnknownOnes()
    {
        EngineFixture at;
        at.script->flag = ValueState::Overload;
        auto sweep = sweepAndRead(1);
        auto choice = ifNode(u"smu.v0 > 1 V or smu.v1 > 1 V"_s);
        choice->appendChild(setOf(u"stage.x"_s, u"1"_s));
        sweep->appendChild(std::move(choice));
        runAll(at, std::move(sweep));
        QCOMPARE(at.events(u"begin stage.x 1"_s).size(), 1);
    }

    void skippedReadingsLeaveNoStaleValue()
    {
        EngineFixture at;
        at.script->answer = [reads = 0](const QString &asked) mutable -> Status {
            if (asked.startsWith(u"read"_s) && ++reads == 2)
                return Error{ErrorCode::Timeout, u"no answer"_s};
            return ok();
        };
        auto sweep = sweepOf(u"smu.bias"_s, linear(u"1"_s, u"2"_s, 2));
        auto measure = measureOf({u"smu.iv"_s});
        measure->failure = FailureRule{FailurePolicy::Skip, 0};
        sweep->appendChild(std::move(measure));
        auto choice = ifNode(u"smu.v0 > 0 V"_s);
        choice->appendChild(setOf(u"stage.x"_s, u"1"_s));
        sweep->appendChild(std::move(choice));
        runAll(at, std::move(sweep));
        QCOMPARE(at.stored().states.last(), ScanState::Failed);
        QCOMPARE(at.events(u"begin stage.x 1"_s).size(), 1);
    }

    void repeatsWhileTrue_data()
    {
        QTest::addColumn<QString>("condition");
        QTest::addColumn<int>("rounds");
        QTest::newRow("measured inside") << u"smu.v0 < 1.7035 V"_s << 4; // 1.701, 1.702 …
        QTest::newRow("by the round") << u"index.1 < 2"_s << 3;
        QTest::newRow("never again") << u"false"_s << 1;
        QTest::newRow("up to the limit") << u"true"_s << 7;
    }
    void repeatsWhileTrue()
    {
        QFETCH(QString, condition);
        EngineFixture at;
        auto tree = makeNode(u"sequence"_s);
        tree->appendChild(setOf(u"smu.bias"_s, u"1"_s));
        auto repeat = repeatNode(u"while"_s, condition, 7);
        repeat->appendChild(measureOf({u"smu.iv"_s}));
        tree->appendChild(std::move(repeat));
        runAll(at, std::move(tree));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QTEST(int(at.stored().rows()), "rounds");
    }

    void repeatsForADuration()
    {
        EngineFixture at;
        auto repeat = repeatNode(u"duration"_s, u"10 s"_s, 100);
        repeat->appendChild(measureOf({u"smu.iv"_s}));
        repeat->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"3 s"_s}}));
        runAll(at, std::move(repeat));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QCOMPARE(int(at.stored().rows()), 4); // begun at 0, 3, 6, 9 s
    }

    /// Time that passed before the program died counts, time while it was dead does not.
    void goesOnCountingAfterAKill()
    {
        const auto tree = [] {
            auto repeat = repeatNode(u"duration"_s, u"10 s"_s, 100);
            repeat->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"3 s"_s}}));
            repeat->appendChild(measureOf({u"smu.iv"_s}));
            return repeat;
        }();
        EngineFixture killed;
        killed.makeBench();
        killed.makeWorker();
        killed.add(killed.compile(tree->clone()));
        killed.worker->start();
        QVERIFY(killed.pump(
            [&] { return !killed.archive.scans.empty() && killed.stored().rows() == 2; }));
        killed.worker.reset();
        const auto stored = killed.archive.scans.front();
        stored->states.append(ScanState::Interrupted);

        EngineFixture next;
        next.archive.scans = killed.archive.scans;
        next.archive.byUid = killed.archive.byUid;
        next.makeBench();
        next.makeWorker();
        next.worker->add(next.item(next.compile(tree->clone())),
                         Continuation{stored->scan.uid, u"TEST-1"_s, stored->cursor, 0});
        next.worker->start();
        QVERIFY(next.pump([&] { return stored->endings > 0; }));
        QCOMPARE(stored->states.last(), ScanState::Completed);
        QCOMPARE(int(stored->rows()), 4); // at 3, 6, 9, 12 s
    }

    void measuredValuesOutliveAKill()
    {
        const auto tree = [] {
            auto sequence = makeNode(u"sequence"_s);
            sequence->appendChild(setOf(u"smu.bias"_s, u"2"_s));
            sequence->appendChild(measureOf({u"smu.iv"_s}));
            sequence->appendChild(setOf(u"smu.bias"_s, u"5"_s)); // a new reading would be 8.5 V
            sequence->appendChild(measureOf({u"stage.encoder"_s}));
            auto choice = ifNode(u"smu.v0 < 4 V and smu.bias.readback == 5 V"_s);
            choice->appendChild(setOf(u"stage.x"_s, u"1"_s));
            sequence->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"3 s"_s}}));
            sequence->appendChild(std::move(choice));
            return sequence;
        }();
        EngineFixture killed;
        killed.makeBench();
        killed.makeWorker();
        killed.add(killed.compile(tree->clone()));
        killed.worker->start();
        QVERIFY(killed.pump(
            [&] { return !killed.archive.scans.empty() && killed.stored().rows(1) == 1; }));
        killed.worker.reset();
        const auto stored = killed.archive.scans.front();
        stored->states.append(ScanState::Interrupted);

        EngineFixture next;
        next.archive.scans = killed.archive.scans;
        next.archive.byUid = killed.archive.byUid;
        next.makeBench();
        next.makeWorker();
        next.worker->add(next.item(next.compile(tree->clone())),
                         Continuation{stored->scan.uid, u"TEST-1"_s, stored->cursor, 0});
        next.worker->start();
        QVERIFY(next.pump([&] { return stored->endings > 0; }));
        QCOMPARE(stored->states.last(), ScanState::Completed);
        QCOMPARE(next.events(u"begin stage.x 1"_s).size(), 1);
    }

    static std::unique_ptr<ScanNode> waitUntil(const QString &condition, const QString &dwell)
    {
        return makeNode(u"wait"_s, {{u"mode"_s, u"until"_s},
                                    {u"condition"_s, condition},
                                    {u"dwell"_s, dwell},
                                    {u"interval"_s, u"100 ms"_s},
                                    {u"limit"_s, u"5 s"_s}});
    }

    void waitsUntilTrue_data()
    {
        QTest::addColumn<QString>("condition");
        QTest::addColumn<QString>("dwell");
        QTest::addColumn<int>("reads");
        QTest::addColumn<ScanState>("state");
        const auto completed = ScanState::Completed, failed = ScanState::Failed;
        // One reading more shows 1 mV more: 1.701 V, 1.702 V …
        QTest::newRow("at once") << u"smu.v0 > 1 V"_s << u"0 s"_s << 1 << completed;
        QTest::newRow("the fourth reading") << u"smu.v0 > 1.7035 V"_s << u"0 s"_s << 4 << completed;
        QTest::newRow("and stays so") << u"smu.v0 > 1.7035 V"_s << u"300 ms"_s << 7 << completed;
        QTest::newRow("beside a setpoint")
            << u"smu.v0 - smu.bias > 703.5 mV"_s << u"0 s"_s << 4 << completed;
        QTest::newRow("never") << u"smu.v0 > 9 V"_s << u"0 s"_s << -1 << failed;
        QTest::newRow("unknown") << u"1 V / (smu.bias - 1 V) > 1"_s << u"0 s"_s << -1 << failed;
    }
    void waitsUntilTrue()
    {
        QFETCH(QString, condition);
        QFETCH(QString, dwell);
        QFETCH(int, reads);
        EngineFixture at;
        auto tree = makeNode(u"sequence"_s);
        tree->appendChild(setOf(u"smu.bias"_s, u"1"_s));
        const bool isUnknown = condition.startsWith(u'1');
        tree->appendChild(
            waitUntil(isUnknown ? condition + u" and smu.v0 > 0 V"_s : condition, dwell));
        tree->appendChild(measureOf({u"stage.encoder"_s}));
        runAll(at, std::move(tree));
        QTEST(at.stored().states.last(), "state");
        if (reads > 0)
            QCOMPARE(at.events(u"read smu"_s).size(), reads);
        else
            QVERIFY(at.stored().reason.contains(isUnknown ? u"neither true"_s : u"within 5 s"_s));
    }

    void pausesAWaitForACondition()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        auto tree = makeNode(u"sequence"_s);
        tree->appendChild(setOf(u"smu.bias"_s, u"1"_s));
        tree->appendChild(waitUntil(u"smu.v0 > 1.7105 V"_s, u"0 s"_s));
        tree->appendChild(measureOf({u"stage.encoder"_s}));
        at.add(at.compile(std::move(tree)));
        at.worker->start();
        QVERIFY(at.pump([&] { return at.events(u"read smu"_s).size() == 3; }));
        at.worker->pauseAfterPoint();
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        at.drain();
        const auto read = at.events(u"read smu"_s).size();
        at.clock.advance(std::chrono::minutes(1)); // longer than the limit
        at.drain();
        QCOMPARE(at.events(u"read smu"_s).size(), read);
        at.worker->resume();
        QVERIFY(at.pump([&] { return at.stored().endings > 0; }));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QCOMPARE(at.events(u"read smu"_s).size(), 11);
    }

    /// The readback is there at once, so only the axis' own dwell takes time.
    void settlesAsTheAxisSays()
    {
        EngineFixture at;
        auto sweep = sweepAndRead(2);
        QJsonObject axis = sweep->fields[u"axes"_s].toArray()[0].toObject();
        axis.insert(u"tolerance"_s, u"1 mV"_s);
        axis.insert(u"dwell"_s, u"2 s"_s);
        sweep->fields.insert(u"axes"_s, QJsonArray{axis});
        const qint64 before = at.clock.bootNs();
        runAll(at, std::move(sweep));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QVERIFY(at.clock.bootNs() - before >= 4'000'000'000);
    }

    void derivesColumns()
    {
        EngineFixture at;
        at.script->answer = [reads = 0](const QString &asked) mutable -> Status {
            if (asked.startsWith(u"read"_s) && ++reads == 3)
                return Error{ErrorCode::Timeout, u"no answer"_s};
            return ok();
        };
        auto sweep = sweepOf(u"smu.bias"_s, listOf({u"1"_s, u"0"_s, u"2"_s}));
        auto measure = measureOf({u"smu.iv"_s});
        measure->failure = FailureRule{FailurePolicy::Skip, 0};
        measure->fields.insert(
            u"derived"_s,
            QJsonArray{
                QJsonObject{{u"name"_s, u"gain"_s}, {u"expression"_s, u"smu.v0 / smu.bias"_s}},
                QJsonObject{{u"name"_s, u"isHigh"_s}, {u"expression"_s, u"gain > 1.5"_s}},
                QJsonObject{{u"name"_s, u"P"_s}, {u"expression"_s, u"smu.v0 * smu.v1"_s}}});
        measure->fields.insert(u"stop_when"_s, u"P > 1 kV^2"_s);
        measure->failure = FailureRule{FailurePolicy::Skip, 0};
        sweep->appendChild(std::move(measure));
        runAll(at, std::move(sweep));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        const auto &specs = at.stored().scan.objects[0].columns;
        const auto &columns = at.stored().objects[0];
        const size_t gain = columns.size() - 3;
        QCOMPARE(specs[qsizetype(gain)].name, u"gain"_s);
        QCOMPARE(specs[qsizetype(gain)].unit, QString());
        QCOMPARE(specs[qsizetype(gain) + 2].unit, u"V²"_s);
        QCOMPARE(columns[gain].doubleAt(0), columns[gain - 2].doubleAt(0) / 1.0);
        QVERIFY(columns[gain + 1].boolAt(0));
        QCOMPARE(columns[gain].stateAt(1), ValueState::NotANumber); // a division by zero
        QCOMPARE(columns[gain + 1].stateAt(1), ValueState::NotANumber);
        QCOMPARE(columns[gain + 2].stateAt(1), ValueState::Ok);
        QCOMPARE(columns[gain].stateAt(2), ValueState::Skipped);
        QCOMPARE(columns[gain + 2].stateAt(2), ValueState::Skipped);
    }

    void endsTheLoopAround_data()
    {
        QTest::addColumn<bool>("isOnSweep");
        QTest::newRow("the sweep's own condition") << true;
        QTest::newRow("a measure node's condition") << false;
    }
    void endsTheLoopAround()
    {
        QFETCH(bool, isOnSweep);
        EngineFixture at;
        auto outer = sweepOf(u"stage.x"_s, linear(u"1"_s, u"2"_s, 2));
        auto sweep = sweepAndRead(9);
        (isOnSweep ? sweep.get() : sweep->child(0))
            ->fields.insert(u"stop_when"_s, u"smu.v0 > 5 V"_s); // at a bias of 3 V
        outer->appendChild(std::move(sweep));
        runAll(at, std::move(outer));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QCOMPARE(int(at.stored().rows()), 6);
        QCOMPARE(at.events(u"begin stage"_s).size(), 2);
    }
};

QTEST_GUILESS_MAIN(ConditionsTest)
#include "tst_conditions.moc"
