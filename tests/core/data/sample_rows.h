#pragma once

#include "core/base/id.h"
#include "core/data/run_store.h"

#include <QJsonObject>

#include <bit>
#include <limits>

namespace birch::test {

/// A table with every column type, an array and flags.
inline TableSchema sampleSchema(const QString &name = QStringLiteral("iv"))
{
    return {
        newUid(),
        name,
        {{QStringLiteral("time"),
          QStringLiteral("ns"),
          ColumnType::Int64,
          {},
          {},
          ColumnRole::Time},
         {QStringLiteral("i"), {}, ColumnType::Int64, {}, {}, ColumnRole::Index},
         {QStringLiteral("v"), QStringLiteral("V"), ColumnType::Float64, {}, {}, ColumnRole::Value},
         {QStringLiteral("on"), {}, ColumnType::Bool, {}, {}, ColumnRole::Value},
         {QStringLiteral("note"), {}, ColumnType::Utf8, {}, {}, ColumnRole::Value},
         {QStringLiteral("spectrum"),
          QStringLiteral("counts"),
          ColumnType::Float64,
          {4},
          {},
          ColumnRole::Value}}};
}

/// The value of column "v" in \a row: some are NaN with a payload, -0.0 and infinities.
inline double sampleValue(qint64 row)
{
    switch (row % 11) {
    case 3:
        return std::bit_cast<double>(quint64(0x7ff8000000000000) + quint64(row));
    case 5:
        return -0.0;
    case 7:
        return -std::numeric_limits<double>::infinity();
    default:
        return double(row) * 0.1;
    }
}

/// Rows \a first to \a first + \a count of sampleSchema(), a function of the row number alone.
inline PointBatch sampleRows(int object, qint64 first, qint64 count)
{
    PointBatch batch;
    batch.object = object;
    batch.firstRow = first;
    for (const ColumnSpec &column : sampleSchema().columns)
        batch.columns.emplace_back(column.type, column.valuesPerRow());
    for (qint64 row = first; row < first + count; ++row) {
        batch.columns[0].appendInt(1'800'000'000'000'000'000 + row);
        batch.columns[1].appendInt(row);
        batch.columns[2].appendDouble(sampleValue(row),
                                      row % 13 == 4 ? ValueState::Overload : ValueState::Ok);
        batch.columns[3].appendBool(row % 2 == 1);
        batch.columns[4].appendText(QStringLiteral("row %1 µ").arg(row));
        for (int k = 0; k < 4; ++k)
            batch.columns[5].appendDouble(double(row * 4 + k));
    }
    return batch;
}

inline QJsonObject sampleCursor(qint64 row)
{
    return {{QStringLiteral("after"), row}};
}

inline NewScan sampleScan(int objects = 1)
{
    NewScan scan;
    scan.uid = newUid();
    scan.station = QStringLiteral("TEST");
    scan.planHash = QByteArray("\x01\x02", 2);
    for (int i = 0; i < objects; ++i)
        scan.objects.append(sampleSchema(QStringLiteral("table%1").arg(i)));
    return scan;
}

} // namespace birch::test
