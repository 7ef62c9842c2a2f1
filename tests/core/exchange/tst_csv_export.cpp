#include "core/exchange/scan_export.h"
#include "tests/core/exchange/memory_source.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class CsvExportTest : public QObject
{
    Q_OBJECT
private slots:
    void text();
    void pandasReadsTheSameBits();
    void severalObjectsMakeAFolder();
    void existingFolderTakesTheFiles();
    void oneMeasurementOnly();
    void unknownMeasurementIsNamed();
    void noFlagsNoFlagColumn();
    void replacesWhatWasThere();
    void cancelLeavesNothing_data();
    void cancelLeavesNothing();
    void failureLeavesNothing();
    void progressReachesTheEnd();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    static QByteArray contents(const QString &path);

    QTemporaryDir m_folder;
};

QByteArray CsvExportTest::contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no file");
}

void CsvExportTest::text()
{
    MemorySource source = hardScan(6);
    const auto written = exportScan(source, {.path = path(u"text.csv"_s)});
    QVERIFY2(written, written ? "" : qPrintable(written.error().message));
    QCOMPARE(written.value(), (QStringList{path(u"text.csv"_s), path(u"text.json"_s)}));
    const QList<QByteArray> lines = contents(path(u"text.csv"_s)).split('\n');
    QCOMPARE(lines[0], "time (ns),i,smu.voltage (V),smu.voltage.readback (V),smu.current (µA),"
                       "smu.current.state,counter.count,counter.count.state,lamp.on,note\r");
    QVERIFY(lines[1].startsWith("1795000000123456789,0,0.0,0.0,0.0,ok,-3,ok,true,plain\r"));
    QVERIFY(lines[2].startsWith("1795000000123456790,1,0.1,0.1,0.1,ok,-2,ok,false,\"a,b\"\r"));
    QVERIFY(lines[3].contains(",0.2,-0.0,-0.0,ok,"));
    QVERIFY(lines[3].endsWith("\"say \"\"hi\"\"\"\r"));
    QVERIFY(lines[4].contains(",,overload,"));
    QVERIFY(lines[4].endsWith("\"two")); // the line break is inside the quotes

    const QJsonObject metadata = QJsonDocument::fromJson(contents(path(u"text.json"_s))).object();
    QCOMPARE(metadata[u"scan_id"_s].toString(), u"LAB1-261120-001"_s);
    QCOMPARE(metadata[u"started"_s].toString(), u"2026-11-18T11:06:40.123456Z"_s);
    QCOMPARE(metadata[u"sample"_s][u"name"_s].toString(), u"Wafer 7"_s);
    const QJsonValue measurement = metadata[u"measurements"_s][0];
    QCOMPARE(measurement[u"file"_s].toString(), u"text.csv"_s);
    QCOMPARE(measurement[u"columns"_s].toArray().size(), 8);
}

void CsvExportTest::pandasReadsTheSameBits()
{
    MemorySource source = hardScan(40'000); // several chunks
    const auto written = exportScan(source, {.path = path(u"bits.csv"_s)});
    QVERIFY(written);
    dump(source.column(0, 3), path(u"readback.bin"_s));
    dump(source.column(0, 4), path(u"current.bin"_s));
    dump(source.column(0, 0), path(u"time.bin"_s));
    const QByteArray said = python(uR"(
import sys, numpy as np, pandas as pd
folder = sys.argv[1]
table = pd.read_csv(folder + '/bits.csv', float_precision='round_trip', keep_default_na=False,
                    na_values={c: [''] for c in ['smu.current (µA)', 'counter.count']})
raw = lambda name, t: np.fromfile(folder + '/' + name, dtype=t)
same = lambda a, b: np.array_equal(a.view('i8'), b.view('i8'))
assert len(table) == 40000, len(table)
assert same(table['smu.voltage.readback (V)'].to_numpy(), raw('readback.bin', '<f8'))
assert np.array_equal(table['time (ns)'].to_numpy(), raw('time.bin', '<i8'))
good = (table['smu.current.state'] == 'ok').to_numpy()
assert same(table['smu.current (µA)'].to_numpy()[good], raw('current.bin', '<f8')[good])
assert table['smu.current (µA)'][~good].isna().all()
assert (table['smu.current.state'][3::7] == 'overload').all()
assert (table['counter.count.state'][4::5] == 'skipped').all()
assert table['lamp.on'].dtype == bool and table['lamp.on'][0] and not table['lamp.on'][1]
assert list(table['note'][:7]) == ['plain', 'a,b', 'say "hi"', 'two\nlines', ' padded ', '', 'µΩ 漢字']
print('same')
)"_s,
                                   {m_folder.path()});
    QCOMPARE(said, "same\n");
}

