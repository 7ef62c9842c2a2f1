#pragma once

#include "core/data/series_source.h"

#include <QImage>

#include <memory>

namespace birch {

/// The cells of a two-sweep measurement as a colour map, filled row by row while the scan runs.
/// Columns and rows are the distinct setpoints met so far; a later value for the same cell wins.
class MapGrid
{
public:
    /// Scalar columns of \a source: setpoints for x and y, a value for z.
    MapGrid(std::shared_ptr<const SeriesSource> source, int x, int y, int z);

    /// Takes the rows that came since the last call; false when there were none.
    bool update();

    const std::vector<double> &xs() const { return m_xs; } ///< sorted
    const std::vector<double> &ys() const { return m_ys; }
    double cell(size_t column, size_t row) const { return m_cells[row * m_xs.size() + column]; }
    std::optional<ValueRange> zRange() const;
    /// Outer edges of the cells: half a step beyond the outermost setpoints.
    ValueRange xExtent() const { return extentOf(m_xs); }
    ValueRange yExtent() const { return extentOf(m_ys); }
    /// \a size pixels showing the ranges x and y, row 0 at the top; unknown cells transparent.
    QImage render(QSize size, ValueRange x, ValueRange y, ValueRange z,
                  const QString &colours) const;
    /// NaN outside the grid or where nothing was measured yet.
    double valueAt(double x, double y) const;

    static constexpr size_t kMaxSide = 4096; ///< distinct setpoints per axis; more are left out

private:
    void place(double x, double y, double z);
    static ValueRange extentOf(const std::vector<double> &sorted);
    static std::vector<int> cellsOfPixels(const std::vector<double> &sorted, int pixels,
                                          ValueRange range);

    std::shared_ptr<const SeriesSource> m_source;
    int m_x, m_y, m_z;
    qint64 m_rows = 0;
    std::vector<double> m_xs;
    std::vector<double> m_ys;
    std::vector<double> m_cells; ///< row-major, NaN: nothing yet
};

} // namespace birch
