#include "tests/core/engine/engine_fixture.h"

using namespace birch;
using namespace birch::test;

namespace {
class Listener final : public RunObserver
{
public:
    void started(const OpenedScan &scan, const NewScan &) override
    {
        heard.append(u"started "_s + scan.scanId);
    }
    void batch(const QUuid &, const PointBatch &rows) override
    {
        heard.append(u"rows %1+%2"_s.arg(rows.firstRow).arg(rows.rowCount()));
    }
    void paused(const QUuid &) override { heard.append(u"paused"_s); }
    void resumed(const QUuid &) override { heard.append(u"resumed"_s); }
    void ended(const QUuid &, ScanState state, const QString &) override
    {
        heard.append(u"ended "_s + scanStateName(state));
    }
    QStringList heard;
};
} // namespace

/// Scans of a queue from start to end, on in-process instruments.
class QueueRunTest : public QObject
{
    Q_OBJECT
private slots:
    void queueRunsToItsEnd()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        at.add(at.sweepPlan(3), u"first"_s);
        at.add(at.sweepPlan(2), u"second"_s);
        at.worker->start();
        QVERIFY(at.pump([&] { return at.state == QueueState::Running; }));
        QVERIFY(at.pumpToIdle());

        QCOMPARE(at.archive.scans.size(), size_t(2));
        QCOMPARE(at.stored(0).rows(), 3);
        QCOMPARE(at.stored(1).rows(), 2);
        for (const auto &scan : at.archive.scans) {
            QCOMPARE(scan->endings, 1);
            QCOMPARE(scan->states.last(), ScanState::Completed);
            QCOMPARE(scan->reason, QString());
        }
        for (const QueueItem &item : at.items) {
            QCOMPARE(item.state, ScanState::Completed);
            QCOMPARE(item.progress, 1.0);
            QCOMPARE(item.points, item.pointsPlanned);
            QVERIFY(item.scanId.startsWith(u"TEST-"_s));
        }
        QCOMPARE(at.archive.queueStates.last(), QueueState::Idle);
        const QString settings = u"parameter smu.range"_s; // at the start and at the end
        const QStringList expected{u"open smu"_s,
                                   settings,
                                   u"begin smu.bias 1"_s,
                                   u"read smu.iv"_s,
                                   u"begin smu.bias 2"_s,
                                   u"read smu.iv"_s,
                                   u"begin smu.bias 3"_s,
                                   u"read smu.iv"_s,
                                   settings,
                                   u"ended completed"_s,
                                   settings,
                                   u"begin smu.bias 1"_s,
                                   u"read smu.iv"_s,
                                   u"begin smu.bias 2"_s,
                                   u"read smu.iv"_s,
                                   settings,
                                   u"ended completed"_s,
                                   u"begin smu.gate 0.5"_s,
                                   u"begin smu.bias 0"_s};
        QCOMPARE(at.script->events, expected);
        QCOMPARE(at.bench.find(u"smu"_s)->leaseOwner(), QString());
    }

    void rowsHoldWhatWasAskedAndRead()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        at.add(at.sweepPlan(2));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings; }));
        const auto &columns = at.stored().objects.front();
        // time, index, setpoint, readback, two values
        QCOMPARE(columns.size(), size_t(6));
        QVERIFY(columns[0].intAt(0) >= at.stored().scan.startedUs * 1000);
        QVERIFY(columns[0].intAt(1) >= columns[0].intAt(0));
        QCOMPARE(columns[1].intAt(1), 1);
        QCOMPARE(columns[2].doubleAt(1), 2.0);
        QCOMPARE(columns[3].doubleAt(1), 2.0);
        QVERIFY(columns[5].doubleAt(1) == columns[4].doubleAt(1) + 1.0);
        for (const ColumnValues &column : columns)
            QVERIFY(!column.hasFlags());
    }

    void observersHearOfAcquiredRowsOnly()
    {
        Listener listener;
        EngineFixture at;
        at.observers = {&listener};
        at.archive.rowsUntilFull = 3;
        at.makeBench();
        at.makeWorker({std::chrono::milliseconds(5), 4, 4096, 1 << 18}); // two rows a record
        at.add(at.sweepPlan(8));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings; }));
        QCOMPARE(listener.heard,
                 QStringList({u"started TEST-1"_s, u"rows 0+2"_s, u"ended interrupted"_s}));
        QCOMPARE(at.stored().rows(), 2);
        QVERIFY(at.pumpToIdle());
    }

    void startStoresSettingsAndIdentities()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        auto root = makeNode(u"sequence"_s);
        root->appendChild(setOf(u"stage.x"_s, u"1"_s));
        root->appendChild(measureOf({u"smu.iv"_s}));
        at.add(at.compile(std::move(root)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty(); }));
        const NewScan &scan = at.stored().scan;
        QCOMPARE(scan.settings.value(u"smu"_s).toObject().value(u"range"_s).toDouble(), 1.0);
        QVERIFY(scan.settings.contains(u"stage"_s));
        const QJsonObject stage = scan.instruments.value(u"stage"_s).toObject();
        QCOMPARE(stage.value(u"definition"_s).toString(), u"inline-stage"_s);
        QCOMPARE(stage.value(u"identity"_s).toString(), u"Birch,Inline,stage"_s);
        QCOMPARE(scan.station, u"TEST"_s);
        QVERIFY(!scan.uid.isNull());
        QVERIFY(at.pumpToIdle());
    }
};

QTEST_GUILESS_MAIN(QueueRunTest)
#include "tst_queue_run.moc"
