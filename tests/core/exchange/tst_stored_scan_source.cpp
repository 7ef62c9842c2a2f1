#include "core/exchange/scan_export.h"
#include "core/exchange/stored_scan_source.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/sql_run_store.h"
#include "tests/core/store/scan_fixture.h"
#include "tests/core/store/store_fixture.h"

#include <QFile>
#include <QTest>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

class StoredScanSourceTest : public QObject
{
    Q_OBJECT
private slots:
    void exportsWhatWasStored_data() { StoreFixture::addEngines(); }
    void exportsWhatWasStored();
    void unknownScan();

private:
    StoreFixture m_fixture;
};

void StoredScanSourceTest::exportsWhatWasStored()
{
    QFETCH(bool, isPostgres);
    const auto database = m_fixture.newDatabase(isPostgres);
    auto connection = database->connect();
    BIRCH_VERIFY(connection);
    const Session session{u"ada"_s, Role::Admin};
    const auto sample = EntityRepository(*connection.value(), sampleSpec())
                            .insert(session, {{u"material"_s, u"GaAs"_s}});
    BIRCH_VERIFY(sample);

    auto store = SqlRunStore::open(*database, u"ada"_s, u"bench"_s);
    BIRCH_VERIFY(store);
    NewScan scan = newScan();
    scan.details.sampleUid = sample.value().uid;
    auto opened = store.value()->createScan(scan);
    BIRCH_VERIFY(opened);
    for (const qint64 rows : {10, 4096, 300}) {
        ScanCommit commit = rowsCommit(scan, opened.value(), 0, rows);
        commit.endSettings = {{u"smu"_s, QJsonObject{{u"range"_s, double(rows)}}}};
        BIRCH_VERIFY(store.value()->commit(commit));
        opened.value().rowsStored = commit.rowsAfter;
    }

    auto source = StoredScanSource::open(*connection.value(), session, opened.value().scanId);
    BIRCH_VERIFY(source);
    const ExportedScan &stored = source.value()->scan();
    QCOMPARE(stored.uid, scan.uid);
    QCOMPARE(stored.details, scan.details);
    QCOMPARE(stored.settings, scan.settings);
    QCOMPARE(stored.endSettings[u"smu"_s][u"range"_s].toDouble(), 300.0);
    QCOMPARE(stored.bench, scan.bench);
    QCOMPARE(stored.sample[u"material"_s].toString(), u"GaAs"_s);
    QCOMPARE(stored.sample[u"name"_s].toString(), sample.value().text(u"sample_id"_s));
    QCOMPARE(stored.objects.size(), 2);
    QCOMPARE(stored.objects[0].schema, scan.objects[0]);
    QCOMPARE(stored.objects[0].rows, 4406);
    QCOMPARE(stored.objects[1].rows, 0);
    QCOMPARE(stored.objects[0].hasFlags, (QList<bool>{false, true, false, false, true}));
    const auto expected = rowsOf(scan.objects[0], 5, 4400);
    for (int column = 0; column < 5; ++column) {
        const auto values = source.value()->read(0, column, 5, 4400);
        BIRCH_VERIFY(values);
        QVERIFY(values.value() == expected[size_t(column)]);
    }

    const QString path = m_fixture.path(isPostgres ? u"pg"_s : u"lite"_s);
    for (const ExportFormat format : {ExportFormat::Csv, ExportFormat::Hdf5, ExportFormat::Json}) {
        const auto written = exportScan(
            *source.value(), {.format = format, .path = path + exportFormatName(format)});
        BIRCH_VERIFY(written);
        for (const QString &file : written.value())
            QVERIFY2(QFile(file).size() > 0, qPrintable(file));
    }
}

void StoredScanSourceTest::unknownScan()
{
    const auto database = m_fixture.newDatabase(false);
    auto connection = database->connect();
    BIRCH_VERIFY(connection);
    const auto source =
        StoredScanSource::open(*connection.value(), {u"ada"_s, Role::Viewer}, u"X-1"_s);
    QVERIFY(!source);
    QCOMPARE(source.error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(StoredScanSourceTest)
#include "tst_stored_scan_source.moc"
