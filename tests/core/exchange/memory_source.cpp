#include "tests/core/exchange/memory_source.h"

#include "core/base/id.h"
#include "core/data/column_slice.h"

#include <QFile>
#include <QJsonArray>
#include <QProcess>
#include <QRandomGenerator>
#include <QTest>

#include <bit>

using namespace Qt::StringLiterals;

namespace birch {

Result<ColumnValues> MemorySource::read(int object, int column, qint64 from, qint64 to)
{
    ++reads;
    if (m_failAt >= 0 && to > m_failAt)
        return Error{ErrorCode::Storage, u"the database is gone"_s};
    return sliceRows(m_columns.at(size_t(object)).at(size_t(column)), from, to - from);
}

void MemorySource::add(TableSchema schema, std::vector<ColumnValues> columns)
{
    ExportedObject object;
    object.rows = columns.empty() ? 0 : columns.front().rowCount();
    for (const ColumnValues &column : columns)
        object.hasFlags.append(column.hasFlags());
    object.schema = std::move(schema);
    m_scan.objects.append(object);
    m_columns.push_back(std::move(columns));
}

ColumnSpec columnSpec(const QString &name, const QString &unit, ColumnType type, ColumnRole role)
{
    ColumnSpec column;
    column.name = name;
    column.unit = unit;
    column.type = type;
    column.role = role;
    return column;
}

namespace {
ExportedScan header()
{
    ExportedScan scan;
    scan.uid = newUid();
    scan.scanId = u"LAB1-261120-001"_s;
    scan.station = u"LAB1"_s;
    scan.details.name = u"Diode"_s;
    scan.details.operatorName = u"Zoë"_s;
    scan.details.tags = {u"a"_s, u"b"_s};
    scan.sample = {{u"name"_s, u"Wafer 7"_s}, {u"material"_s, u"GaAs"_s}};
    scan.startedUs = 1'795'000'000'123'456;
    scan.endedUs = scan.startedUs + 5'000'000;
    scan.softwareVersion = u"0.1.0"_s;
    scan.instruments = {{u"smu"_s, QJsonObject{{u"definition"_s, u"k2400"_s},
                                               {u"identity"_s, u"KEITHLEY,2400"_s}}}};
    scan.settings = {{u"smu"_s, QJsonObject{{u"nplc"_s, 0.1},
                                            {u"averages"_s, 4},
                                            {u"output"_s, true},
                                            {u"range"_s, u"auto"_s}}}};
    scan.endSettings = {{u"smu"_s, QJsonObject{{u"nplc"_s, 1.0}}}};
    scan.log = {{scan.startedUs * 1000, u"info"_s, u"started"_s}};
    return scan;
}

/// Doubles of every kind: random bits (finite), exact decimals, whole numbers, -0, tiny, huge.
double hardNumber(qint64 i, QRandomGenerator &random)
{
    switch (i % 6) {
    case 0:
        return double(i);
    case 1:
        return double(i) * 0.1;
    case 2:
        return -0.0;
    case 3:
        return 5e-324 * double(i);
    case 4:
        return 1.7976931348623157e308 / double(i);
    default:
        break;
    }
    for (;;) {
        const auto value = std::bit_cast<double>(random.generate64());
        if (std::isfinite(value))
            return value;
    }
}
} // namespace

MemorySource hardScan(qint64 rows)
{
    QRandomGenerator random(42);
    static const QStringList kTexts{u"plain"_s,    u"a,b"_s, u"say \"hi\""_s, u"two\nlines"_s,
                                    u" padded "_s, u""_s,    u"µΩ 漢字"_s};
    ColumnValues time(ColumnType::Int64), index(ColumnType::Int64), setpoint, readback, current,
        count(ColumnType::Int64), isOn(ColumnType::Bool), note(ColumnType::Utf8);
    for (qint64 i = 0; i < rows; ++i) {
        time.appendInt(1'795'000'000'123'456'789 + i);
        index.appendInt(i);
        setpoint.appendDouble(double(i) / 10);
        readback.appendDouble(hardNumber(i, random));
        if (i % 7 == 3)
            current.appendDouble(9.9e37, ValueState::Overload);
        else
            current.appendDouble(hardNumber(i, random));
        count.appendInt(i % 5 == 4 ? 0 : i - 3, i % 5 == 4 ? ValueState::Skipped : ValueState::Ok);
        isOn.appendBool(i % 2 == 0);
        note.appendText(kTexts[i % kTexts.size()]);
    }
    TableSchema schema;
    schema.name = u"iv"_s;
    using enum ColumnType;
    using enum ColumnRole;
    schema.columns = {columnSpec(u"time"_s, u"ns"_s, Int64, Time),
                      columnSpec(u"i"_s, {}, Int64, Index),
                      columnSpec(u"smu.voltage"_s, u"V"_s, Float64, Setpoint),
                      columnSpec(u"smu.voltage.readback"_s, u"V"_s, Float64, Readback),
                      columnSpec(u"smu.current"_s, u"µA"_s, Float64, Value),
                      columnSpec(u"counter.count"_s, {}, Int64, Value),
                      columnSpec(u"lamp.on"_s, {}, Bool, Value),
                      columnSpec(u"note"_s, {}, Utf8, Value)};
    MemorySource source;
    source.m_scan = header();
    source.add(schema, {time, index, setpoint, readback, current, count, isOn, note});
    return source;
}

void addSpectra(MemorySource *source, qint64 rows)
{
    ColumnValues time(ColumnType::Int64);
    ColumnValues spectrum(ColumnType::Float64, 5);
    for (qint64 i = 0; i < rows; ++i) {
        time.appendInt(1'795'000'000'123'456'789 + i);
        for (int k = 0; k < 5; ++k)
            spectrum.appendDouble(double(i) + k / 3.0,
                                  i % 4 == 1 && k > 2 ? ValueState::Overload : ValueState::Ok);
    }
    TableSchema schema;
    schema.name = u"spectra / 1"_s;
    ColumnSpec counts =
        columnSpec(u"spec.counts"_s, u"counts"_s, ColumnType::Float64, ColumnRole::Value);
    counts.shape = {5};
    counts.axes = {{u"wavelength"_s, u"nm"_s, {500.0, 500.5, 501.0, 501.5, 502.0}}};
    schema.columns = {columnSpec(u"time"_s, u"ns"_s, ColumnType::Int64, ColumnRole::Time), counts};
    source->add(schema, {time, spectrum});
}

QByteArray python(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(u"/usr/bin/python3"_s, QStringList{u"-c"_s, program} + arguments);
    process.waitForFinished(60'000);
    const bool isGood = process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    if (!isGood)
        QTest::qFail(process.readAllStandardError().constData(), __FILE__, __LINE__);
    return process.readAllStandardOutput();
}

void dump(const ColumnValues &values, const QString &path)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(values.bytes().data(), qsizetype(values.bytes().size()));
}

} // namespace birch
