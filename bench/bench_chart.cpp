// One frame of the live chart at four traces of a million noisy points, plot 1280 pixels wide,
// beside a bare QChart with the same axes and empty series: what it would cost to draw no data at
// all. Offscreen platform, so nothing but the raster engine is measured. From the request to the
// end of the paint event, axis layout and scene work included.

#include "core/data/live_series.h"
#include "widgets/chart/chart_view.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QtCharts/QChart>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <random>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

constexpr int kTraces = 4;
constexpr qint64 kRows = 1'000'000;
constexpr qint64 kNewRows = 1'000;
constexpr int kPlotWidth = 1280;
constexpr int kPlotHeight = 600;
constexpr int kFrames = 60;

/// A setpoint that rises and a reading with noise: dense at every scale.
class NoisySeries
{
public:
    explicit NoisySeries(int index)
        : m_random(unsigned(index) + 1)
        , m_offset(index)
    {
        TableSchema schema{{}, u"t%1"_s.arg(index), {}};
        for (const QString &name : {u"x"_s, u"y"_s}) {
            ColumnSpec column;
            column.name = name;
            schema.columns.append(column);
        }
        series = std::make_shared<LiveSeries>(schema);
        for (qint64 row = 0; row < kRows; row += kNewRows)
            grow();
    }
    void grow()
    {
        PointBatch batch;
        batch.firstRow = series->rowCount();
        batch.columns.resize(2);
        for (qint64 row = batch.firstRow; row < batch.firstRow + kNewRows; ++row) {
            batch.columns[0].appendDouble(double(row) * 1e-6);
            batch.columns[1].appendDouble(std::sin(double(row) * 1e-5) + m_offset +
                                          m_noise(m_random));
        }
        series->append(batch);
    }

    std::shared_ptr<LiveSeries> series;

private:
    std::mt19937 m_random;
    std::normal_distribution<double> m_noise{0, 0.2};
    double m_offset;
};

/// Counts the paint events that a widget has taken.
class PaintCounter final : public QObject
{
public:
    explicit PaintCounter(QWidget *of) { of->installEventFilter(this); }
    void waitForNext()
    {
        for (const int before = m_count; m_count == before;)
            QCoreApplication::processEvents(); // the widget's paint event is posted; never blocks
    }

private:
    bool eventFilter(QObject *widget, QEvent *event) override
    {
        if (event->type() != QEvent::Paint)
            return false;
        widget->removeEventFilter(this); // let it paint, then count
        QCoreApplication::sendEvent(widget, event);
        widget->installEventFilter(this);
        ++m_count;
        return true;
    }
    int m_count = 0;
};

/// Makes the plot kPlotWidth wide: axes and margins take what they need around it.
void fitPlot(QChartView &view)
{
    view.resize(kPlotWidth + 60, kPlotHeight + 60);
    view.show();
    for (int i = 0; i < 3; ++i) {
        QCoreApplication::processEvents();
        const QSizeF plot = view.chart()->plotArea().size();
        view.resize(view.width() + kPlotWidth - qRound(plot.width()),
                    view.height() + kPlotHeight - qRound(plot.height()));
    }
    QCoreApplication::processEvents();
    if (qRound(view.chart()->plotArea().width()) != kPlotWidth)
        qFatal("the plot is not 1280 pixels wide");
}

struct LiveChart {
    LiveChart()
    {
        std::vector<Trace> shown;
        for (int i = 0; i < kTraces; ++i) {
            Trace trace;
            trace.source = traces.emplace_back(i).series;
            trace.x = 0;
            trace.y = 1;
            trace.pen = tracePen(i, ThemeMode::Light);
            trace.name = u"trace %1"_s.arg(i);
            shown.push_back(std::move(trace));
        }
        view.showTraces(std::move(shown), {u"x (V)"_s, AxisScale::Linear},
                        {u"y (A)"_s, AxisScale::Linear});
        fitPlot(view);
    }

    std::vector<NoisySeries> traces;
    ChartView view;
};

/// Reports the median of kFrames calls of \a frame: what a neighbour on the machine interrupts is
/// not what the operator sees otherwise.
void medianFrame(benchmark::State &state, const std::function<void()> &frame)
{
    using Clock = std::chrono::steady_clock;
    for (auto _ : state) {
        std::vector<double> seconds;
        for (int i = 0; i < kFrames; ++i) {
            const auto begun = Clock::now();
            frame();
            seconds.push_back(std::chrono::duration<double>(Clock::now() - begun).count());
        }
        const auto middle = seconds.begin() + kFrames / 2;
        std::nth_element(seconds.begin(), middle, seconds.end());
        state.SetIterationTime(*middle);
    }
}

void frameNewPoints(benchmark::State &state)
{
    LiveChart chart;
    PaintCounter painted(chart.view.viewport());
    medianFrame(state, [&] {
        for (NoisySeries &trace : chart.traces)
            trace.grow(); // all four: a tenth of a millisecond
        chart.view.refresh();
        painted.waitForNext();
    });
}

/// What an exposed window or a moved cursor costs.
void frameNothingNew(benchmark::State &state)
{
    LiveChart chart;
    PaintCounter painted(chart.view.viewport());
    medianFrame(state, [&] {
        chart.view.refresh();
        chart.view.viewport()->update();
        painted.waitForNext();
    });
}

void bareChart(benchmark::State &state)
{
    QChartView view(new QChart);
    auto *across = new QValueAxis;
    auto *up = new QValueAxis;
    view.chart()->addAxis(across, Qt::AlignBottom);
    view.chart()->addAxis(up, Qt::AlignLeft);
    for (int i = 0; i < kTraces; ++i) {
        auto *series = new QLineSeries;
        series->setName(u"trace %1"_s.arg(i));
        view.chart()->addSeries(series);
        series->attachAxis(across);
        series->attachAxis(up);
    }
    across->setRange(0, 1);
    up->setRange(-2, 5);
    fitPlot(view);
    PaintCounter painted(view.viewport());
    medianFrame(state, [&] {
        view.viewport()->update();
        painted.waitForNext();
    });
}

// Once per repetition: the traces grow by each frame.
void timed(benchmark::internal::Benchmark *frame)
{
    frame->Unit(benchmark::kMillisecond)->UseManualTime()->Iterations(1)->Repetitions(5);
    frame->ReportAggregatesOnly();
}

BENCHMARK(frameNewPoints)->Name("chartFrame/newPoints")->Apply(timed);
BENCHMARK(frameNothingNew)->Name("chartFrame/nothingNew")->Apply(timed);
BENCHMARK(bareChart)->Name("chartFrame/reference")->Apply(timed);

} // namespace

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    applyTheme(app, ThemeMode::Light);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
