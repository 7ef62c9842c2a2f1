#include "tests/core/engine/engine_fixture.h"

using namespace birch;
using namespace birch::test;

namespace {
/// One step per turn of the event loop: what is asked in the middle of a step comes before the
/// next.
constexpr SliceLimits kStepwise{std::chrono::milliseconds(5), 1, 4096, 1 << 18};

/// Posts \a action the \a nth time that \a event is asked of an instrument.
void when(EngineFixture &at, const QString &event, int nth, std::function<void()> action)
{
    at.script->answer = [&at, event, nth, action, count = 0](const QString &asked) mutable {
        if (asked == event && ++count == nth)
            QMetaObject::invokeMethod(at.worker.get(), action, Qt::QueuedConnection);
        return ok();
    };
}
} // namespace

/// What the operator does while a queue runs.
class QueueControlTest : public QObject
{
    Q_OBJECT
private slots:
    void spoolThatIsNotSafePauses()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker(kStepwise);
        at.add(at.sweepPlan(5));
        when(at, u"read smu.iv"_s, 2,
             [&] { at.archive.fault(at.stored().scan.uid, u"The disk has an error."_s); });
        at.worker->start();
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        QCOMPARE(at.items.first().state, ScanState::Paused);
        QCOMPARE(at.stored().rows(), 2);
        at.worker->resume();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.items.first().state, ScanState::Completed);
        QCOMPARE(at.stored().rows(), 5);
    }

    void pauseAndResume_data()
    {
        QTest::addColumn<int>("point");
        for (int point = 1; point <= 5; ++point)
            QTest::addRow("at point %d of 5", point) << point;
    }
    void pauseAndResume()
    {
        QFETCH(int, point);
        EngineFixture undisturbed;
        undisturbed.makeBench();
        undisturbed.makeWorker(kStepwise);
        undisturbed.add(undisturbed.sweepPlan(5));
        undisturbed.worker->start();
        QVERIFY(undisturbed.pump([&] { return undisturbed.state == QueueState::Running; }));
        QVERIFY(undisturbed.pumpToIdle());

        EngineFixture at;
        at.makeBench();
        at.makeWorker(kStepwise);
        at.add(at.sweepPlan(5));
        when(at, u"read smu.iv"_s, point, [&] { at.worker->pauseAfterPoint(); });
        at.worker->start();
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        QCOMPARE(at.stored().rows(), point);
        const bool isOver = point == 5; // the pause came too late for this scan
        QCOMPARE(at.items.first().state, isOver ? ScanState::Completed : ScanState::Paused);
        const auto asked = at.script->events.size();
        at.drain();
        QCOMPARE(at.script->events.size(), asked); // nothing is touched while paused

        at.worker->resume();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.script->events, undisturbed.script->events); // in place, nothing again
        QCOMPARE(at.stored().rows(), 5);
        QCOMPARE(at.stored().endings, 1);
        if (isOver)
            return;
        const QList<ScanState> states{ScanState::Running, ScanState::Paused, ScanState::Running,
                                      ScanState::Completed};
        QCOMPARE(at.stored().states, states);
    }

    void pauseDuringWaitIsAtOnce()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        auto root = makeNode(u"sequence"_s);
        root->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"1 h"_s}}));
        root->appendChild(measureOf({u"smu.iv"_s}));
        at.add(at.compile(std::move(root)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty(); }));
        at.drain();
        at.worker->pauseAfterPoint();
        at.drain();
        QCOMPARE(at.state, QueueState::Paused);
        at.clock.advance(std::chrono::minutes(59));
        at.worker->resume();
        at.drain();
        QCOMPARE(at.stored().rows(), 0);
        at.clock.advance(std::chrono::minutes(2)); // the wait went on counting
        at.drain();
        QCOMPARE(at.stored().rows(), 1);
        QVERIFY(at.pumpToIdle());
    }

    void pauseTakenBackBeforeItTakesEffect()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker(kStepwise);
        at.add(at.sweepPlan(3));
        when(at, u"begin smu.bias 2"_s, 1, [&] {
            at.worker->pauseAfterPoint();
            at.worker->resume();
        });
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings; }));
        QVERIFY(!at.stored().states.contains(ScanState::Paused));
        QVERIFY(at.pumpToIdle());
    }

    void stopAfterScanLeavesTheRestQueued()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker(kStepwise);
        at.add(at.sweepPlan(3), u"first"_s);
        at.add(at.sweepPlan(3), u"second"_s);
        when(at, u"read smu.iv"_s, 1, [&] { at.worker->stopAfterScan(); });
        at.worker->start();
        QVERIFY(at.pump([&] { return at.state == QueueState::Stopping; }));
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.archive.scans.size(), size_t(1));
        QCOMPARE(at.items[0].state, ScanState::Completed);
        QCOMPARE(at.items[1].state, ScanState::Queued);
        QVERIFY(at.events(u"begin smu.bias 0"_s).size() == 1); // its end is safe

        at.worker->start();
        QVERIFY(at.pump([&] { return at.items[1].state == ScanState::Completed; }));
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.archive.scans.size(), size_t(2));
    }

    void editsWhileRunningTakeEffect()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker(kStepwise);
        at.add(at.sweepPlan(3), u"one"_s);
        const QUuid two = at.add(at.sweepPlan(1), u"two"_s);
        const QUuid three = at.add(at.sweepPlan(1), u"three"_s);
        when(at, u"read smu.iv"_s, 1, [&] {
            at.worker->remove(two);
            const QUuid four = at.add(at.sweepPlan(1), u"four"_s);
            at.worker->move(four, 1);
            ScanDetails details;
            details.name = u"three"_s;
            details.title = u"renamed"_s;
            at.worker->updateDetails(three, details);
            at.worker->remove(at.items.first().id); // runs: refused
        });
        at.worker->start();
        QVERIFY(at.pump([&] { return at.archive.scans.size() == 3; }));
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored(0).scan.details.name, u"one"_s);
        QCOMPARE(at.stored(1).scan.details.name, u"four"_s);
        QCOMPARE(at.stored(2).scan.details.name, u"three"_s);
        QCOMPARE(at.stored(2).scan.details.title, u"renamed"_s);
        QCOMPARE(at.stored(0).rows(), 3);
        QCOMPARE(at.refusals.size(), 1);
        QStringList order;
        for (const QueueItem &item : std::as_const(at.items))
            order.append(item.name);
        QCOMPARE(order, QStringList({u"one"_s, u"four"_s, u"three"_s}));
    }

    void queuedItemIsACopy()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        QueueItem item = at.item(at.sweepPlan(1), u"as added"_s);
        at.worker->add(item, {});
        item.details.name = u"changed later"_s;
        at.worker->add(item, {}); // the same entry twice: refused
        QCOMPARE(at.items.size(), 1);
        QCOMPARE(at.refusals.size(), 1);
        QCOMPARE(at.items.first().details.name, u"as added"_s);
    }

    void startsAndStopsInARow()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker(kStepwise);
        at.add(at.sweepPlan(2), u"one"_s);
        at.add(at.sweepPlan(2), u"two"_s);
        at.worker->start();
        at.worker->start();
        at.worker->pauseAfterPoint();
        at.worker->resume();
        at.worker->resume();
        at.worker->start();
        QVERIFY(at.pump([&] { return at.archive.scans.size() == 2; }));
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.events(u"read"_s).size(), 4); // one engine, no scan driven twice
        for (const auto &scan : at.archive.scans)
            QCOMPARE(scan->endings, 1);
    }

    void abortKeepsTheRestQueued()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker(kStepwise);
        at.add(at.sweepPlan(5), u"one"_s);
        at.add(at.sweepPlan(2), u"two"_s);
        when(at, u"read smu.iv"_s, 2, [&] { at.worker->abort(); });
        at.worker->start();
        QVERIFY(at.pump([&] { return at.items[0].state == ScanState::Aborted; }));
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.items[1].state, ScanState::Queued);
        QCOMPARE(at.stored().rows(), 2);
        QVERIFY(at.items[0].progress < 1.0);
        QCOMPARE(at.items[0].points, 2);
    }

    void failedScanPolicy_data()
    {
        QTest::addColumn<bool>("stops");
        QTest::newRow("goes on") << false;
        QTest::newRow("stops") << true;
    }
    void failedScanPolicy()
    {
        QFETCH(bool, stops);
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        if (stops)
            at.worker->setFailedScanPolicy(FailedScan::Stop);
        at.add(at.sweepPlan(5), u"fails"_s);
        at.add(at.sweepPlan(2), u"next"_s);
        at.script->answer = [count = 0](const QString &asked) mutable -> Status {
            if (asked == u"read smu.iv"_s && ++count == 3)
                return Error{ErrorCode::Timeout, u"no answer"_s};
            return ok();
        };
        at.worker->start();
        QVERIFY(at.pump([&] { return at.items[0].state == ScanState::Failed; }));
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.items[1].state, stops ? ScanState::Queued : ScanState::Completed);
        QCOMPARE(at.stored().reason, u"Reading smu.iv: no answer"_s);
        QCOMPARE(at.stored().rows(), 2);
    }

    void progressIsHonest()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker(kStepwise);
        auto sweep = sweepOf(u"smu.bias"_s, linear(u"1"_s, u"4"_s, 4));
        sweep->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"10 s"_s}}));
        sweep->appendChild(measureOf({u"smu.iv"_s}));
        at.add(at.compile(std::move(sweep)));
        at.worker->start();
        while (at.items.first().state != ScanState::Completed) {
            at.drain();
            const QueueItem &item = at.items.first();
            QVERIFY(!item.remaining || *item.remaining >= Nanoseconds::zero());
            QVERIFY(item.state == ScanState::Completed || item.progress < 1.0);
            QVERIFY(at.clock.advanceToNext() || item.state == ScanState::Completed);
        }
        QVERIFY(at.items.first().elapsed >= std::chrono::seconds(40));
        QVERIFY(at.pumpToIdle());
    }
};

QTEST_GUILESS_MAIN(QueueControlTest)
#include "tst_queue_control.moc"
