#include "core/store/scan_insert.h"

#include "core/base/id.h"
#include "core/base/text_map.h"
#include "core/data/scan_fields.h"
#include "core/data/table_schema_json.h"
#include "core/store/definition_texts.h"
#include "core/store/id_counter.h"
#include "core/store/lab/tag_store.h"
#include "core/store/late_scan.h"
#include "core/store/scan_place.h"
#include "core/store/search/object_text.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"
#include "core/store/user_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("ScanInsert", text);
}

const QVariant kNull{QMetaType::fromType<qint64>()};

Status insertObjects(Connection &connection, const NewScan &scan, StoredScan *stored)
{
    for (qsizetype i = 0; i < scan.objects.size(); ++i) {
        const TableSchema &schema = scan.objects[i];
        const auto row = connection.firstRow(
            u"INSERT INTO measurement_objects (uid, scan_id, lab_id, position, node_uid, name, "
            "columns) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id"_s,
            {uidText(newUid()), stored->id, stored->labId, i, uidText(schema.nodeId), schema.name,
             jsonText(tableSchemaToJson(schema))});
        if (!row)
            return row.error().within(tr("Measurement %1").arg(schema.name));
        stored->objects.push_back({row.value().value().first().toLongLong(), schema, 0});
    }
    return ok();
}

void addWarning(QString *warning, const QString &sentence)
{
    *warning += warning->isEmpty() ? sentence : u' ' + sentence;
}

/// A late scan comes without a tag that its operator may not add to the lab: its data count more.
Status tagScan(Connection &connection, const Session &session, const NewScan &scan, qint64 row,
               QString *warning)
{
    const Status done = TagStore(connection).set(session, u"scans"_s, row, scan.details.tags);
    if (done || !scan.isLate || done.error().code != ErrorCode::Denied)
        return done;
    addWarning(warning, done.error().message);
    return ok();
}

Result<QVariant> queueRow(Connection &connection, const Session &session, const NewScan &scan,
                          qint64 station)
{
    if (scan.queueUid.isNull())
        return kNull;
    const auto row =
        connection.firstRow(u"SELECT id FROM queues WHERE uid = ?"_s, {uidText(scan.queueUid)});
    if (!row)
        return row.error();
    if (!row.value() && scan.isLate) {
        const auto made = insertLateQueue(connection, session, scan, station);
        return made ? Result<QVariant>(QVariant(made.value())) : made.error();
    }
    if (!row.value())
        return Error{
            ErrorCode::NotFound,
            tr("The queue %1 is not in this database: start it again").arg(uidText(scan.queueUid))};
    return row.value()->first();
}

/// What the queue \a row says at this moment lies under what is said about the scan.
Status takeQueueFields(Connection &connection, const NewScan &scan, const QVariant &row,
                       ScanDetails *details)
{
    if (row.isNull())
        return ok();
    const auto queue = connection.firstRow(u"SELECT extra_data FROM queues WHERE id = ?"_s, {row});
    if (!queue)
        return queue.error();
    if (!queue.value())
        return ok();
    const auto fields = userFields(jsonObject(queue.value()->first().toString()));
    const auto ofTree = textMapFromJson(scan.tree[u"details"_s][u"fields"_s].toObject());
    details->fields = fieldsInQueue(ofTree, fields, details->fields);
    return ok();
}

/// A late scan comes without a project that can not be had: its data count more.
Result<ScanPlace> placeOf(Connection &connection, const Session &session, bool isLate,
                          ScanDetails *details, QString *warning)
{
    auto place = resolvePlace(connection, session, *details);
    const bool isForgiven =
        !place && isLate && !details->project.isEmpty() &&
        (place.error().code == ErrorCode::Conflict || place.error().code == ErrorCode::Denied);
    if (!isForgiven)
        return place;
    addWarning(warning, place.error().message);
    details->project.clear();
    return resolvePlace(connection, session, *details);
}

