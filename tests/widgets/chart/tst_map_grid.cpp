#include "tests/support/memory_series.h"
#include "widgets/chart/map_grid.h"

#include <QTest>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

namespace {
TableSchema mapSchema()
{
    return {{},
            u"map"_s,
            {column(u"y"_s, u"mm"_s, ColumnRole::Setpoint),
             column(u"x"_s, u"mm"_s, ColumnRole::Setpoint),
             column(u"z"_s, u"V"_s, ColumnRole::Value)}};
}
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
} // namespace

class MapGridTest : public QObject
{
    Q_OBJECT
private slots:
    void snakeFillsTheRightCells();
    void laterValueWins();
    void rendersLowAndHighAtTheRightPlace();
    void flaggedPointsStayEmpty();
    void emptyGridIsHarmless();
};

void MapGridTest::snakeFillsTheRightCells()
{
    auto series = std::make_shared<MemorySeries>(mapSchema());
    MapGrid grid(series, 1, 0, 2);
    for (int y = 0; y < 3; ++y) {
        for (int k = 0; k < 4; ++k) {
            const int x = y % 2 == 0 ? k : 3 - k;
            series->addRow({double(y), double(x), double(10 * y + x)});
            QVERIFY(grid.update());
        }
    }
    QVERIFY(!grid.update());
    QCOMPARE(grid.xs(), (std::vector<double>{0, 1, 2, 3}));
    QCOMPARE(grid.ys(), (std::vector<double>{0, 1, 2}));
    for (size_t y = 0; y < 3; ++y) {
        for (size_t x = 0; x < 4; ++x)
            QCOMPARE(grid.cell(x, y), double(10 * y + x));
    }
    QCOMPARE(grid.zRange(), (ValueRange{0, 23}));
    QCOMPARE(grid.xExtent(), (ValueRange{-0.5, 3.5}));
    QCOMPARE(grid.valueAt(2.4, 1.4), 12.0);
    QVERIFY(std::isnan(grid.valueAt(3.6, 0)));
}

void MapGridTest::laterValueWins()
{
    auto series = std::make_shared<MemorySeries>(mapSchema());
    series->addRow({0, 0, 1});
    series->addRow({0, 0, 5});
    MapGrid grid(series, 1, 0, 2);
    grid.update();
    QCOMPARE(grid.cell(0, 0), 5.0);
}

void MapGridTest::rendersLowAndHighAtTheRightPlace()
{
    auto series = std::make_shared<MemorySeries>(mapSchema());
    series->addRow({0, 0, 0});
    series->addRow({0, 1, 1});
    series->addRow({1, 0, kNan});
    MapGrid grid(series, 1, 0, 2);
    grid.update();
    const QImage image =
        grid.render({20, 10}, grid.xExtent(), grid.yExtent(), {0, 1}, u"viridis"_s);
    QCOMPARE(image.pixel(2, 8), qRgb(0x44, 0x01, 0x54));  // low left: the lowest colour
    QCOMPARE(image.pixel(17, 8), qRgb(0xfd, 0xe7, 0x25)); // low right: the highest
    QCOMPARE(qAlpha(image.pixel(2, 2)), 0);               // nothing measured there
}

void MapGridTest::flaggedPointsStayEmpty()
{
    auto series = std::make_shared<MemorySeries>(mapSchema());
    series->addRow({0, kNan, 1});
    MapGrid grid(series, 1, 0, 2);
    QVERIFY(grid.update());
    QVERIFY(grid.xs().empty());
    QVERIFY(!grid.zRange());
}

void MapGridTest::emptyGridIsHarmless()
{
    MapGrid grid(std::make_shared<MemorySeries>(mapSchema()), 1, 0, 2);
    QVERIFY(!grid.update());
    QVERIFY(!grid.render({10, 10}, {0, 1}, {0, 1}, {0, 1}, u"nonsense"_s).isNull());
    QVERIFY(std::isnan(grid.valueAt(0, 0)));
}

QTEST_MAIN(MapGridTest)
#include "tst_map_grid.moc"
