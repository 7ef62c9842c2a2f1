#include "tests/app/test_station.h"
#include "tests/support/postgres_server.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace birch::test;
using namespace Qt::StringLiterals;

/// Fields of the lab's own, from the command line into the record and out again.
class ScanFieldsTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QString problem;
        m_server = PostgresServer::start(&problem);
        QVERIFY2(m_server, qPrintable(problem));
    }

    void fieldsGoWithTheScan()
    {
        TestStation station;
        const QString tree = station.write(u"tree.scan.json"_s, R"({"format": "birch.scan",
            "version": 1, "name": "Fields", "details": {"fields": {"Gas": "air", "Mask": "M 1"}},
            "root": {"kind": "sequence", "children": [
                {"kind": "measure", "fields": {"measurements": ["smu.iv"]}}]}})");
        const Outcome ran = station.run({u"run"_s, tree, u"--field"_s, u"Gas = argon"_s,
                                         u"--field"_s, u"Run=7=a"_s, u"--json"_s});
        QVERIFY2(ran.exitCode == 0, ran.messages);
        const QString scan = ran.json()[u"scans"][0][u"scan_id"].toString();
        QJsonObject fields{{u"Gas"_s, u"argon"_s}, {u"Mask"_s, u"M 1"_s}, {u"Run"_s, u"7=a"_s}};
        QCOMPARE(station.show(scan)[u"fields"].toObject(), fields);

        const Outcome edited = station.run({u"scans"_s, u"edit"_s, scan, u"field.Gas="_s,
                                            u"field.Mask=M 2"_s, u"title=Again"_s, u"--json"_s});
        QVERIFY2(edited.exitCode == 0, edited.messages);
        fields = {{u"Mask"_s, u"M 2"_s}, {u"Run"_s, u"7=a"_s}};
        QCOMPARE(station.show(scan)[u"fields"].toObject(), fields);
        QVERIFY(station.run({u"show"_s, scan}).output.contains("Mask: M 2"));

        const QString folder = station.path(u"exported"_s);
        QVERIFY(QDir().mkpath(folder));
        const QString file = folder + u"/scan.json"_s;
        const Outcome exported =
            station.run({u"export"_s, scan, u"--format"_s, u"json"_s, u"--output"_s, file});
        QVERIFY2(exported.exitCode == 0, exported.messages);
        QFile json(file);
        QVERIFY(json.open(QIODevice::ReadOnly));
        QVERIFY(json.readAll().contains("\"Mask\""));
    }

    /// Tree, queue, scan, command line: each lies over the one before.
    void ofQueues_data()
    {
        QTest::addColumn<QString>("database");
        QTest::newRow("SQLite") << QString();
        QTest::newRow("PostgreSQL") << m_server->url(u"fields"_s);
    }
    void ofQueues()
    {
        QFETCH(QString, database);
        TestStation station(database);
        if (!database.isEmpty())
            QCOMPARE(station.run({u"db"_s, u"init"_s}).exitCode, 0);
        const QByteArray tree = R"({"format": "birch.scan", "version": 1, "name": "Fields",
            "details": {"fields": {"Gas": "air", "Mask": "T", "Oil": "T", "Tip": "T"}},
            "root": {"kind": "sequence", "children": [
                {"kind": "measure", "fields": {"measurements": ["smu.iv"]}}]}})";
        const QString file = station.write(
            u"night.queue.json"_s, R"({"format": "birch.queue",
            "version": 1, "name": "Night", "fields": {"Gas": "Q", "Mask": "Q", "Oil": "Q"},
            "items": [{"scan": )" + tree +
                                       R"(, "details": {"fields": {"Mask": "I", "Oil": "I"}}}]})");
        const QJsonObject expected{
            {u"Gas"_s, u"Q"_s}, {u"Mask"_s, u"I"_s}, {u"Oil"_s, u"C"_s}, {u"Tip"_s, u"T"_s}};
        const Outcome ran = station.run({u"run"_s, file, u"--field"_s, u"Oil=C"_s, u"--json"_s});
        QVERIFY2(ran.exitCode == 0, ran.messages);
        QCOMPARE(ran.json()[u"scans"][0][u"fields"].toObject(), expected);

        // Made from the file the queue has its fields, which can be edited until a scan begins.
        const Outcome added =
            station.run({u"queue"_s, u"add"_s, u"night"_s, file, u"--field"_s, u"Oil=C"_s});
        QVERIFY2(added.exitCode == 0, added.messages);
        const Outcome set = station.run({u"queue"_s, u"set"_s, u"night"_s, u"field.Gas=Zebra gas"_s,
                                         u"field.Tip=Q"_s, u"field.Oil="_s});
        QVERIFY2(set.exitCode == 0 && set.output.contains("Gas: Zebra gas"), set.messages);
        const Outcome saved =
            station.run({u"queue"_s, u"save"_s, u"night"_s, station.path(u"saved.queue.json"_s)});
        QVERIFY2(saved.exitCode == 0, saved.messages);
        const QJsonObject queue = station.run({u"queue"_s, u"show"_s, u"night"_s, u"--json"_s})
                                      .json()[u"queue"]
                                      .toObject();
        const QJsonObject ofQueue{
            {u"Gas"_s, u"Zebra gas"_s}, {u"Mask"_s, u"Q"_s}, {u"Tip"_s, u"Q"_s}};
        QCOMPARE(queue[u"fields"].toObject(), ofQueue);
        QVERIFY(station.run({u"queue"_s, u"list"_s}).output.contains("Mask: Q"));
        const Outcome started = station.run({u"queue"_s, u"start"_s, u"night"_s, u"--json"_s});
        QVERIFY2(started.exitCode == 0, started.messages);
        const QString scan = started.json()[u"queues"][0][u"items"][0][u"scan_id"].toString();
        const QJsonObject begun{{u"Gas"_s, u"Zebra gas"_s},
                                {u"Mask"_s, u"I"_s},
                                {u"Oil"_s, u"C"_s},
                                {u"Tip"_s, u"Q"_s}};
        QCOMPARE(station.show(scan)[u"fields"].toObject(), begun);
        const QByteArray found = station.run({u"search"_s, u"zebra"_s}).output;
        QVERIFY2(found.contains(scan.toUtf8()) && found.contains("night"), found);

        const Outcome fromSaved =
            station.run({u"run"_s, station.path(u"saved.queue.json"_s), u"--json"_s});
        QVERIFY2(fromSaved.exitCode == 0, fromSaved.messages);
        QCOMPARE(fromSaved.json()[u"scans"][0][u"fields"].toObject(), begun);
        QCOMPARE(station.run({u"queue"_s, u"set"_s, u"night"_s, u"Gas=argon"_s}).exitCode, 2);
    }

    void whatIsNoFieldIsRefused()
    {
        TestStation station;
        const QString tree = station.write(u"tree.scan.json"_s, R"({"format": "birch.scan",
            "version": 1, "name": "Fields", "root": {"kind": "sequence", "children": [
                {"kind": "measure", "fields": {"measurements": ["smu.iv"]}}]}})");
        for (const QString &wrong : {u"Gas"_s, u"=argon"_s}) {
            const Outcome outcome = station.run({u"run"_s, tree, u"--field"_s, wrong});
            QCOMPARE(outcome.exitCode, 2);
            QVERIFY2(outcome.messages.contains("NAME=TEXT"), outcome.messages);
        }
        QVERIFY(
            station.run({u"scans"_s, u"list"_s, u"--json"_s}).json()[u"scans"].toArray().isEmpty());
    }

private:
    std::unique_ptr<PostgresServer> m_server;
};

QTEST_GUILESS_MAIN(ScanFieldsTest)
#include "tst_scan_fields.moc"
