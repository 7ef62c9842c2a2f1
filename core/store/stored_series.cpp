#include "core/store/stored_series.h"

#include "core/data/chunk_codec.h"
#include "core/data/series_reduce.h"
#include "core/store/overview_reader.h"
#include "core/store/overview_writer.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

/// Never changes once published.
struct StoredSeries::Column {
    qint64 scale = 1; ///< rows of the column per row of the pyramid
    Pyramid pyramid;
    std::vector<double> values; ///< whole column, or array rows; else empty
    qint64 firstRow = 0;        ///< arrays: of values
    std::optional<ValueRange> range;

    void addRange(double low, double high)
    {
        range = range ? ValueRange{std::min(range->low, low), std::max(range->high, high)}
                      : ValueRange{low, high};
    }
    void addRange(const std::vector<double> &numbers)
    {
        PyramidBlock bounds;
        for (const double number : numbers)
            bounds.add(number);
        if (!bounds.isEmpty())
            addRange(bounds.minimum, bounds.maximum);
    }
    ReducedColumn reduced() const
    {
        return {&pyramid, [this](qint64 first, qint64 count, double *to) {
                    if (first + count > qint64(values.size()))
                        return false;
                    std::copy_n(values.begin() + first, count, to);
                    return true;
                }};
    }
};

StoredSeries::StoredSeries(StoredObject object, const Limits &limits)
    : m_object(std::move(object))
    , m_limits(limits)
    , m_columns(size_t(m_object.schema.columns.size()))
{
    m_level = kFirstOverviewLevel;
    while (m_level + 1 < Pyramid::kLevels &&
           m_object.rowsStored / Pyramid::rowsPerBlock(m_level) > m_limits.blocks)
        ++m_level;
}

StoredSeries::~StoredSeries() = default;

std::shared_ptr<const StoredSeries::Column> StoredSeries::column(int index) const
{
    const std::lock_guard guard(m_columnsMutex);
    return index >= 0 && size_t(index) < m_columns.size() ? m_columns[size_t(index)] : nullptr;
}

void StoredSeries::publish(int index, std::shared_ptr<const Column> column)
{
    const std::lock_guard guard(m_columnsMutex);
    m_columns[size_t(index)] = std::move(column);
}

bool StoredSeries::isLoaded(int index) const
{
    return column(index) != nullptr;
}

Status StoredSeries::load(Connection &connection, int index)
{
    if (index < 0 || size_t(index) >= m_columns.size() ||
        m_object.schema.columns[index].type == ColumnType::Utf8)
        return Error{ErrorCode::NotFound, tr("There is nothing to draw: choose another column")};
    const ColumnSpec &spec = m_object.schema.columns[index];
    const qint64 rows = m_object.rowsStored;
    if (!spec.shape.isEmpty()) {
        const bool areFew = rows * spec.valuesPerRow() <= m_limits.wholeRows;
        const qint64 first = areFew ? 0 : rows - 1;
        auto read = readArrays(connection, index, first, rows - first);
        if (!read)
            return read.error();
        publish(index, std::move(read).value());
        return ok();
    }
    auto read =
        rows <= m_limits.wholeRows ? readWhole(connection, index) : readBlocks(connection, index);
    if (!read)
        return read.error();
    publish(index, std::move(read).value());
    return ok();
}

Status StoredSeries::loadArray(Connection &connection, int index, qint64 row)
{
    auto read = readArrays(connection, index, row, 1);
    if (!read)
        return read.error();
    publish(index, std::move(read).value());
    return ok();
}

Result<std::shared_ptr<StoredSeries::Column>> StoredSeries::readWhole(Connection &connection,
                                                                      int index) const
{
    auto numbers = readNumbers(connection, m_object, index, 0, m_object.rowsStored);
    if (!numbers)
        return numbers.error();
    auto read = std::make_shared<Column>();
    read->values = std::move(numbers).value();
    read->pyramid.append(read->values);
    read->addRange(read->values);
    return read;
}

