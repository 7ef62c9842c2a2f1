#include "tests/app/test_bench.h"
#include "tests/support/postgres_server.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace birch::test;
using namespace Qt::StringLiterals;

/// The settings of instruments as a scan's record has them: at its start and its end, against what
/// they are when it goes on after a death, and when it is run once more.
class ScanSettingsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QString problem;
        m_server = PostgresServer::start(&problem);
        QVERIFY2(m_server, qPrintable(problem));
    }
    void init() { open({}); }

    void whatChangedUntilTheEnd()
    {
        QCOMPARE(m_bench->ask(u"smu"_s, "SENS:CURR:NPLC 1;:SENS:CURR:NPLC?").toDouble(), 1.0);
        const auto process = startScan(10, u"100 ms"_s);
        QVERIFY2(!TestStation::awaitPoints(*process, 2).isEmpty(), process->readAllStandardError());
        m_bench->ask(u"smu"_s, "SENS:CURR:NPLC 3;:SENS:CURR:NPLC?");
        const Outcome outcome = TestStation::await(*process);
        QVERIFY2(outcome.exitCode == 0, outcome.messages.right(2000));
        const QJsonObject scan = m_station->show(scanOf(outcome));
        QCOMPARE(scan[u"settings"][u"smu"][u"nplc"].toDouble(), 1.0);
        QCOMPARE(scan[u"settings_at_end"][u"smu"][u"nplc"].toDouble(), 3.0);
        QVERIFY(scan[u"settings_at_end"][u"smu"][u"_errors"].isUndefined());
        QVERIFY(!scan[u"settings_at_end"].toObject().contains(u"stage"_s)); // not of this scan
        const Outcome shown = m_station->run({u"show"_s, scanOf(outcome)});
        QVERIFY2(shown.output.contains("smu.nplc: was 1, is 3"), shown.output);
        QVERIFY2(!shown.output.contains("smu.compliance: was"), shown.output);
        QFile file(m_bench->file());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(scan[u"bench"][u"text"].toString().toUtf8(), file.readAll());
    }

    void changedWhileItWasDead_data()
    {
        QTest::addColumn<QString>("database");
        QTest::addColumn<QString>("choice");
        for (const QString &choice : {u"restore"_s, u"keep"_s}) {
            QTest::addRow("SQLite, %s", qPrintable(choice)) << QString() << choice;
            QTest::addRow("PostgreSQL, %s", qPrintable(choice))
                << m_server->url(u"settings_"_s + choice) << choice;
        }
    }
    void changedWhileItWasDead()
    {
        QFETCH(QString, database);
        QFETCH(QString, choice);
        open(database);
        const QString scan = killedScan();
        QVERIFY(!scan.isEmpty());
        QCOMPARE(m_bench->ask(u"smu"_s, kSetCompliance).toDouble(), 0.02);

        const Outcome refused = resume(scan, {u"--json"_s});
        QCOMPARE(refused.exitCode, 2);
        const QJsonObject difference = refused.json()[u"differences"][0].toObject();
        QCOMPARE(difference[u"instrument"].toString(), u"smu"_s);
        QCOMPARE(difference[u"parameter"].toString(), u"compliance"_s);
        QCOMPARE(difference[u"unit"].toString(), u"A"_s);
        QCOMPARE(difference[u"then"].toDouble(), 0.1);
        QCOMPARE(difference[u"now"].toDouble(), 0.02);
        QCOMPARE(difference[u"proposed"].toDouble(), 0.1);
        QCOMPARE(refused.json()[u"differences"].toArray().size(), 1);
        QVERIFY2(refused.messages.contains("--settings restore"), refused.messages);
        QCOMPARE(compliance(), 0.02); // nothing was applied
        QCOMPARE(m_station->show(scan)[u"status"].toString(), u"interrupted"_s);
        const Outcome table = resume(scan, {});
        QCOMPARE(table.exitCode, 2);
        for (const char *word : {"Then", "Now", "Proposed", "smu.compliance", "0.1 A", "0.02 A"})
            QVERIFY2(table.output.contains(word), table.output);

        const Outcome resumed = resume(scan, {u"--settings"_s, choice, u"--json"_s});
        QVERIFY2(resumed.exitCode == 0, resumed.messages.right(2000));
        QCOMPARE(scanOf(resumed), scan);
        QCOMPARE(compliance(), choice == u"restore" ? 0.1 : 0.02);
        const QJsonObject shown = m_station->show(scan);
        QCOMPARE(shown[u"status"].toString(), u"completed"_s);
        QCOMPARE(shown[u"points"].toInt(), kPoints);
        QCOMPARE(shown[u"settings"][u"smu"][u"compliance"].toDouble(), 0.1);
        QCOMPARE(shown[u"settings_at_end"][u"smu"][u"compliance"].toDouble(),
                 choice == u"restore" ? 0.1 : 0.02);
        const QString log = logOf(shown);
        QVERIFY2(log.contains(choice == u"restore"
                                  ? u"smu.compliance set back from 0.02 A to 0.1 A, reads 0.1 A"_s
                                  : u"kept: smu.compliance: was 0.1 A, is 0.02 A"_s),
                 qPrintable(log));
    }

    void nothingChangedNeedsNoConsent()
    {
        const QString scan = killedScan();
        const Outcome resumed = resume(scan, {u"--json"_s});
        QVERIFY2(resumed.exitCode == 0, resumed.messages.right(2000));
        QCOMPARE(m_station->show(scan)[u"points"].toInt(), kPoints);
    }

    void instrumentIsOff()
    {
        const QString scan = killedScan();
        QVERIFY(m_bench->setFaults(u"smu"_s, u"hang"_s));
        const Outcome off = resume(scan, {u"--settings"_s, u"restore"_s, u"--json"_s});
        QCOMPARE(off.exitCode, 1);
        QVERIFY2(off.json()[u"error"].toString().contains(u"smu"_s), off.output + off.messages);
        QCOMPARE(m_station->show(scan)[u"status"].toString(), u"interrupted"_s);
        QVERIFY(m_bench->setFaults(u"smu"_s, {}));
        QCOMPARE(resume(scan, {u"--json"_s}).exitCode, 0);
    }

    /// Part of it is set back by then; the rest is shown again, and the scan is none the worse.
    void killedAmidTheRestoring()
    {
        const QString scan = killedScan();
        QVERIFY(!scan.isEmpty());
        m_bench->ask(u"smu"_s, kSetCompliance);
        m_bench->ask(u"smu"_s, "SENS:CURR:NPLC 5;:SENS:CURR:NPLC?");
        QVERIFY(m_bench->setFaults(u"smu"_s, u"delay=150ms"_s));
        const auto process = m_station->start({u"resume"_s, scan, u"--bench"_s, m_bench->file(),
                                               u"--settings"_s, u"restore"_s, u"--json"_s});
        QVERIFY(process->waitForStarted());
        QElapsedTimer timer;
        timer.start();
        while (compliance() != 0.1 && timer.elapsed() < 30'000 &&
               process->state() == QProcess::Running)
            QTest::qWait(5);
        process->kill();
        (void)TestStation::await(*process);
        QVERIFY(m_bench->setFaults(u"smu"_s, {}));
        QCOMPARE(compliance(), 0.1);
        QCOMPARE(m_bench->ask(u"smu"_s, "SENS:CURR:NPLC?").toDouble(), 5.0);
        const Outcome refused = resume(scan, {u"--json"_s});
        QCOMPARE(refused.exitCode, 2);
        QCOMPARE(refused.json()[u"differences"].toArray().size(), 1);
        QCOMPARE(refused.json()[u"differences"][0][u"parameter"].toString(), u"nplc"_s);
        const Outcome resumed = resume(scan, {u"--settings"_s, u"restore"_s, u"--json"_s});
        QVERIFY2(resumed.exitCode == 0, resumed.messages.right(2000));
        QCOMPARE(m_bench->ask(u"smu"_s, "SENS:CURR:NPLC?").toDouble(), 1.0);
        QCOMPARE(m_station->show(scan)[u"points"].toInt(), kPoints);
    }

    void likeAnotherScan_data()
    {
        QTest::addColumn<QString>("database");
        QTest::newRow("SQLite") << QString();
        QTest::newRow("PostgreSQL") << m_server->url(u"like"_s);
    }
    void likeAnotherScan()
    {
        QFETCH(QString, database);
        open(database);
        const Outcome first = TestStation::await(*startScan(3, u"1 ms"_s));
        QVERIFY2(first.exitCode == 0, first.messages.right(2000));
        const QString scan = scanOf(first);
        QCOMPARE(m_bench->ask(u"smu"_s, kSetCompliance).toDouble(), 0.02);

        const Outcome dry = like(scan, {u"--dry-run"_s});
        QVERIFY2(dry.exitCode == 0, dry.messages);
        QCOMPARE(dry.json()[u"differences"][0][u"parameter"].toString(), u"compliance"_s);
        QCOMPARE(like(scan, {}).exitCode, 2);
        QCOMPARE(compliance(), 0.02);
        QCOMPARE(m_station->run({u"scans"_s, u"--json"_s}).json()[u"total"].toInt(), 1);

        const Outcome again =
            like(scan, {u"--settings"_s, u"restore"_s, u"--operator"_s, u"Eve"_s});
        QVERIFY2(again.exitCode == 0, again.messages.right(2000));
        QVERIFY(scanOf(again) != scan);
        const QJsonObject then = m_station->show(scan);
        const QJsonObject now = m_station->show(scanOf(again));
        QCOMPARE(now[u"plan_hash"].toString(), then[u"plan_hash"].toString());
        QCOMPARE(now[u"tree"].toObject(), then[u"tree"].toObject());
        QCOMPARE(now[u"points"].toInt(), then[u"points"].toInt());
        QCOMPARE(now[u"settings"].toObject(), then[u"settings"].toObject());
        QCOMPARE(now[u"operator"].toString(), u"Eve"_s);
        QCOMPARE(now[u"title"].toString(), then[u"title"].toString());
        for (const QString &fact : {u"rows"_s, u"columns"_s})
            QCOMPARE(now[u"measurements"][0][fact], then[u"measurements"][0][fact]);
        QVERIFY2(logOf(now).contains(scan), qPrintable(logOf(now)));
    }

    void likeWithTheBenchOfTheRecord()
    {
        const Outcome first = TestStation::await(*startScan(2, u"1 ms"_s));
        QVERIFY2(first.exitCode == 0, first.messages.right(2000));
        QFile file(m_bench->file());
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate)); // somebody has edited it
        file.write("name: Nothing is left\n");
        file.close();
        const Outcome again = m_station->run({u"run"_s, u"--like"_s, scanOf(first), u"--json"_s});
        QVERIFY2(again.exitCode == 0, again.messages.right(2000));
        QVERIFY2(again.messages.contains("taken from the record"), again.messages);
        QCOMPARE(m_station->show(scanOf(again))[u"plan_hash"],
                 m_station->show(scanOf(first))[u"plan_hash"]);
    }

    void whatDoesNotGoTogether_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("like and a file") << QStringList{u"--like"_s, u"X"_s, u"a.scan.json"_s};
        QTest::newRow("like and set")
            << QStringList{u"--like"_s, u"X"_s, u"--set"_s, u"sweep.points=3"_s};
        QTest::newRow("like what") << QStringList{u"--like"_s, u"X"_s};
        QTest::newRow("dry run of a file") << QStringList{u"a.scan.json"_s, u"--dry-run"_s};
        QTest::newRow("settings of a file")
            << QStringList{u"a.scan.json"_s, u"--settings"_s, u"keep"_s};
        QTest::newRow("no such choice")
            << QStringList{u"--like"_s, u"X"_s, u"--settings"_s, u"maybe"_s};
    }
    void whatDoesNotGoTogether()
    {
        QFETCH(QStringList, arguments);
        const Outcome outcome = m_station->run(QStringList{u"run"_s} + arguments);
        QCOMPARE(outcome.exitCode, 2);
        QVERIFY(!outcome.messages.isEmpty());
    }

