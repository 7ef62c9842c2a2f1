#include "tests/core/engine/engine_fixture.h"

using namespace birch;
using namespace birch::test;

namespace {

constexpr SliceLimits kStepwise{std::chrono::milliseconds(5), 1, 4096, 1 << 18};

std::unique_ptr<ScanNode> waitOf(const QString &duration)
{
    return makeNode(u"wait"_s, {{u"duration"_s, duration}});
}

/// Watches stage.encoder, whose value is the position of stage.x.
std::unique_ptr<ScanNode> guardOf(const QJsonObject &more)
{
    auto guard = makeNode(u"guard"_s, {{u"measurements"_s, QJsonArray{u"stage.encoder"_s}},
                                       {u"interval"_s, u"100 ms"_s}});
    for (auto field = more.begin(); field != more.end(); ++field)
        guard->fields.insert(field.key(), field.value());
    return guard;
}

bool isEnded(const EngineFixture &at)
{
    return !at.archive.scans.empty() && at.stored().endings > 0;
}

/// smu.iv ten times, a second apart.
std::unique_ptr<ScanNode> tenSeconds()
{
    auto sweep = sweepOf(u"smu.bias"_s, linear(u"1"_s, u"10"_s, 10));
    sweep->appendChild(measureOf({u"smu.iv"_s}));
    sweep->appendChild(waitOf(u"1 s"_s));
    return sweep;
}

} // namespace

