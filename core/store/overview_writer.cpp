#include "core/store/overview_writer.h"

#include "core/data/chunk_codec.h"
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

Status OverviewWriter::update(const Growth &growth, bool isEnd)
{
    const qint64 size = overviewRows(kFirstOverviewLevel);
    if (growth.object.rowsStored / size == growth.rowsBefore / size && !isEnd)
        return ok();
    for (int i = 0; i < growth.object.schema.columns.size(); ++i) {
        if (!hasOverview(growth.object.schema.columns[i]))
            continue;
        if (Status done = writeColumn(growth, i, isEnd); !done)
            return done;
    }
    return ok();
}

Status OverviewWriter::writeColumn(const Growth &growth, int column, bool isEnd)
{
    const qint64 rows = growth.object.rowsStored;
    for (int level = kFirstOverviewLevel; level < Pyramid::kLevels; ++level) {
        const qint64 size = overviewRows(level);
        if (rows < Pyramid::rowsPerBlock(level))
            return ok();
        const qint64 full = rows / size;
        for (qint64 segment = growth.rowsBefore / size; segment < full; ++segment) {
            if (Status done = writeSegment(growth, column, level, segment); !done)
                return done;
        }
        if (isEnd && rows % size >= Pyramid::rowsPerBlock(level)) {
            if (Status done = writeSegment(growth, column, level, full); !done)
                return done;
        }
    }
    return ok();
}

Result<std::vector<PyramidBlock>> OverviewWriter::segment(StoredObject object, int column,
                                                          int level, qint64 segment, qint64 rows)
{
    object.rowsStored = rows;
    return blocks({object, 0, 0, {}}, column, level, segment);
}

Result<std::vector<PyramidBlock>> OverviewWriter::blocks(const Growth &growth, int column,
                                                         int level, qint64 segment)
{
    const qint64 from = segment * overviewRows(level);
    const qint64 rows = growth.object.rowsStored - from;
    const qint64 blocks = std::min(kOverviewBlocks, rows / Pyramid::rowsPerBlock(level));
    auto made = level == kFirstOverviewLevel
                    ? fromValues(growth, column, from, from + blocks * Pyramid::rowsPerBlock(level))
                    : fromBelow(growth.object, column, level, segment);
    if (made)
        made.value().resize(size_t(std::min<qint64>(blocks, qint64(made.value().size()))));
    return made;
}

Status OverviewWriter::writeSegment(const Growth &growth, int column, int level, qint64 segment)
{
    const auto made = blocks(growth, column, level, segment);
    if (!made)
        return made.error();
    return write(growth, column, level, segment * kOverviewBlocks, encodeBlocks(made.value()));
}

Status OverviewWriter::write(const Growth &growth, int column, int level, qint64 firstBlock,
                             const QByteArray &payload)
{
    static const QString sql =
        u"INSERT INTO data_overviews (measurement_object_id, column_index, level, first_block, "
        "lab_id, payload) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (measurement_object_id, column_index, level, first_block) "
        "DO UPDATE SET payload = excluded.payload"_s;
    const qint64 object = growth.object.id;
    if (!m_connection.dialect().isPostgres())
        return m_connection.execute(sql,
                                    {object, column, level, firstBlock, growth.labRow, payload});
    BinaryValues values;
    values.add(object).add(qint64(column)).add(qint64(level)).add(firstBlock);
    values.add(growth.labRow).add(payload);
    return m_connection.binary().executeAll(sql, std::span(&values, 1));
}

Result<std::vector<double>> OverviewWriter::numbers(const Growth &growth, int column, qint64 from,
                                                    qint64 to)
{
    const ColumnSpec &spec = growth.object.schema.columns[column];
    for (const Chunk &chunk : growth.added) {
        const bool isWhole = chunk.firstRow <= from && chunk.firstRow + chunk.rowCount >= to;
        if (chunk.column != column || !isWhole)
            continue;
        const auto values = decodeChunk(chunk, spec);
        if (!values)
            return values.error();
        std::vector<double> all = numbersOf(values.value());
        const auto begin = all.begin() + (from - chunk.firstRow);
        return std::vector<double>(begin, begin + (to - from));
    }
    return readNumbers(m_connection, growth.object, column, from, to);
}

Result<std::vector<PyramidBlock>> OverviewWriter::fromValues(const Growth &growth, int column,
                                                             qint64 from, qint64 to)
{
    const auto numbers = this->numbers(growth, column, from, to);
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
