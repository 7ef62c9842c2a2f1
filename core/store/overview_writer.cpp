#include "core/store/overview_writer.h"

#include "core/store/chunk_reader.h"
#include "core/store/overview_reader.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kRadix = qint64(1) << Pyramid::kLevelShift;

/// The same as adding one by one, in loops that a compiler can turn into vector instructions.
PyramidBlock blockOf(std::span<const double> values)
{
    double low = values[0];
    double high = values[0];
    double sum = 0; // not finite as soon as one value is not (or the sum overflows: then slowly)
    bool isRising = true;
    bool isFalling = true;
    for (const double value : values) {
        low = std::min(low, value);
        high = std::max(high, value);
        sum += value;
    }
    for (size_t i = 1; i < values.size(); ++i) {
        isRising &= values[i] >= values[i - 1];
        isFalling &= values[i] <= values[i - 1];
    }
    PyramidBlock block;
    if (!std::isfinite(sum)) {
        for (const double value : values)
            block.add(value);
        return block;
    }
    const int flags =
        (isRising ? PyramidBlock::Rising : 0) | (isFalling ? PyramidBlock::Falling : 0);
    return {low, high, values.front(), values.back(), quint8(flags)};
}
} // namespace

bool hasOverview(const ColumnSpec &column)
{
    return column.type != ColumnType::Utf8 && column.shape.isEmpty();
}

Status OverviewWriter::update(const StoredObject &object, qint64 labRow, qint64 rowsBefore,
                              qint64 rowsAfter, bool isEnd)
{
    const qint64 size = overviewRows(kFirstOverviewLevel);
    if (rowsAfter / size == rowsBefore / size && !isEnd)
        return ok();
    for (int i = 0; i < object.schema.columns.size(); ++i) {
        if (!hasOverview(object.schema.columns[i]))
            continue;
        if (Status done = writeColumn({object, labRow, i}, rowsBefore, rowsAfter, isEnd); !done)
            return done;
    }
    return ok();
}

Status OverviewWriter::writeColumn(const Column &column, qint64 rowsBefore, qint64 rowsAfter,
                                   bool isEnd)
{
    for (int level = kFirstOverviewLevel; level < Pyramid::kLevels; ++level) {
        const qint64 size = overviewRows(level);
        if (rowsAfter < Pyramid::rowsPerBlock(level))
            return ok();
        const qint64 full = rowsAfter / size;
        for (qint64 segment = rowsBefore / size; segment < full; ++segment) {
            if (Status done = writeSegment(column, level, segment, rowsAfter); !done)
                return done;
        }
        if (isEnd && rowsAfter % size >= Pyramid::rowsPerBlock(level)) {
            if (Status done = writeSegment(column, level, full, rowsAfter); !done)
                return done;
        }
    }
    return ok();
}

Result<std::vector<PyramidBlock>> OverviewWriter::segment(const StoredObject &object, int column,
                                                          int level, qint64 segment, qint64 rows)
{
    const qint64 from = segment * overviewRows(level);
    const qint64 blocks = std::min(kOverviewBlocks, (rows - from) / Pyramid::rowsPerBlock(level));
    auto made = level == kFirstOverviewLevel
                    ? fromValues(object, column, from, from + blocks * Pyramid::rowsPerBlock(level))
                    : fromBelow(object, column, level, segment);
    if (made)
        made.value().resize(size_t(std::min<qint64>(blocks, qint64(made.value().size()))));
    return made;
}

Status OverviewWriter::writeSegment(const Column &column, int level, qint64 segment, qint64 rows)
{
    const auto made = this->segment(column.object, column.index, level, segment, rows);
    if (!made)
        return made.error();
    return m_connection.execute(
        u"INSERT INTO data_overviews (measurement_object_id, column_index, level, first_block, "
        "lab_id, payload) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (measurement_object_id, column_index, level, first_block) "
        "DO UPDATE SET payload = excluded.payload"_s,
        {column.object.id, column.index, level, segment * kOverviewBlocks, column.labRow,
         encodeBlocks(made.value())});
}

Result<std::vector<PyramidBlock>> OverviewWriter::fromValues(const StoredObject &object, int column,
                                                             qint64 from, qint64 to)
{
    const auto numbers = readNumbers(m_connection, object, column, from, to);
    if (!numbers)
        return numbers.error();
    const auto size = size_t(Pyramid::rowsPerBlock(kFirstOverviewLevel));
    std::vector<PyramidBlock> blocks;
    const std::span<const double> all(numbers.value());
    for (size_t at = 0; at + size <= all.size(); at += size)
        blocks.push_back(blockOf(all.subspan(at, size)));
    return blocks;
}

Result<std::vector<PyramidBlock>> OverviewWriter::fromBelow(const StoredObject &object, int column,
                                                            int level, qint64 segment)
{
    const qint64 first = segment * kOverviewBlocks * kRadix;
    auto below = readBlocks(m_connection, object.id, column, level - 1, first,
                            first + kOverviewBlocks * kRadix);
    if (!below)
        return below.error();
    std::vector<PyramidBlock> blocks;
    const auto &parts = below.value();
    for (size_t at = 0; at + kRadix <= parts.size(); at += kRadix) {
        PyramidBlock joined = parts[at];
        for (size_t i = 1; i < kRadix; ++i)
            joined.join(parts[at + i]);
        blocks.push_back(joined);
    }
    return blocks;
}

} // namespace birch
