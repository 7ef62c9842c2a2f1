#include "core/exchange/file_names.h"
#include "core/exchange/scan_export.h"
#include "tests/core/exchange/memory_source.h"

#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class JsonExportTest : public QObject
{
    Q_OBJECT
private slots:
    void pythonReadsTheSameBits();
    void specialNumbers();
    void formatNames();
    void names_data();
    void names();
    void uniqueNames();
};

void JsonExportTest::pythonReadsTheSameBits()
{
    QTemporaryDir folder;
    MemorySource source = hardScan(20'000);
    addSpectra(&source, 8);
    QVERIFY(exportScan(source,
                       {.format = ExportFormat::Json, .path = folder.filePath(u"scan.json"_s)}));
    dump(source.column(0, 3), folder.filePath(u"readback.bin"_s));
    const QByteArray said = python(uR"(
import sys, json, numpy as np
folder = sys.argv[1]
scan = json.load(open(folder + '/scan.json', encoding='utf-8'))
assert scan['format'] == 'birch-scan' and scan['scan_id'] == 'LAB1-261120-001'
iv, spectra = scan['measurements']
assert iv['rows'] == 20000 and len(iv['data']['smu.current']) == 20000
read = np.array(iv['data']['smu.voltage.readback'], dtype='<f8')
assert np.array_equal(read.view('i8'), np.fromfile(folder + '/readback.bin', dtype='<i8'))
assert iv['data']['time'][1] == 1795000000123456790
assert iv['data']['smu.current'][3] is None and iv['states']['smu.current'][3] == 'overload'
assert sorted(iv['states']) == ['counter.count', 'smu.current']
assert iv['data']['lamp.on'][:2] == [True, False]
assert iv['data']['note'][2:4] == ['say "hi"', 'two\nlines']
assert spectra['data']['spec.counts'][1] == [1.0, 1 + 1 / 3.0, 1 + 2 / 3.0, None, None]
assert spectra['states']['spec.counts'][1] == ['ok', 'ok', 'ok', 'overload', 'overload']
print('same')
)"_s,
                                   {folder.path()});
    QCOMPARE(said, "same\n");
}

void JsonExportTest::specialNumbers()
{
    QTemporaryDir folder;
    MemorySource source;
    ColumnValues values;
    for (const double value : {qQNaN(), qInf(), -qInf()})
        values.appendDouble(value);
    TableSchema schema;
    schema.name = u"odd"_s;
    schema.columns = {columnSpec(u"x"_s, {}, ColumnType::Float64, ColumnRole::Value)};
    source.add(schema, {values});
    const QString path = folder.filePath(u"odd.json"_s);
    QVERIFY(exportScan(source, {.format = ExportFormat::Json, .path = path}));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains(R"("x":["NaN","Infinity","-Infinity"])"));
}

void JsonExportTest::formatNames()
{
    for (const ExportFormat format : {ExportFormat::Csv, ExportFormat::Hdf5, ExportFormat::Json})
        QCOMPARE(exportFormatFromName(exportFormatName(format)), format);
    QVERIFY(!exportFormatFromName(u"xlsx"_s));
}

void JsonExportTest::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("nexus");
    QTest::newRow("plain") << u"iv_1"_s << u"iv_1"_s << u"iv_1"_s;
    QTest::newRow("separators") << u"a/b\\c"_s << u"a_b_c"_s << u"a_b_c"_s;
    QTest::newRow("dots") << u".."_s << u"_."_s << u"__"_s;
    QTest::newRow("dotted") << u"smu.iv"_s << u"smu.iv"_s << u"smu.iv"_s;
    QTest::newRow("empty") << u""_s << u"_"_s << u"_"_s;
    QTest::newRow("letters of the world") << u"Größe"_s << u"Größe"_s << u"Gr__e"_s;
    QTest::newRow("control characters") << u"a\nb"_s << u"a_b"_s << u"a_b"_s;
}

void JsonExportTest::names()
{
    QFETCH(QString, name);
    QTEST(fileNameFor(name), "file");
    QTEST(nexusNameFor(name), "nexus");
}

void JsonExportTest::uniqueNames()
{
    QStringList taken;
    QCOMPARE(uniqueName(u"iv"_s, &taken), u"iv"_s);
    QCOMPARE(uniqueName(u"IV"_s, &taken), u"IV_2"_s);
    QCOMPARE(uniqueName(u"iv"_s, &taken), u"iv_3"_s);
}

QTEST_GUILESS_MAIN(JsonExportTest)
#include "tst_json_export.moc"
