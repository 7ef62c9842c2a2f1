// What PybirchScans reads of a scan before anything is written.
#include "core/exchange/import/pybirch_queues.h"
#include "core/exchange/import/pybirch_scans.h"
#include "core/exchange/import/source_values.h"
#include "core/store/scan_place.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kNsPerUs = 1000;

/// Columns of scans that have a place; the others are kept in extra_data.
const QStringList kTaken{
    u"id"_s,         u"scan_id"_s,    u"lab_id"_s,      u"project_id"_s,        u"sample_id"_s,
    u"queue_id"_s,   u"scan_name"_s,  u"scan_type"_s,   u"position_in_queue"_s, u"created_by"_s,
    u"created_at"_s, u"updated_at"_s, u"archived_at"_s, u"additional_tags"_s,   u"notes"_s,
    u"extra_data"_s};

QString words(const SourceRow &row, const QString &column)
{
    return isMeaningful(row.value(column)) ? row.text(column).trimmed() : QString();
}
} // namespace

void PybirchScans::setState(const SourceRow &row, FinishedScan *scan)
{
    const QString status = row.text(u"status"_s).trimmed().toLower();
    if (status == u"completed"_s) {
        scan->state = ScanState::Completed;
    } else if (status == u"failed"_s || status == u"error"_s) {
        scan->state = ScanState::Failed;
        scan->reason = tr("It failed in PyBirch.");
    } else {
        // Nothing of another program's can be continued here.
        scan->state = ScanState::Aborted;
        scan->reason = status == u"pending"_s ? tr("It had not been started in PyBirch.")
                       : status == u"aborted"_s
                           ? tr("It was aborted in PyBirch.")
                           : tr("PyBirch had left it \"%1\".").arg(row.text(u"status"_s));
    }
}

Result<FinishedScan> PybirchScans::describe(const SourceRow &row)
{
    FinishedScan scan;
    scan.scanId = words(row, u"scan_id"_s);
    if (scan.scanId.isEmpty())
        scan.scanId = u"PyBirch-%1"_s.arg(row.integer(u"id"_s));
    const std::optional<qint64> created = timeWithoutZone(row.text(u"created_at"_s));
    const std::optional<qint64> started = timeWithoutZone(row.text(u"started_at"_s));
    const std::optional<qint64> ended = timeWithoutZone(row.text(u"completed_at"_s));
    const qint64 startedUs =
        started ? m_context.clock.utc(*started, created) : created.value_or(nowUs());
    scan.createdUs = created.value_or(startedUs);
    scan.startedUs = startedUs;
    if (ended)
        scan.endedUs = started ? *ended - (*started - startedUs) : m_context.clock.utc(*ended);
    scan.updatedUs = timeWithoutZone(row.text(u"updated_at"_s)).value_or(scan.createdUs);
    // A scan that is over has an end here: else the last time that PyBirch touched its row.
    scan.endedUs = std::max(scan.startedUs, scan.endedUs.value_or(scan.updatedUs));
    scan.archivedUs = timeWithoutZone(row.text(u"archived_at"_s));
    if (timeWithoutZone(row.text(u"trashed_at"_s)))
        scan.trashedUs = nowUs();
    scan.createdBy = words(row, u"created_by"_s);
    const QString name = words(row, u"scan_name"_s);
    scan.details.name = name.isEmpty() ? scan.scanId : name;
    scan.details.type = words(row, u"scan_type"_s);
    scan.details.operatorName = scan.createdBy;
    scan.details.comment = words(row, u"notes"_s);
    const QJsonArray tags = sourceJson(row.value(u"additional_tags"_s)).toArray();
    for (const QJsonValue tag : tags)
        scan.details.tags << tag.toVariant().toString();
    scan.softwareVersion = u"PyBirch"_s;
    scan.queuePosition = int(row.integer(u"position_in_queue"_s));
    setState(row, &scan);
    const SourceTable &table = *m_source.table(u"scans"_s);
    scan.extraData =
        SourceConverter::extraDataOf(row, table, kTaken, m_context.source, rowHash(row, table));
    if (!ended)
        scan.extraData.insert(u"legacy_end"_s, u"unknown"_s);
    if (Status found = findPlace(row, &scan); !found)
        return found.error();
    return scan;
}

Status PybirchScans::findPlace(const SourceRow &row, FinishedScan *scan)
{
    Connection &connection = m_target.connection;
    const SourceIds &ids = m_context.ids;
    QString project = ids.find(u"projects"_s, row.integer(u"project_id"_s));
    if (project.isEmpty())
        project = ids.byName(u"project"_s, row.text(u"project_name"_s));
    struct Found {
        QString table;
        QString uid;
        QVariant row;
    };
    Found places[] = {{u"labs"_s, ids.find(u"labs"_s, row.integer(u"lab_id"_s)), {}},
                      {u"projects"_s, project, {}},
                      {u"samples"_s, ids.find(u"samples"_s, row.integer(u"sample_id"_s)), {}},
                      {u"queues"_s, ids.find(u"queues"_s, row.integer(u"queue_id"_s)), {}},
                      {u"labs"_s, m_context.onlyLab, {}}};
    QVariant lab;
    for (Found &place : places) {
        auto found = rowOfUid(connection, place.table, place.uid);
        if (!found)
            return found.error();
        place.row = found.value();
        auto of = place.table == u"labs"_s ? found : labOfRow(connection, place.table, place.row);
        if (!of)
            return of.error();
        if (!lab.isValid())
            lab = of.value();
    }
    if (!lab.isValid()) {
        const auto usual = defaultLabRow(connection);
        if (!usual)
            return usual.error();
        lab = usual.value();
    }
    scan->labRow = lab.toLongLong();
    scan->stationRow = m_stationRow;
    scan->projectRow = places[1].row;
    scan->sampleRow = places[2].row;
    scan->queueRow = places[3].row;
    return ok();
}

