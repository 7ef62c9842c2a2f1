#include "widgets/chart/array_row_source.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace birch {

ArrayRowSource::ArrayRowSource(std::shared_ptr<const SeriesSource> source, int column)
    : m_source(std::move(source))
    , m_column(column)
{
    const ColumnSpec &spec = m_source->schema().columns[column];
    ColumnSpec axis;
    axis.name = QCoreApplication::translate("ArrayRowSource", "element");
    if (!spec.axes.isEmpty()) {
        axis.name = spec.axes.first().name;
        axis.unit = spec.axes.first().unit;
        m_axis.assign(spec.axes.first().values.begin(), spec.axes.first().values.end());
    }
    ColumnSpec value = spec;
    value.shape.clear();
    value.axes.clear();
    m_schema.name = m_source->schema().name;
    m_schema.columns = {axis, value};
}

void ArrayRowSource::setRow(qint64 row)
{
    m_row = row;
}

bool ArrayRowSource::update()
{
    const qint64 last = m_source->rowCount() - 1;
    const qint64 row = m_row < 0 ? last : std::min(m_row, last);
    if (row == m_shownRow || row < 0)
        return false;
    std::vector<double> values = m_source->arrayAt(m_column, row);
    if (values.empty())
        return false; // still on its way from a database: the next frame asks again
    m_values = std::move(values);
    m_shownRow = row;
    return true;
}

double ArrayRowSource::xAt(size_t index) const
{
    return index < m_axis.size() ? m_axis[index] : double(index);
}

std::optional<ValueRange> ArrayRowSource::range(int column) const
{
    std::optional<ValueRange> range;
    for (size_t i = 0; i < m_values.size(); ++i) {
        const double value = column == 0 ? xAt(i) : m_values[i];
        if (!std::isfinite(value))
            continue;
        if (!range)
            range = ValueRange{value, value};
        range->low = std::min(range->low, value);
        range->high = std::max(range->high, value);
    }
    return range;
}

void ArrayRowSource::reduce(int, int, double low, double high, int pixels,
                            std::vector<SeriesBlock> *blocks) const
{
    blocks->clear();
    const double width = (high - low) / std::max(pixels, 1);
    bool isGap = false;
    for (size_t i = 0; i < m_values.size(); ++i) {
        const double x = xAt(i);
        const double y = m_values[i];
        if (!std::isfinite(y)) {
            isGap = true;
            continue;
        }
        if (x < low - width || x > high + width)
            continue;
        SeriesBlock *last = blocks->empty() ? nullptr : &blocks->back();
        if (last && !isGap && std::abs(x - last->xFirst) < width) {
            last->xLast = x;
            last->yLast = y;
            last->yMin = std::min(last->yMin, y);
            last->yMax = std::max(last->yMax, y);
            ++last->rows;
        } else {
            blocks->push_back({x, x, y, y, y, y, qint64(i), 1, isGap && last});
        }
        isGap = false;
    }
}

std::vector<double> ArrayRowSource::values(int column, qint64 first, qint64 count) const
{
    std::vector<double> result;
    const qint64 end = std::min(first + count, rowCount());
    for (qint64 i = std::max<qint64>(first, 0); i < end; ++i)
        result.push_back(column == 0 ? xAt(size_t(i)) : m_values[size_t(i)]);
    return result;
}

} // namespace birch
