#include "tests/app/test_bench.h"
#include "tests/support/postgres_server.h"

#include <QFile>
#include <QTest>

using namespace birch::test;
using namespace Qt::StringLiterals;

namespace {
/// A model of the lab's own; the simulator that plays what it extends understands it.
QByteArray labDefinition(const QByteArray &limit)
{
    return "id: lab-smu\nmodel: \"Lab \xC2\xB5\"\nextends: demo-smu\n"
           "movements:\n  bias:\n    limits: [-" +
           limit + ", " + limit + "]\n";
}
} // namespace

/// The texts of the definitions that a scan was run with: in its record, whatever becomes of the
/// files and of the program.
class ScanDefinitionsTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QString problem;
        m_server = PostgresServer::start(&problem);
        QVERIFY2(m_server, qPrintable(problem));
    }

    void textsAreKept_data() { addDatabases("kept"); }
    void textsAreKept()
    {
        QFETCH(QString, database);
        open(database);
        const QString first = completed(m_station->run(runArguments()));
        const QString second = completed(m_station->run(runArguments()));
        QVERIFY(!first.isEmpty() && !second.isEmpty());
        const QJsonObject definition = definitionOf(first);
        QCOMPARE(definition[u"definition"].toString(), u"lab-smu"_s);
        QCOMPARE(definition[u"name"].toString(), u"Birch Lab µ"_s);
        QCOMPARE(definition[u"extends"][0].toString(), u"demo-smu"_s);
        QCOMPARE(definition[u"texts"][0][u"text"].toString().toUtf8(), labDefinition("5"));
        QCOMPARE(definition[u"texts"][1][u"text"].toString().toUtf8(), shipped());
        QCOMPARE(definition[u"version"],
                 m_station->show(first)[u"instruments"][u"smu"][u"version"]);
        QCOMPARE(definition[u"version"], m_station->show(first)[u"definitions"][0][u"version"]);
        QCOMPARE(definitionOf(second), definition); // stored once: also the time is the first's
        const QByteArray shown = m_station->run({u"show"_s, first}).output;
        QVERIFY2(shown.contains("smu: lab-smu, version " +
                                definition[u"version"].toString().left(12).toUtf8()),
                 shown);
        const Outcome text = m_station->run({u"show"_s, first, u"--definition"_s, u"smu"_s});
        QVERIFY2(text.output.contains(labDefinition("5")) && text.output.contains(shipped()),
                 text.output);
        const Outcome unknown = m_station->run({u"show"_s, first, u"--definition"_s, u"stage"_s});
        QCOMPARE(unknown.exitCode, 2);
        QVERIFY2(unknown.messages.contains("smu"), unknown.messages);

        QCOMPARE(m_station->run({u"db"_s, u"integrity"_s}).exitCode, 0);
    }

    void whatChangedSince_data() { addDatabases("changed"); }
    void whatChangedSince()
    {
        QFETCH(QString, database);
        open(database);
        const QString scan = completed(m_station->run(runArguments()));
        const QStringList like{u"run"_s, u"--like"_s, scan, u"--bench"_s, m_file, u"--json"_s};
        const Outcome same = m_station->run(like);
        QVERIFY2(same.exitCode == 0 && !same.messages.contains("is not what"), same.messages);

        m_station->write(u"lab-smu.instrument.yaml"_s, labDefinition("5") + "shutdown: []\n");
        const Outcome other = m_station->run(like);
        QVERIFY2(other.exitCode == 0, other.messages);
        QVERIFY2(other.messages.contains("smu: the definition lab-smu is not what " +
                                         scan.toUtf8() + " ran with"),
                 other.messages);
        QVERIFY2(other.messages.contains("+ 7: shutdown: []"), other.messages);
        QVERIFY2(!other.messages.contains("- 1:"), other.messages);

        m_station->write(u"lab-smu.instrument.yaml"_s, labDefinition("3"));
        const Outcome narrower = m_station->run(like);
        QVERIFY2(narrower.messages.contains("- 6:     limits: [-5, 5]") &&
                     narrower.messages.contains("+ 6:     limits: [-3, 3]"),
                 narrower.messages);
        QVERIFY(definitionOf(scan)[u"texts"][0][u"text"].toString().contains(u"[-5, 5]"_s));
    }

    void killAndContinueKeepsThem_data() { addDatabases("killed"); }
    void killAndContinueKeepsThem()
    {
        QFETCH(QString, database);
        open(database);
        const QString tree = m_station->write(u"long.scan.json"_s, slowTree(20, u"50 ms"_s));
        const auto process = m_station->start({u"run"_s, tree, u"--bench"_s, m_file, u"--json"_s});
        const QString scan = TestStation::awaitPoints(*process, 3);
        QVERIFY2(!scan.isEmpty(), process->readAllStandardError());
        process->kill();
        (void)TestStation::await(*process);
        const QJsonObject before = definitionOf(scan);
        QCOMPARE(before[u"texts"][0][u"text"].toString().toUtf8(), labDefinition("5"));
        const Outcome resumed =
            m_station->run({u"resume"_s, scan, u"--bench"_s, m_file, u"--json"_s});
        QVERIFY2(resumed.exitCode == 0, resumed.messages.right(2000));
        QCOMPARE(definitionOf(scan), before);
    }

    void databaseAwayWhenItRan_data() { addDatabases("away"); }
    void databaseAwayWhenItRan()
    {
        QFETCH(QString, database);
        open(database);
        const Outcome alone = m_station->run(runArguments() + QStringList{u"--no-database"_s});
        const QString scan = completed(alone);
        QVERIFY2(!scan.isEmpty(), alone.messages);
        // The files are gone before the database comes: the spool has them.
        QVERIFY(QFile::remove(m_station->path(u"lab-smu.instrument.yaml"_s)));
        QCOMPARE(m_station->run({u"resume"_s}).exitCode, 0);
        QCOMPARE(definitionOf(scan)[u"texts"][0][u"text"].toString().toUtf8(), labDefinition("5"));
        QCOMPARE(definitionOf(scan)[u"texts"][1][u"text"].toString().toUtf8(), shipped());
    }

