#include "core/data/table_schema_json.h"

#include "core/base/id.h"
#include "core/data/chunk_codec.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

Error badColumn(const QString &name, const QString &what)
{
    return {ErrorCode::BadInput,
            QCoreApplication::translate("TableSchema", "Column \"%1\" can not be read: %2")
                .arg(name, what)};
}

QJsonObject axisToJson(const ColumnAxis &axis)
{
    QJsonArray values;
    for (const double value : axis.values)
        values.append(value);
    return {{u"name"_s, axis.name}, {u"unit"_s, axis.unit}, {u"values"_s, values}};
}

ColumnAxis axisFromJson(const QJsonObject &json)
{
    ColumnAxis axis{json[u"name"_s].toString(), json[u"unit"_s].toString(), {}};
    const QJsonArray values = json[u"values"_s].toArray();
    axis.values.reserve(values.size());
    for (const QJsonValue &value : values)
        axis.values.append(value.toDouble(qQNaN())); // null: what JSON makes of a NaN
    return axis;
}

ColumnCalibration calibrationFromJson(const QJsonObject &json)
{
    return {json[u"factor"_s].toDouble(1), json[u"offset"_s].toDouble(), json[u"date"_s].toString(),
            json[u"certificate"_s].toString()};
}

} // namespace

QJsonObject calibrationToJson(const ColumnCalibration &calibration)
{
    return {{u"factor"_s, calibration.factor},
            {u"offset"_s, calibration.offset},
            {u"date"_s, calibration.date},
            {u"certificate"_s, calibration.certificate}};
}

QJsonObject columnSpecToJson(const ColumnSpec &column)
{
    QJsonObject json{{u"name"_s, column.name},
                     {u"unit"_s, column.unit},
                     {u"type"_s, columnTypeName(column.type)},
                     {u"role"_s, columnRoleName(column.role)}};
    if (!column.shape.isEmpty()) {
        QJsonArray shape;
        for (const qint64 extent : column.shape)
            shape.append(extent);
        json[u"shape"_s] = shape;
    }
    if (!column.axes.isEmpty()) {
        QJsonArray axes;
        for (const ColumnAxis &axis : column.axes)
            axes.append(axisToJson(axis));
        json[u"axes"_s] = axes;
    }
    if (column.calibration)
        json[u"calibration"_s] = calibrationToJson(*column.calibration);
    return json;
}

Result<ColumnSpec> columnSpecFromJson(const QJsonObject &json)
{
    ColumnSpec column;
    column.name = json[u"name"_s].toString();
    column.unit = json[u"unit"_s].toString();
    if (!columnTypeFromName(json[u"type"_s].toString(), &column.type))
        return badColumn(column.name, u"type \"%1\""_s.arg(json[u"type"_s].toString()));
    if (!columnRoleFromName(json[u"role"_s].toString(), &column.role))
        return badColumn(column.name, u"role \"%1\""_s.arg(json[u"role"_s].toString()));
    for (const QJsonValue &extent : json[u"shape"_s].toArray())
        column.shape.append(extent.toInteger());
    if (!isStorable(column))
        return badColumn(column.name, u"shape"_s);
    for (const QJsonValue &axis : json[u"axes"_s].toArray())
        column.axes.append(axisFromJson(axis.toObject()));
    if (!column.axes.isEmpty() && column.axes.size() != column.shape.size())
        return badColumn(column.name, u"axes"_s);
    if (json.contains(u"calibration"_s))
        column.calibration = calibrationFromJson(json[u"calibration"_s].toObject());
    return column;
}

QJsonObject tableSchemaToJson(const TableSchema &schema)
{
    QJsonArray columns;
    for (const ColumnSpec &column : schema.columns)
        columns.append(columnSpecToJson(column));
    return {{u"node"_s, uidText(schema.nodeId)}, {u"name"_s, schema.name}, {u"columns"_s, columns}};
}

Result<TableSchema> tableSchemaFromJson(const QJsonObject &json)
{
    TableSchema schema;
    schema.nodeId = QUuid::fromString(json[u"node"_s].toString());
    schema.name = json[u"name"_s].toString();
    for (const QJsonValue &value : json[u"columns"_s].toArray()) {
        auto column = columnSpecFromJson(value.toObject());
        if (!column)
            return column.error().within(schema.name);
        schema.columns.append(std::move(column).value());
    }
    return schema;
}

} // namespace birch
