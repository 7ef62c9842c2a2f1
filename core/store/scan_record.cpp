#include "core/store/scan_record.h"

#include "core/base/id.h"
#include "core/base/text_map.h"
#include "core/data/pause_interval.h"
#include "core/data/table_schema_json.h"
#include "core/store/store_time.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QJsonValue timeOrNull(const std::optional<qint64> &us)
{
    return us ? QJsonValue(isoTime(*us)) : QJsonValue();
}

/// The values of an axis may be thousands: a list leaves them out.
QJsonObject measurementJson(const StoredObject &object, bool withAxes)
{
    QJsonArray columns;
    for (const ColumnSpec &column : object.schema.columns) {
        QJsonObject json = columnSpecToJson(column);
        if (!json.contains(u"shape"_s))
            json.insert(u"shape"_s, QJsonArray());
        if (!withAxes)
            json.remove(u"axes"_s);
        columns.append(json);
    }
    return {
        {u"name"_s, object.schema.name}, {u"rows"_s, object.rowsStored}, {u"columns"_s, columns}};
}

QJsonArray measurementsJson(const std::vector<StoredObject> &objects, bool withAxes)
{
    QJsonArray measurements;
    for (const StoredObject &object : objects)
        measurements.append(measurementJson(object, withAxes));
    return measurements;
}

QJsonObject logJson(const ScanLogEntry &entry)
{
    return {{u"time"_s, isoTime(entry.timeNs / 1000)},
            {u"level"_s, entry.level},
            {u"message"_s, entry.message}};
}
} // namespace

double ScanRecord::progress() const
{
    if (pointsPlanned <= 0)
        return state == ScanState::Completed ? 1.0 : 0.0;
    return std::min(1.0, double(points) / double(pointsPlanned));
}

const StoredObject *ScanRecord::object(const QString &name) const
{
    for (const StoredObject &candidate : objects) {
        if (candidate.schema.name == name)
            return &candidate;
    }
    return nullptr;
}

QJsonObject ScanRecord::toJson() const
{
    return {{u"scan_id"_s, scanId},
            {u"uid"_s, uidText(uid)},
            {u"name"_s, details.name},
            {u"title"_s, details.title},
            {u"type"_s, details.type},
            {u"tags"_s, QJsonArray::fromStringList(details.tags)},
            {u"comment"_s, details.comment},
            {u"fields"_s, textMapToJson(details.fields)},
            {u"status"_s, scanStateName(state)},
            {u"reason"_s, reason},
            {u"sample"_s, sample},
            {u"sample_uid"_s, details.sampleUid},
            {u"project"_s, details.project},
            {u"operator"_s, details.operatorName},
            {u"station"_s, station},
            {u"queue_uid"_s, queueUid.isNull() ? QString() : uidText(queueUid)},
            {u"epoch"_s, epoch},
            {u"progress"_s, progress()},
            {u"points"_s, points},
            {u"points_planned"_s, pointsPlanned},
            {u"started"_s, isoTime(startedUs)},
            {u"ended"_s, timeOrNull(endedUs)},
            {u"software_version"_s, softwareVersion},
            {u"revision"_s, revision},
            {u"trashed"_s, isTrashed},
            {u"measurements"_s, measurementsJson(objects, false)}};
}

QJsonObject ScanReport::toJson() const
{
    QJsonArray logs;
    for (const ScanLogEntry &entry : log)
        logs.append(logJson(entry));
    QJsonObject times{{u"started"_s, isoTime(scan.startedUs)},
                      {u"ended"_s, timeOrNull(scan.endedUs)},
                      {u"created"_s, isoTime(scan.createdUs)},
                      {u"updated"_s, isoTime(scan.updatedUs)}};
    if (scan.endedUs)
        times.insert(u"duration_s"_s, double(*scan.endedUs - scan.startedUs) * 1e-6);
    QJsonObject json = scan.toJson();
    json.insert(u"measurements"_s, measurementsJson(scan.objects, true));
    json.insert(u"logs"_s, logs);
    json.insert(u"pauses"_s, pausesJson(pausesOf(log, scan.endedUs)));
    json.insert(u"times"_s, times);
    json.insert(u"settings"_s, settings);
    json.insert(u"settings_at_end"_s, endSettings);
    json.insert(u"bench"_s, bench);
    json.insert(u"instruments"_s, instruments);
    json.insert(u"tree"_s, tree);
    json.insert(u"cursor"_s, cursor);
    json.insert(u"plan_hash"_s, QString::fromLatin1(planHash.toHex()));
    return json;
}

} // namespace birch
