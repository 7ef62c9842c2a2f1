#include "core/data/live_series.h"

#include "core/data/series_reduce.h"

#include <cmath>
#include <limits>

namespace birch {

namespace {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

double numberAt(const ColumnValues &values, qint64 index)
{
    if (values.stateAt(index) != ValueState::Ok)
        return kNoNumber;
    switch (values.type()) {
    case ColumnType::Float64:
        return values.doubleAt(index);
    case ColumnType::Int64:
        return double(values.intAt(index));
    case ColumnType::Bool:
        return values.boolAt(index) ? 1 : 0;
    case ColumnType::Utf8:
        break;
    }
    return kNoNumber;
}

/// All of \a values as numbers into \a numbers.
void toNumbers(const ColumnValues &values, std::vector<double> *numbers)
{
    numbers->resize(size_t(values.valueCount()));
    if (values.type() == ColumnType::Float64 && !values.hasFlags()) {
        if (!numbers->empty())
            std::memcpy(numbers->data(), values.bytes().data(), values.bytes().size());
        return;
    }
    for (size_t i = 0; i < numbers->size(); ++i)
        (*numbers)[i] = numberAt(values, qint64(i));
}

std::optional<ValueRange> joined(const std::optional<ValueRange> &range, double low, double high)
{
    return range ? ValueRange{std::min(range->low, low), std::max(range->high, high)}
                 : ValueRange{low, high};
}

} // namespace

struct LiveSeries::ScalarColumn {
    AppendLog<double> values;
    Pyramid pyramid;

    bool read(qint64 first, qint64 count, double *to) const
    {
        values.forEachPiece(first, count, [&to](const double *from, qint64 here) {
            to = std::copy_n(from, here, to);
        });
        return true;
    }
    ReducedColumn reduced() const
    {
        return {&pyramid,
                [this](qint64 first, qint64 count, double *to) { return read(first, count, to); }};
    }
};

struct LiveSeries::ArrayColumn {
    explicit ArrayColumn(qint64 extent)
        : elements(extent)
        , keptRows(std::max<qint64>(kArrayBytes / (8 * extent), 1))
    {
    }