/// Monitors and guards beside the steps.
class WatchesTest : public QObject
{
    Q_OBJECT
private slots:
    void monitorReadsAtItsInterval()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        auto monitor = monitorOf(u"stage.encoder"_s, u"250 ms"_s);
        monitor->appendChild(tenSeconds());
        at.add(at.compile(std::move(monitor)));
        at.worker->start();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QCOMPARE(at.stored().rows(0), 10);
        QVERIFY(at.stored().rows(1) >= 40 && at.stored().rows(1) <= 42);
        const ColumnValues &time = at.stored().objects[1].front();
        for (qint64 row = 1; row < time.rowCount(); ++row)
            QVERIFY(qAbs(time.intAt(row) - time.intAt(row - 1) - 250'000'000) < 1'000'000);
        QVERIFY(at.stored().messages(u"warning"_s).isEmpty());
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.items.first().progress, 1.0);
    }

    /// What is inside is over before a reading could begin: there is one all the same.
    void everyRunMakesARow()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        auto sweep = sweepOf(u"smu.bias"_s, linear(u"1"_s, u"5"_s, 5));
        auto monitor = monitorOf(u"stage.encoder"_s, u"10 s"_s);
        monitor->appendChild(measureOf({u"smu.iv"_s}));
        sweep->appendChild(std::move(monitor));
        const auto plan = at.compile(std::move(sweep));
        QCOMPARE(plan->points, 10);
        at.add(plan);
        at.worker->start();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().rows(0), 5);
        QCOMPARE(at.stored().rows(1), 5);
        const auto &columns = at.stored().objects[1];
        for (qint64 row = 0; row < 5; ++row) {
            QCOMPARE(columns[1].intAt(row), row);                // index
            QCOMPARE(columns[2].doubleAt(row), double(row + 1)); // setpoint
        }
        QVERIFY(at.pumpToIdle());
    }

    void lateReadingsAreLogged()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        at.script->answer = [&at](const QString &asked) {
            if (asked == u"read stage.encoder"_s)
                at.clock.advance(std::chrono::milliseconds(700)); // takes so long
            return ok();
        };
        auto monitor = monitorOf(u"stage.encoder"_s, u"250 ms"_s);
        monitor->appendChild(waitOf(u"10 s"_s));
        monitor->appendChild(measureOf({u"smu.iv"_s}));
        at.add(at.compile(std::move(monitor)));
        at.worker->start();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        const qint64 rows = at.stored().rows(1);
        QVERIFY(rows >= 10 && rows <= 15); // every third interval
        const QStringList warnings = at.stored().messages(u"warning"_s);
        QCOMPARE(warnings.size(), 2); // the first, and how many there were
        QVERIFY(warnings[0].contains(u"700 ms"_s));
        QVERIFY(warnings[1].contains(QString::number(rows)));
        QVERIFY(at.pumpToIdle());
    }

    void monitorFails_data()
    {
        QTest::addColumn<int>("policy");
        QTest::addColumn<int>("retries");
        QTest::addColumn<ScanState>("state");
        QTest::addColumn<int>("skipped");
        QTest::newRow("abort") << int(FailurePolicy::Abort) << 0 << ScanState::Failed << 0;
        QTest::newRow("retry") << int(FailurePolicy::Retry) << 2 << ScanState::Completed << 0;
        QTest::newRow("retry in vain") << int(FailurePolicy::Retry) << 1 << ScanState::Failed << 0;
        QTest::newRow("skip") << int(FailurePolicy::Skip) << 0 << ScanState::Completed << 2;
    }
    void monitorFails()
    {
        QFETCH(int, policy);
        QFETCH(int, retries);
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        at.script->answer = [count = 0](const QString &asked) mutable -> Status {
            if (asked == u"read stage.encoder"_s && (++count == 3 || count == 4))
                return Error{ErrorCode::Timeout, u"no answer"_s};
            return ok();
        };
        auto monitor = monitorOf(u"stage.encoder"_s, u"250 ms"_s);
        monitor->failure = FailureRule{FailurePolicy(policy), retries};
        monitor->appendChild(tenSeconds());
        at.add(at.compile(std::move(monitor)));
        at.worker->start();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QTEST(at.stored().states.last(), "state");
        int skipped = 0;
        const ColumnValues &values = at.stored().objects[1].back();
        for (qint64 row = 0; row < values.rowCount(); ++row)
            skipped += values.stateAt(row) == ValueState::Skipped;
        QTEST(skipped, "skipped");
        QCOMPARE(at.events(u"begin smu.gate 0.5"_s).size() > 0,
                 at.stored().states.last() == ScanState::Failed);
        QVERIFY(at.pumpToIdle());
    }

    void pauseStopsAMonitor()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        auto monitor = monitorOf(u"stage.encoder"_s, u"250 ms"_s);
        monitor->appendChild(tenSeconds());
        at.add(at.compile(std::move(monitor)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().rows(1) == 7; }));
        at.worker->pauseAfterPoint();
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        const qint64 rows = at.stored().rows(1);
        for (int i = 0; i < 20; ++i) {
            at.clock.advance(std::chrono::seconds(1));
            at.drain();
        }
        QCOMPARE(at.stored().rows(1), rows);
        at.worker->resume();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QVERIFY(at.stored().rows(1) > rows + 20);
        QVERIFY(at.pumpToIdle());
    }

    void killedAndContinued()
    {
        EngineFixture killed;
        killed.makeBench();
        killed.makeWorker(kStepwise);
        auto monitor = monitorOf(u"stage.encoder"_s, u"250 ms"_s);
        monitor->appendChild(tenSeconds());
        const auto plan = killed.compile(std::move(monitor));
        killed.add(plan);
        killed.worker->start();
        QVERIFY(killed.pump(
            [&] { return !killed.archive.scans.empty() && killed.stored().rows(1) == 9; }));
        killed.worker.reset();
        const auto stored = killed.archive.scans.front();
        stored->states.append(ScanState::Interrupted);
        const qint64 before = stored->rows(0);
        EngineFixture next;
        next.archive.byUid[stored->scan.uid] = stored;
        next.makeBench();
        next.makeWorker();
        next.worker->add(next.item(plan), Continuation{stored->scan.uid, {}, {}, 0});
        next.worker->start();
        QVERIFY(next.pump([&] { return stored->endings > 0; }));
        QCOMPARE(stored->states.last(), ScanState::Completed);
        QCOMPARE(stored->rows(0), 10);
        QVERIFY(before < 10);
        QVERIFY(stored->rows(1) >= 36 && stored->rows(1) <= 46); // it watched all the time
        QVERIFY(next.pumpToIdle());
    }

    void guardPausesAndGoesOn_data()
    {
        QTest::addColumn<QJsonObject>("rule");
        QTest::addColumn<QList<double>>("readings"); // one per interval from the 12th on
        QTest::addColumn<int>("pauses");
        const QJsonObject plain{{u"warning"_s, u"stage.v0 > 5 V"_s}};
        const QJsonObject hysteresis{{u"warning"_s, u"stage.v0 > 5 V"_s},
                                     {u"clear"_s, u"stage.v0 < 3 V"_s}};
        QJsonObject confirmed = plain;
        confirmed.insert(u"confirm"_s, 3);
        QJsonObject dwelling = plain;
        dwelling.insert(u"dwell"_s, u"350 ms"_s);
        const QList<double> flapping{6, 4, 6, 4, 6, 4, 2};
        QTest::newRow("well") << plain << QList<double>{1, 2, 3} << 0;
        QTest::newRow("once") << plain << QList<double>{6, 6, 6, 1} << 1;
        QTest::newRow("flapping") << plain << flapping << 3;
        QTest::newRow("flapping within hysteresis") << hysteresis << flapping << 1;
        QTest::newRow("flapping, confirmed") << confirmed << flapping << 0;
        QTest::newRow("lasting, confirmed") << confirmed << QList<double>{6, 6, 6, 6, 1} << 1;
        QTest::newRow("flapping within the dwell") << dwelling << flapping << 1;
    }
    void guardPausesAndGoesOn()
    {
        QFETCH(QJsonObject, rule);
        QFETCH(QList<double>, readings);
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        driveEncoder(at, readings);
        auto guard = guardOf(rule);
        guard->appendChild(tenSeconds());
        at.add(at.compile(std::move(guard)));
        at.worker->start();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QCOMPARE(at.stored().rows(), 10);
        QTEST(int(at.stored().states.count(ScanState::Paused)), "pauses");
        QCOMPARE(at.stored().messages(u"warning"_s).size(),
                 at.stored().states.count(ScanState::Paused));
        QVERIFY(at.pumpToIdle());
    }

    void operatorCanNotResumeWhatAGuardHolds()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        QList<double> readings(1000, 6.0);
        readings.append(1);
        driveEncoder(at, readings);
        auto guard = guardOf({{u"warning"_s, u"stage.v0 > 5 V"_s}});
        guard->appendChild(tenSeconds());
        at.add(at.compile(std::move(guard)));
        at.worker->start();
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        at.worker->resume();
        QCOMPARE(at.refusals.size(), 1);
        QVERIFY(at.refusals[0].contains(u"stage.v0"_s));
        QCOMPARE(at.state, QueueState::Paused);
        at.worker->pauseAfterPoint(); // and now the operator wants it, too
        QVERIFY(
            at.pump([&] { return at.stored().messages(u"info"_s).filter(u"well"_s).size() == 1; }));
        at.drain();
        QCOMPARE(at.state, QueueState::Paused);
        at.worker->resume();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QVERIFY(at.pumpToIdle());
    }

    void guardAlerts_data()
    {
        QTest::addColumn<QJsonObject>("rule");
        QTest::addColumn<QList<double>>("readings"); // < 0: it can not be read
        QTest::addColumn<bool>("isAlert");
        const QJsonObject rule{{u"alert"_s, u"stage.v0 > 5 V"_s}};
        QJsonObject confirmed = rule;
        confirmed.insert(u"confirm"_s, 3);
        QTest::newRow("well") << rule << QList<double>{4, 4} << false;
        QTest::newRow("alert") << rule << QList<double>{6} << true;
        QTest::newRow("transient") << confirmed << QList<double>{6, 6, 4, 6, 6, 1} << false;
        QTest::newRow("lasting") << confirmed << QList<double>{6, 6, 6} << true;
        QTest::newRow("can not be read once") << rule << QList<double>{-1, 1} << false;
        QTest::newRow("can not be read") << rule << QList<double>{-1, -1, -1, -1, 1} << true;
    }
    void guardAlerts()
    {
        QFETCH(QJsonObject, rule);
        QFETCH(QList<double>, readings);
        QFETCH(bool, isAlert);
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        driveEncoder(at, readings);
        auto guard = guardOf(rule);
        guard->appendChild(tenSeconds());
        at.add(at.compile(std::move(guard)));
        at.worker->start();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().states.last(), isAlert ? ScanState::Aborted : ScanState::Completed);
        QCOMPARE(at.stored().reason.contains(u"alert"_s), isAlert);
        QCOMPARE(at.events(u"begin smu.gate 0.5"_s).size(), isAlert ? 1 : 0);
        QVERIFY(at.pumpToIdle());
    }

    /// An alert is a safety stop: not even what shall go back to its start moves.
    void alertMovesNothingBack()
    {
        EngineFixture at;
        at.specs[u"stage"_s].movements[0].after = AfterScan::Start;
        at.makeBench();
        Instrument *stage = at.bench.find(u"stage"_s)->inlineInstrument();
        QVERIFY(stage->begin(0, 7.5, Call::within(std::chrono::seconds(1))));
        at.script->events.clear();
        at.makeWorker();
        driveEncoder(at, {6});
        auto guard = guardOf({{u"alert"_s, u"stage.v0 > 5 V"_s}});
        guard->appendChild(tenSeconds());
        auto root = makeNode(u"sequence"_s);
        root->appendChild(setOf(u"stage.x"_s, u"1"_s));
        root->appendChild(std::move(guard));
        at.add(at.compile(std::move(root)));
        at.worker->start();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.events(u"begin stage.x"_s), QStringList{u"begin stage.x 1"_s});
        QCOMPARE(at.events(u"begin smu.gate 0.5"_s).size(), 1);
    }

    void missingValueIsAnAlert()
    {
        EngineFixture at;
        at.script->flag = ValueState::Overload;
        at.makeBench();
        at.makeWorker();
        auto guard = guardOf({{u"warning"_s, u"stage.v0 > 5 V"_s}});
        guard->appendChild(tenSeconds());
        at.add(at.compile(std::move(guard)));
        at.worker->start();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().states.last(), ScanState::Aborted);
        QCOMPARE(at.stored().rows(), 0); // nothing was done before the first verdict
        QCOMPARE(at.events(u"begin smu.bias 1"_s).size(), 0);
        QVERIFY(at.pumpToIdle());
    }

    void warningBeforeTheFirstStep()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        driveEncoder(at, QList<double>(30, 6.0), 0);
        auto guard = guardOf({{u"warning"_s, u"stage.v0 > 5 V"_s}});
        guard->appendChild(tenSeconds());
        at.add(at.compile(std::move(guard)));
        at.worker->start();
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        QCOMPARE(at.events(u"begin"_s).size(), 0);
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().rows(), 10);
        QVERIFY(at.pumpToIdle());
    }

    /// A guard that ends while it warns lets the scan go on.
    void guardThatEndsReleases()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        driveEncoder(at, QList<double>(1000, 6.0), 1);
        auto root = makeNode(u"sequence"_s);
        auto guard = guardOf({{u"warning"_s, u"stage.v0 > 5 V"_s}});
        guard->appendChild(sweepOf(u"smu.bias"_s, listOf({u"1"_s})));
        root->appendChild(std::move(guard));
        root->appendChild(tenSeconds());
        at.script->pollsToArrive = 10; // so that the warning comes during the move
        at.add(at.compile(std::move(root)));
        at.worker->start();
        QVERIFY(at.pump([&] { return isEnded(at); }));
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QCOMPARE(at.stored().states.count(ScanState::Paused), 0);
        QVERIFY(at.pumpToIdle());
    }

private:
    /// What stage.encoder reads from its \a from-th reading on; 1 before and after.
    static void driveEncoder(EngineFixture &at, const QList<double> &readings, int from = 12)
    {
        at.script->value = [readings, from, count = 0](const QString &name) mutable -> double {
            if (name != u"stage.encoder"_s)
                return 0;
            const int now = count++ - from;
            return now >= 0 && now < readings.size() ? readings[now] : 1.0;
        };
    }
};

QTEST_GUILESS_MAIN(WatchesTest)
#include "tst_watches.moc"
