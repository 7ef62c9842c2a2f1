#pragma once

#include "core/data/series_source.h"
#include "widgets/chart/axis_map.h"

#include <QGraphicsItem>
#include <QPen>

#include <memory>

namespace birch {

/// One line of the chart.
struct Trace {
    std::shared_ptr<const SeriesSource> source;
    int x = kRowNumber;
    int y = 0;
    QPen pen;
    QString name;
};

/// Paints every trace over the plot area: vertical spans where rows are denser than pixels, a line
/// with points where they are not. Asks the sources for blocks once per repaint; holds no data.
class TraceItem : public QGraphicsItem
{
public:
    explicit TraceItem(QGraphicsItem *parent = nullptr);

    void setTraces(std::vector<Trace> traces);
    const std::vector<Trace> &traces() const { return m_traces; }
    void setView(const QRectF &plotArea, AxisScale xScale, ValueRange x, AxisScale yScale,
                 ValueRange y);

    /// The drawn block nearest to \a pixelX of trace \a index; none where nothing is drawn.
    std::optional<SeriesBlock> nearest(size_t index, double pixelX) const;
    const AxisMap &xMap() const { return m_xMap; }
    const AxisMap &yMap() const { return m_yMap; }

    QRectF boundingRect() const override { return m_area; }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *) override;

private:
    void reduce(size_t index, int pixels);
    void paintTrace(QPainter *painter, const Trace &trace, const std::vector<SeriesBlock> &blocks);

    std::vector<Trace> m_traces;
    std::vector<std::vector<SeriesBlock>> m_blocks; ///< per trace, as drawn last
    std::vector<std::optional<QList<int>>> m_loops; ///< per trace; none while x stands still
    QRectF m_area;
    AxisScale m_xScale = AxisScale::Linear;
    AxisScale m_yScale = AxisScale::Linear;
    ValueRange m_x;
    AxisMap m_xMap;
    AxisMap m_yMap;
    QList<QPointF> m_line; ///< reused between frames
    QList<QLineF> m_spans;
};

} // namespace birch
