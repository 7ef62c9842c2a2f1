#include "tests/app/test_bench.h"
#include "tests/support/postgres_server.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace birch::test;

/// birchctl is killed at random instants, while it runs a scan or while it continues one; nothing
/// that it had told of may be lost, and in the end the scan is the one nobody disturbed.
class KillAndResumeTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        bool isGiven = false;
        m_seed = qEnvironmentVariable("BIRCH_KILL_SEED").toUInt(&isGiven);
        if (!isGiven)
            m_seed = QRandomGenerator::system()->generate();
        m_random.seed(m_seed);
        qInfo("BIRCH_KILL_SEED=%u repeats these instants", m_seed);
        QString problem;
        m_server = PostgresServer::start(&problem);
        QVERIFY2(m_server, qPrintable(problem));
    }

    void killedAtRandom_data()
    {
        const bool isCampaign = qEnvironmentVariableIsSet("BIRCH_KILLS");
        const int kills = isCampaign ? qEnvironmentVariableIntValue("BIRCH_KILLS") : 20;
        QTest::addColumn<QString>("database");
        QTest::addColumn<int>("kills");
        QTest::newRow("SQLite") << QString() << kills;
        QTest::newRow("PostgreSQL") << m_server->url(u"killed"_s) << (isCampaign ? kills : 3);
    }
    void killedAtRandom()
    {
        QFETCH(QString, database);
        QFETCH(int, kills);
        TestStation station(database);
        TestBench bench(station);
        QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
        if (!database.isEmpty())
            QCOMPARE(station.run({u"db"_s, u"init"_s}).exitCode, 0);
        const QString tree = station.write(u"killed.scan.json"_s, killTree(4, 750));
        const QStringList fresh{u"run"_s, tree, u"--bench"_s, bench.file(), u"--json"_s};

        QElapsedTimer whole;
        whole.start();
        const Outcome undisturbed = station.run(fresh);
        const qint64 span = whole.elapsed();
        QVERIFY2(undisturbed.exitCode == 0, undisturbed.messages.right(2000));
        const QString reference = scanOf(undisturbed);
        readReference(station, reference);

        int hits = 0;    // kills that met a scan at work
        QString current; // the scan that is to be continued; "": begin another one
        for (int killed = 0; killed < kills;) {
            const QStringList arguments =
                current.isEmpty()
                    ? fresh
                    : QStringList{u"resume"_s, current, u"--bench"_s, bench.file(), u"--json"_s};
            const auto process = station.start(arguments);
            QVERIFY(process->waitForStarted());
            const int instant = int(m_random.bounded(quint32(span + span / 5)));
            if (!process->waitForFinished(instant)) {
                process->kill();
                ++killed;
            }
            const Outcome outcome = TestStation::await(*process);
            if (outcome.exitCode >= 0) {
                QVERIFY2(outcome.exitCode == 0, outcome.messages.right(2000));
                compareWithReference(station, scanOf(outcome));
                current.clear();
            } else {
                recover(station, outcome, &current);
                hits += outcome.pointsTold() > 0 ? 1 : 0;
            }
            if (QTest::currentTestFailed()) {
                qInfo("after %d kills, the last %d ms after its start", killed, instant);
                return;
            }
        }
        if (!current.isEmpty()) {
            const Outcome last =
                station.run({u"resume"_s, current, u"--bench"_s, bench.file(), u"--json"_s});
            QVERIFY2(last.exitCode == 0, last.messages.right(2000));
            QCOMPARE(scanOf(last), current);
            compareWithReference(station, current);
        }
        qInfo("%d kills, %d of them amid points, in %lld ms; undisturbed %lld ms", kills, hits,
              whole.elapsed(), span);
        QVERIFY2(hits >= kills / 3, "too few kills met a running scan to prove anything");
    }

    void termSignalLeavesByTheSafePath()
    {
        TestStation station;
        TestBench bench(station);
        QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
        const QString tree = station.write(u"slow.scan.json"_s, slowTree(30, u"100 ms"_s));
        const auto process =
            station.start({u"run"_s, tree, u"--bench"_s, bench.file(), u"--json"_s});
        QVERIFY2(!TestStation::awaitPoints(*process, 2).isEmpty(), process->readAllStandardError());
        QCOMPARE(bench.ask(u"smu"_s, "SOUR:VOLT?").toDouble(), 1.0);
        QCOMPARE(::kill(pid_t(process->processId()), SIGTERM), 0);
        const Outcome stopped = TestStation::await(*process);
        QVERIFY2(stopped.exitCode == 3, stopped.messages.right(2000));
        QCOMPARE(bench.ask(u"smu"_s, "SOUR:VOLT?").toDouble(), 0.0);
        const QString scan = scanOf(stopped);
        QCOMPARE(station.show(scan)[u"status"].toString(), u"interrupted"_s);

        const Outcome resumed =
            station.run({u"resume"_s, scan, u"--bench"_s, bench.file(), u"--json"_s});
        QVERIFY2(resumed.exitCode == 0, resumed.messages.right(2000));
        QCOMPARE(scanOf(resumed), scan);
        const Table iv = station.table(scan, u"iv"_s);
        QCOMPARE(iv.rows.size(), 30);
        QCOMPARE(iv.disorder, QString());
    }

