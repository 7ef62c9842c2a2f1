#include "widgets/chart/map_item.h"

#include <QPainter>

namespace birch {

MapItem::MapItem(QGraphicsItem *parent)
    : QGraphicsItem(parent)
{
    setZValue(4);
    setAcceptedMouseButtons(Qt::NoButton);
}

void MapItem::setGrid(MapGrid *grid)
{
    m_grid = grid;
    invalidate();
}

void MapItem::setView(const QRectF &plotArea, ValueRange x, ValueRange y, ValueRange z,
                      const QString &colours)
{
    if (plotArea == m_area && x == m_x && y == m_y && z == m_z && colours == m_colours)
        return;
    prepareGeometryChange();
    m_area = plotArea;
    m_x = x;
    m_y = y;
    m_z = z;
    m_colours = colours;
    invalidate();
}

void MapItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    if (!m_grid || m_area.isEmpty())
        return;
    if (m_image.isNull())
        m_image = m_grid->render(m_area.size().toSize(), m_x, m_y, m_z, m_colours);
    painter->drawImage(m_area.topLeft(), m_image);
}

} // namespace birch
