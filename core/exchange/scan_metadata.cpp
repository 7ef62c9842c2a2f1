#include "core/exchange/scan_metadata.h"

#include "core/base/text_map.h"
#include "core/data/pause_interval.h"
#include "core/data/table_schema_json.h"

#include <QDateTime>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QJsonObject measurementMetadata(const ExportedObject &object)
{
    QJsonArray columns;
    for (int i = 0; i < object.schema.columns.size(); ++i) {
        const ColumnSpec &column = object.schema.columns[i];
        QJsonArray shape;
        for (const qint64 extent : column.shape)
            shape.append(extent);
        QJsonArray axes;
        for (const ColumnAxis &axis : column.axes) {
            QJsonArray values;
            for (const double value : axis.values)
                values.append(value);
            axes.append(
                QJsonObject{{u"name"_s, axis.name}, {u"unit"_s, axis.unit}, {u"values"_s, values}});
        }
        QJsonObject json{{u"name"_s, column.name},
                         {u"unit"_s, column.unit},
                         {u"type"_s, columnTypeName(column.type)},
                         {u"shape"_s, shape},
                         {u"role"_s, columnRoleName(column.role)},
                         {u"axes"_s, axes},
                         {u"flagged"_s, object.hasFlags.value(i)}};
        if (column.calibration)
            json[u"calibration"_s] = calibrationToJson(*column.calibration);
        columns.append(json);
    }
    return {{u"name"_s, object.schema.name},
            {u"node"_s, object.schema.nodeId.toString(QUuid::WithoutBraces)},
            {u"rows"_s, object.rows},
            {u"columns"_s, columns}};
}

QJsonObject entry(const ScanLogEntry &log)
{
    return {{u"time"_s, isoTimeUs(log.timeNs / 1000)},
            {u"level"_s, log.level},
            {u"message"_s, log.message}};
}
} // namespace

QString isoTimeUs(qint64 microseconds)
{
    qint64 seconds = microseconds / 1'000'000;
    qint64 fraction = microseconds % 1'000'000;
    if (fraction < 0) {
        --seconds;
        fraction += 1'000'000;
    }
    const auto time = QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC);
    return time.toString(u"yyyy-MM-ddTHH:mm:ss"_s) + u".%1Z"_s.arg(fraction, 6, 10, QChar(u'0'));
}

QJsonObject scanMetadata(const ExportedScan &scan, const QList<int> &objects)
{
    QJsonArray measurements;
    for (const int object : objects)
        measurements.append(measurementMetadata(scan.objects[object]));
    qint64 points = 0;
    for (const ExportedObject &object : scan.objects)
        points += object.rows;
    QJsonArray log;
    for (const ScanLogEntry &line : scan.log)
        log.append(entry(line));
    const ScanDetails &details = scan.details;
    return {{u"format"_s, u"birch-scan"_s},
            {u"version"_s, 1},
            {u"scan_id"_s, scan.scanId},
            {u"uid"_s, scan.uid.toString(QUuid::WithoutBraces)},
            {u"name"_s, details.name},
            {u"status"_s, scanStateName(scan.state)},
            {u"reason"_s, scan.reason},
            {u"station"_s, scan.station},
            {u"title"_s, details.title},
            {u"type"_s, details.type},
            {u"tags"_s, QJsonArray::fromStringList(details.tags)},
            {u"comment"_s, details.comment},
            {u"fields"_s, textMapToJson(details.fields)},
            {u"project"_s, details.project},
            {u"operator"_s, details.operatorName},
            {u"sample"_s, scan.sample.isEmpty() ? QJsonValue() : QJsonValue(scan.sample)},
            {u"queue_uid"_s, scan.queueUid},
            {u"started"_s, isoTimeUs(scan.startedUs)},
            {u"ended"_s, scan.endedUs ? QJsonValue(isoTimeUs(*scan.endedUs)) : QJsonValue()},
            {u"points"_s, points},
            {u"points_planned"_s, scan.pointsPlanned},
            {u"software"_s, scan.softwareVersion},
            {u"instruments"_s, scan.instruments},
            {u"settings"_s, scan.settings},
            {u"settings_at_end"_s, scan.endSettings},
            {u"bench"_s, scan.bench},
            {u"tree"_s, scan.tree},
            {u"log"_s, log},
            {u"pauses"_s, pausesJson(pausesOf(scan.log, scan.endedUs))},
            {u"measurements"_s, measurements}};
}

} // namespace birch
