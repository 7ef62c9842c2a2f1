#include "tests/app/test_bench.h"
#include "tests/support/postgres_server.h"
#include "tests/support/tcp_proxy.h"

#include <QDir>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch::test;

/// The database server is away, at the start or amid a scan, in every way a server can be away:
/// acquisition goes on, and in the end the scan is the one nobody disturbed.
class DatabaseAwayTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QString problem;
        m_server = PostgresServer::start(&problem);
        QVERIFY2(m_server, qPrintable(problem));
    }
    void init()
    {
        QString problem;
        QVERIFY2(m_server->startAgain(&problem), qPrintable(problem));
    }

    void serverKilledAmidAScan()
    {
        bool isCampaign = false;
        const int asked = qEnvironmentVariableIntValue("BIRCH_SERVER_KILLS", &isCampaign);
        const int scans = isCampaign ? asked / 3 : 1;
        Rig rig(m_server->url(u"killed"_s));
        QVERIFY2(rig.bench.problem().isEmpty(), qPrintable(rig.bench.problem()));
        rig.station.setEnvironment(u"BIRCH_FLUSH_INTERVAL"_s, u"50 ms"_s);
        QCOMPARE(rig.station.run({u"db"_s, u"init"_s}).exitCode, 0);
        readReference(rig);
        for (int scan = 0; scan < scans && !QTest::currentTestFailed(); ++scan)
            killThreeTimes(rig);
    }

    void serverStoppedAndSoonBack()
    {
        Rig rig(m_server->url(u"stopped"_s));
        QCOMPARE(rig.station.run({u"db"_s, u"init"_s}).exitCode, 0);
        readReference(rig);
        const auto process = rig.start();
        QVERIFY(!TestStation::awaitPoints(*process, 100).isEmpty());
        QString problem;
        QVERIFY2(m_server->restart(&problem), qPrintable(problem));
        finish(rig, *process);
    }

    void networkCutAmidAScan()
    {
        TcpProxy proxy(m_server->socketPath());
        QVERIFY(proxy.port() > 0);
        Rig rig(u"postgresql://birch@127.0.0.1:%1/cut?sslmode=disable"_s.arg(proxy.port()));
        rig.station.setEnvironment(u"BIRCH_DATABASE_CONNECT_TIMEOUT"_s, u"2 s"_s);
        rig.station.setEnvironment(u"BIRCH_DATABASE_STATEMENT_TIMEOUT"_s, u"1 s"_s);
        rig.station.setEnvironment(u"BIRCH_DATABASE_NETWORK_TIMEOUT"_s, u"1 s"_s);
        rig.station.setEnvironment(u"BIRCH_FLUSH_INTERVAL"_s, u"50 ms"_s);
        QCOMPARE(rig.station.run({u"db"_s, u"init"_s}).exitCode, 0);
        readReference(rig);
        const auto process = rig.start();
        QVERIFY(!TestStation::awaitPoints(*process, 200).isEmpty());
        proxy.cut();
        QVERIFY(!TestStation::awaitPoints(*process, 1200).isEmpty()); // nothing passes meanwhile
        QByteArray told;
        QVERIFY2(awaitProblem(*process, &told), told.right(3000));
        proxy.mend();
        finish(rig, *process);
    }

    void awayAtTheStartAndBackAmid()
    {
        Rig rig(m_server->url(u"late"_s));
        QCOMPARE(rig.station.run({u"db"_s, u"init"_s}).exitCode, 0);
        QCOMPARE(rig.station.run({u"samples"_s, u"add"_s, u"sample_id=S-7"_s}).exitCode, 0);
        readReference(rig);
        QVERIFY(m_server->stop());
        const auto process = rig.start({u"--sample"_s, u"S-7"_s});
        const QString scan = TestStation::awaitPoints(*process, 500);
        QVERIFY2(!scan.isEmpty(), process->readAllStandardError());
        QVERIFY2(QRegularExpression(u"^RIG-\\d{6}-x[0-9a-f]{6}$"_s).match(scan).hasMatch(),
                 qPrintable(scan));
        QString problem;
        QVERIFY2(m_server->startAgain(&problem), qPrintable(problem));
        finish(rig, *process);
        const QJsonObject stored = rig.station.show(scan); // the id that was told
        QCOMPARE(stored[u"scan_id"].toString(), scan);
        QCOMPARE(stored[u"sample"].toString(), u"S-7"_s);
        QVERIFY(!stored[u"queue_uid"].toString().isEmpty());
    }

    void awayAllTheTime()
    {
        Rig rig(m_server->url(u"away"_s));
        QCOMPARE(rig.station.run({u"db"_s, u"init"_s}).exitCode, 0);
        QCOMPARE(rig.station.run({u"scans"_s}).exitCode, 0); // it is remembered from here on
        readReference(rig);
        QVERIFY(m_server->stop());
        rig.station.setEnvironment(u"BIRCH_SPOOL_PATIENCE"_s, u"100 ms"_s);
        const auto process = rig.start({u"--sample"_s, u"never heard of"_s});
        const Outcome away = TestStation::await(*process);
        QCOMPARE(away.exitCode, 1);
        QVERIFY2(away.messages.contains("spool"), away.messages.right(2000));
        const QJsonObject told = away.json()[u"scans"][0].toObject();
        QCOMPARE(told[u"status"].toString(), u"completed"_s);
        QCOMPARE(told[u"points"].toInteger(), kRows + 4);

        QString problem;
        QVERIFY2(m_server->startAgain(&problem), qPrintable(problem));
        const Outcome resumed = rig.station.run({u"resume"_s, u"--json"_s});
        QCOMPARE(resumed.exitCode, 0);
        compareWithReference(rig, told[u"scan_id"].toString());
        const QJsonArray log = rig.station.show(told[u"scan_id"].toString())[u"logs"].toArray();
        QVERIFY2(log[0][u"message"].toString().contains(u"never heard of"_s),
                 "the sample that is not there is told of");
        QCOMPARE(spools(rig), 0);
    }

    void neverUsedBefore()
    {
        Rig rig(m_server->url(u"never"_s));
        QVERIFY(m_server->stop());
        const Outcome refused = TestStation::await(*rig.start());
        QVERIFY(refused.exitCode != 0);
        QVERIFY2(refused.messages.contains("--no-database"), refused.messages);
        QCOMPARE(spools(rig), 0);
    }

    void withoutADatabase()
    {
        Rig rig({}); // SQLite, later
        readReference(rig);
        const Outcome alone = TestStation::await(*rig.start({u"--no-database"_s}));
        QVERIFY2(alone.exitCode == 0, alone.messages.right(2000));
        const QString scan = alone.json()[u"scans"][0][u"scan_id"].toString();
        QCOMPARE(alone.json()[u"scans"][0][u"status"].toString(), u"completed"_s);
        QCOMPARE(spools(rig), 1);
        QVERIFY(rig.station.show(scan).isEmpty());
        // Another run leaves it alone: nobody said that this is its database.
        QCOMPARE(TestStation::await(*rig.start()).exitCode, 0);
        QCOMPARE(spools(rig), 1);
        QCOMPARE(rig.station.run({u"resume"_s}).exitCode, 0);
        compareWithReference(rig, scan);
        QCOMPARE(spools(rig), 0);
    }

