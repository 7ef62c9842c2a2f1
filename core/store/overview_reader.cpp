#include "core/store/overview_reader.h"

#include "core/store/chunk_reader.h"
#include "core/store/overview_writer.h"

#include <limits>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
double numberAt(const ColumnValues &values, qint64 index)
{
    if (values.stateAt(index) != ValueState::Ok)
        return std::numeric_limits<double>::quiet_NaN();
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
    return std::numeric_limits<double>::quiet_NaN();
}
} // namespace

Result<std::vector<PyramidBlock>> readBlocks(Connection &connection, qint64 objectRow, int column,
                                             int level, qint64 first, qint64 end)
{
    const qint64 firstRow = first / kOverviewBlocks * kOverviewBlocks;
    std::vector<PyramidBlock> blocks;
    qint64 next = firstRow;
    std::optional<Error> damage;
    static const QString sql =
        u"SELECT first_block, payload FROM data_overviews WHERE measurement_object_id = ? "
        "AND column_index = ? AND level = ? AND first_block >= ? AND first_block < ? "
        "ORDER BY first_block"_s;
    const auto take = [&](const auto &row) {
        if (damage || row.integer(0) != next)
            return;
        auto decoded = decodeBlocks(row.bytes(1));
        if (!decoded) {
            damage = decoded.error();
            return;
        }
        blocks.insert(blocks.end(), decoded.value().begin(), decoded.value().end());
        next += qint64(decoded.value().size());
    };
    const Status done =
        connection.selectBytes(sql, {objectRow, column, level, firstRow, end}, take);
    if (!done)
        return done.error();
    if (damage)
        return Error{ErrorCode::Storage, damage->message};
    const auto skipped = std::min(qint64(blocks.size()), first - firstRow);
    blocks.erase(blocks.begin(), blocks.begin() + skipped);
    blocks.resize(size_t(std::min(qint64(blocks.size()), end - first)));
    return blocks;
}

std::vector<double> numbersOf(const ColumnValues &values)
{
    std::vector<double> numbers(size_t(values.valueCount()));
    if (values.type() == ColumnType::Float64 && !values.hasFlags()) {
        if (!numbers.empty())
            std::memcpy(numbers.data(), values.bytes().data(), values.bytes().size());
        return numbers;
    }
    for (size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = numberAt(values, qint64(i));
    return numbers;
}

Result<std::vector<double>> readNumbers(Connection &connection, const StoredObject &object,
                                        int column, qint64 from, qint64 to)
{
    const auto values = ChunkReader(connection).read(object, column, from, to);
    if (!values)
        return values.error();
    return numbersOf(values.value());
}

} // namespace birch
