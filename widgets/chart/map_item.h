#pragma once

#include "widgets/chart/map_grid.h"

#include <QGraphicsItem>

namespace birch {

/// Paints a MapGrid over the plot area; re-renders only when data, view or size changed.
class MapItem : public QGraphicsItem
{
public:
    explicit MapItem(QGraphicsItem *parent = nullptr);

    void setGrid(MapGrid *grid); ///< may be null; owned by the view
    void setView(const QRectF &plotArea, ValueRange x, ValueRange y, ValueRange z,
                 const QString &colours);
    void invalidate()
    {
        m_image = QImage();
        update();
    }

    QRectF boundingRect() const override { return m_area; }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *) override;

private:
    MapGrid *m_grid = nullptr;
    QRectF m_area;
    ValueRange m_x, m_y, m_z;
    QString m_colours;
    QImage m_image;
};

} // namespace birch