private:
    static constexpr int kRows = 3000;

    struct Rig {
        explicit Rig(const QString &database)
            : station(database)
            , bench(station)
            , tree(station.write(u"away.scan.json"_s, killTree(4, kRows / 4)))
        {
        }
        std::unique_ptr<QProcess> start(const QStringList &more = {}) const
        {
            return station.start(
                QStringList{u"run"_s, tree, u"--bench"_s, bench.file(), u"--json"_s} + more);
        }

        TestStation station;
        TestBench bench;
        QString tree;
    };

    /// The bench gives the same values every time: once is enough.
    void readReference(const Rig &rig)
    {
        if (!m_iv.isEmpty())
            return;
        const Outcome undisturbed = TestStation::await(*rig.start());
        QVERIFY2(undisturbed.exitCode == 0, undisturbed.messages.right(2000));
        const QString scan = undisturbed.json()[u"scans"][0][u"scan_id"].toString();
        m_iv = rig.station.table(scan, u"iv"_s).rows;
        m_spectra = rig.station.table(scan, u"spectra"_s).rows;
        QCOMPARE(m_iv.size(), kRows);
        QCOMPARE(m_spectra.size(), 4);
    }

    void compareWithReference(const Rig &rig, const QString &scan) const
    {
        const QJsonObject stored = rig.station.show(scan);
        QCOMPARE(stored[u"status"].toString(), u"completed"_s);
        QCOMPARE(stored[u"points"].toInteger(), kRows + 4);
        const Table iv = rig.station.table(scan, u"iv"_s);
        QCOMPARE(iv.disorder, QString());
        QVERIFY(iv.rows == m_iv);
        QVERIFY(rig.station.table(scan, u"spectra"_s).rows == m_spectra);
    }

    void finish(const Rig &rig, QProcess &process) const
    {
        const Outcome outcome = TestStation::await(process);
        QVERIFY2(outcome.exitCode == 0, outcome.messages.right(2000));
        compareWithReference(rig, outcome.json()[u"scans"][0][u"scan_id"].toString());
        QCOMPARE(spools(rig), 0);
    }

    /// The rate of acquisition with the server there and with the server dead, in points/s.
    void killThreeTimes(const Rig &rig)
    {
        const auto process = rig.start();
        QVERIFY(!TestStation::awaitPoints(*process, 200).isEmpty());
        qint64 with = 0; // ms for 300 points
        qint64 without = 0;
        for (int kill = 0; kill < 3; ++kill) {
            const int points = 200 + kill * 900;
            QElapsedTimer timer;
            QVERIFY(!TestStation::awaitPoints(*process, points).isEmpty());
            timer.start();
            QVERIFY(!TestStation::awaitPoints(*process, points + 300).isEmpty());
            with += timer.restart();
            QVERIFY(m_server->kill());
            timer.restart();
            QVERIFY(!TestStation::awaitPoints(*process, points + 600).isEmpty());
            without += timer.elapsed();
            QString problem;
            QVERIFY2(m_server->startAgain(&problem), qPrintable(problem));
        }
        qInfo("900 points with the server in %lld ms, without in %lld ms", with, without);
        finish(rig, *process);
        QVERIFY2(without < 3 * with + 500, "acquisition waits for the database");
    }

    /// Until the program has said that points wait.
    static bool awaitProblem(QProcess &process, QByteArray *told)
    {
        process.setReadChannel(QProcess::StandardError);
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 30'000) {
            if (!process.canReadLine() && !process.waitForReadyRead(30'000))
                return false;
            const QByteArray line = process.readLine();
            if (!line.startsWith("{\"points\""))
                told->append(line);
            const QJsonObject json = QJsonDocument::fromJson(line).object();
            if (!json[u"problem"].toString().isEmpty())
                return true;
        }
        return false;
    }

    static int spools(const Rig &rig)
    {
        const QDir folder(rig.station.path(u"spool"_s));
        QStringList names = folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        names.removeAll(u"sentinels"_s);
        return int(names.size());
    }

    std::unique_ptr<PostgresServer> m_server;
    QByteArrayList m_iv;
    QByteArrayList m_spectra;
};

QTEST_GUILESS_MAIN(DatabaseAwayTest)
#include "tst_database_away.moc"
