#include "tests/core/engine/engine_fixture.h"

using namespace birch;
using namespace birch::test;

/// Failure policies, flagged values and averages, step by step.
class StepFailuresTest : public QObject
{
    Q_OBJECT
private slots:
    void policies_data()
    {
        QTest::addColumn<QString>("fails"); // this call …
        QTest::addColumn<int>("times");     // … fails so often, from the first
        QTest::addColumn<int>("policy");
        QTest::addColumn<int>("retries");
        QTest::addColumn<QStringList>("asked"); // up to the ending
        QTest::addColumn<ScanState>("state");
        QTest::addColumn<QString>("flags"); // per row: o ok, s skipped
        const QString b1 = u"begin smu.bias 1"_s, b2 = u"begin smu.bias 2"_s,
                      b3 = u"begin smu.bias 3"_s, r = u"read smu.iv"_s;
        const int abort = int(FailurePolicy::Abort), retry = int(FailurePolicy::Retry),
                  skip = int(FailurePolicy::Skip);
        const QStringList safe{u"begin smu.gate 0.5"_s, u"begin smu.bias 0"_s};
        const auto completed = ScanState::Completed, failed = ScanState::Failed;

        QTest::newRow("abort at a move")
            << b2 << 1 << abort << 0 << QStringList({b1, r, b2}) + safe << failed << u"o"_s;
        QTest::newRow("abort at a read")
            << r << 1 << abort << 0 << QStringList({b1, r}) + safe << failed << QString();
        QTest::newRow("retry a move")
            << b2 << 2 << retry << 2 << QStringList({b1, r, b2, b2, b2, r, b3, r}) << completed
            << u"ooo"_s;
        QTest::newRow("retry a move in vain")
            << b2 << 9 << retry << 2 << QStringList({b1, r, b2, b2, b2}) + safe << failed << u"o"_s;
        QTest::newRow("retry a read: moved there again first")
            << r << 2 << retry << 2 << QStringList({b1, r, b1, r, b1, r, b2, r, b3, r}) << completed
            << u"ooo"_s;
        QTest::newRow("retry a read in vain")
            << r << 9 << retry << 1 << QStringList({b1, r, b1, r}) + safe << failed << QString();
        QTest::newRow("skip a read")
            << r << 1 << skip << 0 << QStringList({b1, r, b2, r, b3, r}) << completed << u"soo"_s;
        QTest::newRow("skip a move: never followed by its read")
            << b2 << 1 << skip << 0 << QStringList({b1, r, b2, b3, r}) << completed << u"oso"_s;
    }
    void policies()
    {
        QFETCH(QString, fails);
        QFETCH(int, times);
        QFETCH(int, policy);
        QFETCH(int, retries);
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        at.add(at.sweepPlan(3, FailureRule{FailurePolicy(policy), retries}));
        at.script->answer = [fails, times, count = 0](const QString &asked) mutable -> Status {
            if (asked == fails && count < times) {
                ++count;
                return Error{ErrorCode::Timeout, u"no answer"_s};
            }
            return ok();
        };
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings > 0; }));
        QStringList asked = at.script->events;
        asked = asked.mid(0, asked.indexOf(QRegularExpression(u"^ended.*"_s)))
                    .filter(QRegularExpression(u"^(begin|read)"_s));
        QTEST(asked, "asked");
        QTEST(at.stored().states.last(), "state");
        QTEST(rowFlags(at.stored()), "flags");
        QVERIFY(at.pumpToIdle());
    }

    void pauseAndMakeTheStepAgain_data()
    {
        QTest::addColumn<QString>("fails");
        QTest::addColumn<int>("times");
        QTest::addColumn<QStringList>("asked");
        const QString b1 = u"begin smu.bias 1"_s, b2 = u"begin smu.bias 2"_s,
                      b3 = u"begin smu.bias 3"_s, r = u"read smu.iv"_s;
        QTest::newRow("a move: never followed by its read")
            << b2 << 1 << QStringList{b1, r, b2, b2, r, b3, r};
        QTest::newRow("a move, twice") << b2 << 2 << QStringList{b1, r, b2, b2, b2, r, b3, r};
        QTest::newRow("a read: moved there again first")
            << r << 1 << QStringList{b1, r, b1, r, b2, r, b3, r};
    }
    void pauseAndMakeTheStepAgain()
    {
        QFETCH(QString, fails);
        QFETCH(int, times);
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        at.add(at.sweepPlan(3, FailureRule{FailurePolicy::Pause}));
        int count = 0;
        at.script->answer = [&](const QString &asked) -> Status {
            if (asked == fails && count < times) {
                ++count;
                return Error{ErrorCode::Timeout, u"no answer"_s};
            }
            return ok();
        };
        at.worker->start();
        for (int pause = 0; pause < times; ++pause) {
            QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
            QVERIFY(at.items.first().pauseNote.contains(u"no answer"_s));
            const auto events = at.script->events.size();
            at.drain();
            QCOMPARE(at.script->events.size(), events);
            at.worker->resume();
        }
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings > 0; }));
        QStringList asked = at.script->events;
        asked = asked.mid(0, asked.indexOf(QRegularExpression(u"^ended.*"_s)))
                    .filter(QRegularExpression(u"^(begin|read)"_s));
        QTEST(asked, "asked");
        QCOMPARE(rowFlags(at.stored()), u"ooo"_s);
        QVERIFY(at.stored().messages(u"warning"_s).join(u' ').contains(u"no answer"_s));
        QVERIFY(at.pumpToIdle());
    }

    void pausedFailureCanBeAborted()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        at.add(at.sweepPlan(3, FailureRule{FailurePolicy::Pause}));
        at.script->answer = [](const QString &asked) -> Status {
            if (asked == u"begin smu.bias 2"_s)
                return Error{ErrorCode::Timeout, u"no answer"_s};
            return ok();
        };
        at.worker->start();
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        at.worker->abort();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Aborted);
        QCOMPARE(at.stored().rows(), 1);
    }

    void backsOff()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        FailureRule rule{FailurePolicy::Retry, 4, std::chrono::seconds(1), 3};
        rule.longest = std::chrono::seconds(5);
        at.add(at.sweepPlan(1, rule));
        QList<qint64> asked;
        at.script->answer = [&](const QString &event) -> Status {
            if (event != u"read smu.iv"_s)
                return ok();
            asked.append(at.clock.bootNs());
            return asked.size() < 5 ? Status(Error{ErrorCode::Timeout, u"no answer"_s}) : ok();
        };
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings > 0; }));
        QCOMPARE(asked.size(), 5);
        QList<qint64> waits;
        for (qsizetype i = 1; i < asked.size(); ++i)
            waits.append((asked[i] - asked[i - 1]) / 1'000'000'000);
        QCOMPARE(waits, (QList<qint64>{1, 3, 5, 5}));
        QVERIFY(at.stored().messages(u"warning"_s).first().contains(u"trying again in 1 s"_s));
        QVERIFY(at.pumpToIdle());
    }

    void backOffIsInterruptible_data()
    {
        QTest::addColumn<bool>("isAborted");
        QTest::newRow("paused, resumed") << false;
        QTest::newRow("aborted") << true;
    }
    void backOffIsInterruptible()
    {
        QFETCH(bool, isAborted);
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        at.add(at.sweepPlan(2, FailureRule{FailurePolicy::Retry, 3, std::chrono::hours(1)}));
        bool isBroken = true;
        at.script->answer = [&isBroken](const QString &event) -> Status {
            if (isBroken && event == u"begin smu.bias 2"_s)
                return Error{ErrorCode::Timeout, u"no answer"_s};
            return ok();
        };
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().rows() == 1; }));
        at.drain();
        if (!isAborted) {
            at.worker->pauseAfterPoint();
            QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
            isBroken = false;
            const qint64 before = at.clock.bootNs();
            at.worker->resume();
            at.drain();
            QVERIFY(at.clock.bootNs() - before < 1'000'000'000);
            QVERIFY(at.pumpToIdle());
            QCOMPARE(rowFlags(at.stored()), u"oo"_s);
            return;
        }
        at.worker->abort();
        at.drain();
        QCOMPARE(at.stored().states.last(), ScanState::Aborted);
        QVERIFY(at.pumpToIdle());
    }

    void skippedRowKeepsItsCoordinates()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        auto outer = sweepOf(u"stage.x"_s, linear(u"10"_s, u"20"_s, 2));
        outer->failure = FailureRule{FailurePolicy::Skip, 0};
        auto inner = sweepOf(u"smu.bias"_s, linear(u"1"_s, u"2"_s, 2));
        inner->appendChild(measureOf({u"smu.iv"_s}));
        outer->appendChild(std::move(inner));
        at.add(at.compile(std::move(outer)));
        at.script->answer = [](const QString &asked) -> Status {
            if (asked == u"begin stage.x 10"_s)
                return Error{ErrorCode::Timeout, u"stuck"_s};
            return ok();
        };
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings > 0; }));
        QCOMPARE(rowFlags(at.stored()), u"ssoo"_s);
        // Nothing was moved or read at the position that failed.
        QCOMPARE(at.events(u"read"_s).size(), 2);
        const auto &columns = at.stored().objects.front();
        QCOMPARE(columns[1].intAt(1), 0); // indices
        QCOMPARE(columns[2].intAt(1), 1);
        QCOMPARE(columns[3].doubleAt(0), 10.0); // asked for, not reached
        QCOMPARE(columns[3].stateAt(0), ValueState::Ok);
        QCOMPARE(columns[5].stateAt(0), ValueState::Skipped);
        QCOMPARE(columns[4].doubleAt(1), 2.0); // a coordinate that was never asked for
        QCOMPARE(columns[4].stateAt(1), ValueState::Skipped);
        QCOMPARE(columns[3].stateAt(2), ValueState::Ok);
        QVERIFY(at.stored().messages(u"warning"_s).join(u'\n').contains(u"stuck"_s));
        QVERIFY(at.pumpToIdle());
    }

    void flaggedValuesAreNoFailure_data()
    {
        QTest::addColumn<ValueState>("flag");
        QTest::newRow("overload") << ValueState::Overload;
        QTest::newRow("not a number") << ValueState::NotANumber;
    }
    void flaggedValuesAreNoFailure()
    {
        QFETCH(ValueState, flag);
        EngineFixture at;
        at.script->flag = flag;
        at.makeBench();
        at.makeWorker();
        at.add(at.sweepPlan(2));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings > 0; }));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        const auto &columns = at.stored().objects.front();
        QCOMPARE(columns[4].stateAt(1), flag);
        QCOMPARE(columns[5].stateAt(1), ValueState::Ok);
        QVERIFY(at.pumpToIdle());
    }

    void averages()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        auto measure = measureOf({u"smu.iv"_s, u"stage.encoder"_s});
        measure->fields.insert(u"averages"_s, 4);
        auto sweep = sweepOf(u"smu.bias"_s, linear(u"0"_s, u"0"_s, 1));
        sweep->fields.insert(u"axes"_s, QJsonArray{axis(u"smu.bias"_s, listOf({u"0"_s}))});
        sweep->appendChild(std::move(measure));
        at.add(at.compile(std::move(sweep)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings > 0; }));
        QCOMPARE(at.events(u"read smu.iv"_s).size(), 4);
        QCOMPARE(at.events(u"read stage.encoder"_s).size(), 4);
        const auto &columns = at.stored().objects.front();
        QCOMPARE(columns.size(), size_t(4 + 9));
        // 0.001 0.003 0.005 0.007: both instruments count the reads, and take turns.
        QVERIFY(qFuzzyCompare(columns[4].doubleAt(0), 0.004));
        QVERIFY(qFuzzyCompare(columns[5].doubleAt(0), std::sqrt(20.0 / 3.0) * 1e-3));
        QCOMPARE(columns[6].intAt(0), 4);
        QVERIFY(at.pumpToIdle());
    }

    void averageOfFlagged()
    {
        RowAverage average(1);
        ColumnValues mean, deviation, count(ColumnType::Int64);
        const auto add = [&](double value, ValueState state) {
            ColumnValues row;
            row.appendDouble(value, state);
            average.add(row);
        };
        add(1, ValueState::Ok);
        add(1e37, ValueState::Overload);
        add(3, ValueState::Ok);
        average.appendTo(mean, deviation, count);
        QCOMPARE(mean.doubleAt(0), 2.0);
        QCOMPARE(mean.stateAt(0), ValueState::Ok);
        QCOMPARE(count.intAt(0), 2);
        average.clear();
        add(1e37, ValueState::Overload);
        average.appendTo(mean, deviation, count);
        QCOMPARE(mean.stateAt(1), ValueState::Overload);
        QCOMPARE(deviation.stateAt(1), ValueState::NotANumber);
        QCOMPARE(count.intAt(1), 0);
    }

    void slowMovementIsWaitedFor()
    {
        EngineFixture at;
        at.script->pollsToArrive = 5;
        at.makeBench();
        at.makeWorker();
        at.add(at.sweepPlan(2));
        const qint64 before = at.clock.bootNs();
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings > 0; }));
        QCOMPARE(at.stored().rows(), 2);
        QVERIFY(at.clock.bootNs() - before >= 2 * 4 * 20'000'000);
        QVERIFY(at.pumpToIdle());
    }

    void movementThatNeverArrivesFails()
    {
        EngineFixture at;
        at.script->pollsToArrive = 1'000'000;
        at.specs[u"smu"_s].movements[0].settle.timeout = std::chrono::seconds(3);
        at.makeBench();
        at.makeWorker();
        at.add(at.sweepPlan(2));
        at.worker->start();
        QVERIFY(at.pump([&] { return at.items.first().state == ScanState::Failed; }));
        QVERIFY(at.stored().reason.contains(u"smu.bias"_s));
        QVERIFY(!at.events(u"stop smu.bias"_s).isEmpty());
        QCOMPARE(at.stored().rows(), 0);
    }

    void clockStepsDoNotReorder()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker({std::chrono::milliseconds(5), 1, 4096, 1 << 18});
        at.add(at.sweepPlan(6));
        at.script->answer = [&at, count = 0](const QString &asked) mutable {
            if (asked == u"read smu.iv"_s) {
                at.clock.stepWall(std::chrono::hours(++count % 2 ? -2 : 1));
                at.clock.advance(std::chrono::milliseconds(1));
            }
            return ok();
        };
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings > 0; }));
        const ColumnValues &time = at.stored().objects.front().front();
        for (int row = 1; row < 6; ++row)
            QVERIFY(time.intAt(row) - time.intAt(row - 1) == 1'000'000);
        QVERIFY(at.pumpToIdle());
    }

private:
    /// One letter per row, from its value columns.
    static QString rowFlags(const StoredScan &stored)
    {
        QString flags;
        const auto &specs = stored.scan.objects.front().columns;
        for (qint64 row = 0; row < stored.rows(); ++row) {
            bool isOk = true, isSkipped = true;
            for (qsizetype column = 0; column < specs.size(); ++column) {
                if (specs[column].role != ColumnRole::Value)
                    continue;
                const ValueState state = stored.objects[0][size_t(column)].stateAt(row);
                isOk &= state == ValueState::Ok;
                isSkipped &= state == ValueState::Skipped;
            }
            flags += isOk ? u'o' : isSkipped ? u's' : u'?';
        }
        return flags;
    }
};

QTEST_GUILESS_MAIN(StepFailuresTest)
#include "tst_step_failures.moc"
