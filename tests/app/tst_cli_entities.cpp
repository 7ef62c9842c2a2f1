#include "core/store/entity/entity_spec.h"
#include "tests/app/test_station.h"
#include "tests/support/postgres_server.h"

#include <QJsonDocument>
#include <QTest>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

/// What birchctl makes of the declarations: the same verbs for every entity.
class CliEntitiesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QString problem;
        m_server = PostgresServer::start(&problem);
        QVERIFY2(m_server, qPrintable(problem));
        m_stations[0] = std::make_unique<TestStation>();
        m_stations[1] = std::make_unique<TestStation>(m_server->url(u"entities"_s));
        for (const auto &station : m_stations)
            QCOMPARE(station->run({u"db"_s, u"init"_s}).exitCode, 0);
    }

    void everyEntityLists()
    {
        const TestStation &station = *m_stations[0];
        const QByteArray overview = station.run({u"--help"_s}).output;
        for (const EntitySpec &spec : entitySpecs()) {
            const QString command = commandOf(spec.table);
            QVERIFY2(overview.contains(command.toUtf8()), qPrintable(command));
            const Outcome listed = station.run({command, u"list"_s, u"--json"_s});
            QVERIFY2(listed.exitCode == 0, listed.messages);
            QVERIFY2(listed.json()[spec.table].isArray(), listed.output);
        }
    }

    void helpNamesEveryField_data()
    {
        QTest::addColumn<QString>("table");
        for (const EntitySpec &spec : entitySpecs())
            QTest::newRow(qPrintable(spec.table)) << spec.table;
    }
    void helpNamesEveryField()
    {
        QFETCH(QString, table);
        const Outcome help = m_stations[0]->run({commandOf(table), u"--help"_s});
        QCOMPARE(help.exitCode, 0);
        for (const QString &field : entityByTable(table)->fieldNames())
            QVERIFY2(help.output.contains("  " + field.toUtf8() + "  "), qPrintable(field));
    }

    void fromAddToRestore_data() { addPlaces(); }
    void fromAddToRestore()
    {
        QFETCH(int, place);
        const TestStation &station = *m_stations[size_t(place)];
        const auto one = [&station](const QStringList &arguments, const QString &key) {
            return station.run(arguments + QStringList{u"--json"_s}).json()[key].toObject();
        };
        const QString id = one({u"samples"_s, u"add"_s, u"name=Ω wafer"_s, u"material=Si"_s},
                               u"sample"_s)[u"sample_id"]
                               .toString();
        QVERIFY(!id.isEmpty());
        QCOMPARE(one({u"precursors"_s, u"add"_s, u"name=NaCl"_s, u"purity=99.5"_s},
                     u"precursor"_s)[u"purity"]
                     .toDouble(),
                 99.5);
        const QString line = one({u"sample-precursors"_s, u"add"_s, u"sample="_s + id,
                                  u"precursor=NaCl"_s, u"quantity=5"_s, u"unit=mg"_s},
                                 u"sample_precursor"_s)[u"uid"]
                                 .toString();
        QCOMPARE(one({u"sample-precursors"_s, u"edit"_s, line, u"quantity=6"_s},
                     u"sample_precursor"_s)[u"quantity"]
                     .toDouble(),
                 6.0);
        const QString piece =
            one({u"samples"_s, u"add"_s, u"parent="_s + id}, u"sample"_s)[u"sample_id"].toString();
        const QJsonObject shown = one({u"samples"_s, u"show"_s, id}, u"sample"_s);
        QCOMPARE(shown[u"name"].toString(), u"Ω wafer"_s);
        QCOMPARE(shown[u"relatives"][0][u"sample_id"].toString(), piece);
        QVERIFY(shown[u"timeline"].isArray());
        for (const auto &[verb, key, isSet] : {std::tuple(u"archive"_s, u"archived_at"_s, true),
                                               std::tuple(u"unarchive"_s, u"archived_at"_s, false),
                                               std::tuple(u"trash"_s, u"trashed_at"_s, true),
                                               std::tuple(u"restore"_s, u"trashed_at"_s, false)})
            QCOMPARE(!one({u"samples"_s, verb, piece}, u"sample"_s)[key].isNull(), isSet);
    }

    void conditions_data()
    {
        QTest::addColumn<int>("place");
        QTest::addColumn<QStringList>("conditions");
        QTest::addColumn<QStringList>("names");
        const std::pair<QStringList, QStringList> cases[] = {
            {{u"purity=98..99.5"_s}, {u"b"_s, u"c"_s}},
            {{u"purity=99.5.."_s}, {u"c"_s, u"d"_s}},
            {{u"purity=..98"_s}, {u"a"_s, u"b"_s}},
            {{u"purity=97"_s, u"purity=99.9"_s}, {u"a"_s, u"d"_s}},
            {{u"supplier="_s}, {u"a"_s, u"b"_s}},
            {{u"supplier!="_s}, {u"c"_s, u"d"_s}},
            {{u"supplier=A..B"_s}, {u"c"_s}}, // a text has no order
            {{u"purity=..99.6"_s, u"supplier!="_s}, {u"c"_s}},
            {{u"created_at=..2000-01-01"_s}, {}},
            {{u"created_at=2000-01-01.."_s}, {u"a"_s, u"b"_s, u"c"_s, u"d"_s}},
            {{u"created_at="_s + QDateTime::currentDateTimeUtc().toString(u"yyyy-MM-dd"_s),
              u"name=b"_s},
             {u"b"_s}},
        };
        for (const int place : {0, 1}) {
            for (const auto &[conditions, names] : cases)
                QTest::addRow("%d: %s", place, qPrintable(conditions.join(u' ')))
                    << place << conditions << names;
        }
    }
    void conditions()
    {
        QFETCH(int, place);
        QFETCH(QStringList, conditions);
        QFETCH(QStringList, names);
        const TestStation &station = *m_stations[size_t(place)];
        const QString chosen = u"chemical_formula=conditions"_s;
        if (station.run({u"precursors"_s, u"list"_s, chosen, u"--json"_s})
                .json()[u"precursors"]
                .toArray()
                .isEmpty()) {
            const QString file = station.write(u"p.json"_s, R"({"precursors": [
                {"name": "a", "chemical_formula": "conditions", "purity": 97},
                {"name": "b", "chemical_formula": "conditions", "purity": 98},
                {"name": "c", "chemical_formula": "conditions", "purity": 99.5, "supplier": "A..B"},
                {"name": "d", "chemical_formula": "conditions", "purity": 99.9, "supplier": "B"}]})");
            const Outcome made = station.run({u"precursors"_s, u"add"_s, u"--file"_s, file});
            QVERIFY2(made.exitCode == 0, made.messages);
        }
        const Outcome listed = station.run(
            QStringList{u"precursors"_s, u"list"_s, u"--json"_s, u"--sort"_s, u"name"_s, chosen} +
            conditions);
        QVERIFY2(listed.exitCode == 0, listed.messages);
        QStringList found;
        for (const QJsonValue &one : listed.json()[u"precursors"].toArray())
            found << one[u"name"].toString();
        QCOMPARE(found, names);
    }

    /// What list --json prints can be edited and given back.
    void filesRoundTrip_data() { addPlaces(); }
    void filesRoundTrip()
    {
        QFETCH(int, place);
        const TestStation &station = *m_stations[size_t(place)];
        const QString file = station.write(
            u"p.json"_s, R"({"projects": [{"name": "A", "budget": 10.5}, {"name": "B"}]})");
        QCOMPARE(station.run({u"projects"_s, u"add"_s, u"--file"_s, file}).exitCode, 0);
        const Outcome again = station.run({u"projects"_s, u"add"_s, u"--file"_s, file});
        QCOMPARE(again.exitCode, 2); // all or none, and what is in the way is named
        QVERIFY2(again.messages.contains("Number 1 of 2") && again.messages.contains("Name"),
                 again.messages);
        Outcome listed = station.run({u"projects"_s, u"list"_s, u"name=A"_s, u"--json"_s});
        QJsonObject project = listed.json()[u"projects"][0].toObject();
        project[u"status"] = u"paused"_s;
        const QString edited =
            station.write(u"a.json"_s, QJsonDocument(project).toJson(QJsonDocument::Compact));
        const Outcome done =
            station.run({u"projects"_s, u"edit"_s, u"A"_s, u"--file"_s, edited, u"--json"_s});
        QVERIFY2(done.exitCode == 0, done.messages);
        QCOMPARE(done.json()[u"project"][u"status"].toString(), u"paused"_s);
        QCOMPARE(done.json()[u"project"][u"budget"].toDouble(), 10.5);
        const QString wrong = station.write(u"w.json"_s, R"({"name": "C", "budgte": 1})");
        const Outcome refused = station.run({u"projects"_s, u"add"_s, u"--file"_s, wrong});
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.messages.contains("budgte"), refused.messages);
    }

    void tablesFitTheTerminal()
    {
        TestStation station;
        QCOMPARE(station
                     .run({u"equipment"_s, u"add"_s, u"name=Cryostat \"cold\", big"_s,
                           u"manufacturer=A very long name of a manufacturer of cryostats"_s,
                           u"description=two\nlines"_s, u"maintenance_interval_days=30"_s})
                     .exitCode,
                 0);
        for (const int width : {20, 40, 80, 200}) {
            station.setEnvironment(u"COLUMNS"_s, QString::number(width));
            const QString output =
                QString::fromUtf8(station.run({u"equipment"_s, u"list"_s}).output);
            QVERIFY2(output.contains(u"Cryo"_s), qPrintable(output));
            for (const QString &line : output.split(u'\n').mid(0, 2))
                QVERIFY2(line.size() <= width, qPrintable(line));
        }
        const QByteArray csv = station.run({u"equipment"_s, u"list"_s, u"--csv"_s}).output;
        QVERIFY2(csv.contains("\"Cryostat \"\"cold\"\", big\"") && csv.contains("\"two\nlines\""),
                 csv);
        QVERIFY2(csv.startsWith("uid,lab,name,"), csv);
    }

    void mistakes_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("no verb") << QStringList{u"samples"_s} << QByteArray("list");
        QTest::newRow("unknown verb") << QStringList{u"samples"_s, u"ad"_s} << QByteArray("add");
        QTest::newRow("nothing to add")
            << QStringList{u"samples"_s, u"add"_s} << QByteArray("FIELD=VALUE");
        QTest::newRow("field and file")
            << QStringList{u"labs"_s, u"add"_s, u"name=x"_s, u"--file"_s, u"y"_s}
            << QByteArray("not both");
        QTest::newRow("missing file")
            << QStringList{u"labs"_s, u"add"_s, u"--file"_s, u"nowhere.json"_s}
            << QByteArray("nowhere.json");
        QTest::newRow("too much") << QStringList{u"precursors"_s, u"add"_s, u"name=x"_s,
                                                 u"purity=101"_s}
                                  << QByteArray("100 or less");
        QTest::newRow("wrong kind") << QStringList{u"placements"_s, u"add"_s, u"location=x"_s,
                                                   u"object=labs:Lab"_s, u"placed_at=2026-01-01"_s}
                                    << QByteArray("samples");
        QTest::newRow("no time") << QStringList{u"calendar-events"_s, u"add"_s, u"title=x"_s,
                                                u"start_at=soon"_s, u"end_at=2026-01-01"_s}
                                 << QByteArray("2026-01-31T14:30:00Z");
        QTest::newRow("edit of nothing") << QStringList{u"samples"_s, u"edit"_s, u"name=x"_s}
                                         << QByteArray("beginning of its uid");
        QTest::newRow("unknown one") << QStringList{u"samples"_s, u"show"_s, u"Nobody"_s}
                                     << QByteArray("birchctl samples list");
        QTest::newRow("no condition")
            << QStringList{u"samples"_s, u"list"_s, u"Si"_s} << QByteArray("FIELD=LEAST..MOST");
        QTest::newRow("no number")
            << QStringList{u"precursors"_s, u"list"_s, u"purity=a..b"_s} << QByteArray("urity");
        QTest::newRow("two ranges")
            << QStringList{u"precursors"_s, u"list"_s, u"purity=1..2"_s, u"purity=4"_s}
            << QByteArray("urity");
        QTest::newRow("no sort") << QStringList{u"samples"_s, u"list"_s, u"--sort"_s, u"weight"_s}
                                 << QByteArray("weight");
    }
    void mistakes()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, said);
        const Outcome outcome = m_stations[0]->run(arguments);
        QVERIFY2(outcome.exitCode == 2, outcome.messages + outcome.output);
        QVERIFY2(outcome.messages.contains(said), outcome.messages);
    }

    /// No two commands have one name: the second could not be called.
    void namesAreUnique()
    {
        QStringList names;
        const QString overview = QString::fromUtf8(m_stations[0]->run({u"--help"_s}).output);
        for (const QString &line : overview.split(u'\n').mid(3)) {
            const bool isMain = line.startsWith(u"  "_s) && line.size() > 14;
            const QStringList words = line.split(u' ', Qt::SkipEmptyParts);
            const bool isList = isMain && !words.join(QString()).contains(u'.');
            if (isMain)
                names += isList ? words : QStringList{words.value(0)};
        }
        QVERIFY2(names.size() > 60, qPrintable(names.join(u' ')));
        for (const QString &name : names)
            QVERIFY2(names.count(name) == 1, qPrintable(name));
    }

private:
    static QString commandOf(const QString &table)
    {
        return table == u"instruments"_s ? u"lab-instruments"_s
                                         : QString(table).replace(u'_', u'-');
    }

    static void addPlaces()
    {
        QTest::addColumn<int>("place");
        QTest::newRow("SQLite") << 0;
        QTest::newRow("PostgreSQL") << 1;
    }

    std::unique_ptr<PostgresServer> m_server;
    std::array<std::unique_ptr<TestStation>, 2> m_stations;
};

QTEST_GUILESS_MAIN(CliEntitiesTest)
#include "tst_cli_entities.moc"