Result<std::shared_ptr<StoredSeries::Column>> StoredSeries::readBlocks(Connection &connection,
                                                                       int index) const
{
    const qint64 rowsPerBlock = Pyramid::rowsPerBlock(m_level);
    const qint64 complete = m_object.rowsStored / rowsPerBlock;
    auto blocks = birch::readBlocks(connection, m_object.id, index, m_level, 0, complete);
    if (!blocks)
        return blocks.error();
    // What has no overview yet (the scan still runs), and the rows after the last whole block.
    for (qint64 row = qint64(blocks.value().size()) * rowsPerBlock; row < m_object.rowsStored;
         row += rowsPerBlock) {
        const auto numbers = readNumbers(connection, m_object, index, row, row + rowsPerBlock);
        if (!numbers)
            return numbers.error();
        PyramidBlock block;
        for (const double number : numbers.value())
            block.add(number);
        blocks.value().push_back(block);
    }
    auto read = std::make_shared<Column>();
    read->scale = rowsPerBlock / Pyramid::rowsPerBlock(0);
    for (const PyramidBlock &block : blocks.value()) {
        read->pyramid.appendBlock(block);
        if (!block.isEmpty())
            read->addRange(block.minimum, block.maximum);
    }
    return read;
}

Result<std::shared_ptr<StoredSeries::Column>>
StoredSeries::readArrays(Connection &connection, int index, qint64 firstRow, qint64 rows) const
{
    auto numbers = readNumbers(connection, m_object, index, firstRow, firstRow + rows);
    if (!numbers)
        return numbers.error();
    auto read = std::make_shared<Column>();
    read->values = std::move(numbers).value();
    read->firstRow = firstRow;
    const ColumnType type = m_object.schema.columns[index].type;
    const Status done = connection.select(
        u"SELECT min_value, max_value FROM data_chunks WHERE measurement_object_id = ? "
        "AND column_index = ?"_s,
        {m_object.id, index}, [&read, type](const SqlRow &row) {
            const auto low = boundAsDouble(row.bytes(0), type);
            const auto high = boundAsDouble(row.bytes(1), type);
            if (low && high)
                read->addRange(*low, *high);
        });
    if (!done)
        return done.error();
    return read;
}

std::optional<ValueRange> StoredSeries::range(int index) const
{
    const auto loaded = column(index);
    return loaded ? loaded->range : std::nullopt;
}

void StoredSeries::reduce(int x, int y, double low, double high, int pixels,
                          std::vector<SeriesBlock> *blocks) const
{
    blocks->clear();
    const auto ys = column(y);
    const auto xs = column(x);
    const auto isScalar = [this](int index) {
        return m_object.schema.columns[index].shape.isEmpty();
    };
    if (!ys || !isScalar(y) || (x != kRowNumber && (!xs || !isScalar(x))))
        return;
    const qint64 scale = ys->scale;
    if (scale == 1) {
        reduceSeries(xs ? xs->reduced() : ReducedColumn{}, ys->reduced(), m_object.rowsStored, low,
                     high, pixels, blocks);
        return;
    }
    // Large columns are drawn as if each of their blocks were one of level 0.
    const double xScale = xs ? 1 : double(scale);
    const qint64 rows = ys->pyramid.blockCount(0) * Pyramid::rowsPerBlock(0);
    reduceSeries(xs ? xs->reduced() : ReducedColumn{}, ys->reduced(), rows, low / xScale,
                 high / xScale, pixels, blocks);
    for (SeriesBlock &block : *blocks) {
        block.firstRow *= scale;
        block.rows = std::min(block.rows * scale, m_object.rowsStored - block.firstRow);
        if (!xs) {
            block.xFirst = double(block.firstRow);
            block.xLast = double(block.firstRow + block.rows - 1);
        }
    }
}

std::vector<double> StoredSeries::values(int index, qint64 first, qint64 count) const
{
    const auto loaded = column(index);
    if (!loaded || loaded->scale != 1 || !m_object.schema.columns[index].shape.isEmpty())
        return {};
    const auto size = qint64(loaded->values.size());
    first = std::clamp<qint64>(first, 0, size);
    count = std::clamp<qint64>(count, 0, size - first);
    return {loaded->values.begin() + first, loaded->values.begin() + first + count};
}

std::vector<double> StoredSeries::arrayAt(int index, qint64 row) const
{
    const auto loaded = column(index);
    if (!loaded || m_object.schema.columns[index].shape.isEmpty())
        return {};
    const qint64 elements = m_object.schema.columns[index].valuesPerRow();
    const qint64 first = (row - loaded->firstRow) * elements;
    if (row < loaded->firstRow || first + elements > qint64(loaded->values.size()))
        return {};
    return {loaded->values.begin() + first, loaded->values.begin() + first + elements};
}

} // namespace birch
