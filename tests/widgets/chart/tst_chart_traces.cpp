#include "core/data/live_series.h"
#include "tests/support/memory_series.h"
#include "widgets/chart/chart_view.h"
#include "widgets/chart/loop_breaks.h"
#include "widgets/theme/theme.h"

#include <QElapsedTimer>
#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <QtCharts/QChart>
#include <QtCharts/QValueAxis>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TableSchema xySchema()
{
    return {
        {},
        u"xy"_s,
        {column(u"x"_s, u"V"_s, ColumnRole::Setpoint), column(u"y"_s, u"A"_s, ColumnRole::Value)}};
}

/// The source that draws a running scan, pyramid and all.
class Growing
{
public:
    void add(double x, double y)
    {
        m_batch.columns[0].appendDouble(x);
        m_batch.columns[1].appendDouble(y);
    }
    void publish()
    {
        series->append(m_batch);
        m_batch = fresh(series->rowCount());
    }

    std::shared_ptr<LiveSeries> series = std::make_shared<LiveSeries>(xySchema());

private:
    static PointBatch fresh(qint64 firstRow)
    {
        PointBatch batch;
        batch.firstRow = firstRow;
        batch.columns.resize(2);
        return batch;
    }
    PointBatch m_batch = fresh(0);
};

void show(ChartView &view, const std::shared_ptr<const SeriesSource> &source)
{
    Trace trace;
    trace.source = source;
    trace.x = 0;
    trace.y = 1;
    trace.pen = tracePen(0, ThemeMode::Light);
    trace.name = u"y"_s;
    view.resize(700, 500);
    view.showTraces({trace}, {u"x"_s, AxisScale::Linear}, {u"y"_s, AxisScale::Linear});
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
}

/// What is painted, and where values lie in it.
struct Picture {
    explicit Picture(ChartView &view)
        : area(view.chart()->plotArea())
        , x(AxisScale::Linear, view.xRange().low, view.xRange().high, area.left(), area.right())
        , y(AxisScale::Linear, view.yRange().low, view.yRange().high, area.bottom(), area.top())
        , image(view.viewport()->grab().toImage())
    {
    }
    bool isTrace(int column, int row) const
    {
        if (!image.rect().contains(column, row))
            return false;
        const QColor pixel = image.pixelColor(column, row);
        const QColor pen = tracePen(0, ThemeMode::Light).color();
        return std::abs(pixel.red() - pen.red()) + std::abs(pixel.green() - pen.green()) +
                   std::abs(pixel.blue() - pen.blue()) <
               120;
    }
    /// Anything of the trace within a pixel of (\a atX, \a atY)?
    bool isTraceNear(double atX, double atY) const
    {
        for (int dx = -1; dx <= 1; ++dx) {
            for (int dy = -1; dy <= 1; ++dy) {
                if (isTrace(qRound(x.toPixel(atX)) + dx, qRound(y.toPixel(atY)) + dy))
                    return true;
            }
        }
        return false;
    }
    /// First and last row of pixels that the trace touches in \a pixelColumn; (-1, -1): none.
    std::pair<int, int> extent(int pixelColumn) const
    {
        std::pair<int, int> rows{-1, -1};
        for (int row = qCeil(area.top()); row < int(area.bottom()); ++row) {
            if (!isTrace(pixelColumn, row))
                continue;
            rows.first = rows.first < 0 ? row : rows.first;
            rows.second = row;
        }
        return rows;
    }

    QRectF area;
    AxisMap x;
    AxisMap y;
    QImage image;
};

} // namespace

class ChartTracesTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { applyTheme(*qApp, ThemeMode::Light); }
    void denseTraceShowsLowestAndHighestOfEveryPixel();
    void shapesAreDrawn_data();
    void shapesAreDrawn();
    void gapStaysAGap();
    void runsOfAnInnerLoopAreLinesOfTheirOwn_data();
    void runsOfAnInnerLoopAreLinesOfTheirOwn();
    void rangeMayJump_data();
    void rangeMayJump();
    void movingThePointerLaysNothingOut();
};

