#include "core/store/chunk_reader.h"
#include "core/store/overview_reader.h"
#include "core/store/overview_writer.h"
#include "core/store/scan_repository.h"
#include "core/store/sql_run_store.h"
#include "core/store/stored_series.h"
#include "tests/core/store/scan_fixture.h"
#include "tests/core/store/store_fixture.h"

#include <cmath>

using namespace birch;
using namespace Qt::StringLiterals;

/// Stored overviews hold what a pyramid over the same values would, however the rows came.
class OverviewsTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QFETCH(bool, isPostgres);
        m_database = m_fixture.newDatabase(isPostgres);
        m_store = SqlRunStore::open(*m_database, u"ada"_s, u"bench"_s).value();
        m_connection = m_database->connect().value();
        m_scan = test::newScan();
        m_scan.objects = {TableSchema{newUid(), u"xy"_s, {}}};
        m_scan.objects[0].columns = {
            {u"x"_s, u"V"_s, ColumnType::Float64, {}, {}, ColumnRole::Setpoint},
            {u"y"_s, u"A"_s, ColumnType::Float64, {}, {}, ColumnRole::Value},
            {u"s"_s, u"counts"_s, ColumnType::Float64, {2}, {}, ColumnRole::Value}};
        m_opened = m_store->createScan(m_scan).value();
        m_x.clear();
        m_y.clear();
    }
    void cleanup()
    {
        m_store.reset();
        m_connection.reset();
        m_database.reset();
    }

    void blocksAreThoseOfAPyramid_data() { test::StoreFixture::addEngines(); }
    void blocksAreThoseOfAPyramid()
    {
        for (const qint64 rows : {1, 60'000, 16'384, 200'000})
            add(rows);
        // The program dies and another one goes on, in the middle of a row of the overview.
        add(1'000, ScanState::Interrupted);
        auto other = SqlRunStore::open(*m_database, u"ada"_s, u"bench"_s).value();
        m_opened = other->continueScan(m_scan.uid).value();
        m_store = std::move(other);
        add(30'000);
        add(5'555, ScanState::Completed);

        Pyramid expected[2];
        expected[0].append(m_x);
        expected[1].append(m_y);
        const StoredObject object = stored();
        int levels = 0;
        for (int column = 0; column < 2; ++column) {
            for (int level = kFirstOverviewLevel; level < Pyramid::kLevels; ++level) {
                const qint64 count = expected[column].blockCount(level);
                const auto blocks =
                    readBlocks(*m_connection, object.id, column, level, 0, 1'000'000);
                BIRCH_VERIFY(blocks);
                QCOMPARE(qint64(blocks.value().size()), count);
                for (qint64 i = 0; i < count; ++i)
                    QVERIFY2(blocks.value()[size_t(i)] == expected[column].block(level, i),
                             qPrintable(u"level %1 block %2"_s.arg(level).arg(i)));
                levels += count > 0;
            }
        }
        QCOMPARE(levels, 2 * 6);
        const auto some = readBlocks(*m_connection, object.id, 1, 1, 300, 310);
        QCOMPARE(some.value().size(), size_t(10));
        QVERIFY(some.value()[0] == expected[1].block(1, 300));
    }

    void seriesAreDrawnWholeOrFromBlocks_data() { test::StoreFixture::addEngines(); }
    void seriesAreDrawnWholeOrFromBlocks()
    {
        add(150'000);
        add(777);
        const StoredObject object = stored(); // still running: no overview of the tail
        StoredSeries whole(object);
        StoredSeries large(object, {1'000, 256});
        std::vector<SeriesBlock> blocks;
        whole.reduce(0, 1, 0, 1, 100, &blocks);
        QVERIFY(blocks.empty()); // nothing loaded, nothing shown
        for (StoredSeries *series : {&whole, &large}) {
            QVERIFY(!series->isLoaded(1));
            for (int column = 0; column < 3; ++column)
                BIRCH_VERIFY(series->load(*m_connection, column));
            QCOMPARE(series->load(*m_connection, 3).error().code, ErrorCode::NotFound);
            QCOMPARE(series->rowCount(), 150'777);
            QCOMPARE(series->range(0), (ValueRange{m_x.front(), m_x.back()}));
            for (const int x : {0, kRowNumber}) {
                const double end = x == 0 ? m_x.back() : 150'776;
                series->reduce(x, 1, 0, end, 300, &blocks);
                QVERIFY2(blocks.size() > 100 && blocks.size() < 1'000,
                         qPrintable(QString::number(blocks.size())));
                double low = blocks[0].yMin;
                double high = blocks[0].yMax;
                qint64 rows = 0;
                for (const SeriesBlock &block : blocks) {
                    QCOMPARE(block.firstRow, rows);
                    rows += block.rows;
                    low = std::min(low, block.yMin);
                    high = std::max(high, block.yMax);
                }
                QCOMPARE(rows, 150'777);
                QCOMPARE(low, *std::min_element(m_y.begin(), m_y.end()));
                QCOMPARE(high, *std::max_element(m_y.begin(), m_y.end()));
                QVERIFY(std::abs(blocks.back().xLast - end) <= end * 1e-3);
            }
            BIRCH_VERIFY(series->loadArray(*m_connection, 2, 5));
            QCOMPARE(series->arrayAt(2, 5), (std::vector<double>{m_y[5], -m_y[5]}));
        }
        QCOMPARE(whole.values(1, 10, 2), (std::vector<double>{m_y[10], m_y[11]}));
        QVERIFY(large.values(1, 10, 2).empty());
    }

private:
    void add(qint64 rows, std::optional<ScanState> state = {})
    {
        std::vector<ColumnValues> columns{ColumnValues(ColumnType::Float64, 1),
                                          ColumnValues(ColumnType::Float64, 1),
                                          ColumnValues(ColumnType::Float64, 2)};
        for (qint64 i = 0; i < rows; ++i) {
            const double x = double(m_x.size()) * 1e-3;
            const double y = std::sin(x * 7) + std::sin(x * 1e4);
            m_x.push_back(x);
            m_y.push_back(y);
            columns[0].appendDouble(x);
            columns[1].appendDouble(y);
            columns[2].appendDoubles(std::vector<double>{y, -y});
        }
        ScanCommit commit;
        commit.scan = m_scan.uid;
        commit.epoch = m_opened.epoch;
        commit.rowsBefore = m_opened.rowsStored;
        commit.rowsAfter = {m_opened.rowsStored[0] + rows};
        commit.state = state;
        ChunkEncoder encoder;
        for (int i = 0; i < 3; ++i)
            commit.chunks.push_back(
                encoder.encode(0, i, m_opened.rowsStored[0], columns[size_t(i)]));
        BIRCH_VERIFY(m_store->commit(commit));
        m_opened.rowsStored = commit.rowsAfter;
    }
    StoredObject stored()
    {
        const Session session{u"ada"_s, Role::Viewer};
        return ScanRepository(*m_connection).find(session, uidText(m_scan.uid)).value().objects[0];
    }

    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<SqlRunStore> m_store;
    std::unique_ptr<Connection> m_connection;
    NewScan m_scan;
    OpenedScan m_opened;
    std::vector<double> m_x;
    std::vector<double> m_y;
};

QTEST_GUILESS_MAIN(OverviewsTest)
#include "tst_overviews.moc"
