#include "tests/app/test_station.h"
#include "tests/support/postgres_server.h"

#include <QDir>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>

using namespace birch::test;
using namespace Qt::StringLiterals;

/// Databases joined and saved by birchctl in processes of its own, which may be killed.
class CliUpkeepTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QString problem;
        m_server = PostgresServer::start(&problem);
        QVERIFY2(m_server, qPrintable(problem));
    }

    void merges_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::newRow("SQLite to PostgreSQL") << QString() << m_server->url(u"merged_to"_s);
        QTest::newRow("PostgreSQL to SQLite") << m_server->url(u"merged_from"_s) << QString();
    }
    void merges()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        const TestStation there(from);
        const TestStation here(to);
        for (const TestStation *station : {&there, &here})
            QCOMPARE(station->run({u"db"_s, u"init"_s}).exitCode, 0);
        add(there, {u"sample_id=A-1"_s, u"material=Si"_s});
        add(there, {u"sample_id=A-2"_s});
        add(here, {u"sample_id=B-1"_s});
        const QStringList merge{u"db"_s,         u"copy"_s,    there.database(),
                                here.database(), u"--merge"_s, u"--json"_s};

        const QJsonObject first = answer(here, merge);
        QCOMPARE(first[u"added"][u"samples"].toInt(), 2);
        QVERIFY(first[u"rows"].toInt() >= 2);
        QCOMPARE(samples(here), (QStringList{u"A-1"_s, u"A-2"_s, u"B-1"_s}));
        QCOMPARE(samples(there), (QStringList{u"A-1"_s, u"A-2"_s}));
        const QJsonObject second = answer(here, merge);
        QCOMPARE(second[u"rows"].toInt(-1), 0);
        QVERIFY(second[u"added"].toObject().isEmpty());

        // Changed on both sides: told, and left as it is here.
        for (const auto &[station, material] :
             {std::pair(&there, u"GaAs"_s), std::pair(&here, u"InP"_s)})
            QCOMPARE(station->run({u"samples"_s, u"edit"_s, u"A-1"_s, u"material="_s + material})
                         .exitCode,
                     0);
        const QJsonObject third = answer(here, merge);
        QCOMPARE(third[u"rows"].toInt(-1), 0);
        QCOMPARE(third[u"conflict_count"].toInt(), third[u"conflicts"].toArray().size());
        const QJsonObject conflict = conflictOf(third, u"samples"_s);
        QVERIFY2(conflict[u"id"].toString() == u"A-1"_s, there.run(merge).output);
        const QByteArray told = QJsonDocument(conflict).toJson();
        QVERIFY2(told.contains("GaAs") && told.contains("InP"), told);
        const QJsonObject sample =
            answer(here, {u"samples"_s, u"show"_s, u"A-1"_s, u"--json"_s})[u"sample"].toObject();
        QCOMPARE(sample[u"material"].toString(), u"InP"_s);
        QCOMPARE(here.run({u"db"_s, u"integrity"_s}).exitCode, 0);

        // Nothing is done, and nothing is made.
        const QString missing = here.path(u"missing.sqlite"_s);
        for (const QStringList &ends :
             {QStringList{missing, here.database()}, QStringList{there.database(), missing},
              QStringList{here.database(), here.database()}})
            QVERIFY(here.run(QStringList{u"db"_s, u"copy"_s} + ends + QStringList{u"--merge"_s})
                        .exitCode != 0);
        QVERIFY(!QFile::exists(missing));
        QCOMPARE(here.run(merge + QStringList{u"--restart"_s}).exitCode, 2);
    }

    void killedBackups_data()
    {
        const bool isCampaign = qEnvironmentVariableIsSet("BIRCH_KILLS");
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<int>("kills");
        const int kills = isCampaign ? qEnvironmentVariableIntValue("BIRCH_KILLS") : 6;
        QTest::newRow("SQLite") << false << kills;
        QTest::newRow("PostgreSQL") << true << kills;
    }
    /// Every other one as soon as it writes, the others at any moment.
    void killedBackups()
    {
        QFETCH(bool, isPostgres);
        QFETCH(int, kills);
        const TestStation station(isPostgres ? m_server->url(u"saved"_s) : QString());
        QCOMPARE(station.run({u"db"_s, u"init"_s}).exitCode, 0);
        QByteArray rows = "sample_id,name\n";
        for (int i = 0; i < 1000; ++i)
            rows += "K-" + QByteArray::number(i) + "," + QByteArray(200, 'x') + "\n";
        const Outcome filled = station.run({u"import"_s, station.write(u"samples.csv"_s, rows)});
        QVERIFY2(filled.exitCode == 0, filled.messages);
        const QString file = station.path(u"saved.backup"_s);
        const QStringList backup{u"db"_s, u"backup"_s, file};
        QElapsedTimer whole;
        whole.start();
        QCOMPARE(station.run(backup).exitCode, 0);
        const qint64 span = whole.elapsed();
        int left = 0; // kills that left something half written
        for (int killed = 0; killed < kills; ++killed) {
            QFile::remove(file);
            const auto process = station.start(backup);
            QVERIFY(process->waitForStarted());
            const auto has = parts(station).size();
            const int instant = QRandomGenerator::global()->bounded(int(span));
            if (killed % 2 == 1)
                process->waitForFinished(instant);
            while (killed % 2 == 0 && parts(station).size() <= has &&
                   !process->waitForFinished(1)) {
            }
            process->kill();
            TestStation::await(*process);
            QVERIFY(parts(station).size() <= 1); // those of earlier ones were removed
            left += int(parts(station).size());
            if (QFile::exists(file))
                comesBack(station, file, isPostgres, u"whole%1"_s.arg(killed));
        }
        QVERIFY(left > 0);
        QFile::remove(file);
        const Outcome last = station.run(backup);
        QVERIFY2(last.exitCode == 0, last.messages);
        QCOMPARE(parts(station), QStringList());
        comesBack(station, file, isPostgres, u"last"_s);
    }

