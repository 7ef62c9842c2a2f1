#pragma once

#include "widgets/chart/chart_axis.h"
#include "widgets/chart/map_grid.h"
#include "widgets/chart/trace_item.h"

#include <QtCharts/QChartView>

class QGraphicsLineItem;

namespace birch {

class MapItem;

/// Axes, grid, legend and theme by Qt Charts on an empty series per trace; the traces or the map
/// painted by our own items over the plot area. Wheel zooms at the pointer (Shift: x only, Ctrl: y
/// only), dragging with the left button zooms to a box, with the right or middle one pans, a double
/// click shows everything again and follows.
class ChartView : public QChartView
{
    Q_OBJECT
public:
    explicit ChartView(QWidget *parent = nullptr);
    ~ChartView() override;

    void showTraces(std::vector<Trace> traces, const AxisLook &x, const AxisLook &y);
    void showMap(std::unique_ptr<MapGrid> grid, const AxisLook &x, const AxisLook &y,
                 const QString &zTitle);
    void clear();
    void setColours(const QString &name);

    /// Takes what is new since the last call and repaints if anything is; call it at display rate.
    void refresh();
    /// Show everything and follow.
    void resetView();
    bool isFollowing() const { return m_isFollowing; }
    ValueRange xRange() const { return m_x; }
    ValueRange yRange() const { return m_y; }
    void applyThemeColors();

signals:
    void followingChanged(bool isFollowing);
    /// What lies under the pointer, one line; "" when it left the plot.
    void cursorMoved(const QString &readout);

protected:
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    void rebuildAxes(const AxisLook &x, const AxisLook &y);
    void followData();
    void setView(ValueRange x, ValueRange y);
    void applyView();
    void stopFollowing();
    void zoom(double factor, QPointF at, bool onX, bool onY);
    void pan(QPointF byPixels);
    void showCursor(QPointF at);
    AxisMap mapOf(bool isX) const;

    TraceItem *m_traces;
    MapItem *m_map;
    QGraphicsLineItem *m_cursor;
    std::unique_ptr<MapGrid> m_grid;
    QString m_zTitle;
    QString m_colours;
    AxisLook m_xLook;
    AxisLook m_yLook;
    ValueRange m_x{0, 1};
    ValueRange m_y{0, 1};
    qint64 m_rowsShown = -1;
    bool m_isFollowing = true;
    QPointF m_pressedAt;
    Qt::MouseButton m_pressed = Qt::NoButton;
    QPointF m_pannedAt;
    QGraphicsRectItem *m_band;
};

} // namespace birch
