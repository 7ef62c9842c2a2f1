#include "tests/core/engine/engine_fixture.h"

using namespace birch;
using namespace birch::test;

/// Whose turn it is in the queue of a station, how often, and what runs at the same time.
class QueueTurnsTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_at = std::make_unique<EngineFixture>();
        m_at->makeBench();
        m_at->makeWorker({.steps = 1});
    }

    void priorityThenOrder()
    {
        add(u"a"_s);
        add(u"b"_s, {.priority = 2});
        add(u"c"_s, {.priority = 2});
        add(u"d"_s, {.priority = -1});
        start();
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(begun(), u"b c a d"_s);
    }

    void whatIsNotReadyStays()
    {
        const QUuid gated = add(u"a"_s, {.isReady = false});
        add(u"b"_s);
        start();
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(begun(), u"b"_s);
        QCOMPARE(m_at->items[0].state, ScanState::Queued);
        m_at->worker->setTurn(gated, {});
        start();
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(begun(), u"b a"_s);
    }

    /// The queue waits for a start time, and goes on with others meanwhile.
    void startTimeIsWaitedFor()
    {
        const qint64 inAnHour = m_at->clock.wallNs() / 1000 + 3'600'000'000;
        add(u"later"_s, {.notBeforeUs = inAnHour});
        add(u"soon"_s);
        start();
        QVERIFY(m_at->pump([&] { return m_at->archive.scans.size() == 2; }));
        QCOMPARE(begun(), u"soon later"_s);
        QVERIFY(m_at->clock.wallNs() / 1000 >= inAnHour);
        QVERIFY(m_at->pumpToIdle());
    }

    void aQueueThatWaitsCanBeStopped()
    {
        add(u"later"_s, {.notBeforeUs = m_at->clock.wallNs() / 1000 + 3'600'000'000});
        start();
        m_at->drain();
        QCOMPARE(m_at->state, QueueState::Running);
        m_at->worker->stopAfterScan();
        m_at->drain();
        QCOMPARE(m_at->state, QueueState::Idle);
        QCOMPARE(begun(), QString());
    }

    void repeatsAreScansOfTheirOwn()
    {
        add(u"a"_s, {.repeats = 3});
        add(u"b"_s);
        start();
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(begun(), u"a a a b"_s);
        QCOMPARE(m_at->items[0].state, ScanState::Completed);
        QCOMPARE(m_at->items[0].turn.repeatsDone, 3);
        QVERIFY(m_at->stored(0).scan.uid != m_at->stored(1).scan.uid);
    }

    void failedOnesAreTriedOnceMoreAtTheEnd()
    {
        m_at->worker->setFailedScanPolicy(FailedScan::Retry);
        bool hasFailed = false;
        m_at->script->answer = [&hasFailed](const QString &event) -> Status {
            if (event == u"read smu.iv" && !std::exchange(hasFailed, true))
                return Error{ErrorCode::Timeout, u"no answer"_s};
            return ok();
        };
        add(u"a"_s);
        add(u"b"_s);
        start();
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(begun(), u"a b a"_s);
        QCOMPARE(m_at->items[0].state, ScanState::Completed);
    }

    /// In an idle queue it runs alone; in one that runs it is next.
    void runNowDisturbsNothing()
    {
        add(u"a"_s);
        add(u"b"_s);
        const QUuid wanted = add(u"c"_s, {.isReady = false});
        m_at->worker->runNow(wanted);
        QVERIFY(m_at->pump([&] { return m_at->state == QueueState::Running; }));
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(begun(), u"c"_s);
        const QUuid next = add(u"d"_s);
        start();
        QVERIFY(m_at->pump([&] { return m_at->archive.scans.size() == 2; }));
        m_at->worker->runNow(next);
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(begun(), u"c a d b"_s);
    }

    void onlyTheChosenOnes()
    {
        const QUuid a = add(u"a"_s);
        add(u"b"_s);
        const QUuid c = add(u"c"_s);
        m_at->worker->startOnly({a, c});
        QVERIFY(m_at->pump([&] { return m_at->state == QueueState::Running; }));
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(begun(), u"a c"_s);
        start();
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(begun(), u"a c b"_s);
    }

    void editsCountFromTheNextScanOn()
    {
        add(u"a"_s);
        const QUuid edited = add(u"b"_s);
        start();
        QVERIFY(m_at->pump([&] { return m_at->archive.scans.size() == 1; }));
        QueueItem other = m_at->item(m_at->sweepPlan(5), u"other"_s);
        other.id = edited;
        m_at->worker->replace(other);
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(begun(), u"a other"_s);
        QCOMPARE(m_at->stored(1).rows(), 5);
        m_at->worker->replace(other); // it is over
        QCOMPARE(m_at->refusals.size(), 1);
        m_at->worker->requeue(edited);
        QCOMPARE(m_at->items.last().state, ScanState::Queued);
        m_at->worker->removeEnded();
        QCOMPARE(m_at->items.size(), 1);
    }

    /// Two scans at once where their instruments are others; what shares one waits for it.
    void disjointScansRunAtOnce()
    {
        m_at->worker->setParallel(2);
        addStage(u"stage"_s);
        add(u"smu"_s);
        add(u"smu too"_s);
        start();
        QVERIFY(m_at->pump([&] { return runningCount() == 2; }));
        QCOMPARE(m_at->items[2].state, ScanState::Queued);
        QVERIFY(m_at->pumpToIdle());
        for (const QueueItem &item : m_at->items)
            QCOMPARE(item.state, ScanState::Completed);
    }

    void theBoundHolds()
    {
        addStage(u"stage"_s);
        add(u"smu"_s);
        start();
        QVERIFY(m_at->pump([&] { return runningCount() == 1; }));
        int most = 0;
        QVERIFY(m_at->pump([&] {
            most = std::max(most, runningCount());
            return m_at->state == QueueState::Idle;
        }));
        QCOMPARE(most, 1);
    }

    void oneAbortConcernsOneScan()
    {
        m_at->worker->setParallel(2);
        const QUuid stage = addStage(u"stage"_s);
        add(u"smu"_s);
        add(u"smu too"_s);
        start();
        QVERIFY(m_at->pump([&] { return runningCount() == 2; }));
        m_at->worker->abortOne(stage);
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(states(), u"aborted completed completed"_s);
    }

    void onePauseConcernsOneScan()
    {
        m_at->worker->setParallel(2);
        const QUuid stage = addStage(u"stage"_s, 50);
        add(u"smu"_s);
        start();
        QVERIFY(m_at->pump([&] { return runningCount() == 2; }));
        m_at->worker->pauseOne(stage, PauseKind::AfterPoint);
        QVERIFY(m_at->pump([&] { return states() == u"paused completed"; }));
        m_at->worker->resumeOne(stage);
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(states(), u"completed completed"_s);
    }

    void abortAllStopsTheQueue()
    {
        m_at->worker->setParallel(2);
        addStage(u"stage"_s);
        add(u"smu"_s);
        add(u"smu too"_s);
        start();
        QVERIFY(m_at->pump([&] { return runningCount() == 2; }));
        m_at->worker->abort();
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(states(), u"aborted aborted queued"_s);
    }

    void pauseAllPausesTheQueue()
    {
        m_at->worker->setParallel(2);
        addStage(u"stage"_s, 50);
        add(u"smu"_s, {}, 50);
        start();
        QVERIFY(m_at->pump([&] { return runningCount() == 2; }));
        m_at->worker->pauseAfterPoint();
        QVERIFY(m_at->pump([&] { return m_at->state == QueueState::Paused; }));
        QCOMPARE(states(), u"paused paused"_s);
        m_at->worker->resume();
        QVERIFY(m_at->pumpToIdle());
        QCOMPARE(states(), u"completed completed"_s);
    }

private:
    QUuid add(const QString &name, const ItemTurn &turn = {}, int points = 3)
    {
        QueueItem item = m_at->item(m_at->sweepPlan(points), name);
        item.turn = turn;
        m_at->worker->add(item, {});
        return item.id;
    }
    /// On an instrument of its own.
    QUuid addStage(const QString &name, int points = 20)
    {
        auto sweep = sweepOf(u"stage.x"_s, linear(u"1"_s, QString::number(points), points));
        sweep->appendChild(measureOf({u"stage.encoder"_s}));
        return m_at->add(m_at->compile(std::move(sweep)), name);
    }
    void start()
    {
        m_at->worker->start();
        QVERIFY(m_at->pump([&] { return m_at->state == QueueState::Running; }));
    }
    int runningCount() const
    {
        return int(std::count_if(m_at->items.begin(), m_at->items.end(), [](const QueueItem &item) {
            return item.state == ScanState::Running;
        }));
    }
    QString states() const
    {
        QStringList list;
        for (const QueueItem &item : m_at->items)
            list << scanStateName(item.state);
        return list.join(u' ');
    }
    QString begun() const
    {
        QStringList list;
        for (const auto &scan : m_at->archive.scans)
            list << scan->scan.details.name;
        return list.join(u' ');
    }

    std::unique_ptr<EngineFixture> m_at;
};

QTEST_GUILESS_MAIN(QueueTurnsTest)
#include "tst_queue_turns.moc"
