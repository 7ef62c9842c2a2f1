#pragma once

#include "core/data/series_source.h"

#include <QWidget>

#include <memory>

namespace birch {

/// The newest value of each setpoint and scalar value of a scan, with its unit and a tiny trend.
/// refresh() pulls; nothing is signalled.
class LiveValues : public QWidget
{
    Q_OBJECT
public:
    explicit LiveValues(QWidget *parent = nullptr);

    void setSource(std::shared_ptr<const SeriesSource> source); ///< null: nothing to show
    void refresh();

private:
    class Tile;
    std::shared_ptr<const SeriesSource> m_source;
    QList<Tile *> m_tiles;
    qint64 m_rows = -1;
};

} // namespace birch
