#include "core/exchange/scan_export.h"
#include "tests/core/exchange/memory_source.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

/// LibreOffice opens an exported CSV as it is: columns apart, numbers as numbers.
class LibreOfficeTest : public QObject
{
    Q_OBJECT
private slots:
    void opensTheExport();
};

void LibreOfficeTest::opensTheExport()
{
    const QString office = QStandardPaths::findExecutable(u"soffice"_s);
    QVERIFY2(!office.isEmpty(), "install libreoffice-calc-nogui (./dev soak does)");
    QTemporaryDir folder;
    MemorySource source = hardScan(200);
    const auto written = exportScan(source, {.path = folder.filePath(u"scan.csv"_s)});
    QVERIFY2(written, written ? "" : qPrintable(written.error().message));

    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    // Token 8 of the filter: numbers as they are held, not as they are shown.
    process.start(
        office, {u"--headless"_s, u"-env:UserInstallation=file://%1/profile"_s.arg(folder.path()),
                 u"--convert-to"_s, u"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"_s,
                 u"--outdir"_s, folder.filePath(u"back"_s), folder.filePath(u"scan.csv"_s)});
    QVERIFY(process.waitForFinished(150'000));
    QFile back(folder.filePath(u"back/scan.csv"_s));
    QVERIFY2(back.open(QIODevice::ReadOnly), process.readAll().constData());
    const QList<QByteArray> lines = back.readAll().split('\n');
    QVERIFY(lines[0].startsWith("time (ns),i,smu.voltage (V),smu.voltage.readback (V)"));
    const ColumnValues &voltage = source.column(0, 2);
    int compared = 0;
    for (int row = 0; row < 3; ++row) { // later rows hold a text with a line break
        const double read = lines[row + 1].split(',').value(2).toDouble();
        QCOMPARE(read, voltage.doubleAt(row));
        ++compared;
    }
    QCOMPARE(compared, 3);
}

QTEST_GUILESS_MAIN(LibreOfficeTest)
#include "tst_libreoffice.moc"
