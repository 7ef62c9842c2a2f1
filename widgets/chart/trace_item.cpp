#include "widgets/chart/trace_item.h"

#include "widgets/chart/loop_breaks.h"

#include <QPainter>

#include <algorithm>

namespace birch {

namespace {

/// Pixels far outside would make the rasteriser walk for ever; a value that is not on a log axis
/// (zero, negative) goes below the plot.
double clamped(double pixel, const QRectF &area)
{
    if (std::isnan(pixel))
        return area.bottom() + 1000;
    return std::clamp(pixel, area.top() - 1000, area.bottom() + 1000);
}

} // namespace

TraceItem::TraceItem(QGraphicsItem *parent)
    : QGraphicsItem(parent)
{
    setZValue(5);
    setAcceptedMouseButtons(Qt::NoButton);
}

void TraceItem::setTraces(std::vector<Trace> traces)
{
    m_traces = std::move(traces);
    m_blocks.assign(m_traces.size(), {});
    m_loops.assign(m_traces.size(), {});
    update();
}

void TraceItem::setView(const QRectF &plotArea, AxisScale xScale, ValueRange x, AxisScale yScale,
                        ValueRange y)
{
    if (plotArea != m_area)
        prepareGeometryChange();
    m_area = plotArea;
    m_xScale = xScale;
    m_yScale = yScale;
    m_x = x;
    m_xMap = AxisMap(xScale, x.low, x.high, plotArea.left(), plotArea.right());
    m_yMap = AxisMap(yScale, y.low, y.high, plotArea.bottom(), plotArea.top());
    update();
}

std::optional<SeriesBlock> TraceItem::nearest(size_t index, double pixelX) const
{
    std::optional<SeriesBlock> best;
    double bestDistance = 1e300;
    for (const SeriesBlock &block : m_blocks[index]) {
        const double distance = std::abs(m_xMap.toPixel(block.xLast) - pixelX);
        if (distance < bestDistance) {
            bestDistance = distance;
            best = block;
        }
    }
    return best;
}

void TraceItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    if (m_area.width() < 2 || !(m_x.high > m_x.low))
        return;
    painter->save();
    painter->setClipRect(m_area);
    const int pixels = std::max(1, int(m_area.width()));
    for (size_t i = 0; i < m_traces.size(); ++i) {
        reduce(i, pixels);
        paintTrace(painter, m_traces[i], m_blocks[i]);
    }
    painter->restore();
}

void TraceItem::reduce(size_t index, int pixels)
{
    const Trace &trace = m_traces[index];
    std::vector<SeriesBlock> *blocks = &m_blocks[index];
    trace.source->reduce(trace.x, trace.y, m_x.low, m_x.high, pixels, blocks);
    if (!m_loops[index])
        m_loops[index] = outerLoops(*trace.source, trace.x);
    if (m_loops[index])
        breakAtLoops(*trace.source, *m_loops[index], blocks);
}

void TraceItem::paintTrace(QPainter *painter, const Trace &trace,
                           const std::vector<SeriesBlock> &blocks)
{
    const bool isSparse = double(blocks.size()) < m_area.width() / 2;
    painter->setPen(trace.pen);
    painter->setRenderHint(QPainter::Antialiasing, isSparse);
    m_line.clear();
    m_spans.clear();
    for (const SeriesBlock &block : blocks) {
        const double x = m_xMap.toPixel(block.xLast);
        if (block.startsGap && !m_line.isEmpty()) {
            painter->drawPolyline(m_line.constData(), int(m_line.size()));
            m_line.clear();
        }
        if (block.rows > 1) {
            m_line << QPointF(m_xMap.toPixel(block.xFirst),
                              clamped(m_yMap.toPixel(block.yFirst), m_area));
            const double top = clamped(m_yMap.toPixel(block.yMax), m_area);
            const double bottom = clamped(m_yMap.toPixel(block.yMin), m_area);
            if (bottom - top > 1)
                m_spans << QLineF(x, top, x, bottom);
        }
        m_line << QPointF(x, clamped(m_yMap.toPixel(block.yLast), m_area));
    }
    if (m_line.size() > 1)
        painter->drawPolyline(m_line.constData(), int(m_line.size()));
    painter->drawLines(m_spans);
    if (isSparse && blocks.size() * 8 < size_t(m_area.width())) {
        painter->setBrush(trace.pen.color());
        for (const SeriesBlock &block : blocks) {
            const QPointF at(m_xMap.toPixel(block.xLast),
                             clamped(m_yMap.toPixel(block.yLast), m_area));
            painter->drawEllipse(at, 2.5, 2.5);
        }
        painter->setBrush(Qt::NoBrush);
    }
}

} // namespace birch
