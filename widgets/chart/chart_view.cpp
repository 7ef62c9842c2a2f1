#include "widgets/chart/chart_view.h"

#include "widgets/chart/map_item.h"
#include "widgets/models/number_text.h"
#include "widgets/theme/theme.h"

#include <QDateTime>
#include <QGraphicsLineItem>
#include <QWheelEvent>
#include <QtCharts/QAbstractAxis>
#include <QtCharts/QChart>
#include <QtCharts/QLegendMarker>
#include <QtCharts/QLineSeries>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr double kMinDragPixels = 6;

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

void ChartView::stopFollowing()
{
    if (!m_isFollowing)
        return;
    m_isFollowing = false;
    emit followingChanged(false);
}

void ChartView::zoom(double factor, QPointF at, bool onX, bool onY)
{
    const QRectF area = chart()->plotArea();
    const auto around = [factor](double edge, double center) { return center + (edge - center) * factor; };
    const AxisMap x = mapOf(true);
    const AxisMap y = mapOf(false);
    ValueRange nextX = m_x;
    ValueRange nextY = m_y;
    if (onX)
        nextX = {x.toValue(around(area.left(), at.x())), x.toValue(around(area.right(), at.x()))};
    if (onY)
        nextY = {y.toValue(around(area.bottom(), at.y())), y.toValue(around(area.top(), at.y()))};
    stopFollowing();
    setView(nextX, nextY);
}

void ChartView::pan(QPointF byPixels)
{
    const QRectF area = chart()->plotArea();
    const AxisMap x = mapOf(true);
    const AxisMap y = mapOf(false);
    stopFollowing();
    setView({x.toValue(area.left() - byPixels.x()), x.toValue(area.right() - byPixels.x())},
            {y.toValue(area.bottom() - byPixels.y()), y.toValue(area.top() - byPixels.y())});
}

void ChartView::wheelEvent(QWheelEvent *event)
{
    if (!chart()->plotArea().contains(event->position()))
        return event->ignore();
    const double steps = event->angleDelta().y() / 120.0;
    const bool xOnly = event->modifiers() & Qt::ShiftModifier;
    const bool yOnly = event->modifiers() & Qt::ControlModifier;
    zoom(std::pow(0.85, steps), event->position(), !yOnly, !xOnly);
    event->accept();
}

void ChartView::mousePressEvent(QMouseEvent *event)
{
    if (!chart()->plotArea().contains(event->position()))
        return;
    m_pressed = event->button();
    m_pressedAt = event->position();
    m_pannedAt = event->position();
}

void ChartView::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF at = event->position();
    if (m_pressed == Qt::LeftButton) {
        m_band->setRect(QRectF(m_pressedAt, at).normalized().intersected(chart()->plotArea()));
        m_band->show();
    } else if (m_pressed != Qt::NoButton) {
        pan(at - m_pannedAt);
        m_pannedAt = at;
    }
    showCursor(at);
}

void ChartView::mouseReleaseEvent(QMouseEvent *)
{
    const QRectF band = m_band->rect();
    const bool isZoom = m_pressed == Qt::LeftButton && m_band->isVisible()
                        && band.width() > kMinDragPixels && band.height() > kMinDragPixels;
    m_band->hide();
    m_band->setRect(QRectF());
    m_pressed = Qt::NoButton;
    if (!isZoom)
        return;
    const AxisMap x = mapOf(true);
    const AxisMap y = mapOf(false);
    stopFollowing();
    setView({x.toValue(band.left()), x.toValue(band.right())},
            {y.toValue(band.bottom()), y.toValue(band.top())});
}

void ChartView::mouseDoubleClickEvent(QMouseEvent *)
{
    m_pressed = Qt::NoButton;
    resetView();
}

void ChartView::leaveEvent(QEvent *event)
{
    m_cursor->hide();
    emit cursorMoved({});
    QChartView::leaveEvent(event);
}

void ChartView::showCursor(QPointF at)
{
    const QRectF area = chart()->plotArea();
    if (!area.contains(at)) {
        m_cursor->hide();
        return emit cursorMoved({});
    }
    if (m_grid) {
        const double x = mapOf(true).toValue(at.x());
        const double y = mapOf(false).toValue(at.y());
        m_cursor->hide();
        return emit cursorMoved(tr("%1: %2   %3: %4   %5: %6")
                                    .arg(m_xLook.title, displayNumber(x), m_yLook.title, displayNumber(y),
                                         m_zTitle, displayNumber(m_grid->valueAt(x, y))));
    }
    QStringList parts;
    double x = at.x();
    for (size_t i = 0; i < m_traces->traces().size(); ++i) {
        const auto block = m_traces->nearest(i, at.x());
        if (!block)
            continue;
        if (parts.isEmpty()) {
            x = m_traces->xMap().toPixel(block->xLast);
            const QString value = m_xLook.scale == AxisScale::Time
                                      ? QDateTime::fromMSecsSinceEpoch(qint64(block->xLast / 1e6))
                                            .toString(u"HH:mm:ss.zzz"_s)
                                      : displayNumber(block->xLast, 6);
            parts << m_xLook.title + u": "_s + value;
        }
        parts << m_traces->traces()[i].name + u": "_s + displayNumber(block->yLast, 6);
    }
    m_cursor->setLine(x, area.top(), x, area.bottom());
    m_cursor->setVisible(!parts.isEmpty());
    emit cursorMoved(parts.join(u"   "_s));
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