void ChartTracesTest::denseTraceShowsLowestAndHighestOfEveryPixel()
{
    Growing data;
    constexpr int kRows = 200'000;
    std::vector<std::pair<double, double>> rows;
    quint32 random = 1;
    for (int i = 0; i < kRows; ++i) {
        random = random * 1664525u + 1013904223u;
        double value = std::sin(i * 3e-5) + double(random >> 8) / (1 << 24) * 0.2;
        if (i % 40'011 == 7'000)
            value = 3; // one row of 200,000 that no overview may lose
        rows.emplace_back(i * 1e-5, value);
        data.add(rows.back().first, value);
    }
    data.publish();
    ChartView view;
    show(view, data.series);
    const Picture picture(view);

    std::map<int, std::pair<double, double>> truth; // pixel column -> lowest, highest
    for (const auto &[x, y] : rows) {
        const auto [at, isNew] = truth.try_emplace(int(picture.x.toPixel(x)), y, y);
        at->second = {std::min(at->second.first, y), std::max(at->second.second, y)};
    }
    QVERIFY(truth.size() > 400);
    int wrong = 0;
    for (const auto &[pixelColumn, values] : truth) {
        // A block is up to a pixel wide, so it may begin in the column before or end in the next.
        double low = values.first;
        double high = values.second;
        double lowest = low;
        double highest = high;
        for (const int side : {-1, 1}) {
            if (const auto next = truth.find(pixelColumn + side); next != truth.end()) {
                lowest = std::min(lowest, next->second.first);
                highest = std::max(highest, next->second.second);
            }
        }
        const auto [top, bottom] = picture.extent(pixelColumn);
        const bool isWhole = top >= 0 && top <= picture.y.toPixel(values.second) + 14 &&
                             bottom >= picture.y.toPixel(values.first) - 14;
        const bool isTrue =
            top >= picture.y.toPixel(highest) - 2 && bottom <= picture.y.toPixel(lowest) + 2;
        wrong += isWhole && isTrue ? 0 : 1;
    }
    QVERIFY2(wrong <= int(truth.size()) / 50,
             qPrintable(u"%1 of %2 columns"_s.arg(wrong).arg(truth.size())));
    for (int i = 7'000; i < kRows; i += 40'011)
        QVERIFY2(picture.isTraceNear(rows[size_t(i)].first, 2.98), qPrintable(QString::number(i)));
}

