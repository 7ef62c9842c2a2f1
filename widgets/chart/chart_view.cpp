#include "widgets/chart/chart_view.h"

#include "widgets/chart/map_item.h"
#include "widgets/theme/theme.h"

#include <QGraphicsLineItem>
#include <QtCharts/QAbstractAxis>
#include <QtCharts/QChart>
#include <QtCharts/QLineSeries>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

std::optional<ValueRange> joined(std::optional<ValueRange> a, std::optional<ValueRange> b)
{
    if (!a || !b)
        return a ? a : b;
    return ValueRange{std::min(a->low, b->low), std::max(a->high, b->high)};
}

} // namespace

ChartView::ChartView(QWidget *parent)
    : QChartView(new QChart, parent)
    , m_traces(new TraceItem(chart()))
    , m_map(new MapItem(chart()))
    , m_cursor(new QGraphicsLineItem(chart()))
    , m_colours(u"viridis"_s)
    , m_band(new QGraphicsRectItem(chart()))
{
    setAccessibleName(tr("Chart"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setRenderHint(QPainter::Antialiasing, false);
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->setMargins(QMargins(4, 4, 12, 4));
    m_cursor->setZValue(20);
    m_cursor->hide();
    m_band->setZValue(21);
    m_band->hide();
    applyThemeColors();
    connect(chart(), &QChart::plotAreaChanged, this, &ChartView::applyView);
}

ChartView::~ChartView() = default;

void ChartView::showTraces(std::vector<Trace> traces, const AxisLook &x, const AxisLook &y)
{
    clear();
    for (const Trace &trace : traces) {
        auto *series = new QLineSeries; // empty: it carries legend, name and colour only
        series->setName(trace.name);
        QPen pen = trace.pen;
        pen.setWidth(2);
        series->setPen(pen);
        chart()->addSeries(series);
    }
    chart()->legend()->setVisible(traces.size() > 1);
    m_traces->setTraces(std::move(traces));
    rebuildAxes(x, y);
    refresh();
}

void ChartView::showMap(std::unique_ptr<MapGrid> grid, const AxisLook &x, const AxisLook &y,
                        const QString &zTitle)
{
    clear();
    m_grid = std::move(grid);
    m_zTitle = zTitle;
    m_map->setGrid(m_grid.get());
    chart()->addSeries(new QLineSeries);
    chart()->legend()->hide();
    rebuildAxes(x, y);
    refresh();
}

void ChartView::clear()
{
    m_map->setGrid(nullptr);
    m_grid.reset();
    m_traces->setTraces({});
    chart()->removeAllSeries();
    const auto axes = chart()->axes();
    for (QAbstractAxis *axis : axes) {
        chart()->removeAxis(axis);
        axis->deleteLater();
    }
    m_rowsShown = -1;
    m_cursor->hide();
    emit cursorMoved({});
}

void ChartView::setColours(const QString &name)
{
    m_colours = name;
    applyView();
}

void ChartView::refresh()
{
    qint64 rows = 0;
    if (m_grid) {
        if (!m_grid->update() && m_rowsShown >= 0)
            return;
        m_map->invalidate();
        rows = 0;
    } else {
        for (const Trace &trace : m_traces->traces())
            rows += trace.source->rowCount();
        if (rows == m_rowsShown && rows != 0)
            return;
    }
    m_rowsShown = rows;
    if (m_isFollowing)
        followData();
    applyView();
}

void ChartView::resetView()
{
    if (!m_isFollowing) {
        m_isFollowing = true;
        emit followingChanged(true);
    }
    followData();
    applyView();
}

void ChartView::followData()
{
    if (m_grid) {
        m_x = m_grid->xExtent();
        m_y = m_grid->yExtent();
        return;
    }
    std::optional<ValueRange> x;
    std::optional<ValueRange> y;
    for (const Trace &trace : m_traces->traces()) {
        x = joined(x, trace.x == kRowNumber
                          ? ValueRange{0, double(std::max<qint64>(trace.source->rowCount() - 1, 1))}
                          : trace.source->range(trace.x));
        y = joined(y, trace.source->range(trace.y));
    }
    if (x)
        m_x = padded(*x, m_xLook.scale);
    if (y)
        m_y = padded(*y, m_yLook.scale);
}

void ChartView::rebuildAxes(const AxisLook &x, const AxisLook &y)
{
    m_xLook = x;
    m_yLook = y;
    QAbstractAxis *across = makeAxis(x);
    QAbstractAxis *up = makeAxis(y);
    chart()->addAxis(across, Qt::AlignBottom);
    chart()->addAxis(up, Qt::AlignLeft);
    for (QAbstractSeries *series : chart()->series()) {
        series->attachAxis(across);
        series->attachAxis(up);
    }
    m_isFollowing = true;
    emit followingChanged(true);
    followData();
    applyThemeColors();
}

void ChartView::setView(ValueRange x, ValueRange y)
{
    if (!isDrawable(x, m_xLook.scale) || !isDrawable(y, m_yLook.scale))
        return;
    m_x = x;
    m_y = y;
    applyView();
}

void ChartView::applyView()
{
    const auto across = chart()->axes(Qt::Horizontal);
    const auto up = chart()->axes(Qt::Vertical);
    if (across.isEmpty() || up.isEmpty())
        return;
    setAxisRange(across.first(), m_xLook.scale, m_x);
    setAxisRange(up.first(), m_yLook.scale, m_y);
    const QRectF area = chart()->plotArea();
    m_traces->setView(area, m_xLook.scale, m_x, m_yLook.scale, m_y);
    if (m_grid)
        m_map->setView(area, m_x, m_y, m_grid->zRange().value_or(ValueRange{0, 1}), m_colours);
}

AxisMap ChartView::mapOf(bool isX) const
{
    const QRectF area = chart()->plotArea();
    return isX ? AxisMap(m_xLook.scale, m_x.low, m_x.high, area.left(), area.right())
               : AxisMap(m_yLook.scale, m_y.low, m_y.high, area.bottom(), area.top());
}

void ChartView::applyThemeColors()
{
    const ThemeColors &colors = currentColors();
    setBackgroundBrush(colors.surface);
    chart()->setBackgroundBrush(colors.surface);
    chart()->setBackgroundRoundness(0);
    chart()->setPlotAreaBackgroundBrush(colors.plot);
    chart()->setPlotAreaBackgroundVisible(true);
    chart()->legend()->setLabelColor(colors.text);
    const auto axes = chart()->axes();
    for (QAbstractAxis *axis : axes) {
        axis->setLabelsColor(colors.text);
        axis->setTitleBrush(colors.text);
        axis->setLinePenColor(colors.mutedText);
        axis->setGridLineColor(colors.grid);
        axis->setMinorGridLineVisible(false);
    }
    m_cursor->setPen(QPen(colors.mutedText, 0, Qt::DashLine));
    QColor fill = colors.accent;
    fill.setAlpha(50);
    m_band->setPen(QPen(colors.accent, 0));
    m_band->setBrush(fill);
}

} // namespace birch
