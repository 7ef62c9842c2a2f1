#include "tests/app/test_bench.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch::test;

/// Two programs of one computer that want the same instruments over plain sockets, which anybody
/// can open as often as he likes.
class TwoProgramsTest : public QObject
{
    Q_OBJECT
private slots:
    void secondScanIsRefusedAndDisturbsNothing();
    void instrumentsThatAreFreeCanBeUsed();
};

void TwoProgramsTest::secondScanIsRefusedAndDisturbsNothing()
{
    TestStation station;
    const TestBench bench(station);
    QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
    const QString tree = station.write(u"slow.scan.json"_s, slowTree(100, u"50 ms"_s));
    const QStringList run{u"run"_s, tree, u"--bench"_s, bench.file(), u"--json"_s};
    const auto first = station.start(run);
    const QString scan = TestStation::awaitPoints(*first, 3);
    QVERIFY(!scan.isEmpty());
    const Outcome second = station.run(run);
    QCOMPARE(second.exitCode, 1);
    QVERIFY2((second.messages + second.output).contains("in use by "), second.output);
    QCOMPARE(bench.ask(u"smu"_s, "SOUR:VOLT?").toDouble(), 1.0); // not made safe under it
    const Outcome query = station.run(
        {u"instruments"_s, u"query"_s, u"smu"_s, u"*IDN?"_s, u"--bench"_s, bench.file()});
    QVERIFY2(query.messages.contains("in use by "), query.messages);
    QCOMPARE(TestStation::await(*first).exitCode, 0);
    QCOMPARE(station.table(scan, u"iv"_s).rows.size(), 100);
    // Free again.
    QCOMPARE(
        station
            .run({u"instruments"_s, u"query"_s, u"smu"_s, u"*IDN?"_s, u"--bench"_s, bench.file()})
            .exitCode,
        0);
}

void TwoProgramsTest::instrumentsThatAreFreeCanBeUsed()
{
    TestStation station;
    const TestBench bench(station);
    QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
    const auto first =
        station.start({u"run"_s, station.write(u"slow.scan.json"_s, slowTree(40, u"50 ms"_s)),
                       u"--bench"_s, bench.file(), u"--json"_s});
    QVERIFY(!TestStation::awaitPoints(*first, 3).isEmpty());
    QByteArray other = slowTree(5, u"10 ms"_s);
    other.replace("smu.", "spare.");
    QCOMPARE(station
                 .run({u"run"_s, station.write(u"other.scan.json"_s, other), u"--bench"_s,
                       bench.file(), u"--json"_s})
                 .exitCode,
             0);
    QCOMPARE(TestStation::await(*first).exitCode, 0);
}

QTEST_GUILESS_MAIN(TwoProgramsTest)
#include "tst_two_programs.moc"
