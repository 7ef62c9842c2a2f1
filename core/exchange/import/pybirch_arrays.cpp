#include "core/exchange/import/pybirch_arrays.h"

#include "core/exchange/import/number_blob.h"
#include "core/exchange/import/source_values.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kNsPerUs = 1000;

ColumnSpec plain(const QString &name, const QString &unit, ColumnType type, ColumnRole role)
{
    ColumnSpec column;
    column.name = name;
    column.unit = unit;
    column.type = type;
    column.role = role;
    return column;
}

qint64 product(const QList<qint64> &shape)
{
    qint64 count = 1;
    for (qint64 extent : shape)
        count *= extent > 0 && extent < (qint64(1) << 31) / count ? extent : 0;
    return count;
}
} // namespace

Status PybirchArrays::eachArray(const SqliteSource::OnRow &onRow) const
{
    return m_source.eachWhere(u"measurement_data_arrays"_s, u"measurement_object_id"_s, m_object,
                              {u"sequence_index"_s, u"id"_s}, onRow);
}

Result<PybirchArrays::Array> PybirchArrays::array(const SourceRow &row) const
{
    const QByteArray blob = row.value(u"data_blob"_s).toByteArray();
    if (blob.isEmpty())
        return Error{
            ErrorCode::BadInput,
            tr("its values are in a file beside the database, which holds the path alone")};
    Array array;
    NumberType type;
    QByteArray bytes = blob;
    if (blob.startsWith("\x93NUMPY")) {
        auto npy = readNpy(blob);
        if (!npy)
            return npy.error();
        array.shape = npy.value().shape;
        type = npy.value().type;
        bytes = npy.value().bytes;
    } else {
        const auto known = numberType(row.text(u"dtype"_s));
        if (!known)
            return Error{ErrorCode::BadInput,
                         tr("its type \"%1\" is not known").arg(row.text(u"dtype"_s))};
        type = *known;
        const QJsonArray extents = sourceJson(row.value(u"shape"_s)).toArray();
        for (const QJsonValue extent : extents)
            array.shape << extent.toInteger();
    }
    if (array.shape.isEmpty())
        array.shape = {bytes.size() / type.bytes};
    if (product(array.shape) * type.bytes != bytes.size())
        return Error{ErrorCode::BadInput, tr("its shape does not fit its bytes")};
    auto values = numbersOf(bytes, type);
    if (!values)
        return values.error();
    array.values = std::move(values).value();
    array.type = array.values.type();
    return array;
}

Status PybirchArrays::look(const QString &name, const QString &unit, std::optional<qint64> made,
                           const SourceClock &clock)
{
    return eachArray([&](const SourceRow &row) {
        const auto found = array(row);
        if (found && m_columns.isEmpty()) {
            ColumnSpec column = plain(name, unit, found.value().type, ColumnRole::Value);
            column.shape = found.value().shape;
            m_columns = {plain(u"time"_s, u"ns"_s, ColumnType::Int64, ColumnRole::Time),
                         plain(u"sequence"_s, {}, ColumnType::Int64, ColumnRole::Index), column};
        }
        const auto time = timeWithoutZone(row.text(u"timestamp"_s));
        if (time && !m_offset)
            m_offset = *time - clock.utc(*time, made);
        const bool fits = found && found.value().shape == m_columns.last().shape &&
                          found.value().type == m_columns.last().type;
        if (fits)
            ++m_counts.good;
        else
            m_counts.bad[found ? tr("its shape or type is not that of the first one")
                               : found.error().message]
                << row.text(u"id"_s);
        return ok();
    });
}

Status
PybirchArrays::read(const std::function<Status(const std::vector<ColumnValues> &)> &onRow) const
{
    return eachArray([&](const SourceRow &row) {
        auto found = array(row);
        if (!found || found.value().shape != m_columns.last().shape ||
            found.value().type != m_columns.last().type)
            return ok();
        std::vector<ColumnValues> columns;
        columns.emplace_back(ColumnType::Int64);
        columns.emplace_back(ColumnType::Int64);
        if (const auto time = timeWithoutZone(row.text(u"timestamp"_s)))
            columns[0].appendInt((*time - *m_offset) * kNsPerUs);
        else
            columns[0].appendMissingRow(ValueState::Skipped);
        if (row.value(u"sequence_index"_s).isValid())
            columns[1].appendInt(row.integer(u"sequence_index"_s));
        else
            columns[1].appendMissingRow(ValueState::Skipped);
        columns.push_back(std::move(found.value().values));
        return onRow(columns);
    });
}

} // namespace birch
