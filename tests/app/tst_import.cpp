#include "core/store/database.h"
#include "tests/app/test_station.h"
#include "tests/core/exchange/import/source_file.h"
#include "tests/core/exchange/import/target_state.h"
#include "tests/support/postgres_server.h"

#include <QFileInfo>
#include <QTest>

#include <csignal>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

namespace {

/// 300 scans of 100 points more, so that there is something to kill.
const QString kManyScans =
    u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) "
    "INSERT INTO scans (id, scan_id, scan_name, status, created_at, updated_at) "
    "SELECT 10000 + i, 'MANY-' || i, 'Many', 'completed', '2026-01-10 05:00:00', "
    "'2026-01-10 05:00:00' FROM n; "
    "INSERT INTO measurement_objects (id, scan_id, name, columns, created_at) "
    "SELECT id, id, 'iv', '[\"U (V)\", \"I (A)\"]', '2026-01-10 05:00:00' FROM scans "
    "WHERE id > 10000; "
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99) "
    "INSERT INTO measurement_data_points (measurement_object_id, sequence_index, \"values\") "
    "SELECT o.id, n.i, '{\"U (V)\": ' || n.i * 0.1 || ', \"I (A)\": ' || n.i || '}' "
    "FROM measurement_objects o, n WHERE o.id > 10000"_s;

qint64 countOf(Connection &connection, const QString &table)
{
    const auto row = connection.firstRow(u"SELECT count(*) FROM "_s + table);
    return row && row.value() ? row.value()->first().toLongLong() : -1;
}

} // namespace

class ImportTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        m_source = m_folder.filePath(u"pybirch.db"_s);
        makeSourceFile(m_source, {u"pybirch_69_tables"_s});
        m_many = m_folder.filePath(u"many.db"_s);
        makeSourceFile(m_many, {u"pybirch_69_tables"_s});
        changeSourceFile(m_many, kManyScans);
    }

    void report()
    {
        const TestStation station;
        const Outcome done = station.run({u"import"_s, m_source, u"--json"_s});
        QVERIFY2(done.exitCode == 0, done.messages.constData());
        const QJsonObject report = done.json()[u"import"_s].toObject();
        QCOMPARE(report[u"kind"_s].toString(), u"pybirch"_s);
        QCOMPARE(report[u"dry_run"_s].toBool(), false);
        qint64 rows = 0;
        for (const QJsonValue value : report[u"tables"_s].toArray()) {
            const QJsonObject table = value.toObject();
            const qint64 sum = table[u"created"_s].toInteger() + table[u"unchanged"_s].toInteger() +
                               table[u"skipped"_s].toInteger() +
                               table[u"not_understood"_s].toInteger();
            QVERIFY2(table[u"rows"_s].toInteger() == sum, qPrintable(table[u"table"_s].toString()));
            rows += sum;
        }
        QCOMPARE(report[u"rows"_s].toInteger(), rows);
        QCOMPARE(report[u"tables"_s].toArray().size(), 68); // SQLite's own is not counted
        const Outcome again = station.run({u"import"_s, m_source, u"--json"_s});
        QCOMPARE(again.json()[u"import"_s][u"created"_s].toInt(), 0);
        const Outcome plain = station.run({u"import"_s, m_source});
        QVERIFY(plain.output.contains("samples"));
        const Outcome samples = station.run({u"samples"_s, u"list"_s, u"--json"_s});
        QCOMPARE(samples.json()[u"total"_s].toInt(), 5);
    }

    /// A database that is not there is not made by a dry run.
    void dryRunMakesNothing()
    {
        const TestStation station;
        const Outcome done = station.run({u"import"_s, m_source, u"--dry-run"_s, u"--json"_s});
        QVERIFY2(done.exitCode == 0, done.messages.constData());
        QVERIFY(done.json()[u"import"_s][u"created"_s].toInt() > 100);
        const auto url = DatabaseUrl::parse(station.database());
        QVERIFY(url);
        QVERIFY2(!QFileInfo::exists(url.value().path()), "the dry run has made the database");
    }

    void exitCodes_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("not there") << u"missing.db"_s << QByteArray() << 2;
        QTest::newRow("no database") << u"text.db"_s << "hello"_ba << 2;
        QTest::newRow("broken CSV") << u"samples.csv"_s << "sample_id,name\nA\n"_ba << 2;
        QTest::newRow("a row that does not fit")
            << u"samples.csv"_s << "sample_id,status\nA,lost\n"_ba << 1;
        QTest::newRow("good rows") << u"samples.csv"_s << "sample_id,status\nA,active\n"_ba << 0;
        QTest::newRow("data") << u"iv.csv"_s << "V (V),I (A)\n1,2\n"_ba << 0;
        QTest::newRow("no pickle") << u"a.pkl"_s << "hello"_ba << 2;
    }
    void exitCodes()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        QFETCH(int, exitCode);
        const TestStation station;
        const QString path = bytes.isEmpty() ? station.path(name) : station.write(name, bytes);
        const Outcome done = station.run({u"import"_s, path});
        QVERIFY2(done.exitCode == exitCode, done.messages.constData());
        if (exitCode == 2)
            QVERIFY(!done.messages.isEmpty());
    }

    /// Killed as soon as so much is there, then run to the end: the same as in one go.
    void killed_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<QString>("table");
        QTest::addColumn<int>("rows");
        for (bool isPostgres : {false, true}) {
            const char *engine = isPostgres ? "PostgreSQL" : "SQLite";
            QTest::addRow("%s, among the entities", engine) << isPostgres << u"users"_s << 2;
            QTest::addRow("%s, at the first scans", engine) << isPostgres << u"scans"_s << 3;
            QTest::addRow("%s, among the scans", engine) << isPostgres << u"scans"_s << 150;
        }
    }
    void killed()
    {
        QFETCH(bool, isPostgres);
        QFETCH(QString, table);
        QFETCH(int, rows);
        const auto whole = newStation(isPostgres);
        QCOMPARE(whole->run({u"import"_s, m_many}).exitCode, 0);
        const auto station = newStation(isPostgres);
        const auto target =
            Database::open(DatabaseUrl::parse(station->database()).value(), u"ada"_s);
        QVERIFY2(bool(target), target ? "" : qPrintable(target.error().message));
        const auto connection = target.value()->connect().value();
        const auto process = station->start({u"import"_s, m_many});
        while (process->state() != QProcess::NotRunning && countOf(*connection, table) < rows)
            process->waitForFinished(1);
        QVERIFY2(process->state() != QProcess::NotRunning, "it was done before it could be killed");
        ::kill(pid_t(process->processId()), SIGKILL);
        QVERIFY(process->waitForFinished());
        QVERIFY(countOf(*connection, u"scans"_s) < 312);
        QCOMPARE(station->run({u"import"_s, m_many}).exitCode, 0);
        const auto other =
            Database::open(DatabaseUrl::parse(whole->database()).value(), u"ada"_s).value();
        const auto expected = targetState(*other->connect().value());
        const auto found = targetState(*connection);
        for (const QString &name : expected.keys()) {
            QVERIFY2(found[name].size() == expected[name].size(), qPrintable(name));
            // Each database has its own first lab and user.
            QVERIFY2(name == u"labs"_s || name == u"users"_s || found[name] == expected[name],
                     qPrintable(name));
        }
    }

    void interrupted()
    {
        const auto station = newStation(false);
        const auto target =
            Database::open(DatabaseUrl::parse(station->database()).value(), u"ada"_s);
        const auto connection = target.value()->connect().value();
        const auto process = station->start({u"import"_s, m_many});
        while (process->state() != QProcess::NotRunning && countOf(*connection, u"scans"_s) < 20)
            process->waitForFinished(1);
        ::kill(pid_t(process->processId()), SIGINT);
        const Outcome outcome = TestStation::await(*process);
        QVERIFY2(outcome.exitCode == 3, outcome.messages.constData());
        QCOMPARE(station->run({u"import"_s, m_many}).exitCode, 0);
        QCOMPARE(countOf(*connection, u"scans"_s), 312);
    }

private:
    /// With a database at head.
    std::unique_ptr<TestStation> newStation(bool isPostgres)
    {
        auto station = std::make_unique<TestStation>(isPostgres ? postgresUrl() : QString());
        const Outcome made = station->run({u"db"_s, u"init"_s});
        if (made.exitCode != 0)
            qFatal("%s", made.messages.constData());
        return station;
    }
    QString postgresUrl()
    {
        QString problem;
        if (!m_server)
            m_server = PostgresServer::start(&problem);
        if (!m_server)
            qFatal("%s", qPrintable(problem));
        return m_server->url(u"import%1"_s.arg(++m_count));
    }

    QTemporaryDir m_folder;
    QString m_source;
    QString m_many;
    std::unique_ptr<PostgresServer> m_server;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(ImportTest)
#include "tst_import.moc"