Result<std::vector<PybirchScans::Object>> PybirchScans::objectsOf(qint64 scan)
{
    std::vector<Object> objects;
    const Status read =
        m_source.eachWhere(u"measurement_objects"_s, u"scan_id"_s, scan, {u"id"_s},
                           [&](const SourceRow &row) { return addObject(row, &objects); });
    if (!read)
        return read.error();
    return objects;
}

Status PybirchScans::addObject(const SourceRow &row, std::vector<Object> *objects)
{
    static const QStringList kPlaced{u"id"_s, u"scan_id"_s, u"name"_s, u"columns"_s};
    const SourceTable &table = *m_source.table(u"measurement_objects"_s);
    Object object;
    object.id = row.integer(u"id"_s);
    object.name = words(row, u"name"_s);
    if (object.name.isEmpty())
        object.name = u"measurement %1"_s.arg(object.id);
    object.uid =
        importedUid(u"measurement_objects/%1/%2"_s.arg(object.id).arg(row.text(u"created_at"_s)));
    object.about =
        SourceConverter::extraDataOf(row, table, kPlaced, m_context.source, rowHash(row, table));
    m_context.ids.add(u"measurement_objects"_s, object.id, object.uid);
    m_context.ids.add(u"scan of measurement_objects"_s, object.id,
                      m_context.ids.find(u"scans"_s, row.integer(u"scan_id"_s)));
    QStringList names;
    const QJsonArray columns = sourceJson(row.value(u"columns"_s)).toArray();
    for (const QJsonValue name : columns)
        names << name.toString();
    names.removeAll(QString());
    const auto made = timeWithoutZone(row.text(u"created_at"_s));
    const QString unit = words(row, u"unit"_s);
    PybirchArrays arrays(m_source, object.id);
    if (Status looked = arrays.look(names.value(0, object.name), unit, made, m_context.clock);
        !looked)
        return looked;
    PybirchPoints points(m_source, object.id);
    if (Status looked = points.look(names, unit, made, m_context.clock); !looked)
        return looked;
    const bool hasArrays = arrays.counts().good > 0 || !arrays.counts().bad.isEmpty();
    const bool hasPoints = points.counts().good > 0 || points.counts().badCount > 0;
    if (hasPoints || !hasArrays) {
        objects->push_back(object);
        objects->back().points.emplace(std::move(points));
    }
    if (!hasArrays)
        return ok();
    if (hasPoints) {
        object.uid = importedUid(object.uid + u"/arrays"_s);
        object.name += u" (arrays)"_s;
        object.isExtra = true;
    }
    object.arrays.emplace(std::move(arrays));
    objects->push_back(std::move(object));
    return ok();
}

Result<std::vector<PybirchScans::Line>> PybirchScans::linesOf(qint64 scan)
{
    std::vector<Line> lines;
    const Status read = m_source.eachWhere(
        u"scan_logs"_s, u"scan_id"_s, scan, {u"id"_s}, [&lines](const SourceRow &row) {
            QString text = row.text(u"message"_s);
            if (const QString phase = words(row, u"phase"_s); !phase.isEmpty())
                text = phase + u": "_s + text;
            if (const QVariant progress = row.value(u"progress"_s); isMeaningful(progress))
                text += u" (%1 %)"_s.arg(progress.toString());
            if (const QJsonValue extra = sourceJson(row.value(u"extra_data"_s));
                extra.isObject() && !extra.toObject().isEmpty())
                text += u' ' + jsonText(extra.toObject());
            const auto time = timeWithoutZone(row.text(u"timestamp"_s));
            lines.push_back({{time.value_or(0) * kNsPerUs, logLevel(row.text(u"level"_s)), text},
                             row.text(u"id"_s)});
            return ok();
        });
    if (!read)
        return read.error();
    return lines;
}

Status PybirchScans::reportOrphans()
{
    const struct {
        QString table;
        QString column;
        QString parent;
    } kinds[] = {
        {u"measurement_objects"_s, u"scan_id"_s, u"scans"_s},
        {u"measurement_data_points"_s, u"measurement_object_id"_s, u"measurement_objects"_s},
        {u"measurement_data_arrays"_s, u"measurement_object_id"_s, u"measurement_objects"_s},
        {u"scan_logs"_s, u"scan_id"_s, u"scans"_s}};
    for (const auto &kind : kinds) {
        const SourceTable *table = m_source.table(kind.table);
        if (!table || report(kind.table).accounted() == table->rows)
            continue;
        const Status read = m_source.each(kind.table, {u"id"_s}, [&](const SourceRow &row) {
            if (m_context.ids.find(kind.parent, row.integer(kind.column)).isEmpty())
                report(kind.table)
                    .add(RowFate::NotUnderstood,
                         tr("it belongs to a row of %1 that is not in the file").arg(kind.parent),
                         row.text(u"id"_s));
            return ok();
        });
        if (!read)
            return read;
    }
    return ok();
}

} // namespace birch
