#pragma once

#include "core/base/id.h"
#include "core/data/chunk_codec.h"
#include "core/data/run_store.h"

#include <QJsonArray>

#include <bit>
#include <limits>

namespace birch::test {

using namespace Qt::StringLiterals;

/// A scan with two measurement objects: all column types and an array; and a plain one.
inline NewScan newScan(const QString &station = u"bench"_s)
{
    NewScan scan;
    scan.uid = newUid();
    scan.station = station;
    scan.details = {u"IV map"_s,
                    {},
                    u"Diodes"_s,
                    u"Ada"_s,
                    u"First try"_s,
                    u"iv"_s,
                    {u"cold"_s, u"ünïcode"_s},
                    u"50% of 'all' \"quotes\""_s,
                    {{u"Mask"_s, u"M 12"_s}, {u"Gas: 'µ'"_s, u"two\nlines"_s}}};
    scan.tree = {{u"kind"_s, u"sequence"_s}, {u"n"_s, 0.1}};
    scan.planHash = QByteArray::fromHex("00ff10");
    scan.settings = {{u"smu"_s, QJsonObject{{u"range"_s, 1e-9}}}};
    const QByteArray base("id: base\n");
    const QByteArray own =
        QByteArrayLiteral("id: own\nextends: base # \xff no UTF-8, \0 and a zero");
    scan.definitions = {
        {definitionVersion({own, base}), u"own"_s, u"K 2400"_s, own, definitionVersion({base})},
        {definitionVersion({base}), u"base"_s, u"K"_s, base, {}}};
    scan.instruments = {
        {u"smu"_s, QJsonObject{{u"identity"_s, u"K,2400"_s},
                               {u"definition"_s, u"own"_s},
                               {u"version"_s, QString::fromLatin1(scan.definitions[0].version)}}},
        {u"stage"_s, QJsonObject{{u"definition"_s, u"bespoke"_s}}}};
    scan.bench = {{u"file"_s, u"/lab/bench.yaml"_s}, {u"text"_s, u"name: 'Bench'\n"_s}};
    TableSchema all{newUid(), u"all"_s, {}};
    all.columns = {{u"time"_s, u"ns"_s, ColumnType::Int64, {}, {}, ColumnRole::Time},
                   {u"smu.current"_s, u"A"_s, ColumnType::Float64, {}, {}, ColumnRole::Value},
                   {u"ok"_s, u""_s, ColumnType::Bool, {}, {}, ColumnRole::Value},
                   {u"text"_s, u""_s, ColumnType::Utf8, {}, {}, ColumnRole::Value},
                   {u"spectrum"_s, u"counts"_s, ColumnType::Float64, {3}, {}, ColumnRole::Value}};
    TableSchema plain{newUid(), u"plain"_s, {}};
    plain.columns = {{u"x"_s, u"V"_s, ColumnType::Float64, {}, {}, ColumnRole::Value}};
    scan.objects = {all, plain};
    scan.pointsPlanned = 100;
    scan.startedUs = 1'800'000'000'000'000; // 2027-01-15
    scan.softwareVersion = u"0.1.0"_s;
    return scan;
}

inline ColumnValues emptyColumn(const ColumnSpec &spec)
{
    return ColumnValues(spec.type, spec.valuesPerRow());
}

/// Rows [from, to) of the first object: the awkward values first, then a pattern of the row number.
inline std::vector<ColumnValues> rowsOf(const TableSchema &schema, qint64 from, qint64 to)
{
    const double awkward[] = {
        std::bit_cast<double>(0x7ff8000000abcdefULL), -0.0, std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::denorm_min(),    0.1,  -std::numeric_limits<double>::max()};
    std::vector<ColumnValues> columns;
    for (const ColumnSpec &spec : schema.columns)
        columns.push_back(emptyColumn(spec));
    for (qint64 row = from; row < to; ++row) {
        const double number = row < 6 ? awkward[row] : std::sin(double(row)) * 1e-9;
        if (schema.columns.size() == 1) {
            columns[0].appendDouble(number);
            continue;
        }
        columns[0].appendInt(row == 0   ? std::numeric_limits<qint64>::min()
                             : row == 1 ? std::numeric_limits<qint64>::max()
                                        : 1'800'000'000'000'000'000 + row);
        columns[1].appendDouble(number, row % 7 == 3 ? ValueState::Overload : ValueState::Ok);
        columns[2].appendBool(row % 3 == 0);
        columns[3].appendText(row % 2 ? u"Ω µ %1"_s.arg(row) : QString());
        for (int i = 0; i < 3; ++i)
            columns[4].appendDouble(number * i, row == 5 ? ValueState::Skipped : ValueState::Ok);
    }
    return columns;
}

/// Adds rows to \a object on top of \a opened, as the store thread would.
inline ScanCommit rowsCommit(const NewScan &scan, const OpenedScan &opened, int object, qint64 rows)
{
    ScanCommit commit;
    commit.scan = opened.uid;
    commit.epoch = opened.epoch;
    commit.rowsBefore = opened.rowsStored;
    commit.rowsAfter = opened.rowsStored;
    const qint64 from = opened.rowsStored[object];
    commit.rowsAfter[object] = from + rows;
    const auto columns = rowsOf(scan.objects[object], from, from + rows);
    ChunkEncoder encoder;
    for (size_t i = 0; i < columns.size(); ++i)
        commit.chunks.push_back(encoder.encode(object, int(i), from, columns[i]));
    return commit;
}

} // namespace birch::test