void ChartTracesTest::shapesAreDrawn_data()
{
    QTest::addColumn<QList<QPointF>>("points");
    QList<QPointF> snake;
    for (int line = 0; line < 40; ++line) {
        for (int i = 0; i < 500; ++i)
            snake << QPointF(line % 2 == 0 ? i : 499 - i, line);
    }
    QList<QPointF> loop;
    for (int i = 0; i < 20'000; ++i) {
        const double phase = i * 2 * M_PI / 5'000;
        loop << QPointF(std::cos(phase), std::sin(phase));
    }
    QList<QPointF> hysteresis;
    for (int i = 0; i < 20'000; ++i) {
        const double field = i < 10'000 ? i * 1e-4 : (20'000 - i) * 1e-4;
        hysteresis << QPointF(field, std::tanh(8 * (field - (i < 10'000 ? 0.6 : 0.4))));
    }
    QTest::newRow("snake") << snake;
    QTest::newRow("loop, four times round") << loop;
    QTest::newRow("hysteresis") << hysteresis;
    QTest::newRow("two points") << QList<QPointF>{{0, 0}, {1, 1}};
}

void ChartTracesTest::shapesAreDrawn()
{
    QFETCH(QList<QPointF>, points);
    Growing data;
    for (const QPointF &point : points)
        data.add(point.x(), point.y());
    data.publish();
    ChartView view;
    show(view, data.series);
    const Picture picture(view);
    int missing = 0;
    for (const QPointF &point : points)
        missing += picture.isTraceNear(point.x(), point.y()) ? 0 : 1;
    QCOMPARE(missing, 0);
}

void ChartTracesTest::gapStaysAGap()
{
    Growing data;
    for (int i = 0; i < 30'000; ++i)
        data.add(i, i >= 10'000 && i < 20'000 ? kNan : 1 + i * 1e-6);
    data.publish();
    ChartView view;
    show(view, data.series);
    const Picture picture(view);
    QVERIFY(picture.isTraceNear(5'000, 1.005));
    QVERIFY(picture.isTraceNear(25'000, 1.025));
    for (int column = qRound(picture.x.toPixel(10'000)) + 3;
         column < qRound(picture.x.toPixel(20'000)) - 3; ++column)
        QCOMPARE(picture.extent(column).first, -1);
}

void ChartTracesTest::runsOfAnInnerLoopAreLinesOfTheirOwn_data()
{
    QTest::addColumn<int>("x"); // column
    QTest::addColumn<QList<qint64>>("breaks");
    QTest::newRow("inner setpoint") << 3 << QList<qint64>{3, 6};
    QTest::newRow("outer setpoint") << 2 << QList<qint64>{};
    QTest::newRow("measured") << 4 << QList<qint64>{3, 6};
    QTest::newRow("row") << kRowNumber << QList<qint64>{};
    QTest::newRow("index") << 1 << QList<qint64>{};
}

void ChartTracesTest::runsOfAnInnerLoopAreLinesOfTheirOwn()
{
    QFETCH(int, x);
    QFETCH(QList<qint64>, breaks);
    MemorySeries series(
        {{},
         u"iv"_s,
         {column(u"index.1"_s, {}, ColumnRole::Index), column(u"index.2"_s, {}, ColumnRole::Index),
          column(u"t"_s, u"K"_s, ColumnRole::Setpoint),
          column(u"v"_s, u"V"_s, ColumnRole::Setpoint),
          column(u"i"_s, u"A"_s, ColumnRole::Value)}});
    QVERIFY(x == kRowNumber || x == 1 || !outerLoops(series, x)); // nothing has moved yet
    for (int v = 0; v < 3; ++v) // of a stored scan, whose index columns come later
        series.addRow({kNan, kNan, 250.0 + v, double(v), 1.0 * v});
    QVERIFY(x == kRowNumber || x == 1 || !outerLoops(series, x));
    series.clearRows();
    for (int t = 0; t < 3; ++t) {
        for (int v = 0; v < 3; ++v)
            series.addRow({double(t), double(v), 250.0 + t, double(v), 10.0 * t + v});
    }
    std::vector<SeriesBlock> blocks;
    series.reduce(x, 4, -1e9, 1e9, 100, &blocks);
    const auto loops = outerLoops(series, x);
    QVERIFY(loops);
    breakAtLoops(series, *loops, &blocks);
    QList<qint64> found;
    for (const SeriesBlock &block : blocks) {
        if (block.startsGap)
            found << block.firstRow;
    }
    QCOMPARE(found, breaks);
}

void ChartTracesTest::rangeMayJump_data()
{
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("to");
    QTest::newRow("a diode turns on") << 1e-12 << 1e-3;
    QTest::newRow("a source is switched off") << 1e3 << 1e-9;
    QTest::newRow("absurdly far") << 1e-300 << 1e300;
    QTest::newRow("neighbouring doubles") << 1.0 << std::nextafter(1.0, 2.0);
}

/// Ticks are counted by range over interval: while one of both is the old one, that may be
/// millions.
void ChartTracesTest::rangeMayJump()
{
    QFETCH(double, from);
    QFETCH(double, to);
    auto series = std::make_shared<MemorySeries>(xySchema());
    series->addRow({0, 0});
    series->addRow({from, from});
    ChartView view;
    show(view, series);
    QElapsedTimer timer;
    timer.start();
    series->addRow({to, to});
    view.refresh();
    QVERIFY(view.yRange().high >= std::max(from, to));
    series->clearRows(); // as the next row of an array column does
    series->addRow({from, from});
    view.refresh();
    QVERIFY(view.yRange().high < 2 * from);
    QVERIFY(!view.grab().isNull());
    QVERIFY2(timer.elapsed() < 5'000, "axis ticks without end"); // milliseconds when right
}

void ChartTracesTest::movingThePointerLaysNothingOut()
{
    Growing data;
    for (int i = 0; i < 1'000; ++i)
        data.add(i, i % 10);
    data.publish();
    ChartView view;
    show(view, data.series);
    QSignalSpy cursor(&view, &ChartView::cursorMoved);
    QSignalSpy laidOut(view.chart(), &QChart::plotAreaChanged);
    auto *across = static_cast<QValueAxis *>(view.chart()->axes(Qt::Horizontal).first());
    QSignalSpy ranged(across, &QValueAxis::rangeChanged);
    const QPoint center = view.chart()->plotArea().center().toPoint();
    for (int i = 0; i < 5; ++i)
        QTest::mouseMove(view.viewport(), center + QPoint(10 * i, 0));
    QTRY_VERIFY(cursor.size() >= 5);
    QCOMPARE(laidOut.size(), 0);
    QCOMPARE(ranged.size(), 0);
}

QTEST_MAIN(ChartTracesTest)
#include "tst_chart_traces.moc"
