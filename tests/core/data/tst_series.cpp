#include "core/data/live_data.h"
#include "core/data/series_reduce.h"
#include "tests/core/data/sample_rows.h"
#include "tests/support/memory_series.h"

#include <QRandomGenerator>
#include <QTest>

#include <cmath>
#include <thread>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

namespace {

TableSchema xySchema()
{
    return {
        newUid(),
        u"t"_s,
        {column(u"x"_s, u"V"_s, ColumnRole::Setpoint), column(u"y"_s, u"A"_s, ColumnRole::Value)}};
}

PointBatch xyBatch(qint64 first, const std::vector<double> &x, const std::vector<double> &y)
{
    PointBatch batch;
    batch.firstRow = first;
    batch.columns.resize(2);
    for (size_t i = 0; i < x.size(); ++i) {
        batch.columns[0].appendDouble(x[i]);
        batch.columns[1].appendDouble(std::isnan(y[i]) ? 0 : y[i],
                                      std::isnan(y[i]) ? ValueState::Overload : ValueState::Ok);
    }
    return batch;
}

struct Trace {
    std::vector<double> x;
    std::vector<double> y;
};

/// Shapes of x that scans make.
double xOf(const QString &shape, qint64 i, qint64 count, QRandomGenerator &random)
{
    const double at = double(i) / double(count);
    if (shape == u"rising")
        return at;
    if (shape == u"falling")
        return 1 - at;
    if (shape == u"snake")
        return std::abs(std::fmod(at * 10, 2.0) - 1);
    if (shape == u"loop")
        return std::sin(at * 12.566);
    if (shape == u"steps")
        return std::floor(at * 50) / 50;
    return random.generateDouble(); // "random"
}

Trace makeTrace(const QString &shape, qint64 count, double share, quint32 seed)
{
    QRandomGenerator random(seed);
    Trace trace;
    for (qint64 i = 0; i < count; ++i) {
        trace.x.push_back(xOf(shape, i, count, random));
        const bool isGap =
            random.generateDouble() < share || (share > 0 && i > count / 3 && i < count / 3 + 200);
        trace.y.push_back(isGap ? qQNaN() : std::sin(double(i) * 0.01) + random.generateDouble());
    }
    return trace;
}

} // namespace

