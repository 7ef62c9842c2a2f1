#include "core/engine/scan_timing.h"
#include "tests/core/engine/engine_fixture.h"

#include <QJsonArray>

using namespace birch;
using namespace birch::test;

namespace {

ScanTiming timingOf(const StoredScan &scan)
{
    return ScanTiming::fromJson(ScanTiming::ofPosition(scan.cursor));
}

qint64 sumOf(const ScanTiming &timing, TimePart part)
{
    qint64 ns = 0;
    for (const ScanTiming::Entry &entry : timing.entries())
        ns += entry.part == part ? entry.ns : 0;
    return ns;
}

} // namespace

/// Where the time of a scan went.
class ScanTimingTest : public QObject
{
    Q_OBJECT
private slots:
    void plantedDelay_data()
    {
        QTest::addColumn<QString>("slow"); // what takes 50 ms
        QTest::newRow("moves") << u"begin"_s;
        QTest::newRow("reads") << u"read"_s;
    }
    void plantedDelay()
    {
        QFETCH(QString, slow);
        constexpr qint64 kDelayNs = 50'000'000;
        constexpr int kPoints = 40;
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        at.script->answer = [&](const QString &asked) -> Status {
            const bool isSlow = asked.startsWith(slow + u" smu"_s);
            at.clock.advance(Nanoseconds(isSlow ? kDelayNs : 100'000));
            return ok();
        };
        at.add(at.sweepPlan(kPoints));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings > 0; }));
        const ScanTiming timing = timingOf(at.stored());
        const qint64 wall = timing.wallNs(0);
        QCOMPARE_GE(wall, kPoints * kDelayNs);
        QVERIFY2(std::abs(timing.unattributedNs(wall)) <= wall / 100,
                 qPrintable(QString::number(timing.unattributedNs(wall))));
        const qint64 moves = sumOf(timing, TimePart::Move);
        const qint64 reads = sumOf(timing, TimePart::Read);
        QCOMPARE(slow == u"begin"_s ? moves : reads, kPoints * kDelayNs);
        QCOMPARE(slow == u"begin"_s ? reads : moves, kPoints * qint64(100'000));
        for (const ScanTiming::Entry &entry : timing.entries()) {
            if (entry.part == TimePart::Move || entry.part == TimePart::Read)
                QCOMPARE(entry.instruments, QStringList{u"smu"_s});
        }
        QVERIFY(at.pumpToIdle());
    }

    void waitsAndLanes()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        auto sweep = sweepOf(u"smu.bias"_s, linear(u"1"_s, u"3"_s, 3));
        sweep->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"2 s"_s}}));
        sweep->appendChild(measureOf({u"smu.iv"_s}));
        at.add(at.compile(std::move(sweep)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().endings > 0; }));
        const ScanTiming timing = timingOf(at.stored());
        QCOMPARE(sumOf(timing, TimePart::Wait), qint64(6'000'000'000));
        QCOMPARE(timing.unattributedNs(timing.wallNs(0)), 0);
        QVERIFY(at.pumpToIdle());
    }

    void storedAndReadAgain()
    {
        ScanTiming timing;
        timing.begin(1000);
        const NodeId node = newUid();
        const auto smu = [] { return QStringList{u"smu"_s}; };
        timing.add(timing.entry(u"0.1"_s, node, TimePart::Settle, smu), 7);
        timing.add(timing.entry({}, {}, TimePart::Branches, smu), 40);
        timing.end(1050);
        const QJsonObject json = timing.toJson(9999);
        const ScanTiming again = ScanTiming::fromJson(json);
        QCOMPARE(again.toJson(0), json);
        QCOMPARE(again.wallNs(0), 50);
        QCOMPARE(again.unattributedNs(50), 10); // branches run beside the main lane
    }

    void readsAbsurdInput()
    {
        const QJsonObject json{{u"wallNs"_s, u"long"_s},
                               {u"parts"_s, QJsonArray{1, QJsonObject{{u"part"_s, u"nap"_s}}}}};
        QVERIFY(ScanTiming::fromJson(json).entries().empty());
    }
};

QTEST_GUILESS_MAIN(ScanTimingTest)
#include "tst_scan_timing.moc"