void CsvExportTest::severalObjectsMakeAFolder()
{
    MemorySource source = hardScan(3);
    addSpectra(&source, 3);
    const auto written = exportScan(source, {.path = path(u"both"_s)});
    QVERIFY(written);
    QCOMPARE(QDir(path(u"both"_s)).entryList(QDir::Files | QDir::Hidden, QDir::Name),
             (QStringList{u"iv.csv"_s, u"scan.json"_s, u"spectra _ 1.csv"_s}));
    const QByteArray spectra = contents(path(u"both/spectra _ 1.csv"_s));
    QCOMPARE(spectra.left(spectra.indexOf('\r')),
             "time (ns),spec.counts[500 nm] (counts),spec.counts[500.5 nm] (counts),"
             "spec.counts[501 nm] (counts),spec.counts[501.5 nm] (counts),"
             "spec.counts[502 nm] (counts),spec.counts.state");
    QVERIFY(
        spectra.contains(",1.0,1.3333333333333333,1.6666666666666665,,,3:overload;4:overload\r"));
    QVERIFY(spectra.contains(",ok\r"));
}

void CsvExportTest::existingFolderTakesTheFiles()
{
    QVERIFY(QDir().mkdir(path(u"there"_s)));
    MemorySource source = hardScan(3);
    QVERIFY(exportScan(source, {.path = path(u"there"_s)}));
    QVERIFY(QFile::exists(path(u"there/iv.csv"_s)));
    QVERIFY(QFile::exists(path(u"there/scan.json"_s)));
}

void CsvExportTest::oneMeasurementOnly()
{
    MemorySource source = hardScan(3);
    addSpectra(&source, 3);
    QVERIFY(exportScan(source, {.path = path(u"one.csv"_s), .measurement = u"iv"_s}));
    QVERIFY(contents(path(u"one.csv"_s)).startsWith("time (ns),i,"));
    const auto metadata = QJsonDocument::fromJson(contents(path(u"one.json"_s))).object();
    QCOMPARE(metadata[u"measurements"_s].toArray().size(), 1);
}

void CsvExportTest::unknownMeasurementIsNamed()
{
    MemorySource source = hardScan(3);
    const auto written = exportScan(source, {.path = path(u"x.csv"_s), .measurement = u"vi"_s});
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::NotFound);
    QVERIFY(written.error().message.contains(u"iv"_s));
}

void CsvExportTest::noFlagsNoFlagColumn()
{
    MemorySource source = hardScan(3); // the first flag is in row 3
    QVERIFY(exportScan(source, {.path = path(u"clean.csv"_s)}));
    QVERIFY(!contents(path(u"clean.csv"_s)).contains(".state"));
}

void CsvExportTest::replacesWhatWasThere()
{
    MemorySource source = hardScan(3);
    QFile old(path(u"old.csv"_s));
    QVERIFY(old.open(QIODevice::WriteOnly));
    old.write("old");
    old.close();
    QVERIFY(exportScan(source, {.path = path(u"old.csv"_s)}));
    QVERIFY(contents(path(u"old.csv"_s)).startsWith("time (ns)"));
}

void CsvExportTest::cancelLeavesNothing_data()
{
    QTest::addColumn<ExportFormat>("format");
    QTest::newRow("csv") << ExportFormat::Csv;
    QTest::newRow("hdf5") << ExportFormat::Hdf5;
    QTest::newRow("json") << ExportFormat::Json;
}

void CsvExportTest::cancelLeavesNothing()
{
    QFETCH(ExportFormat, format);
    QTemporaryDir folder;
    MemorySource source = hardScan(40'000);
    addSpectra(&source, 40'000);
    std::stop_source stop;
    const auto written = exportScan(source, {.format = format,
                                             .path = folder.filePath(u"out"_s),
                                             .measurement = {},
                                             .progress =
                                                 [&](qint64 done, qint64 total) {
                                                     if (done > total / 2)
                                                         stop.request_stop();
                                                 },
                                             .stop = stop.get_token()});
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::Cancelled);
    QCOMPARE(QDir(folder.path()).entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::Hidden),
             QStringList());
}

void CsvExportTest::failureLeavesNothing()
{
    QTemporaryDir folder;
    MemorySource source = hardScan(40'000);
    addSpectra(&source, 40'000);
    source.failAt(30'000);
    for (const ExportFormat format : {ExportFormat::Csv, ExportFormat::Hdf5, ExportFormat::Json}) {
        const auto written =
            exportScan(source, {.format = format, .path = folder.filePath(u"out"_s)});
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::Storage);
        QVERIFY(written.error().message.contains(u"LAB1-261120-001"_s));
        QCOMPARE(
            QDir(folder.path()).entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::Hidden),
            QStringList());
    }
}

void CsvExportTest::progressReachesTheEnd()
{
    MemorySource source = hardScan(40'000);
    for (const ExportFormat format : {ExportFormat::Csv, ExportFormat::Hdf5, ExportFormat::Json}) {
        qint64 last = 0;
        qint64 total = 0;
        QVERIFY(exportScan(source, {.format = format,
                                    .path = path(u"progress"_s),
                                    .measurement = {},
                                    .progress = [&](qint64 done, qint64 all) {
                                        QVERIFY(done >= last && done <= all);
                                        last = done;
                                        total = all;
                                    }}));
        QCOMPARE(last, total);
        QCOMPARE(total, 40'000 * 8);
    }
}

QTEST_GUILESS_MAIN(CsvExportTest)
#include "tst_csv_export.moc"
