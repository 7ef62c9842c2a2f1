#include "tests/widgets/history/history_fixture.h"
#include "widgets/models/history_model.h"
#include "widgets/models/stored_series_source.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace birch;
using namespace Qt::StringLiterals;

/// The list of stored scans: pages, filters and changes merged in row by row.
class HistoryModelTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { m_fixture = std::make_unique<test::HistoryFixture>(); }
    void cleanup() { m_fixture.reset(); }

    void pagesAsTheViewAsks();
    void newScansComeOnTop();
    void changesAreTakenIn();
    void filterKeepsWhatStays();
    void olderAnswersAreLeftOut();
    void texts_data();
    void texts();
    void columnsArriveAsTheyAreDrawn();
    void storedSeriesGrows();
    void arraysComeRowByRow();

private:
    static void loadAll(HistoryModel &model)
    {
        while (model.canFetchMore({})) {
            QSignalSpy loaded(&model, &HistoryModel::loaded);
            model.fetchMore({});
            QVERIFY(loaded.wait());
        }
    }
    static void wait(HistoryModel &model, const std::function<void()> &ask)
    {
        QSignalSpy loaded(&model, &HistoryModel::loaded);
        ask();
        QVERIFY(loaded.wait());
    }

    std::unique_ptr<test::HistoryFixture> m_fixture;
};

void HistoryModelTest::pagesAsTheViewAsks()
{
    const NewScan first = m_fixture->newIv(u"newest"_s);
    m_fixture->add(first, ScanState::Completed, 1);
    m_fixture->addCopies(first, 1000);
    HistoryModel model(m_fixture->reader);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QVERIFY(!model.canFetchMore({}));
    wait(model, [&] { model.refresh(); });
    QCOMPARE(model.rowCount(), HistoryModel::kPage);
    QCOMPARE(model.total(), 1001);
    loadAll(model);
    QCOMPARE(model.rowCount(), 1001);
    QSet<QUuid> seen;
    for (int row = 0; row < model.rowCount(); ++row) {
        seen.insert(model.scan(row).uid);
        QVERIFY(row == 0 || model.scan(row - 1).startedUs >= model.scan(row).startedUs);
    }
    QCOMPARE(seen.size(), 1001);
    QCOMPARE(model.scan(0).uid, first.uid);
    QCOMPARE(model.scan(1000).details.title, u"Run 1000"_s);
}

void HistoryModelTest::newScansComeOnTop()
{
    for (int i = 0; i < 3; ++i)
        m_fixture->add(m_fixture->newIv(u"scan %1"_s.arg(i)), ScanState::Completed, 1);
    HistoryModel model(m_fixture->reader);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    wait(model, [&] { model.refresh(); });
    const QPersistentModelIndex kept = model.index(1, 0);
    const QUuid uid = model.scan(1).uid;
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    m_fixture->add(m_fixture->newIv(u"new"_s), ScanState::Failed, 1);
    wait(model, [&] { model.refresh(); });
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(removed.size() + reset.size(), 0);
    QCOMPARE(kept.row(), 2);
    QCOMPARE(model.scan(2).uid, uid);
    QCOMPARE(model.rowOf(uid), 2);
    wait(model, [&] { model.refresh(); });
    QCOMPARE(inserted.size(), 1); // nothing new, nothing done
}

void HistoryModelTest::changesAreTakenIn()
{
    const NewScan scan = m_fixture->newIv(u"before"_s);
    m_fixture->add(scan, ScanState::Completed, 1);
    m_fixture->add(m_fixture->newIv(u"other"_s), ScanState::Completed, 1);
    HistoryModel model(m_fixture->reader);
    wait(model, [&] { model.refresh(); });
    ScanDetails details = m_fixture->find(scan.uid).details;
    details.title = u"after"_s;
    ScanRepository scans(*m_fixture->connection);
    QVERIFY(bool(scans.editDetails(m_fixture->session, scan.uid, details,
                                   m_fixture->find(scan.uid).revision)));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    wait(model, [&] { model.refresh(); });
    QCOMPARE(changed.size(), 1);
    QCOMPARE(model.index(1, HistoryModel::NameColumn).data().toString(), u"after"_s);
    // Into the trash: that row alone goes.
    QVERIFY(bool(scans.setTrashed(m_fixture->session, scan.uid, true)));
    wait(model, [&] { model.refresh(); });
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.scan(0).details.title, u"other"_s);
}

void HistoryModelTest::filterKeepsWhatStays()
{
    const NewScan first = m_fixture->newIv(u"newest"_s);
    m_fixture->add(first, ScanState::Completed, 1);
    m_fixture->addCopies(first, 250);
    HistoryModel model(m_fixture->reader);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    wait(model, [&] { model.refresh(); });
    loadAll(model);
    const QPersistentModelIndex failed = model.index(5, 0); // Run 5
    const QPersistentModelIndex done = model.index(6, 0);
    ScanFilter filter;
    filter.states = {ScanState::Failed};
    wait(model, [&] { model.setFilter(filter); });
    QCOMPARE(model.rowCount(), 50);
    QVERIFY(failed.isValid() && !done.isValid());
    QCOMPARE(failed.row(), 0);
    wait(model, [&] { model.setFilter({}); });
    QCOMPARE(model.rowCount(), HistoryModel::kPage);
    QCOMPARE(failed.row(), 5);
}

void HistoryModelTest::olderAnswersAreLeftOut()
{
    const NewScan first = m_fixture->newIv(u"only"_s);
    m_fixture->add(first, ScanState::Completed, 1);
    HistoryModel model(m_fixture->reader);
    QSignalSpy loaded(&model, &HistoryModel::loaded);
    ScanFilter filter;
    filter.search = u"nothing is called so"_s;
    model.setFilter(filter);
    filter.search = u"only"_s;
    model.setFilter(filter);
    QVERIFY(loaded.wait());
    QCOMPARE(loaded.size(), 1);
    QCOMPARE(model.rowCount(), 1);
}