private:
    static constexpr int kPoints = 20;
    static constexpr const char *kSetCompliance = "SENS:CURR:PROT 0.02;:SENS:CURR:PROT?";

    void open(const QString &database)
    {
        m_bench.reset();
        m_station = std::make_unique<TestStation>(database);
        m_bench = std::make_unique<TestBench>(*m_station);
        QVERIFY2(m_bench->problem().isEmpty(), qPrintable(m_bench->problem()));
        if (!database.isEmpty())
            QCOMPARE(m_station->run({u"db"_s, u"init"_s}).exitCode, 0);
    }
    std::unique_ptr<QProcess> startScan(int points, const QString &pause) const
    {
        const QString tree = m_station->write(u"slow.scan.json"_s, slowTree(points, pause));
        return m_station->start({u"run"_s, tree, u"--bench"_s, m_bench->file(), u"--json"_s});
    }
    /// Its id, once it is known to be interrupted.
    QString killedScan() const
    {
        const auto process = startScan(kPoints, u"50 ms"_s);
        const QString scan = TestStation::awaitPoints(*process, 3);
        process->kill();
        (void)TestStation::await(*process);
        const Outcome listed = m_station->run({u"resume"_s, u"--json"_s});
        return listed.json()[u"scans"].toArray().size() == 1 ? scan : QString();
    }
    Outcome resume(const QString &scan, const QStringList &more) const
    {
        return m_station->run(QStringList{u"resume"_s, scan, u"--bench"_s, m_bench->file()} + more);
    }
    Outcome like(const QString &scan, const QStringList &more) const
    {
        return m_station->run(
            QStringList{u"run"_s, u"--like"_s, scan, u"--bench"_s, m_bench->file(), u"--json"_s} +
            more);
    }
    double compliance() const { return m_bench->ask(u"smu"_s, "SENS:CURR:PROT?").toDouble(); }
    static QString scanOf(const Outcome &outcome)
    {
        return outcome.json()[u"scans"][0][u"scan_id"].toString();
    }
    static QString logOf(const QJsonObject &scan)
    {
        QStringList lines;
        for (const QJsonValue &line : scan[u"logs"].toArray())
            lines << line[u"message"].toString();
        return lines.join(u'\n');
    }

    std::unique_ptr<PostgresServer> m_server;
    std::unique_ptr<TestStation> m_station;
    std::unique_ptr<TestBench> m_bench;
};

QTEST_GUILESS_MAIN(ScanSettingsTest)
#include "tst_scan_settings.moc"
