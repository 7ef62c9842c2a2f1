#pragma once

#include "core/base/id.h"
#include "core/plan/plan_compiler.h"
#include "core/plan/standard_nodes.h"

#include <QJsonArray>

namespace birch::test {

using namespace Qt::StringLiterals;

inline MovementSpec movementSpec(const QString &name, const QString &unit, Limits limits)
{
    MovementSpec spec;
    spec.name = name;
    spec.unit = unit;
    spec.limits = limits;
    return spec;
}

inline ColumnSpec valueColumn(const QString &name, const QString &unit,
                              ColumnType type = ColumnType::Float64, QList<qint64> shape = {})
{
    ColumnSpec column;
    column.name = name;
    column.unit = unit;
    column.type = type;
    column.shape = std::move(shape);
    return column;
}

inline MeasurementSpec measurementSpec(const QString &name, QList<ColumnSpec> columns)
{
    MeasurementSpec spec;
    spec.name = name;
    spec.columns = std::move(columns);
    return spec;
}

/// A source meter, a stage, a heater, a spectrometer.
inline BenchSpecs benchSpecs()
{
    InstrumentSpec smu;
    smu.movements = {movementSpec(u"bias"_s, u"V"_s, {-10, 10})};
    smu.measurements = {
        measurementSpec(u"iv"_s,
                        {valueColumn(u"voltage"_s, u"V"_s), valueColumn(u"current"_s, u"A"_s)}),
        measurementSpec(u"iv2"_s, {valueColumn(u"current"_s, u"A"_s)}),
        measurementSpec(u"status"_s, {valueColumn(u"text"_s, {}, ColumnType::Utf8)}),
        measurementSpec(u"source"_s, {valueColumn(u"bias"_s, u"V"_s)})};
    InstrumentSpec stage;
    stage.movements = {movementSpec(u"x"_s, u"mm"_s, {0, 25}),
                       movementSpec(u"y"_s, u"mm"_s, {0, 25})};
    stage.movements[0].rampRate = 200;
    InstrumentSpec heater;
    heater.movements = {movementSpec(u"temperature"_s, u"K"_s, {4, 400})};
    heater.measurements = {measurementSpec(u"monitor"_s, {valueColumn(u"power"_s, u"W"_s)})};
    InstrumentSpec spectrometer;
    spectrometer.measurements = {measurementSpec(
        u"spectrum"_s, {valueColumn(u"intensity"_s, u"counts"_s, ColumnType::Float64, {64})})};
    return {{u"smu"_s, smu},
            {u"stage"_s, stage},
            {u"heater"_s, heater},
            {u"spectrometer"_s, spectrometer}};
}

inline std::unique_ptr<ScanNode> makeNode(const QString &kind, QJsonObject fields = {})
{
    auto node = std::make_unique<ScanNode>(kind);
    node->fields = std::move(fields);
    return node;
}

inline QJsonObject axis(const QString &movement, QJsonObject positions)
{
    return {{u"movement"_s, movement}, {u"positions"_s, positions}};
}

inline QJsonObject listOf(const QStringList &values)
{
    return {{u"kind"_s, u"list"_s}, {u"values"_s, QJsonArray::fromStringList(values)}};
}

inline QJsonObject linear(const QString &start, const QString &stop, int points)
{
    return {
        {u"kind"_s, u"linear"_s}, {u"start"_s, start}, {u"stop"_s, stop}, {u"points"_s, points}};
}

inline std::unique_ptr<ScanNode> sweepOf(const QString &movement, const QJsonObject &positions)
{
    return makeNode(u"sweep"_s, {{u"axes"_s, QJsonArray{axis(movement, positions)}}});
}

inline std::unique_ptr<ScanNode> measureOf(const QStringList &measurements)
{
    return makeNode(u"measure"_s, {{u"measurements"_s, QJsonArray::fromStringList(measurements)}});
}

inline std::unique_ptr<ScanNode> monitorOf(const QString &measurement, const QString &interval)
{
    return makeNode(u"monitor"_s,
                    {{u"measurements"_s, QJsonArray{measurement}}, {u"interval"_s, interval}});
}

inline std::unique_ptr<ScanNode> setOf(const QString &movement, const QString &value)
{
    return makeNode(
        u"set"_s,
        {{u"targets"_s, QJsonArray{QJsonObject{{u"movement"_s, movement}, {u"value"_s, value}}}}});
}

} // namespace birch::test