void HistoryModelTest::texts_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("text");
    QTest::newRow("state") << int(HistoryModel::StateColumn) << u"aborted"_s;
    QTest::newRow("title over name") << int(HistoryModel::NameColumn) << u"Diode 4"_s;
    QTest::newRow("sample by human id") << int(HistoryModel::SampleColumn) << u"D-4"_s;
    QTest::newRow("operator") << int(HistoryModel::OperatorColumn) << u"Ada"_s;
    QTest::newRow("points of planned") << int(HistoryModel::PointsColumn) << u"1,200 of 5,000"_s;
    QTest::newRow("duration") << int(HistoryModel::DurationColumn) << u"35 s"_s;
}

void HistoryModelTest::texts()
{
    QFETCH(int, column);
    QFETCH(QString, text);
    NewScan scan = m_fixture->newIv(u"Diode 4"_s);
    scan.details.sampleUid = m_fixture->addSample(u"D-4"_s);
    scan.pointsPlanned = 5000;
    m_fixture->add(scan, ScanState::Aborted, 1200, u"Stopped by Ada"_s);
    HistoryModel model(m_fixture->reader);
    wait(model, [&] { model.refresh(); });
    QCOMPARE(model.index(0, column).data().toString(), text);
    QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
    if (column == HistoryModel::StateColumn)
        QCOMPARE(model.index(0, column).data(Qt::ToolTipRole).toString(), u"Stopped by Ada"_s);
}

void HistoryModelTest::columnsArriveAsTheyAreDrawn()
{
    const NewScan scan = m_fixture->newIv(u"iv"_s);
    m_fixture->add(scan, ScanState::Completed);
    QStringList problems;
    const ScanRecord record = m_fixture->find(scan.uid);
    StoredSeriesSource source(m_fixture->reader, record.objects.at(0),
                              [&](const QString &problem) { problems << problem; });
    QCOMPARE(source.rowCount(), 201);
    std::vector<SeriesBlock> blocks;
    source.reduce(0, 1, -1, 1, 1000, &blocks);
    QVERIFY(!source.isComplete());    // answers at once with what is here
    QCOMPARE(source.rowCount(), 200); // and is drawn again when the rest is
    QTRY_VERIFY(source.isComplete());
    QCOMPARE(source.rowCount(), 201);
    source.reduce(0, 1, -1, 1, 1000, &blocks);
    QCOMPARE(blocks.size(), size_t(201));
    QCOMPARE(source.range(0)->low, -0.4);
    QVERIFY(problems.isEmpty());
    // Chunks that are gone are said once, not at every frame.
    QVERIFY(bool(m_fixture->connection->execute(u"DELETE FROM data_chunks"_s)));
    StoredSeriesSource broken(m_fixture->reader, record.objects.at(0),
                              [&](const QString &problem) { problems << problem; });
    QVERIFY(!broken.range(0));
    QTRY_COMPARE(problems.size(), 1);
    QVERIFY(!broken.range(0) && broken.isComplete());
}

void HistoryModelTest::storedSeriesGrows()
{
    const NewScan scan = m_fixture->newIv(u"iv"_s);
    m_fixture->add(scan, ScanState::Completed);
    StoredObject object = m_fixture->find(scan.uid).objects.at(0);
    StoredObject early = object;
    early.rowsStored = 50;
    StoredSeriesSource source(m_fixture->reader, early, {});
    (void)source.range(1);
    QVERIFY(!source.isComplete());
    QTRY_VERIFY(source.isComplete());
    const double before = source.range(1)->high;
    source.update(object);
    QCOMPARE(source.rowCount(), 50); // what is drawn stays until the rest is here
    QTRY_COMPARE(source.rowCount(), 201);
    QVERIFY(source.range(1)->high > before);
}

void HistoryModelTest::arraysComeRowByRow()
{
    // More elements than are held: the chart asks for one row, and later for another.
    constexpr qint64 kElements = 4096;
    constexpr qint64 kRows = 600;
    NewScan scan = m_fixture->newIv(u"spectra"_s);
    scan.objects[0].columns = {
        {u"counts"_s, u""_s, ColumnType::Float64, {kElements}, {}, ColumnRole::Value}};
    const OpenedScan opened = m_fixture->value(m_fixture->store->createScan(scan));
    ColumnValues spectra(ColumnType::Float64, kElements);
    for (qint64 i = 0; i < kRows * kElements; ++i)
        spectra.appendDouble(double(i / kElements));
    ScanCommit commit;
    commit.scan = opened.uid;
    commit.epoch = opened.epoch;
    commit.rowsBefore = {0};
    commit.rowsAfter = {kRows};
    commit.chunks.push_back(ChunkEncoder().encode(0, 0, 0, spectra));
    m_fixture->value(m_fixture->store->commit(commit));

    QStringList problems;
    StoredSeriesSource source(m_fixture->reader, m_fixture->find(scan.uid).objects.at(0),
                              [&](const QString &problem) { problems << problem; });
    for (const qint64 row : {kRows - 1, qint64(17), qint64(300)}) {
        QTRY_COMPARE(qint64(source.arrayAt(0, row).size()), kElements);
        QCOMPARE(source.arrayAt(0, row).front(), double(row));
    }
    QVERIFY(source.arrayAt(0, kRows).empty());
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u' ')));
}

QTEST_GUILESS_MAIN(HistoryModelTest)
#include "tst_history_model.moc"
