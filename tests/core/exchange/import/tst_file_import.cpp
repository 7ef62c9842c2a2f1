#include "core/exchange/import/file_import.h"

#include "core/exchange/export_progress.h"
#include "core/exchange/scan_export.h"
#include "core/exchange/stored_scan_source.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/lab/tag_store.h"
#include "core/store/scan_repository.h"
#include "tests/core/exchange/import/target_state.h"
#include "tests/core/store/store_fixture.h"

#include <QDir>
#include <QProcess>

#include <cmath>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

namespace {
const Session kAdmin{u"ada"_s, Role::Admin};

FileImportOptions options(const QString &entity = {})
{
    FileImportOptions made;
    made.entity = entity;
    made.station = u"LAB1"_s;
    return made;
}

/// "created unchanged skipped not-understood"
QString counts(const ImportReport &report)
{
    return u"%1 %2 %3 %4"_s.arg(report.count(RowFate::Created))
        .arg(report.count(RowFate::Unchanged))
        .arg(report.count(RowFate::Skipped))
        .arg(report.count(RowFate::NotUnderstood));
}
} // namespace

class FileImportTest : public QObject
{
    Q_OBJECT

private slots:
    void kinds_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("kind"); // -1: refused
        QTest::newRow("SQLite") << u"any.thing"_s << QByteArray("SQLite format 3\0....", 20)
                                << int(ImportKind::Pybirch);
        QTest::newRow("CSV") << u"a.csv"_s << "a,b\n"_ba << int(ImportKind::Csv);
        QTest::newRow("pickle by name") << u"a.pkl"_s << "(lp0\n."_ba << int(ImportKind::Pickle);
        QTest::newRow("pickle by its first byte")
            << u"a"_s << "\x80\x04N."_ba << int(ImportKind::Pickle);
        QTest::newRow("empty database") << u"a.db"_s << ""_ba << -1;
        QTest::newRow("picture") << u"a.png"_s << "\x89PNG"_ba << -1;
    }
    void kinds()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        QFETCH(int, kind);
        const auto found = importKind(write(name, bytes));
        QCOMPARE(found ? int(found.value()) : -1, kind);
        if (!found)
            QCOMPARE(found.error().code, ErrorCode::BadInput);
    }

    void rows_data() { StoreFixture::addEngines(); }
    void rows()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        const QString path =
            write(u"samples.csv"_s, "sample_id;name;material;tags;dimensions;status\n"
                                    "W-1;Wafer;Si;\"test,cleaned\";\"{\"\"d\"\": 0.5}\";active\n"
                                    "W-2;;;;;broken\n"
                                    "W-3;Third;;;;\n"
                                    "W-1;Again;;;;\n"_ba);
        const auto report = importAnyFile(*connection, kAdmin, path, options());
        BIRCH_VERIFY(report);
        QCOMPARE(counts(report.value()), u"2 1 0 1"_s);
        QCOMPARE(report.value().missing(), 0);
        const QString told = report.value().lines().join(u'\n');
        QVERIFY2(told.contains(u"line 3"_s) && told.contains(u"broken"_s), qPrintable(told));
        const auto sample = EntityRepository(*connection, sampleSpec()).find(kAdmin, u"W-1"_s);
        QCOMPARE(sample.value().text(u"name"_s), u"Wafer"_s);
        QCOMPARE(TagStore(*connection).namesOf(kAdmin, u"samples:W-1"_s).value(),
                 (QStringList{u"cleaned"_s, u"test"_s}));
        const auto before = targetState(*connection);
        const auto again = importAnyFile(*connection, kAdmin, path, options());
        QCOMPARE(counts(again.value()), u"0 3 0 1"_s);
        QCOMPARE(targetState(*connection), before);
    }

    void unknownColumn()
    {
        const auto database = m_fixture.newDatabase(false);
        const auto connection = database->connect().value();
        const QString path = write(u"samples.csv"_s, "sample_id,weight\nA,3\n"_ba);
        const auto report = importAnyFile(*connection, kAdmin, path, options());
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::BadInput);
        QVERIFY2(report.error().message.contains(u"weight"_s), qPrintable(report.error().message));
    }

    void brokenLine_data() { StoreFixture::addEngines(); }
    void brokenLine()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        const auto before = targetState(*connection);
        const QString path = write(u"samples.csv"_s, "sample_id,name\nA,a\nB\n"_ba);
        const auto report = importAnyFile(*connection, kAdmin, path, options());
        QVERIFY(!report);
        QVERIFY(report.error().message.contains(u"line 3"_s));
        QCOMPARE(targetState(*connection), before);
    }

    void dryRun_data() { StoreFixture::addEngines(); }
    void dryRun()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        const auto before = targetState(*connection);
        FileImportOptions trial = options();
        trial.common.isDryRun = true;
        for (const QString &path : {write(u"samples.csv"_s, "sample_id\nA\n"_ba),
                                    write(u"iv.csv"_s, "V (V),I (A)\n1,2\n"_ba)}) {
            const auto report = importAnyFile(*connection, kAdmin, path, trial);
            BIRCH_VERIFY(report);
            QCOMPARE(counts(report.value()), u"1 0 0 0"_s);
        }
        QCOMPARE(targetState(*connection), before);
    }

    void folder_data() { StoreFixture::addEngines(); }
    void folder()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        const QString folder = m_fixture.path(u"folder %1"_s.arg(++m_count));
        QVERIFY(QDir().mkpath(folder));
        // By name the samples would come before the lab that they belong to.
        write(folder + u"/a-samples.txt"_s, "ignored"_ba);
        write(folder + u"/samples.csv"_s, "sample_id,lab,parent\nS2,West,S1\nS1,West,\n"_ba);
        write(folder + u"/labs.csv"_s, "name,code\nWest,W\n"_ba);
        write(folder + u"/iv.csv"_s, "V (V),I (A)\n0.1,1e-6\n0.2,\n"_ba);
        write(folder + u"/torn.csv"_s, "V,I\n1\n"_ba);
        const auto report = importAnyFile(*connection, kAdmin, folder, options());
        BIRCH_VERIFY(report);
        QStringList order;
        for (const TableReport &table : report.value().tables())
            order << table.table();
        QCOMPARE(order, (QStringList{u"labs.csv"_s, u"samples.csv"_s, u"iv.csv"_s, u"torn.csv"_s}));
        // S2 comes before the sample that it was made from: told, and there after a second run.
        QCOMPARE(counts(report.value()), u"4 0 0 2"_s);
        const auto again = importAnyFile(*connection, kAdmin, folder, options());
        QCOMPARE(counts(again.value()), u"1 4 0 1"_s);
        const auto sample = EntityRepository(*connection, sampleSpec()).find(kAdmin, u"S2"_s);
        QCOMPARE(sample.value().text(u"lab"_s), u"West"_s);
        QCOMPARE(sample.value().text(u"parent"_s), u"S1"_s);
    }

    void data_data() { StoreFixture::addEngines(); }
    void data()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        BIRCH_VERIFY(EntityRepository(*connection, sampleSpec())
                         .insert(kAdmin, {{u"sample_id"_s, u"W-7"_s}}));
        const QString path =
            write(u"hall bar.csv"_s, "time (ns),V (V),I (A),I.state,n,ok,note,code\n"
                                     "1767811345000000000,0.1,1e-6,ok,9007199254740993,true,a,007\n"
                                     "1767811346000000000,nan,,overload,2,false,\"\",12\n"
                                     "1767811347500000000,inf,-0.0,ok,,true,,x\n"_ba);
        FileImportOptions asked = options();
        asked.sample = u"W-7"_s;
        const auto report = importAnyFile(*connection, kAdmin, path, asked);
        BIRCH_VERIFY(report);
        QCOMPARE(counts(report.value()), u"3 0 0 0"_s);
        ScanFilter ofSample;
        ofSample.sample = u"W-7"_s;
        const auto scans = ScanRepository(*connection).list(kAdmin, ofSample);
        BIRCH_VERIFY(scans);
        QCOMPARE(scans.value().total, 1);
        const ScanRecord &scan = scans.value().scans.first();
        QCOMPARE(scan.scanId, u"LAB1-260107-001"_s);
        QCOMPARE(scan.startedUs, 1767811345000000);
        QCOMPARE(scan.endedUs, 1767811347500000);
        const auto source = StoredScanSource::open(*connection, kAdmin, scan.scanId);
        const QList<ColumnSpec> columns = source.value()->scan().objects[0].schema.columns;
        QStringList types;
        for (const ColumnSpec &column : columns)
            types << column.name + u' ' + column.unit + u' ' + columnTypeName(column.type);
        QCOMPARE(types,
                 (QStringList{u"time ns int64"_s, u"V V float64"_s, u"I A float64"_s, u"n  int64"_s,
                              u"ok  bool"_s, u"note  utf8"_s, u"code  utf8"_s}));
        const auto read = [&](int column) { return source.value()->read(0, column, 0, 3).value(); };
        QCOMPARE(read(1).doubleAt(0), 0.1);
        QCOMPARE(read(1).stateAt(1), ValueState::NotANumber);
        QVERIFY(std::isinf(read(1).doubleAt(2)));
        QCOMPARE(read(2).stateAt(1), ValueState::Overload);
        QVERIFY(std::signbit(read(2).doubleAt(2)));
        QCOMPARE(read(3).intAt(0), 9007199254740993);
        QCOMPARE(read(3).stateAt(2), ValueState::Skipped);
        QCOMPARE(read(5).stateAt(1), ValueState::Ok); // "" in quotes is an empty text
        QCOMPARE(read(5).stateAt(2), ValueState::Skipped);
        QCOMPARE(read(6).textAt(0), u"007"_s);
        const auto again = importAnyFile(*connection, kAdmin, path, asked);
        QCOMPARE(counts(again.value()), u"0 3 0 0"_s);
    }

    void decimalComma()
    {
        const auto database = m_fixture.newDatabase(false);
        const auto connection = database->connect().value();
        const QString path = write(u"comma.csv"_s, "V (V);I (A)\n0,5;-1,5e-3\n"_ba);
        BIRCH_VERIFY(importAnyFile(*connection, kAdmin, path, options()));
        const auto scans = ScanRepository(*connection).list(kAdmin, {});
        const auto source =
            StoredScanSource::open(*connection, kAdmin, scans.value().scans.first().scanId);
        QCOMPARE(source.value()->read(0, 0, 0, 1).value().doubleAt(0), 0.5);
        QCOMPARE(source.value()->read(0, 1, 0, 1).value().doubleAt(0), -1.5e-3);
    }

    /// What we export to CSV comes back value by value; more rows than a chunk has.
    void ownExport_data() { StoreFixture::addEngines(); }
    void ownExport()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        QByteArray bytes = "time (ns),V (V),I (A),I.state\n"_ba;
        constexpr int kRows = 40'000;
        for (int i = 0; i < kRows; ++i)
            bytes += QByteArray::number(1767811345000000000 + i) + ',' +
                     QByteArray::number(i * 0.001, 'g', 17) + (i % 7 ? ",1,ok\n" : ",,overload\n");
        const QString path = write(u"long.csv"_s, bytes);
        BIRCH_VERIFY(importAnyFile(*connection, kAdmin, path, options()));
        const auto scan = ScanRepository(*connection).list(kAdmin, {}).value().scans.first();
        QCOMPARE(scan.points, kRows);
        const auto exported = StoredScanSource::open(*connection, kAdmin, scan.scanId);
        const QString out = m_fixture.path(u"out %1.csv"_s.arg(++m_count));
        BIRCH_VERIFY(exportScan(*exported.value(), {.format = ExportFormat::Csv, .path = out}));
        const auto second = m_fixture.newDatabase(isPostgres);
        const auto other = second->connect().value();
        BIRCH_VERIFY(importAnyFile(*other, kAdmin, out, options()));
        const auto copy = ScanRepository(*other).list(kAdmin, {}).value().scans.first();
        const auto back = StoredScanSource::open(*other, kAdmin, copy.scanId);
        const auto &columns = exported.value()->scan().objects[0].schema.columns;
        QCOMPARE(back.value()->scan().objects[0].schema.columns, columns);
        for (int i = 0; i < columns.size(); ++i) {
            const auto one = exported.value()->read(0, i, 0, kRows);
            const auto two = back.value()->read(0, i, 0, kRows);
            QVERIFY(std::ranges::equal(one.value().bytes(), two.value().bytes()));
            QVERIFY(std::ranges::equal(one.value().flags(), two.value().flags()));
        }
    }

    void pickle_data() { StoreFixture::addEngines(); }
    void pickle()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect().value();
        QTemporaryDir folder;
        QProcess python;
        python.start(u"/usr/bin/python3"_s, {qEnvironmentVariable("BIRCH_SOURCE_DIR") +
                                                 u"/tests/core/exchange/import/make_pickles.py"_s,
                                             folder.path()});
        QVERIFY(python.waitForFinished());
        QCOMPARE(python.exitCode(), 0);
        const QString path = folder.filePath(u"samples.2.pkl"_s);
        const auto report = importAnyFile(*connection, kAdmin, path, options());
        BIRCH_VERIFY(report);
        QCOMPARE(counts(report.value()), u"2 0 0 1"_s);
        QCOMPARE(counts(importAnyFile(*connection, kAdmin, path, options()).value()), u"0 2 0 1"_s);
        EntityRepository samples(*connection, sampleSpec());
        QCOMPARE(samples.find(kAdmin, u"7"_s).value().text(u"material"_s), u"Au"_s);
        BIRCH_VERIFY(
            importAnyFile(*connection, kAdmin, folder.filePath(u"image.4.pkl"_s), options()));
        const auto image = samples.find(kAdmin, u"I"_s);
        QVERIFY(
            QByteArray::fromBase64(image.value().extraData[u"image_npy"_s].toString().toLatin1())
                .startsWith("\x93NUMPY"));
        BIRCH_VERIFY(
            importAnyFile(*connection, kAdmin, folder.filePath(u"hostile.0.pkl"_s), options()));
        QVERIFY(!QFile::exists(folder.filePath(u"executed"_s)));
    }

    void damagedPickle()
    {
        const auto database = m_fixture.newDatabase(false);
        const auto connection = database->connect().value();
        const auto report =
            importAnyFile(*connection, kAdmin, write(u"a.pkl"_s, "\x80\x04\x8c"_ba), options());
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::BadInput);
    }

private:
    QString write(const QString &name, const QByteArray &bytes)
    {
        const QString path = name.startsWith(u'/') ? name : m_fixture.path(name);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("%s", qPrintable(file.errorString()));
        return path;
    }

    StoreFixture m_fixture;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(FileImportTest)
#include "tst_file_import.moc"
