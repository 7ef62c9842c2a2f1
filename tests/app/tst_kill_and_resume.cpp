#include "tests/app/row_compare.h"
#include "tests/app/test_bench.h"
#include "tests/support/campaign.h"
#include "tests/support/postgres_server.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace birch::test;

/// birchctl is killed at random instants, while it runs a scan or while it continues one, on both
/// databases and with nodes of every kind; nothing that it had told of may be lost, and in the end
/// the scan is the one nobody disturbed.
class KillAndResumeTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QString problem;
        m_server = PostgresServer::start(&problem);
        QVERIFY2(m_server, qPrintable(problem));
    }

    void killedAtRandom_data()
    {
        QTest::addColumn<QString>("database");
        QTest::addColumn<QString>("tree"); // "": many points and spectra
        QTest::addColumn<int>("kills");
        const QStringList trees{{}, u"sweeps"_s, u"decisions"_s, u"lanes"_s};
        for (const QString &tree : trees) {
            const QByteArray name = tree.isEmpty() ? "points" : tree.toUtf8();
            const int kills = m_campaign.perRow(kRows);
            QTest::addRow("SQLite, %s", name.constData()) << QString() << tree << kills;
            QTest::addRow("PostgreSQL, %s", name.constData())
                << m_server->url(u"killed_"_s + QString::fromUtf8(name)) << tree
                << (m_campaign.isLong() ? kills : 2);
        }
    }
    void killedAtRandom()
    {
        QFETCH(QString, database);
        QFETCH(QString, tree);
        QFETCH(int, kills);
        const QString row = QString::fromUtf8(QTest::currentDataTag());
        const int before = m_campaign.done(row);
        if (before >= kills)
            QSKIP("these kills have been survived before");
        TestStation station(database);
        TestBench bench(station);
        QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
        if (!database.isEmpty())
            QCOMPARE(station.run({u"db"_s, u"init"_s}).exitCode, 0);
        m_rest =
            QStringList{u"--bench"_s, bench.file(), u"--json"_s, u"--answer"_s, u"Film=5 nm"_s};
        const QStringList fresh =
            QStringList{u"run"_s, tree.isEmpty()
                                      ? station.write(u"killed.scan.json"_s, killTree(4, 750))
                                      : shippedTree(tree)} +
            m_rest;

        QElapsedTimer whole;
        whole.start();
        const Outcome undisturbed = station.run(fresh);
        m_spanMs = whole.elapsed();
        QVERIFY2(undisturbed.exitCode == 0, undisturbed.messages.right(800));
        readReference(station, scanOf(undisturbed));
        int hits = 0;
        QString current;
        for (int kill = before; kill < kills && !QTest::currentTestFailed(); ++kill) {
            m_random = m_campaign.random(row, kill);
            killOnce(station, fresh, &current, &hits);
            if (QTest::currentTestFailed())
                qInfo("at kill %d, %d ms after its start", kill, m_instantMs);
            else
                m_campaign.setDone(row, kill + 1);
        }
        if (QTest::currentTestFailed())
            return;
        finish(station, current);
        qInfo("%d kills, %d of them amid points, in %lld ms; undisturbed %lld ms", kills - before,
              hits, whole.elapsed(), m_spanMs);
        QVERIFY2(!m_campaign.isLong() || hits >= (kills - before) / 3,
                 "too few kills met a running scan to prove anything");
    }

    void cleanupTestCase() { m_campaign.forgetIfDone(kRows * m_campaign.perRow(kRows)); }

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
        QVERIFY2(stopped.exitCode == 3, stopped.messages.right(800));
        QCOMPARE(bench.ask(u"smu"_s, "SOUR:VOLT?").toDouble(), 0.0);
        const QString scan = scanOf(stopped);
        QCOMPARE(station.show(scan)[u"status"].toString(), u"interrupted"_s);

        const QTemporaryDir folder;
        const QString trace = folder.filePath(u"continued.trace"_s);
        const Outcome resumed = station.run(
            {u"resume"_s, scan, u"--bench"_s, bench.file(), u"--json"_s, u"--trace"_s, trace});
        QVERIFY2(resumed.exitCode == 0, resumed.messages.right(800));
        QFile bytes(trace);
        QVERIFY(bytes.open(QIODevice::ReadOnly));
        QVERIFY(bytes.readAll().contains("*IDN?"));
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
    static QString shippedTree(const QString &name)
    {
        return qEnvironmentVariable("BIRCH_SOURCE_DIR") + u"/tests/app/trees/"_s + name +
               u".scan.json"_s;
    }
    int bounded(qint64 end) { return int(m_random() % quint64(end)); }
    /// What is read at an interval is not the same twice.
    static bool isByTime(const QString &table) { return table == u"watched"_s; }

    /// Runs, or goes on with \a current, until it is killed.
    void killOnce(const TestStation &station, const QStringList &fresh, QString *current, int *hits)
    {
        while (!QTest::currentTestFailed()) {
            const auto process = station.start(
                current->isEmpty() ? fresh : QStringList{u"resume"_s, *current} + m_rest);
            QVERIFY(process->waitForStarted());
            m_instantMs = bounded(m_spanMs + m_spanMs / 5);
            if (!process->waitForFinished(m_instantMs))
                process->kill();
            const Outcome outcome = TestStation::await(*process);
            if (outcome.exitCode < 0) {
                *hits += outcome.pointsTold() > 0 ? 1 : 0;
                return recover(station, outcome, current);
            }
            QVERIFY2(outcome.exitCode == 0, outcome.messages.right(800));
            compareWithReference(station, scanOf(outcome));
            current->clear();
        }
    }

    void finish(const TestStation &station, const QString &current)
    {
        if (current.isEmpty())
            return;
        const Outcome last = station.run(QStringList{u"resume"_s, current} + m_rest);
        QVERIFY2(last.exitCode == 0, last.messages.right(800));
        QCOMPARE(scanOf(last), current);
        compareWithReference(station, current);
    }

    void readReference(const TestStation &station, const QString &scan)
    {
        m_reference.clear();
        m_settings.clear();
        const auto tables = station.show(scan)[u"measurements"].toArray();
        for (const QJsonValue &table : tables) {
            const QString name = table[u"name"].toString();
            const Table stored = station.table(scan, name);
            QVERIFY(stored.isTimely && !stored.rows.isEmpty());
            m_reference.insert(name, stored.rows);
            m_settings.insert(name, settingsOf(table[u"columns"].toArray()));
        }
        QVERIFY(!m_reference.isEmpty());
    }

    void compareWithReference(const TestStation &station, const QString &scan) const
    {
        QCOMPARE(station.show(scan)[u"status"].toString(), u"completed"_s);
        for (const auto &[name, rows] : m_reference.asKeyValueRange())
            compareRows(station.table(scan, name), rows, scan, name);
    }

    void compareRows(const Table &table, const QByteArrayList &wanted, const QString &scan,
                     const QString &name) const
    {
        const QByteArrayList &got = table.rows;
        QVERIFY2(table.isTimely, qPrintable(table.disorder));
        if (isByTime(name))
            return;
        QVERIFY2(
            got.size() == wanted.size(),
            qPrintable(
                u"%1, %2: %3 rows, not %4"_s.arg(scan, name).arg(got.size()).arg(wanted.size())));
        for (qsizetype i = 0; i < got.size(); ++i) {
            if (!isSameRow(got[i], wanted[i], m_settings[name]))
                QFAIL(qPrintable(u"%1, %2, row %3: %4 instead of %5"_s.arg(scan, name)
                                     .arg(i)
                                     .arg(QString::fromUtf8(got[i].left(200)),
                                          QString::fromUtf8(wanted[i].left(200)))));
        }
    }

    /// After a kill: what was told of is in the database, once and in order. \a current: the scan
    /// that can be continued now, "" for none.
    void recover(const TestStation &station, const Outcome &killed, QString *current)
    {
        if (bounded(3) == 0) { // a recovery may be killed as well
            const auto process = station.start({u"resume"_s, u"--json"_s});
            QVERIFY(process->waitForStarted());
            if (!process->waitForFinished(bounded(150)))
                process->kill();
            process->waitForFinished();
        }
        const Outcome recovered = station.run({u"resume"_s, u"--json"_s});
        QVERIFY2(recovered.exitCode == 0, recovered.messages.right(800));
        const QJsonArray scans = recovered.json()[u"scans"].toArray();
        QVERIFY2(scans.size() <= 1, recovered.output);
        if (scans.isEmpty()) {
            // Killed before there was a scan, or after it had ended.
            QVERIFY(killed.pointsTold() == 0 || killed.pointsTold() >= steadyRows());
            current->clear();
            return;
        }
        const QJsonObject scan = scans[0].toObject();
        const QString id = scan[u"scan_id"].toString();
        QVERIFY(current->isEmpty() || *current == id);
        *current = id;
        QCOMPARE(scan[u"status"].toString(), u"interrupted"_s);
        qsizetype kept = 0;
        for (const auto &[name, wanted] : m_reference.asKeyValueRange()) {
            const Table table = station.table(id, name);
            kept += table.rows.size();
            compareRows(table, wanted.first(std::min(table.rows.size(), wanted.size())), id, name);
        }
        QVERIFY2(
            kept >= killed.pointsTold(),
            qPrintable(u"%1: told of %2, kept %3"_s.arg(id).arg(killed.pointsTold()).arg(kept)));
    }
    qint64 steadyRows() const
    {
        qint64 rows = 0;
        for (const auto &[name, wanted] : m_reference.asKeyValueRange())
            rows += isByTime(name) ? 0 : wanted.size();
        return rows;
    }

    static constexpr int kRows = 8; ///< of killedAtRandom
    Campaign m_campaign{u"kills"_s, "BIRCH_KILLS", 24};
    std::mt19937 m_random; ///< of this kill
    std::unique_ptr<PostgresServer> m_server;
    QStringList m_rest;  ///< of every command line
    qint64 m_spanMs = 0; ///< of the scan nobody disturbed
    int m_instantMs = 0;
    QMap<QString, QByteArrayList> m_reference; ///< rows of its tables
    QMap<QString, int> m_settings;             ///< columns of these before what was read
};

QTEST_GUILESS_MAIN(KillAndResumeTest)
#include "tst_kill_and_resume.moc"