private:
    static void add(const TestStation &station, const QStringList &values)
    {
        const Outcome added = station.run(QStringList{u"samples"_s, u"add"_s} + values);
        QVERIFY2(added.exitCode == 0, added.messages);
    }
    static QJsonObject answer(const TestStation &station, const QStringList &arguments)
    {
        const Outcome called = station.run(arguments);
        if (called.exitCode != 0)
            qWarning("%s", called.messages.constData());
        return called.json();
    }
    static QStringList samples(const TestStation &station)
    {
        QStringList ids;
        const QJsonObject listed = answer(station, {u"samples"_s, u"list"_s, u"--json"_s});
        for (const QJsonValue &sample : listed[u"samples"].toArray())
            ids << sample[u"sample_id"].toString();
        ids.sort();
        return ids;
    }
    static QJsonObject conflictOf(const QJsonObject &report, const QString &table)
    {
        for (const QJsonValue &conflict : report[u"conflicts"].toArray()) {
            if (conflict[u"table"].toString() == table)
                return conflict.toObject();
        }
        return {};
    }

    static QStringList parts(const TestStation &station)
    {
        return QDir(station.path(u"."_s)).entryList({u".*.part"_s}, QDir::Files | QDir::Hidden);
    }
    void comesBack(const TestStation &station, const QString &file, bool isPostgres,
                   const QString &name) const
    {
        const TestStation target(isPostgres ? m_server->url(name) : QString());
        const Outcome restored = target.run({u"db"_s, u"restore"_s, file});
        QVERIFY2(restored.exitCode == 0, restored.messages);
        const QStringList stats{u"db"_s, u"stats"_s, u"--json"_s};
        QCOMPARE(answer(target, stats)[u"samples"].toInt(-1),
                 answer(station, stats)[u"samples"].toInt(-2));
    }

    std::unique_ptr<PostgresServer> m_server;
};

QTEST_GUILESS_MAIN(CliUpkeepTest)
#include "tst_cli_upkeep.moc"