Status mayAdd(const Session &session, const ScanPlace &place)
{
    Place where{.lab = place.labRow};
    if (const qint64 project = place.projectRow.toLongLong(); project != 0)
        where.projects << project;
    return session.may(Action::Add, EntityAccess::Lab, where, tr("scan"));
}

/// Row ids and texts of a scan that is about to be inserted.
struct ScanRow {
    QString scanId;
    ScanPlace place;
    qint64 station = 0;
    QVariant queue;
    ScanDetails details;
};

Result<qint64> insertRow(Connection &connection, const Session &session, const NewScan &scan,
                         const ScanRow &of)
{
    const qint64 now = nowUs();
    const auto row = connection.firstRow(
        u"INSERT INTO scans (uid, scan_id, lab_id, station_id, project_id, sample_id, queue_id, "
        "queue_position, epoch, state, name, title, scan_type, operator, comment, plan_hash, "
        "points_planned, started_at, software_version, extra_data, created_at, created_by, "
        "updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 'running', ?, ?, ?, ?, ?, ?, "
        "?, ?, "
        "?, ?, ?, ?, ?, ?) RETURNING id"_s,
        {uidText(scan.uid),
         of.scanId,
         of.place.labRow,
         of.station,
         of.place.projectRow,
         of.place.sampleRow,
         of.queue,
         scan.queuePosition,
         of.details.name,
         of.details.title,
         of.details.type,
         of.details.operatorName,
         of.details.comment,
         scan.planHash,
         scan.pointsPlanned,
         scan.startedUs,
         scan.softwareVersion,
         jsonText(withUserFields({}, of.details.fields)),
         now,
         session.user,
         now,
         session.user});
    if (!row)
        return row.error();
    const qint64 id = row.value().value().first().toLongLong();
    if (Status done = connection.execute(
            u"INSERT INTO scan_documents (scan_id, tree, settings, instruments, bench) "
            "VALUES (?, ?, ?, ?, ?)"_s,
            {id, jsonText(scan.tree), jsonText(scan.settings), jsonText(scan.instruments),
             jsonText(scan.bench)});
        !done)
        return done.error();
    return id;
}
} // namespace

Result<StoredScan> insertScan(Connection &connection, const Session &session, const NewScan &scan)
{
    const auto station = stationRow(connection, session, scan.station);
    if (!station)
        return station.error();
    QString warning;
    auto details = scan.isLate ? lateDetails(connection, scan.details, &warning) : scan.details;
    if (!details)
        return details.error();
    const auto place = placeOf(connection, session, scan.isLate, &details.value(), &warning);
    if (!place)
        return place.error();
    if (Status may = mayAdd(session, place.value()); !may)
        return may.error();
    const auto queue = queueRow(connection, session, scan, station.value());
    if (!queue)
        return queue.error();
    if (Status taken = takeQueueFields(connection, scan, queue.value(), &details.value()); !taken)
        return taken.error();
    const auto scanId = scan.isLate ? lateScanId(connection, scan)
                                    : nextScanId(connection, scan.station, scan.startedUs);
    if (!scanId)
        return scanId.error();
    const auto row =
        insertRow(connection, session, scan,
                  {scanId.value(), place.value(), station.value(), queue.value(), details.value()});
    if (!row)
        return row.error();
    StoredScan stored;
    stored.id = row.value();
    stored.labId = place.value().labRow;
    stored.uid = scan.uid;
    stored.scanId = scanId.value();
    stored.epoch = 1;
    stored.state = ScanState::Running;
    if (Status done = insertObjects(connection, scan, &stored); !done)
        return done.error();
    if (Status done = storeDefinitions(connection, scan, stored.id, stored.labId); !done)
        return done.error().within(tr("Definitions of the instruments"));
    if (Status done = describeScan(connection, stored.id); !done)
        return done.error();
    if (Status done = tagScan(connection, session, scan, stored.id, &warning); !done)
        return done.error();
    if (Status done = logLate(connection, stored.id, warning); !done)
        return done.error();
    return stored;
}

} // namespace birch
