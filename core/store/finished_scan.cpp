#include "core/store/finished_scan.h"

#include "core/base/id.h"
#include "core/data/table_schema_json.h"
#include "core/store/lab/tag_store.h"
#include "core/store/scan_events.h"
#include "core/store/search/object_text.h"
#include "core/store/store_json.h"
#include "core/store/user_fields.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kChunkRows = 16384;
constexpr qint64 kChunkValues = 131072; // a megabyte of numbers

QString tr(const char *text)
{
    return QCoreApplication::translate("FinishedScan", text);
}

QVariant orNull(const QVariant &value)
{
    return value.isValid() ? value : QVariant(QMetaType::fromType<qint64>());
}

QVariant orNull(const std::optional<qint64> &us)
{
    return us ? QVariant(*us) : QVariant(QMetaType::fromType<qint64>());
}
} // namespace

qint64 FinishedScanWriter::rowsPerChunk(const TableSchema &schema)
{
    qint64 values = 1;
    for (const ColumnSpec &column : schema.columns)
        values = std::max(values, column.valuesPerRow());
    return std::clamp(kChunkValues / values, qint64(1), kChunkRows);
}

Status FinishedScanWriter::begin(const Session &session, const FinishedScan &scan)
{
    if (Status may = session.mayWrite(); !may)
        return may;
    for (const TableSchema &object : scan.objects) {
        const auto bad = std::find_if_not(object.columns.begin(), object.columns.end(), isStorable);
        if (bad != object.columns.end())
            return Error{ErrorCode::BadInput,
                         tr("Column %1 of %2 is too large for a row: leave it out")
                             .arg(bad->name, object.name)};
    }
    if (Status done = insertRow(session, scan); !done)
        return done;
    if (Status done = insertObjects(scan); !done)
        return done;
    if (Status done = describeScan(m_connection, m_scan.id); !done)
        return done;
    return TagStore(m_connection).set(session, u"scans"_s, m_scan.id, scan.details.tags);
}

Status FinishedScanWriter::insertRow(const Session &session, const FinishedScan &scan)
{
    const ScanDetails &details = scan.details;
    const auto row = m_connection.firstRow(
        u"INSERT INTO scans (uid, scan_id, lab_id, station_id, project_id, sample_id, queue_id, "
        "queue_position, epoch, state, reason, name, title, scan_type, operator, comment, "
        "plan_hash, points_planned, started_at, ended_at, software_version, extra_data, "
        "created_at, created_by, updated_at, updated_by, trashed_at, archived_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?) RETURNING id"_s,
        {uidText(scan.uid),
         scan.scanId,
         scan.labRow,
         scan.stationRow,
         orNull(scan.projectRow),
         orNull(scan.sampleRow),
         orNull(scan.queueRow),
         scan.queuePosition,
         scanStateName(scan.state),
         scan.reason,
         details.name,
         details.title,
         details.type,
         details.operatorName,
         details.comment,
         QByteArray(),
         scan.startedUs,
         orNull(scan.endedUs),
         scan.softwareVersion,
         jsonText(withUserFields(scan.extraData, details.fields)),
         scan.createdUs,
         scan.createdBy.isEmpty() ? session.user : scan.createdBy,
         scan.updatedUs,
         session.user,
         orNull(scan.trashedUs),
         orNull(scan.archivedUs)});
    if (!row)
        return row.error().within(tr("Scan %1").arg(scan.scanId));
    m_scan = StoredScan();
    m_scan.id = row.value().value().first().toLongLong();
    m_scan.labId = scan.labRow;
    m_scan.uid = scan.uid;
    m_scan.scanId = scan.scanId;
    m_scan.epoch = 1;
    m_scan.state = scan.state;
    return m_connection.execute(
        u"INSERT INTO scan_documents (scan_id, tree, settings, instruments) "
        "VALUES (?, '{}', '{}', '{}')"_s,
        {m_scan.id});
}

Status FinishedScanWriter::insertObjects(const FinishedScan &scan)
{
    for (qsizetype i = 0; i < scan.objects.size(); ++i) {
        const TableSchema &schema = scan.objects[i];
        const auto row = m_connection.firstRow(
            u"INSERT INTO measurement_objects (uid, scan_id, lab_id, position, node_uid, name, "
            "columns) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id"_s,
            {scan.objectUids[i], m_scan.id, m_scan.labId, i, uidText(schema.nodeId), schema.name,
             jsonText(tableSchemaToJson(schema))});
        if (!row)
            return row.error().within(tr("Measurement %1").arg(schema.name));
        m_scan.objects.push_back({row.value().value().first().toLongLong(), schema, 0});
    }
    return ok();
}

Status FinishedScanWriter::append(int object, const std::vector<ColumnValues> &columns)
{
    StoredObject &stored = m_scan.objects[size_t(object)];
    const qint64 rows = columns.empty() ? 0 : columns.front().rowCount();
    if (rows == 0)
        return ok();
    for (size_t i = 0; i < columns.size(); ++i) {
        const Chunk chunk = m_encoder.encode(object, int(i), stored.rowsStored, columns[i]);
        if (Status done = m_chunks.insert({stored.id, m_scan.labId}, chunk); !done)
            return done.error().within(tr("Measurement %1").arg(stored.schema.name));
    }
    stored.rowsStored += rows;
    return ok();
}

Status FinishedScanWriter::finish(const Session &session, const QList<ScanLogEntry> &log)
{
    qint64 points = 0;
    for (const StoredObject &object : m_scan.objects) {
        points += object.rowsStored;
        if (Status done = m_connection.execute(
                u"UPDATE measurement_objects SET rows_stored = ? WHERE id = ?"_s,
                {object.rowsStored, object.id});
            !done)
            return done;
        if (Status done = m_overviews.update({object, m_scan.labId, 0, {}}, true); !done)
            return done;
    }
    if (Status done =
            m_connection.execute(u"UPDATE scans SET points = ?, points_planned = ? WHERE id = ?"_s,
                                 {points, points, m_scan.id});
        !done)
        return done;
    for (qsizetype i = 0; i < log.size(); ++i) {
        if (Status done = m_connection.execute(
                u"INSERT INTO scan_logs (scan_id, epoch, sequence, logged_at_ns, level, message) "
                "VALUES (?, 1, ?, ?, ?, ?)"_s,
                {m_scan.id, i, log[i].timeNs, log[i].level, log[i].message});
            !done)
            return done;
    }
    return auditScan(m_connection, session, m_scan, EventAction::Added,
                     {{u"points"_s, points}, {u"state"_s, scanStateName(m_scan.state)}});
}

} // namespace birch
