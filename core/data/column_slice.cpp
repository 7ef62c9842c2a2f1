#include "core/data/column_slice.h"

#include <QtEndian>

namespace birch {

namespace {

/// Where value number \a index begins.
qint64 offsetOf(const ColumnValues &values, qint64 index)
{
    switch (values.type()) {
    case ColumnType::Float64:
    case ColumnType::Int64:
        return index * 8;
    case ColumnType::Bool:
        return index;
    case ColumnType::Utf8:
        break;
    }
    const char *bytes = values.bytes().data();
    qint64 at = 0;
    for (qint64 i = 0; i < index; ++i)
        at += 4 + qint64(qFromLittleEndian<quint32>(bytes + at));
    return at;
}

} // namespace

ColumnValues sliceRows(const ColumnValues &values, qint64 first, qint64 count)
{
    const qint64 firstValue = first * values.valuesPerRow();
    const qint64 valueCount = count * values.valuesPerRow();
    const qint64 begin = offsetOf(values, firstValue);
    const qint64 end = offsetOf(values, firstValue + valueCount);
    const auto flags = values.flags();
    ColumnValues slice(values.type(), values.valuesPerRow());
    const bool isSlice = slice.assign(
        QByteArray::fromRawData(values.bytes().data() + begin, end - begin),
        flags.empty() ? QByteArray()
                      : QByteArray::fromRawData(
                            reinterpret_cast<const char *>(flags.data()) + firstValue, valueCount),
        valueCount);
    Q_ASSERT(isSlice);
    Q_UNUSED(isSlice)
    return slice;
}

} // namespace birch
