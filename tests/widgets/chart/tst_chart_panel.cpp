#include "tests/support/memory_series.h"
#include "widgets/chart/chart_panel.h"
#include "widgets/chart/chart_view.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>
#include <QtCharts/QChart>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

namespace {

TableSchema ivSchema()
{
    return {{},
            u"iv"_s,
            {column(u"time"_s, u"ns"_s, ColumnRole::Time),
             column(u"index.1"_s, {}, ColumnRole::Index),
             column(u"smu.bias"_s, u"V"_s, ColumnRole::Setpoint),
             column(u"smu.voltage"_s, u"V"_s, ColumnRole::Value),
             column(u"smu.current"_s, u"A"_s, ColumnRole::Value)}};
}

std::shared_ptr<MemorySeries> ivSeries(int points)
{
    auto series = std::make_shared<MemorySeries>(ivSchema());
    for (int i = 0; i < points; ++i) {
        const double v = -1 + 2.0 * i / std::max(points - 1, 1);
        series->addRow({1.8e18 + i * 1e8, double(i), v, v, 1e-3 * std::exp(2 * v)});
    }
    return series;
}

/// How many pixels of \a image have about the colour of trace \a index.
int tracePixels(const QImage &image, int index)
{
    const QColor color = tracePen(index, currentTheme()).color();
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            if (std::abs(pixel.red() - color.red()) + std::abs(pixel.green() - color.green()) +
                    std::abs(pixel.blue() - color.blue()) <
                60)
                ++count;
        }
    }
    return count;
}

} // namespace

class ChartPanelTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { applyTheme(*qApp, ThemeMode::Light); }
    void choices();
    void drawsAndFollowsTheScan();
    void wheelZoomsAtThePointerAndResetFollows();
    void rubberBandZooms();
    void cursorReadsOut();
    void logAxisHidesNothingPositive();
    void mapIsShownForTwoSweeps();
    void arrayFollowsTheNewestPoint();
    void savesPicture();
    void absurdValuesDoNotHang();

private:
    static void shown(ChartPanel &panel)
    {
        panel.resize(900, 600);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
    }
};

void ChartPanelTest::choices()
{
    const ChartChoice iv = chartChoice(ivSchema());
    QCOMPARE(iv.kinds, QList<ChartKind>{ChartKind::Line});
    QCOMPARE(iv.lineX, 2);
    QCOMPARE(iv.lineY, QList<int>{4});

    TableSchema text{{}, u"notes"_s, {column(u"time"_s, u"ns"_s, ColumnRole::Time)}};
    QVERIFY(chartChoice(text).kinds.isEmpty());
}

void ChartPanelTest::drawsAndFollowsTheScan()
{
    ChartPanel panel;
    auto series = ivSeries(2);
    panel.setSources(u"IV"_s, {series});
    shown(panel);
    QTRY_VERIFY(panel.view()->xRange().high > 1);
    for (int i = 0; i < 50; ++i)
        series->addRow({1.9e18 + i, double(i), 1 + i * 0.1, 0, 0.01 * i});
    QTRY_VERIFY(panel.view()->xRange().high > 5.5);
    QTRY_VERIFY(tracePixels(panel.view()->grab().toImage(), 0) > 100);
}

