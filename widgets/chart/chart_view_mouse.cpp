#include "widgets/chart/chart_view.h"

#include "widgets/models/number_text.h"

#include <QDateTime>
#include <QGraphicsLineItem>
#include <QWheelEvent>
#include <QtCharts/QChart>

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr double kMinDragPixels = 6;
} // namespace

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
    const auto around = [factor](double edge, double center) {
        return center + (edge - center) * factor;
    };
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
    const bool isZoom = m_pressed == Qt::LeftButton && m_band->isVisible() &&
                        band.width() > kMinDragPixels && band.height() > kMinDragPixels;
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
                                    .arg(m_xLook.title, displayNumber(x), m_yLook.title,
                                         displayNumber(y), m_zTitle,
                                         displayNumber(m_grid->valueAt(x, y))));
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

} // namespace birch
