#include "tests/app/test_bench.h"

#include <QJsonDocument>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace birch::test;

namespace {

/// Reads what \a process says until \a isThere has seen it; gives up with the test.
template<typename IsThere>
bool readUntil(QProcess &process, QByteArray *said, IsThere isThere)
{
    while (!isThere(*said)) {
        if (!process.waitForReadyRead(20'000))
            return false;
        *said += process.readAllStandardError();
    }
    return true;
}

} // namespace

/// A run without a window, paused by a signal: resumed, or killed and continued.
class PauseSignalTest : public QObject
{
    Q_OBJECT
private slots:
    void pausedByASignal_data()
    {
        QTest::addColumn<bool>("isKilled");
        QTest::newRow("resumed") << false;
        QTest::newRow("killed, then continued") << true;
    }
    void pausedByASignal()
    {
        QFETCH(bool, isKilled);
        TestStation station;
        TestBench bench(station);
        QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
        const QString tree = station.write(u"paused.scan.json"_s, killTree(4, 750));
        const auto process =
            station.start({u"run"_s, tree, u"--bench"_s, bench.file(), u"--json"_s});
        process->setReadChannel(QProcess::StandardError);
        QByteArray said;
        QVERIFY(readUntil(*process, &said,
                          [](const QByteArray &text) { return text.count("\"points\"") > 3; }));
        QCOMPARE(::kill(pid_t(process->processId()), SIGUSR1), 0);
        QVERIFY(readUntil(*process, &said, [](const QByteArray &text) {
            return text.contains("\"status\":\"paused\"") && text.contains("Paused. ");
        }));
        const QString scan =
            QJsonDocument::fromJson(said.mid(said.indexOf("{\"points\"")).split('\n').first())
                .object()[u"scan_id"_s]
                .toString();
        QVERIFY(!scan.isEmpty());
        if (isKilled) {
            process->kill();
            QVERIFY(process->waitForFinished());
            QCOMPARE(station.run({u"resume"_s}).exitCode, 0); // recovers
            const auto pauses = station.show(scan)[u"pauses"_s].toArray();
            QCOMPARE(pauses.size(), 1);
            QCOMPARE(station.run({u"resume"_s, scan, u"--bench"_s, bench.file()}).exitCode, 0);
        } else {
            QCOMPARE(::kill(pid_t(process->processId()), SIGUSR2), 0);
            QVERIFY(process->waitForFinished(60'000));
            const QByteArray last = process->readAllStandardOutput().right(900);
            QVERIFY2(process->exitCode() == 0, last.constData());
        }
        const QJsonObject shown = station.show(scan);
        QCOMPARE(shown[u"status"_s].toString(), u"completed"_s);
        QCOMPARE(shown[u"points"_s], shown[u"points_planned"_s]);
        const auto pauses = shown[u"pauses"_s].toArray();
        QCOMPARE(pauses.size(), 1);
        QVERIFY(pauses[0][u"from"_s].toString() < pauses[0][u"to"_s].toString());
    }
};

QTEST_GUILESS_MAIN(PauseSignalTest)
#include "tst_pause_signal.moc"