private:
    void addDatabases(const char *name)
    {
        QTest::addColumn<QString>("database");
        QTest::newRow("SQLite") << QString();
        QTest::newRow("PostgreSQL") << m_server->url(QString::fromLatin1(name));
    }
    void open(const QString &database)
    {
        m_bench.reset();
        m_station = std::make_unique<TestStation>(database);
        m_bench = std::make_unique<TestBench>(*m_station);
        QVERIFY2(m_bench->problem().isEmpty(), qPrintable(m_bench->problem()));
        QFile file(m_bench->file());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray text = file.readAll();
        const auto at = text.indexOf("demo-smu");
        m_file = m_station->write(u"lab.bench.yaml"_s, text.replace(at, 8, "lab-smu"));
        m_station->write(u"lab-smu.instrument.yaml"_s, labDefinition("5"));
        m_tree = m_station->write(u"short.scan.json"_s, slowTree(2, u"1 ms"_s));
        if (!database.isEmpty())
            QCOMPARE(m_station->run({u"db"_s, u"init"_s}).exitCode, 0);
    }
    QStringList runArguments() const
    {
        return {u"run"_s, m_tree, u"--bench"_s, m_file, u"--json"_s};
    }
    /// Its scan's id; "" where it failed.
    static QString completed(const Outcome &outcome)
    {
        const QJsonValue scan = outcome.json()[u"scans"][0];
        return scan[u"status"].toString() == u"completed" ? scan[u"scan_id"].toString() : QString();
    }
    QJsonObject definitionOf(const QString &scan) const
    {
        return m_station->run({u"show"_s, scan, u"--definition"_s, u"smu"_s, u"--json"_s})
            .json()[u"definition"]
            .toObject();
    }
    static QByteArray shipped()
    {
        QFile file(qEnvironmentVariable("BIRCH_SOURCE_DIR") +
                   u"/resources/instruments/demo-smu.instrument.yaml"_s);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<PostgresServer> m_server;
    std::unique_ptr<TestStation> m_station;
    std::unique_ptr<TestBench> m_bench;
    QString m_file;
    QString m_tree;
};

QTEST_GUILESS_MAIN(ScanDefinitionsTest)
#include "tst_scan_definitions.moc"