void ChartPanelTest::wheelZoomsAtThePointerAndResetFollows()
{
    ChartPanel panel;
    panel.setSources(u"IV"_s, {ivSeries(200)});
    shown(panel);
    QTRY_VERIFY(panel.view()->chart()->plotArea().width() > 100);
    const ValueRange before = panel.view()->xRange();
    const QPointF center = panel.view()->chart()->plotArea().center();
    QSignalSpy following(panel.view(), &ChartView::followingChanged);
    QWheelEvent wheel(center, panel.view()->viewport()->mapToGlobal(center), {}, {0, 120},
                      Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(panel.view()->viewport(), &wheel);
    const ValueRange after = panel.view()->xRange();
    QVERIFY(after.high - after.low < (before.high - before.low) * 0.9);
    QVERIFY(!panel.view()->isFollowing());
    QCOMPARE(following.size(), 1);
    QTest::mouseDClick(panel.view()->viewport(), Qt::LeftButton, {}, center.toPoint());
    QVERIFY(panel.view()->isFollowing());
    QCOMPARE(panel.view()->xRange(), before);
}

void ChartPanelTest::rubberBandZooms()
{
    ChartPanel panel;
    panel.setSources(u"IV"_s, {ivSeries(200)});
    shown(panel);
    QTRY_VERIFY(panel.view()->chart()->plotArea().width() > 100);
    const QRectF area = panel.view()->chart()->plotArea();
    const ValueRange before = panel.view()->xRange();
    QWidget *viewport = panel.view()->viewport();
    const QPoint from = (area.topLeft() + QPointF(area.width() / 4, 20)).toPoint();
    const QPoint to = (area.topLeft() + QPointF(area.width() / 2, 200)).toPoint();
    QTest::mousePress(viewport, Qt::LeftButton, {}, from);
    QTest::mouseMove(viewport, (from + to) / 2);
    QTest::mouseMove(viewport, to);
    QTest::mouseRelease(viewport, Qt::LeftButton, {}, to);
    const ValueRange after = panel.view()->xRange();
    const double part = (after.high - after.low) / (before.high - before.low);
    QVERIFY2(part > 0.2 && part < 0.3, qPrintable(QString::number(part)));
}

void ChartPanelTest::cursorReadsOut()
{
    ChartPanel panel;
    panel.setSources(u"IV"_s, {ivSeries(200)});
    shown(panel);
    QTRY_VERIFY(tracePixels(panel.view()->grab().toImage(), 0) > 50);
    QSignalSpy cursor(panel.view(), &ChartView::cursorMoved);
    QTest::mouseMove(panel.view()->viewport(),
                     panel.view()->chart()->plotArea().center().toPoint());
    QTRY_VERIFY(!cursor.isEmpty());
    const QString text = cursor.last().first().toString();
    QVERIFY2(text.contains(u"smu.bias (V)"_s) && text.contains(u"smu.current"_s), qPrintable(text));
}

void ChartPanelTest::logAxisHidesNothingPositive()
{
    ChartPanel panel;
    panel.setSources(u"IV"_s, {ivSeries(100)});
    shown(panel);
    for (auto *button : panel.findChildren<QToolButton *>()) {
        if (button->text() == u"log y"_s)
            QTest::mouseClick(button, Qt::LeftButton);
    }
    const double lowest = 1e-3 * std::exp(-2.0);
    QVERIFY(panel.view()->yRange().low > 0);
    QVERIFY(panel.view()->yRange().low < lowest);
    QTRY_VERIFY(tracePixels(panel.view()->grab().toImage(), 0) > 100);
}

void ChartPanelTest::mapIsShownForTwoSweeps()
{
    TableSchema schema{{},
                       u"map"_s,
                       {column(u"index.1"_s, {}, ColumnRole::Index),
                        column(u"index.2"_s, {}, ColumnRole::Index),
                        column(u"stage.y"_s, u"mm"_s, ColumnRole::Setpoint),
                        column(u"stage.x"_s, u"mm"_s, ColumnRole::Setpoint),
                        column(u"smu.current"_s, u"A"_s, ColumnRole::Value)}};
    auto series = std::make_shared<MemorySeries>(schema);
    for (int y = 0; y < 5; ++y) {
        for (int x = 0; x < 5; ++x)
            series->addRow({double(y), double(x), double(y), double(x), double(x * y)});
    }
    ChartPanel panel;
    panel.setSources(u"Map"_s, {series});
    shown(panel);
    QTRY_COMPARE(panel.view()->xRange(), (ValueRange{-0.5, 4.5}));
    const QRectF area = panel.view()->chart()->plotArea();
    QTRY_VERIFY(panel.view()
                    ->grab()
                    .toImage()
                    .pixelColor((area.topRight() + QPointF(-20, 20)).toPoint())
                    .red() > 200);
}

void ChartPanelTest::arrayFollowsTheNewestPoint()
{
    ColumnSpec spectrum = column(u"spectrometer.intensity"_s, u"counts"_s, ColumnRole::Value);
    spectrum.shape = {64};
    ColumnAxis axis{u"wavelength"_s, u"nm"_s, {}};
    for (int i = 0; i < 64; ++i)
        axis.values << 400 + i;
    spectrum.axes = {axis};
    TableSchema schema{
        {}, u"spectrum"_s, {column(u"stage.x"_s, u"mm"_s, ColumnRole::Setpoint), spectrum}};
    auto series = std::make_shared<MemorySeries>(schema);
    const auto add = [&series](double height) {
        series->arrays.push_back(std::vector<double>(64, height));
        series->addRow({0, 0});
    };
    add(1);
    ChartPanel panel;
    panel.setSources(u"Spectra"_s, {series});
    shown(panel);
    QTRY_VERIFY(panel.view()->yRange().low < 1 && panel.view()->yRange().high > 1);
    add(100);
    QTRY_VERIFY(panel.view()->yRange().low < 100 && panel.view()->yRange().low > 50);
    panel.findChild<QSlider *>()->setValue(0);
    QTRY_VERIFY(panel.view()->yRange().high < 50);
}

void ChartPanelTest::savesPicture()
{
    QTemporaryDir dir;
    ChartPanel panel;
    panel.setSources(u"IV"_s, {ivSeries(50)});
    shown(panel);
    QString problem;
    QVERIFY(panel.savePng(dir.filePath(u"chart.png"_s), &problem));
    QVERIFY(QImage(dir.filePath(u"chart.png"_s)).width() > 300);
    QVERIFY(!panel.savePng(dir.filePath(u"no/such/folder/chart.png"_s), &problem));
    QVERIFY(problem.contains(u"no/such/folder"_s));
}

void ChartPanelTest::absurdValuesDoNotHang()
{
    auto series = std::make_shared<MemorySeries>(ivSchema());
    for (const double value :
         {1e308, -1e308, 0.0, 1e-320, std::numeric_limits<double>::quiet_NaN()})
        series->addRow({0, 0, value, value, value});
    ChartPanel panel;
    panel.setSources(u"absurd"_s, {series});
    shown(panel);
    QVERIFY(!panel.view()->grab().isNull());
}

QTEST_MAIN(ChartPanelTest)
#include "tst_chart_panel.moc"
