#include "tests/app/test_bench.h"
#include "tests/support/postgres_server.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace birch::test;

/// birchctl queue start: a queue in the database is run, whatever happens to the program.
class QueueStartTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QString problem;
        m_server = PostgresServer::start(&problem);
        QVERIFY2(m_server, qPrintable(problem));
    }

    void runsInOrder_data() { addDatabases("ordered"); }
    void runsInOrder()
    {
        begin();
        add(u"a"_s, 3);
        add(u"b"_s, 3, {u"--priority"_s, u"1"_s});
        add(u"c"_s, 3, {u"--ready"_s, u"no"_s});
        add(u"d"_s, 3, {u"--repeat"_s, u"2"_s});
        const QTemporaryDir folder;
        const QString trace = folder.filePath(u"night.trace"_s);
        const Outcome outcome = run({u"start"_s, u"night"_s, u"--json"_s, u"--trace"_s, trace});
        QVERIFY2(outcome.exitCode == 0, outcome.messages.right(2000));
        QFile bytes(trace);
        QVERIFY(bytes.open(QIODevice::ReadOnly));
        QVERIFY(bytes.readAll().contains("*IDN?"));
        QCOMPARE(statuses(), u"completed completed queued completed"_s);
        QVERIFY2(outcome.messages.contains("c (not ready)"), outcome.messages.right(2000));
        QCOMPARE(history(), u"b a d d"_s);
        QCOMPARE(queue()[u"status"].toString(), u"idle"_s);
        QCOMPARE(outcome.json()[u"queues"][0][u"completed"].toInt(), 3);
    }

    /// What is changed while a scan runs counts from the next one on, also for the one that was
    /// claimed ahead.
    void changesWhileItRuns_data() { addDatabases("changed"); }
    void changesWhileItRuns()
    {
        begin();
        add(u"a"_s, 40, {}, u"50 ms"_s);
        add(u"b"_s, 2);
        add(u"c"_s, 2);
        add(u"d"_s, 2);
        const auto process = start({u"start"_s, u"night"_s, u"--json"_s});
        QVERIFY2(!TestStation::awaitPoints(*process, 2).isEmpty(), process->readAllStandardError());
        done({u"move"_s, u"night/4"_s, u"2"_s});
        done({u"edit"_s, u"night/3"_s, u"--set"_s, u"Again.times=5"_s});
        done({u"remove"_s, u"night/4"_s});
        QVERIFY(run({u"remove"_s, u"night/1"_s}).exitCode != 0);
        const Outcome outcome = TestStation::await(*process);
        QVERIFY2(outcome.exitCode == 0, outcome.messages.right(2000));
        QCOMPARE(history(), u"a d b"_s);
        QCOMPARE(item(2)[u"points"].toInt(), 5);
    }

    void pausesResumesAborts_data() { addDatabases("asked"); }
    void pausesResumesAborts()
    {
        begin();
        add(u"a"_s, 100, {}, u"50 ms"_s);
        add(u"b"_s, 2);
        const auto process = start({u"start"_s, u"night"_s, u"--json"_s});
        QVERIFY2(!TestStation::awaitPoints(*process, 2).isEmpty(), process->readAllStandardError());
        done({u"pause"_s, u"night"_s});
        QTRY_COMPARE_WITH_TIMEOUT(item(0)[u"status"].toString(), u"paused"_s, 20'000);
        done({u"resume"_s, u"night"_s});
        QTRY_COMPARE_WITH_TIMEOUT(item(0)[u"status"].toString(), u"running"_s, 20'000);
        done({u"abort"_s, u"night/1"_s}); // the others go on
        const Outcome outcome = TestStation::await(*process);
        QVERIFY2(outcome.exitCode == 1, outcome.messages.right(2000));
        QCOMPARE(statuses(), u"aborted completed"_s);
    }

    /// Two at once, because their instruments are others; aborting one leaves the other alone.
    void disjointScansRunAtOnce_data() { addDatabases("parallel"); }
    void disjointScansRunAtOnce()
    {
        begin();
        done({u"new"_s, u"night"_s, u"--parallel"_s, u"2"_s});
        add(u"a"_s, 60, {}, u"50 ms"_s);
        add(u"b"_s, 2);
        const QByteArray spare = slowTree(60, u"50 ms"_s).replace("smu.", "spare.");
        done({u"add"_s, u"night"_s, m_station->write(u"spare.scan.json"_s, spare)});
        const auto process = start({u"start"_s, u"night"_s, u"--json"_s});
        QTRY_COMPARE_WITH_TIMEOUT(statuses(), u"running queued running"_s, 30'000);
        done({u"abort"_s, u"night/3"_s});
        const Outcome outcome = TestStation::await(*process);
        QVERIFY2(outcome.exitCode == 1, outcome.messages.right(2000));
        QCOMPARE(statuses(), u"completed completed aborted"_s);
    }

    /// Killed at random, the queue goes on where it was: each scan once, whole.
    void survivesKills_data() { addDatabases("killed"); }
    void survivesKills()
    {
        begin();
        for (const char *name : {"a", "b", "c", "d"})
            add(QString::fromLatin1(name), 30, {}, u"20 ms"_s);
        int kills = 0;
        Outcome last;
        QElapsedTimer whole;
        whole.start();
        while (whole.elapsed() < 60'000) {
            const auto process = start({u"start"_s, u"night"_s, u"--json"_s});
            QVERIFY(process->waitForStarted());
            if (kills < 6 && !process->waitForFinished(500 + 150 * kills)) {
                process->kill();
                ++kills;
            }
            last = TestStation::await(*process);
            if (last.exitCode >= 0)
                break;
        }
        QVERIFY2(last.exitCode == 0, last.messages.right(2000));
        QVERIFY(kills > 2);
        QCOMPARE(statuses(), u"completed completed completed completed"_s);
        QCOMPARE(history(), u"a b c d"_s);
        for (int row = 0; row < 4; ++row) {
            const Table table = m_station->table(item(row)[u"scan_id"].toString(), u"iv"_s);
            QCOMPARE(table.rows.size(), 30);
            QCOMPARE(table.disorder, QString());
        }
    }

    /// A station that stood still past its lease finds its scan taken over: what it still has of it
    /// goes beside the scan, never between.
    void aStationThatStoodStillIsTakenOver()
    {
        m_station = std::make_unique<TestStation>(m_server->url(u"stood"_s));
        m_station->setEnvironment(u"BIRCH_QUEUE_LEASE"_s, u"1 s"_s);
        m_station->setEnvironment(u"BIRCH_QUEUE_GRACE"_s, u"0 s"_s);
        m_rig = std::make_unique<TestBench>(*m_station);
        QVERIFY2(m_rig->problem().isEmpty(), qPrintable(m_rig->problem()));
        TestStation other(m_station->database());
        other.setEnvironment(u"BIRCH_STATION_NAME"_s, u"OTHER"_s);
        other.setEnvironment(u"BIRCH_QUEUE_LEASE"_s, u"1 s"_s);
        other.setEnvironment(u"BIRCH_QUEUE_GRACE"_s, u"0 s"_s);
        const TestBench otherBench(other);
        QVERIFY2(otherBench.problem().isEmpty(), qPrintable(otherBench.problem()));
        QCOMPARE(m_station->run({u"db"_s, u"init"_s}).exitCode, 0);
        add(u"a"_s, 60, {}, u"50 ms"_s);
        // Without a sentinel, which would kill it: it shall find out by itself.
        QFile rig(m_rig->file());
        QVERIFY(rig.open(QIODevice::Append));
        rig.write("sentinel:\n  enabled: false\n");
        rig.close();
        const auto still = start({u"start"_s, u"night"_s, u"--json"_s});
        const QString scan = TestStation::awaitPoints(*still, 25);
        QVERIFY2(!scan.isEmpty(), still->readAllStandardError());
        QCOMPARE(::kill(pid_t(still->processId()), SIGSTOP), 0);
        const Outcome elsewhere = other.run(
            {u"queue"_s, u"start"_s, u"night"_s, u"--bench"_s, otherBench.file(), u"--json"_s});
        QVERIFY2(elsewhere.exitCode == 0, elsewhere.messages.right(2000));
        QVERIFY2(statuses() == u"completed", elsewhere.messages.right(2000));
        const Table whole = m_station->table(scan, u"iv"_s);
        QCOMPARE(whole.rows.size(), 60);
        QCOMPARE(whole.disorder, QString());

        QCOMPARE(::kill(pid_t(still->processId()), SIGCONT), 0);
        const Outcome woken = TestStation::await(*still);
        QVERIFY2(woken.exitCode > 0,
                 QByteArray::number(woken.exitCode) + woken.messages.right(2000) + woken.output);
        QCOMPARE(m_station->run({u"resume"_s}).exitCode, 0);
        QCOMPARE(m_station->table(scan, u"iv"_s).rows, whole.rows);
        const QJsonArray objects = m_station->show(scan)[u"measurements"_s].toArray();
        QCOMPARE(objects.size(), 2);
        QCOMPARE(objects[1][u"name"_s].toString(), u"iv (RIG, start 1)"_s);
        QVERIFY(objects[1][u"rows"_s].toInt() > 0);
        QCOMPARE(m_station->show(scan)[u"points"_s].toInt(), 60);
    }

private:
    void addDatabases(const char *name)
    {
        QTest::addColumn<QString>("database");
        QTest::newRow("SQLite") << QString();
        QTest::newRow("PostgreSQL") << m_server->url(QString::fromLatin1(name));
    }
    void begin()
    {
        QFETCH(QString, database);
        m_rig.reset();
        m_station = std::make_unique<TestStation>(database);
        m_rig = std::make_unique<TestBench>(*m_station);
        QVERIFY2(m_rig->problem().isEmpty(), qPrintable(m_rig->problem()));
        if (!database.isEmpty())
            QCOMPARE(m_station->run({u"db"_s, u"init"_s}).exitCode, 0);
    }
    void add(const QString &name, int points, const QStringList &options = {},
             const QString &pause = u"1 ms"_s)
    {
        QByteArray tree = slowTree(points, pause);
        const QString file = m_station->write(name + u".scan.json"_s, tree);
        done(QStringList{u"add"_s, u"night"_s, file} + options);
        done({u"edit"_s, u"night/%1"_s.arg(queue()[u"items"].toArray().size()), u"--name"_s, name});
    }
    QStringList complete(QStringList arguments) const
    {
        return QStringList{u"queue"_s} + arguments + QStringList{u"--bench"_s, m_rig->file()};
    }
    Outcome run(const QStringList &arguments) { return m_station->run(complete(arguments)); }
    std::unique_ptr<QProcess> start(const QStringList &arguments)
    {
        return m_station->start(complete(arguments));
    }
    void done(const QStringList &arguments)
    {
        const Outcome outcome = run(arguments);
        QVERIFY2(outcome.exitCode == 0, outcome.messages);
    }
    QJsonObject queue()
    {
        return run({u"show"_s, u"night"_s, u"--json"_s}).json()[u"queue"].toObject();
    }
    QJsonValue item(int row) { return queue()[u"items"].toArray()[row]; }
    QString statuses()
    {
        QStringList list;
        for (const QJsonValue &one : queue()[u"items"].toArray())
            list << one[u"status"].toString();
        return list.join(u' ');
    }
    /// Names of the scans in the database, in the order in which they began.
    QString history()
    {
        QStringList list;
        for (const QJsonValue &one :
             m_station->run({u"scans"_s, u"--json"_s}).json()[u"scans"].toArray())
            list.prepend(one[u"name"].toString());
        return list.join(u' ');
    }

    std::unique_ptr<PostgresServer> m_server;
    std::unique_ptr<TestStation> m_station;
    std::unique_ptr<TestBench> m_rig;
};

QTEST_GUILESS_MAIN(QueueStartTest)
#include "tst_queue_start.moc"
