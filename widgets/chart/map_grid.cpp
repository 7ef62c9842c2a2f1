#include "widgets/chart/map_grid.h"

#include "widgets/theme/colour_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace birch {

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr qint64 kRowsPerUpdate = 200'000; // bounds the time of one frame

/// Index of \a value in \a sorted, or npos.
size_t indexOf(const std::vector<double> &sorted, double value)
{
    const auto it = std::lower_bound(sorted.begin(), sorted.end(), value);
    return it != sorted.end() && *it == value ? size_t(it - sorted.begin()) : size_t(-1);
}

/// The cell of \a sorted that covers \a at: borders lie half-way between neighbours.
int cellAt(const std::vector<double> &sorted, double at)
{
    const auto above = std::lower_bound(sorted.begin(), sorted.end(), at);
    if (above == sorted.begin())
        return 0;
    if (above == sorted.end())
        return int(sorted.size()) - 1;
    const auto below = std::prev(above);
    return int((at - *below < *above - at ? below : above) - sorted.begin());
}

} // namespace

MapGrid::MapGrid(std::shared_ptr<const SeriesSource> source, int x, int y, int z)
    : m_source(std::move(source))
    , m_x(x)
    , m_y(y)
    , m_z(z)
{
}

bool MapGrid::update()
{
    const qint64 count = std::min(m_source->rowCount() - m_rows, kRowsPerUpdate);
    if (count <= 0)
        return false;
    const std::vector<double> xs = m_source->values(m_x, m_rows, count);
    const std::vector<double> ys = m_source->values(m_y, m_rows, count);
    const std::vector<double> zs = m_source->values(m_z, m_rows, count);
    const size_t rows = std::min({xs.size(), ys.size(), zs.size()});
    for (size_t i = 0; i < rows; ++i) {
        if (std::isfinite(xs[i]) && std::isfinite(ys[i]))
            place(xs[i], ys[i], zs[i]);
    }
    m_rows += qint64(rows);
    return rows > 0;
}

void MapGrid::place(double x, double y, double z)
{
    size_t column = indexOf(m_xs, x);
    size_t row = indexOf(m_ys, y);
    if (column == size_t(-1)) {
        if (m_xs.size() == kMaxSide)
            return;
        column = size_t(std::lower_bound(m_xs.begin(), m_xs.end(), x) - m_xs.begin());
        for (size_t r = m_ys.size(); r-- > 0;)
            m_cells.insert(m_cells.begin() + qsizetype(r * m_xs.size() + column), kNothing);
        m_xs.insert(m_xs.begin() + qsizetype(column), x);
    }
    if (row == size_t(-1)) {
        if (m_ys.size() == kMaxSide)
            return;
        row = size_t(std::lower_bound(m_ys.begin(), m_ys.end(), y) - m_ys.begin());
        m_cells.insert(m_cells.begin() + qsizetype(row * m_xs.size()), m_xs.size(), kNothing);
        m_ys.insert(m_ys.begin() + qsizetype(row), y);
    }
    m_cells[row * m_xs.size() + column] = z;
}

std::optional<ValueRange> MapGrid::zRange() const
{
    std::optional<ValueRange> range;
    for (const double value : m_cells) {
        if (!std::isfinite(value))
            continue;
        if (!range)
            range = ValueRange{value, value};
        range->low = std::min(range->low, value);
        range->high = std::max(range->high, value);
    }
    return range;
}

ValueRange MapGrid::extentOf(const std::vector<double> &sorted)
{
    if (sorted.empty())
        return {0, 1};
    if (sorted.size() == 1)
        return {sorted[0] - 0.5, sorted[0] + 0.5};
    const size_t last = sorted.size() - 1;
    return {sorted[0] - (sorted[1] - sorted[0]) / 2,
            sorted[last] + (sorted[last] - sorted[last - 1]) / 2};
}

std::vector<int> MapGrid::cellsOfPixels(const std::vector<double> &sorted, int pixels,
                                        ValueRange range)
{
    const ValueRange extent = extentOf(sorted);
    std::vector<int> cells(size_t(pixels), -1);
    for (int pixel = 0; pixel < pixels; ++pixel) {
        const double at = range.low + (pixel + 0.5) / pixels * (range.high - range.low);
        if (at >= extent.low && at <= extent.high && !sorted.empty())
            cells[size_t(pixel)] = cellAt(sorted, at);
    }
    return cells;
}

QImage MapGrid::render(QSize size, ValueRange x, ValueRange y, ValueRange z,
                       const QString &colours) const
{
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    if (m_xs.empty() || size.isEmpty())
        return image;
    const ColourTable &table = colourTable(colours);
    const double scale = z.high > z.low ? 255.0 / (z.high - z.low) : 0;
    const std::vector<int> columns = cellsOfPixels(m_xs, size.width(), x);
    const std::vector<int> rows = cellsOfPixels(m_ys, size.height(), y);
    for (int py = 0; py < size.height(); ++py) {
        const int row = rows[size_t(size.height() - 1 - py)];
        if (row < 0)
            continue;
        auto *line = reinterpret_cast<QRgb *>(image.scanLine(py));
        const double *cells = m_cells.data() + size_t(row) * m_xs.size();
        for (int px = 0; px < size.width(); ++px) {
            const int column = columns[size_t(px)];
            if (column < 0 || !std::isfinite(cells[column]))
                continue;
            const double level = std::clamp((cells[column] - z.low) * scale, 0.0, 255.0);
            line[px] = 0xff000000u | table[size_t(level)];
        }
    }
    return image;
}

double MapGrid::valueAt(double x, double y) const
{
    const ValueRange across = xExtent();
    const ValueRange up = yExtent();
    if (m_xs.empty() || x < across.low || x > across.high || y < up.low || y > up.high)
        return kNothing;
    return cell(size_t(cellAt(m_xs, x)), size_t(cellAt(m_ys, y)));
}

} // namespace birch