private:
    static QString scanOf(const Outcome &outcome)
    {
        return outcome.json()[u"scans"][0][u"scan_id"].toString();
    }

    void readReference(const TestStation &station, const QString &scan)
    {
        m_iv = station.table(scan, u"iv"_s).rows;
        m_spectra = station.table(scan, u"spectra"_s).rows;
        QCOMPARE(m_iv.size(), 3000);
        QCOMPARE(m_spectra.size(), 4);
    }

    void compareWithReference(const TestStation &station, const QString &scan) const
    {
        QCOMPARE(station.show(scan)[u"status"].toString(), u"completed"_s);
        compareRows(station.table(scan, u"iv"_s), m_iv, scan);
        compareRows(station.table(scan, u"spectra"_s), m_spectra, scan);
    }

    static void compareRows(const Table &table, const QByteArrayList &wanted, const QString &scan)
    {
        const QByteArrayList &got = table.rows;
        QCOMPARE(table.disorder, QString());
        QVERIFY2(got.size() == wanted.size(),
                 qPrintable(u"%1: %2 rows, not %3"_s.arg(scan).arg(got.size()).arg(wanted.size())));
        for (qsizetype i = 0; i < got.size(); ++i) {
            if (got[i] != wanted[i])
                QFAIL(qPrintable(u"%1, row %2: %3 instead of %4"_s.arg(scan).arg(i).arg(
                    QString::fromUtf8(got[i].left(200)), QString::fromUtf8(wanted[i].left(200)))));
        }
    }

    /// After a kill: what was told of is in the database, once and in order. \a current: the scan
    /// that can be continued now, "" for none.
    void recover(const TestStation &station, const Outcome &killed, QString *current)
    {
        if (m_random.bounded(3) == 0) { // a recovery may be killed as well
            const auto process = station.start({u"resume"_s, u"--json"_s});
            QVERIFY(process->waitForStarted());
            if (!process->waitForFinished(int(m_random.bounded(150))))
                process->kill();
            process->waitForFinished();
        }
        const Outcome recovered = station.run({u"resume"_s, u"--json"_s});
        QVERIFY2(recovered.exitCode == 0, recovered.messages.right(2000));
        const QJsonArray scans = recovered.json()[u"scans"].toArray();
        QVERIFY2(scans.size() <= 1, recovered.output);
        if (scans.isEmpty()) {
            // Killed before there was a scan, or after it had ended.
            QVERIFY(killed.pointsTold() == 0 ||
                    killed.pointsTold() == m_iv.size() + m_spectra.size());
            current->clear();
            return;
        }
        const QJsonObject scan = scans[0].toObject();
        const QString id = scan[u"scan_id"].toString();
        QVERIFY(current->isEmpty() || *current == id);
        *current = id;
        QCOMPARE(scan[u"status"].toString(), u"interrupted"_s);
        const Table iv = station.table(id, u"iv"_s);
        const Table spectra = station.table(id, u"spectra"_s);
        const qsizetype kept = iv.rows.size() + spectra.rows.size();
        QVERIFY2(
            kept >= killed.pointsTold(),
            qPrintable(u"%1: told of %2, kept %3"_s.arg(id).arg(killed.pointsTold()).arg(kept)));
        compareRows(iv, m_iv.first(std::min(iv.rows.size(), m_iv.size())), id);
        compareRows(spectra, m_spectra.first(std::min(spectra.rows.size(), m_spectra.size())), id);
    }

    quint32 m_seed = 0;
    QRandomGenerator m_random;
    std::unique_ptr<PostgresServer> m_server;
    QByteArrayList m_iv; // of the scan nobody disturbed
    QByteArrayList m_spectra;
};

QTEST_GUILESS_MAIN(KillAndResumeTest)
#include "tst_kill_and_resume.moc"
