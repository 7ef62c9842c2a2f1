#include "tests/app/test_station.h"

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
};

QTEST_GUILESS_MAIN(ScanFieldsTest)
#include "tst_scan_fields.moc"