    const qint64 elements;          ///< per row
    const qint64 keptRows;          ///< at most
    AppendLog<double> values;       ///< of the first keptRows
    mutable std::mutex newestMutex; // guards the next three
    std::vector<double> newest;
    qint64 newestRow = -1;
    std::optional<ValueRange> range;
};

LiveSeries::LiveSeries(TableSchema schema, qint64 firstRow)
    : m_schema(std::move(schema))
    , m_firstRow(firstRow)
    , m_scalars(size_t(m_schema.columns.size()))
    , m_arrays(size_t(m_schema.columns.size()))
{
    for (size_t i = 0; i < m_scalars.size(); ++i) {
        const ColumnSpec &column = m_schema.columns.at(qsizetype(i));
        if (column.type == ColumnType::Utf8)
            continue;
        if (column.shape.isEmpty())
            m_scalars[i] = std::make_unique<ScalarColumn>();
        else
            m_arrays[i] = std::make_unique<ArrayColumn>(column.valuesPerRow());
    }
}

LiveSeries::~LiveSeries() = default;

void LiveSeries::append(const PointBatch &batch)
{
    const qint64 rows = m_rows.load(std::memory_order_relaxed);
    if (batch.firstRow != m_firstRow + rows || batch.columns.size() != m_scalars.size())
        return;
    for (size_t i = 0; i < batch.columns.size(); ++i) {
        if (m_scalars[i])
            appendScalar(*m_scalars[i], batch.columns[i]);
        else if (m_arrays[i])
            appendArray(*m_arrays[i], batch.columns[i]);
    }
    m_rows.store(rows + batch.rowCount(), std::memory_order_release);
}

void LiveSeries::appendScalar(ScalarColumn &to, const ColumnValues &from)
{
    toNumbers(from, &m_scratch);
    to.values.append(std::span<const double>(m_scratch));
    to.pyramid.append(m_scratch);
}

void LiveSeries::appendArray(ArrayColumn &to, const ColumnValues &from)
{
    if (from.rowCount() == 0)
        return;
    toNumbers(from, &m_scratch);
    const qint64 kept = to.values.count() / to.elements;
    const qint64 fitting = std::min(from.rowCount(), to.keptRows - kept);
    to.values.append(std::span<const double>(m_scratch).first(size_t(fitting * to.elements)));
    PyramidBlock bounds;
    for (const double value : m_scratch)
        bounds.add(value);
    const std::lock_guard guard(to.newestMutex);
    to.newest.assign(m_scratch.end() - to.elements, m_scratch.end());
    to.newestRow = m_rows.load(std::memory_order_relaxed) + from.rowCount() - 1;
    if (!bounds.isEmpty())
        to.range = joined(to.range, bounds.minimum, bounds.maximum);
}

const LiveSeries::ScalarColumn *LiveSeries::scalar(int column) const
{
    const bool isColumn = column >= 0 && column < m_schema.columns.size();
    return isColumn ? m_scalars[size_t(column)].get() : nullptr;
}

const LiveSeries::ArrayColumn *LiveSeries::array(int column) const
{
    const bool isColumn = column >= 0 && column < m_schema.columns.size();
    return isColumn ? m_arrays[size_t(column)].get() : nullptr;
}

std::optional<ValueRange> LiveSeries::range(int column) const
{
    if (const ArrayColumn *elements = array(column)) {
        const std::lock_guard guard(elements->newestMutex);
        return elements->range;
    }
    const ScalarColumn *numbers = scalar(column);
    if (!numbers)
        return {};
    std::optional<ValueRange> range;
    const qint64 rows = rowCount();
    qint64 row = 0;
    for (int level = Pyramid::kLevels - 1; level >= 0; --level) {
        const qint64 size = Pyramid::rowsPerBlock(level);
        const qint64 blocks = std::min(numbers->pyramid.blockCount(level), rows / size);
        for (qint64 i = row / size; i < blocks; ++i) {
            const PyramidBlock &block = numbers->pyramid.block(level, i);
            if (!block.isEmpty())
                range = joined(range, block.minimum, block.maximum);
        }
        row = std::max(row, blocks * size);
    }
    for (const double value : values(column, row, rows - row)) {
        if (std::isfinite(value))
            range = joined(range, value, value);
    }
    return range;
}

void LiveSeries::reduce(int x, int y, double low, double high, int pixels,
                        std::vector<SeriesBlock> *blocks) const
{
    blocks->clear();
    const ScalarColumn *ys = scalar(y);
    const ScalarColumn *xs = scalar(x);
    if (!ys || (x != kRowNumber && !xs))
        return;
    const qint64 rows = rowCount();
    reduceSeries(xs ? xs->reduced() : ReducedColumn{}, ys->reduced(), rows, low, high, pixels,
                 blocks);
}

std::vector<double> LiveSeries::values(int column, qint64 first, qint64 count) const
{
    const ScalarColumn *numbers = scalar(column);
    const qint64 rows = rowCount();
    first = std::clamp<qint64>(first, 0, rows);
    count = std::clamp<qint64>(count, 0, rows - first);
    std::vector<double> values(size_t(count), kNoNumber);
    if (numbers)
        numbers->read(first, count, values.data());
    return values;
}

std::vector<double> LiveSeries::arrayAt(int column, qint64 row) const
{
    const ArrayColumn *elements = array(column);
    if (!elements)
        return {};
    {
        const std::lock_guard guard(elements->newestMutex);
        if (row == elements->newestRow)
            return elements->newest;
    }
    const qint64 first = row * elements->elements;
    if (row < 0 || row >= rowCount() || first + elements->elements > elements->values.count())
        return {};
    std::vector<double> values(size_t(elements->elements));
    double *to = values.data();
    elements->values.forEachPiece(
        first, elements->elements,
        [&to](const double *from, qint64 here) { to = std::copy_n(from, here, to); });
    return values;
}

} // namespace birch