class TestSeries : public QObject
{
    Q_OBJECT

private slots:
    void blocksBoundWhatIsInThem_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<double>("gaps");
        QTest::newRow("less than a block") << 63 << 0.0;
        QTest::newRow("one block") << 64 << 0.0;
        QTest::newRow("two levels") << 300 << 0.1;
        QTest::newRow("many") << 70001 << 0.3;
        QTest::newRow("nothing but gaps") << 1000 << 1.0;
    }
    void blocksBoundWhatIsInThem()
    {
        QFETCH(int, count);
        QFETCH(double, gaps);
        const Trace trace = makeTrace(u"rising"_s, count, gaps, 7);
        Pyramid pyramid;
        for (qint64 at = 0; at < count;) { // in pieces of odd sizes
            const qint64 piece = std::min<qint64>(1 + at % 37, count - at);
            pyramid.append(std::span(trace.y).subspan(size_t(at), size_t(piece)));
            at += piece;
        }
        for (int level = 0; level < Pyramid::kLevels; ++level) {
            const qint64 size = Pyramid::rowsPerBlock(level);
            QCOMPARE(pyramid.blockCount(level), count / size);
            for (qint64 i = 0; i < pyramid.blockCount(level); ++i) {
                PyramidBlock expected;
                for (qint64 row = i * size; row < (i + 1) * size; ++row)
                    expected.add(trace.y[size_t(row)]);
                const PyramidBlock &block = pyramid.block(level, i);
                QCOMPARE(block.isEmpty(), expected.isEmpty());
                if (!expected.isEmpty())
                    QVERIFY(block == expected);
            }
        }
    }

    void monotonicFlag_data()
    {
        QTest::addColumn<QList<double>>("values");
        QTest::addColumn<bool>("isRising");
        QTest::addColumn<bool>("isFalling");
        QTest::newRow("rising") << QList<double>{1, 2, 3} << true << false;
        QTest::newRow("with a step") << QList<double>{1, 1, 3} << true << false;
        QTest::newRow("falling") << QList<double>{3, 2, 2} << false << true;
        QTest::newRow("constant") << QList<double>{2, 2, 2} << true << true;
        QTest::newRow("turning") << QList<double>{1, 2, 1} << false << false;
        QTest::newRow("gap inside") << QList<double>{1, qQNaN(), 3} << true << false;
    }
    void monotonicFlag()
    {
        QFETCH(QList<double>, values);
        QFETCH(bool, isRising);
        QFETCH(bool, isFalling);
        for (qsizetype split = 0; split <= values.size(); ++split) { // added at once, and joined
            PyramidBlock left;
            PyramidBlock right;
            for (qsizetype i = 0; i < values.size(); ++i)
                (i < split ? left : right).add(values.at(i));
            left.join(right);
            QCOMPARE((left.flags & PyramidBlock::Rising) != 0, isRising);
            QCOMPARE((left.flags & PyramidBlock::Falling) != 0, isFalling);
        }
    }

    void blocksSurviveStorage()
    {
        std::vector<PyramidBlock> blocks(3);
        blocks[0].add(-0.0);
        blocks[0].add(1e-300);
        blocks[1].add(qQNaN());
        const QByteArray bytes = encodeBlocks(blocks);
        QVERIFY(decodeBlocks(bytes).value() == blocks);
        QVERIFY(!decodeBlocks(bytes.left(40)));
        QByteArray spoiled = bytes;
        spoiled[32] = char(0x80);
        QVERIFY(!decodeBlocks(spoiled));
    }

    /// Every row in view lies in exactly one block, in order; every block bounds its rows and is
    /// narrower than a pixel or a single row.
    void reductionIsFaithful_data()
    {
        QTest::addColumn<QString>("shape");
        QTest::addColumn<int>("count");
        QTest::addColumn<double>("gaps");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        for (const char *shape : {"rising", "falling", "snake", "loop", "steps", "random"}) {
            for (const int count : {1, 100, 30000}) {
                QTest::addRow("%s %d", shape, count)
                    << QString::fromLatin1(shape) << count << 0.0 << -1.0 << 1.0;
                QTest::addRow("%s %d gaps", shape, count)
                    << QString::fromLatin1(shape) << count << 0.05 << -1.0 << 1.0;
                QTest::addRow("%s %d zoomed", shape, count)
                    << QString::fromLatin1(shape) << count << 0.01 << 0.41 << 0.43;
            }
        }
    }
    void reductionIsFaithful()
    {
        QFETCH(QString, shape);
        QFETCH(int, count);
        QFETCH(double, gaps);
        QFETCH(double, low);
        QFETCH(double, high);
        constexpr int kPixels = 500;
        const Trace trace = makeTrace(shape, count, gaps, 11);
        LiveSeries series(xySchema());
        series.append(xyBatch(0, trace.x, trace.y));
        std::vector<SeriesBlock> blocks;
        series.reduce(0, 1, low, high, kPixels, &blocks);

        std::vector<int> seen(size_t(count), 0);
        qint64 last = -1;
        for (const SeriesBlock &block : blocks) {
            QVERIFY(block.firstRow >= last);
            double yMin = INFINITY, yMax = -INFINITY, xMin = INFINITY, xMax = -INFINITY;
            for (qint64 row = block.firstRow; row < block.firstRow + block.rows; ++row) {
                last = row;
                ++seen[size_t(row)];
                if (std::isnan(trace.y[size_t(row)]))
                    continue;
                yMin = std::min(yMin, trace.y[size_t(row)]);
                yMax = std::max(yMax, trace.y[size_t(row)]);
                xMin = std::min(xMin, trace.x[size_t(row)]);
                xMax = std::max(xMax, trace.x[size_t(row)]);
            }
            QCOMPARE(block.yMin, yMin);
            QCOMPARE(block.yMax, yMax);
            QVERIFY(block.rows == 1 || xMax - xMin <= (high - low) / kPixels * 1.0001);
        }
        for (size_t row = 0; row < seen.size(); ++row) {
            if (trace.x[row] >= low && trace.x[row] <= high && !std::isnan(trace.y[row]))
                QCOMPARE(seen[row], 1);
        }
        if (shape == u"rising" && gaps == 0)
            QVERIFY(blocks.size() <= 2 * kPixels + 2);
        MemorySeries naive(xySchema());
        for (size_t i = 0; i < trace.x.size(); ++i)
            naive.addRow({trace.x[i], trace.y[i]});
        QCOMPARE(series.range(1), naive.range(1));
    }

    void gapsBreakTheLine()
    {
        LiveSeries series(xySchema());
        series.append(xyBatch(0, {0, 1, 2, 3, 4, 5}, {qQNaN(), 1, 2, qQNaN(), 4, 5}));
        std::vector<SeriesBlock> blocks;
        series.reduce(kRowNumber, 1, 0, 5, 1000, &blocks);
        QCOMPARE(blocks.size(), size_t(4));
        QVERIFY(!blocks[0].startsGap);
        QVERIFY(!blocks[1].startsGap);
        QVERIFY(blocks[2].startsGap);
        QVERIFY(!blocks[3].startsGap);
    }

    void neighboursOutsideOfTheViewAreIncluded()
    {
        std::vector<double> x, y;
        for (int i = 0; i < 1000; ++i) {
            x.push_back(i);
            y.push_back(i);
        }
        LiveSeries series(xySchema());
        series.append(xyBatch(0, x, y));
        std::vector<SeriesBlock> blocks;
        series.reduce(0, 1, 500.5, 502.5, 100, &blocks);
        QCOMPARE(blocks.size(), size_t(4));
        QCOMPARE(blocks.front().xFirst, 500.0);
        QCOMPARE(blocks.back().xFirst, 503.0);
    }

    void allColumnTypes()
    {
        LiveSeries series(sampleSchema());
        series.append(sampleRows(0, 0, 100));
        series.append(sampleRows(0, 200, 5)); // does not join on: left out
        QCOMPARE(series.rowCount(), 100);
        QCOMPARE(series.values(1, 98, 10), (std::vector<double>{98, 99}));
        QVERIFY(std::isnan(series.values(2, 4, 1).front())); // flagged
        QCOMPARE(series.values(3, 1, 1).front(), 1.0);
        QVERIFY(std::isnan(series.values(4, 0, 1).front())); // text
        QCOMPARE(series.arrayAt(5, 7), (std::vector<double>{28, 29, 30, 31}));
        QCOMPARE(series.arrayAt(5, 99).front(), 396.0);
        QVERIFY(series.arrayAt(5, 100).empty());
        QVERIFY(series.arrayAt(5, -1).empty());
        QCOMPARE(series.range(5), (std::optional<ValueRange>({0, 399})));
        QVERIFY(!series.range(4));
        QVERIFY(series.values(17, 0, 5).size() == 5);
        std::vector<SeriesBlock> blocks;
        series.reduce(0, 4, 0, 1, 10, &blocks);
        QVERIFY(blocks.empty());
    }

    void readersWhileWriting()
    {
        LiveSeries series(xySchema());
        std::atomic<bool> isDone = false;
        std::atomic<int> wrong = 0;
        const auto readAll = [&] {
            std::vector<SeriesBlock> blocks;
            qint64 before = 0;
            while (!isDone) {
                const qint64 rows = series.rowCount();
                const auto values = series.values(1, before, rows - before);
                for (size_t i = 0; i < values.size(); ++i)
                    wrong += values[i] == double(before + qint64(i)) * 2 ? 0 : 1;
                series.reduce(0, 1, 0, double(rows), 300, &blocks);
                wrong += rows > 0 && (blocks.empty() || blocks.back().yLast < double(rows - 1) * 2)
                             ? 1
                             : 0;
                wrong += series.range(1).value_or(ValueRange{0, 1e18}).high < double(rows - 1) * 2
                             ? 1
                             : 0;
                before = rows;
            }
        };
        std::thread first(readAll);
        std::thread second(readAll);
        for (qint64 row = 0; row < 200'000;) {
            std::vector<double> x, y;
            for (qint64 i = 0; i < 1 + row % 500; ++i) {
                x.push_back(double(row + i));
                y.push_back(double(row + i) * 2);
            }
            series.append(xyBatch(row, x, y));
            row += qint64(x.size());
        }
        isDone = true;
        first.join();
        second.join();
        QCOMPARE(wrong, 0);
    }

    void liveDataFollowsTheEngine()
    {
        LiveData data(1);
        const NewScan scan = sampleScan(2);
        OpenedScan opened;
        opened.uid = scan.uid;
        opened.rowsStored = {5, 0};
        data.started(opened, scan);
        data.batch(scan.uid, sampleRows(0, 5, 10));
        data.batch(scan.uid, sampleRows(1, 0, 3));
        data.batch(newUid(), sampleRows(1, 0, 3));
        data.paused(scan.uid);
        const auto live = data.find(scan.uid);
        QVERIFY(live);
        QCOMPARE(live->objects.size(), size_t(2));
        QCOMPARE(live->objects[0]->rowCount(), 10);
        QCOMPARE(live->objects[1]->rowCount(), 3);
        QCOMPARE(live->state, ScanState::Paused);
        data.resumed(scan.uid);
        data.ended(scan.uid, ScanState::Completed, {});
        QVERIFY(data.find(scan.uid));

        const NewScan second = sampleScan();
        OpenedScan other;
        other.uid = second.uid;
        data.started(other, second);
        data.ended(second.uid, ScanState::Interrupted, {});
        QVERIFY(!data.find(scan.uid)); // one ended scan is kept
        QVERIFY(data.find(second.uid));
        QCOMPARE(live->objects[0]->rowCount(), 10); // for whoever still holds it
        QCOMPARE(data.scans().size(), size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestSeries)
#include "tst_series.moc"
