#include "core/engine/scan_timer.h"
#include "tests/core/engine/engine_fixture.h"

using namespace birch;
using namespace birch::test;

namespace {

constexpr qint64 kDelayNs = 50'000'000;
constexpr qint64 kStepNs = 100'000; // of what is not delayed
constexpr int kPoints = 40;

const ScanTiming &timingOf(const StoredScan &scan, int epoch = 1)
{
    return scan.timings.at(epoch);
}

QString shown(const ScanTiming &timing)
{
    QStringList lines;
    for (const TimingEntry &entry : timing.entries)
        lines << QStringLiteral("%1 %2 %3: %4 x %5 ns")
                     .arg(entry.lane, timePartName(entry.part), entry.operation)
                     .arg(entry.count)
                     .arg(entry.ns);
    return lines.join(u'\n');
}

} // namespace

/// Where the time of a scan went.
class ScanTimingTest : public QObject
{
    Q_OBJECT
private slots:
    void plantedDelay_data()
    {
        QTest::addColumn<QString>("slow"); // what takes 50 ms: the beginning of a call, or a node
        QTest::addColumn<int>("part");
        QTest::newRow("move") << u"begin smu"_s << int(TimePart::Move);
        QTest::newRow("settle") << u"settle"_s << int(TimePart::Settle);
        QTest::newRow("read") << u"read smu"_s << int(TimePart::Read);
        QTest::newRow("wait") << u"wait"_s << int(TimePart::Wait);
        QTest::newRow("store") << u"store"_s << int(TimePart::Store);
    }
    void plantedDelay()
    {
        QFETCH(QString, slow);
        QFETCH(int, part);
        EngineFixture at;
        at.makeBench();
        SliceLimits slice;
        slice.rows = 1; // a record per point
        at.makeWorker(slice);
        at.script->answer = [&](const QString &asked) -> Status {
            at.clock.advance(Nanoseconds(asked.startsWith(slow) ? kDelayNs : kStepNs));
            return ok();
        };
        at.archive.appending = [&] {
            if (slow == u"store")
                at.clock.advance(Nanoseconds(kDelayNs));
        };
        auto sweep = sweepOf(u"smu.bias"_s, linear(u"1"_s, QString::number(kPoints), kPoints));
        if (slow == u"settle")
            sweep->fields.insert(u"settle"_s, u"50 ms"_s);
        if (slow == u"wait")
            sweep->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"50 ms"_s}}));
        sweep->appendChild(measureOf({u"smu.iv"_s}));
        at.add(at.compile(std::move(sweep)));
        at.worker->start();
        QVERIFY(at.pumpToIdle());
        const ScanTiming &timing = timingOf(at.stored());
        QCOMPARE_GE(timing.wallNs, kPoints * kDelayNs);
        QVERIFY2(std::abs(timing.unattributedNs()) <= timing.wallNs / 100,
                 qPrintable(shown(timing)));
        for (const TimePart seen :
             {TimePart::Move, TimePart::Settle, TimePart::Read, TimePart::Wait, TimePart::Store}) {
            const bool isSlow = part == int(seen);
            const bool isStep = seen == TimePart::Move || seen == TimePart::Read;
            QVERIFY2(timing.sumNs(seen) == kPoints * (isSlow   ? kDelayNs
                                                      : isStep ? kStepNs
                                                               : 0),
                     qPrintable(shown(timing)));
        }
        for (const TimingEntry &entry : timing.entries) {
            if (int(entry.part) == part && slow != u"store") {
                QCOMPARE(entry.count, kPoints);
                QCOMPARE(entry.longestNs, kDelayNs);
                QCOMPARE(entry.instrument(), slow == u"wait" ? QString() : u"smu"_s);
                QVERIFY(!entry.node.isNull());
            }
        }
    }

    void branchesHaveTheirOwn()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        auto parallel = makeNode(u"parallel"_s, {});
        for (const auto &[movement, read, wait] :
             {std::tuple{u"smu.bias"_s, u"smu.iv"_s, u"2 s"_s},
              std::tuple{u"stage.x"_s, u"stage.encoder"_s, u"5 s"_s}}) {
            auto sweep = sweepOf(movement, linear(u"1"_s, u"3"_s, 3));
            sweep->appendChild(makeNode(u"wait"_s, {{u"duration"_s, wait}}));
            sweep->appendChild(measureOf({read}));
            parallel->appendChild(std::move(sweep));
        }
        at.add(at.compile(std::move(parallel)));
        at.worker->start();
        QVERIFY(at.pumpToIdle());
        const ScanTiming &timing = timingOf(at.stored());
        QMap<QString, qint64> waits;
        for (const TimingEntry &entry : timing.entries) {
            if (entry.part == TimePart::Wait)
                waits[entry.lane] += entry.ns;
        }
        QCOMPARE(waits, (QMap<QString, qint64>{{u"0"_s, 6'000'000'000}, {u"1"_s, 15'000'000'000}}));
        QCOMPARE(timing.sumNs(TimePart::Branches), 15'000'000'000);
        QCOMPARE(timing.unattributedNs(), 0);
    }

    void continuedHasBothRuns()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        at.script->answer = [&](const QString &) -> Status {
            at.clock.advance(Nanoseconds(kStepNs));
            return ok();
        };
        at.archive.rowsUntilFull = 4;
        SliceLimits slice;
        slice.rows = 1;
        at.makeWorker(slice);
        const auto plan = at.sweepPlan(10);
        at.add(plan);
        at.worker->start();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Interrupted);
        const ScanTiming first = timingOf(at.stored());
        QVERIFY(first.wallNs > 0);
        // The disk was full: the position that is stored is that of the rows, whatever the times
        // say.
        QCOMPARE(at.stored().rows(), 4);
        at.archive.rowsUntilFull = -1;
        at.worker->add(at.item(plan),
                       Continuation{at.stored().scan.uid, u"TEST-1"_s, at.stored().cursor, 0});
        at.worker->start();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QCOMPARE(at.stored().rows(), 10);
        QCOMPARE(timingOf(at.stored(), 1), first);
        QVERIFY(timingOf(at.stored(), 2).sumNs(TimePart::Read) >= 6 * kStepNs);
        QVERIFY(timingOf(at.stored(), 2).sumNs(TimePart::Restore) > 0);
    }

    void givesPartsAway()
    {
        FakeClock clock;
        ScanTimer timer(clock);
        timer.setOperations({u"smu.bias"_s, u"smu.iv"_s});
        const QUuid node = newUid();
        LaneTimer &lane = timer.main();
        lane.to(TimePart::Read, node, 0);
        clock.advance(Nanoseconds(100));
        lane.isOf(1);
        lane.give(TimePart::Trigger, Nanoseconds(30));
        lane.give(TimePart::Transfer, Nanoseconds(1000)); // no more than there is
        lane.to(TimePart::Pause);
        clock.advance(Nanoseconds(7));
        const ScanTiming timing = timer.timing();
        QCOMPARE(timing.sumNs(TimePart::Trigger), 30);
        QCOMPARE(timing.sumNs(TimePart::Transfer), 70);
        QCOMPARE(timing.sumNs(TimePart::Read), 0);
        QCOMPARE(timing.sumNs(TimePart::Pause), 7); // under way
        QCOMPARE(timing.entries.first().operation, u"smu.iv"_s);
        QCOMPARE(timing.wallNs, 107);
        QCOMPARE(scanTimingFromJson(scanTimingToJson(timing)), timing);
    }

    void readsAbsurdInput()
    {
        const QJsonObject json{
            {u"wall_ns"_s, u"long"_s},
            {u"parts"_s, QJsonArray{1, QJsonObject{{u"part"_s, u"nap"_s}},
                                    QJsonObject{{u"part"_s, u"move"_s}, {u"ns"_s, -5}}}}};
        const ScanTiming timing = scanTimingFromJson(json);
        QCOMPARE(timing.wallNs, 0);
        QCOMPARE(timing.entries.size(), 1);
        QCOMPARE(timing.entries.first().ns, 0);
    }
};

QTEST_GUILESS_MAIN(ScanTimingTest)
#include "tst_scan_timing.moc"
