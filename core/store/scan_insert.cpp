#include "core/store/scan_insert.h"

#include "core/base/id.h"
#include "core/data/table_schema_json.h"
#include "core/store/event_log.h"
#include "core/store/id_counter.h"
#include "core/store/lab/tag_store.h"
#include "core/store/late_scan.h"
#include "core/store/place_rules.h"
#include "core/store/search/object_text.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("ScanInsert", text);
}

const QVariant kNull{QMetaType::fromType<qint64>()};

/// Projects and stations that a scan brings along.
Status tellOfNamed(Connection &connection, const Session &session, const QString &table, qint64 row,
                   const QString &uid, const QString &name, qint64 labRow)
{
    if (Status done = describeObject(connection, table, row, name, name); !done)
        return done;
    Event event{.lab = labRow, .action = EventAction::Added, .kind = table};
    event.objectUid = uid;
    event.title = name;
    event.changes = {{u"name"_s, QJsonObject{{u"after"_s, name}}}};
    return EventLog(connection).record(session, std::move(event));
}

Result<qint64> insertNamed(Connection &connection, const Session &session, const QString &table,
                           const QString &name, qint64 labRow)
{
    const qint64 now = nowUs();
    const QString uid = uidText(newUid());
    const auto row = connection.firstRow(
        u"INSERT INTO %1 (uid, lab_id, name, created_at, created_by, updated_at, updated_by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id"_s.arg(table),
        {uid, labRow, name, now, session.user, now, session.user});
    if (!row)
        return row.error();
    if (!row.value()) { // another station has just made it, or it lies in the trash
        const auto made = connection.firstRow(
            u"SELECT id FROM %1 WHERE lab_id = ? AND name = ? AND trashed_at IS NULL"_s.arg(table),
            {labRow, name});
        if (!made)
            return made.error();
        if (!made.value())
            return Error{
                ErrorCode::Conflict,
                tr("One of that name lies in the trash: restore it, or take another name")};
        return made.value()->first().toLongLong();
    }
    const qint64 id = row.value().value().first().toLongLong();
    if (Status done = tellOfNamed(connection, session, table, id, uid, name, labRow); !done)
        return done.error();
    return id;
}

Status resolveSample(Connection &connection, const Session &session, const QString &uid,
                     ScanPlace *place)
{
    const Visibility visible = visibleRows(placeRule(u"samples"_s), session, u"t"_s);
    const auto row = connection.firstRow(
        u"SELECT t.id, t.lab_id, t.project_id FROM samples t WHERE t.uid = ? AND "
        "t.trashed_at IS NULL"_s +
            (visible.sql.isEmpty() ? QString() : u" AND "_s + visible.sql),
        QVariantList{uid} + visible.values);
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound,
                     tr("The sample %1 is not in this database: choose another one, or add it with "
                        "birchctl samples add")
                         .arg(uid)};
    place->sampleRow = row.value()->at(0);
    place->labRow = row.value()->at(1).toLongLong();
    place->projectRow = row.value()->at(2);
    return ok();
}

Status resolveProject(Connection &connection, const Session &session, const QString &name,
                      ScanPlace *place)
{
    const Visibility visible = visibleRows(placeRule(u"projects"_s), session, u"t"_s);
    const auto row = connection.firstRow(
        u"SELECT t.id, t.lab_id FROM projects t WHERE t.name = ? AND t.trashed_at IS NULL "_s +
            (visible.sql.isEmpty() ? QString() : u"AND "_s + visible.sql) +
            u" ORDER BY CASE WHEN t.lab_id = ? THEN 0 ELSE 1 END, t.id LIMIT 1"_s,
        QVariantList{name} + visible.values + QVariantList{place->labRow});
    if (!row)
        return row.error();
    if (row.value()) {
        place->projectRow = row.value()->at(0);
        if (place->sampleRow.isNull())
            place->labRow = row.value()->at(1).toLongLong();
        return ok();
    }
    if (Status may =
            session.may(Action::Add, EntityAccess::Lab, Place{.lab = place->labRow}, tr("project"));
        !may)
        return may;
    const auto made = insertNamed(connection, session, u"projects"_s, name, place->labRow);
    if (!made)
        return made.error().within(tr("Adding the project %1").arg(name));
    place->projectRow = made.value();
    return ok();
}

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

/// A late scan comes without a tag that its operator may not add to the lab: its data count more.
Status tagScan(Connection &connection, const Session &session, const NewScan &scan, qint64 row,
               QString *warning)
{
    const Status done = TagStore(connection).set(session, u"scans"_s, row, scan.details.tags);
    if (done || !scan.isLate || done.error().code != ErrorCode::Denied)
        return done;
    *warning = warning->isEmpty() ? done.error().message : *warning + u' ' + done.error().message;
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
} // namespace

Result<qint64> defaultLabRow(Connection &connection)
{
    const auto row = connection.firstRow(u"SELECT default_lab_id FROM database_info"_s);
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::Storage,
                     tr("The database has lost its identity: restore a backup")};
    return row.value()->first().toLongLong();
}

Result<ScanPlace> resolvePlace(Connection &connection, const Session &session,
                               const ScanDetails &details)
{
    ScanPlace place{0, kNull, kNull};
    const auto lab = homeLab(connection, session);
    if (!lab)
        return lab.error();
    place.labRow = lab.value();
    if (!details.sampleUid.isEmpty()) {
        if (Status done = resolveSample(connection, session, details.sampleUid, &place); !done)
            return done.error();
    }
    if (!details.project.isEmpty()) {
        if (Status done = resolveProject(connection, session, details.project, &place); !done)
            return done.error();
    }
    return place;
}

Result<qint64> stationRow(Connection &connection, const Session &session, const QString &station)
{
    const auto found = connection.firstRow(u"SELECT id FROM stations WHERE name = ?"_s, {station});
    if (!found)
        return found.error();
    if (found.value())
        return found.value()->first().toLongLong();
    const auto lab = homeLab(connection, session);
    if (!lab)
        return lab;
    const qint64 now = nowUs();
    // Two programs of one new station may come at the same time; touching the other's row here
    // would be a deadlock, because its scan refers to it.
    const QString uid = uidText(newUid());
    const auto added = connection.executeCounting(
        u"INSERT INTO stations (uid, lab_id, name, created_at, created_by, updated_at, "
        "updated_by) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING"_s,
        {uid, lab.value(), station, now, session.user, now, session.user});
    if (!added)
        return added.error();
    const auto made = connection.firstRow(u"SELECT id FROM stations WHERE name = ?"_s, {station});
    if (!made)
        return made.error();
    const qint64 id = made.value().value().first().toLongLong();
    if (added.value() == 1) {
        if (Status done =
                tellOfNamed(connection, session, u"stations"_s, id, uid, station, lab.value());
            !done)
            return done.error();
    }
    return id;
}

Result<StoredScan> insertScan(Connection &connection, const Session &session, const NewScan &scan)
{
    const auto station = stationRow(connection, session, scan.station);
    if (!station)
        return station.error();
    QString warning;
    const auto found = scan.isLate ? lateDetails(connection, scan.details, &warning) : scan.details;
    if (!found)
        return found.error();
    const ScanDetails &details = found.value();
    const auto place = resolvePlace(connection, session, details);
    if (!place)
        return place.error();
    Place where{.lab = place.value().labRow};
    if (const qint64 project = place.value().projectRow.toLongLong(); project != 0)
        where.projects << project;
    if (Status may = session.may(Action::Add, EntityAccess::Lab, where, tr("scan")); !may)
        return may.error();
    const auto queue = queueRow(connection, session, scan, station.value());
    if (!queue)
        return queue.error();
    const auto scanId = scan.isLate ? lateScanId(connection, scan)
                                    : nextScanId(connection, scan.station, scan.startedUs);
    if (!scanId)
        return scanId.error();
    const qint64 now = nowUs();
    const auto row = connection.firstRow(
        u"INSERT INTO scans (uid, scan_id, lab_id, station_id, project_id, sample_id, queue_id, "
        "queue_position, epoch, state, name, title, scan_type, operator, comment, plan_hash, "
        "points_planned, started_at, software_version, created_at, created_by, updated_at, "
        "updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?) RETURNING id"_s,
        {uidText(scan.uid),
         scanId.value(),
         place.value().labRow,
         station.value(),
         place.value().projectRow,
         place.value().sampleRow,
         queue.value(),
         scan.queuePosition,
         details.name,
         details.title,
         details.type,
         details.operatorName,
         details.comment,
         scan.planHash,
         scan.pointsPlanned,
         scan.startedUs,
         scan.softwareVersion,
         now,
         session.user,
         now,
         session.user});
    if (!row)
        return row.error();
    StoredScan stored;
    stored.id = row.value().value().first().toLongLong();
    stored.labId = place.value().labRow;
    stored.uid = scan.uid;
    stored.scanId = scanId.value();
    stored.epoch = 1;
    stored.state = ScanState::Running;
    if (Status done = connection.execute(
            u"INSERT INTO scan_documents (scan_id, tree, settings, instruments) "
            "VALUES (?, ?, ?, ?)"_s,
            {stored.id, jsonText(scan.tree), jsonText(scan.settings), jsonText(scan.instruments)});
        !done)
        return done.error();
    if (Status done = insertObjects(connection, scan, &stored); !done)
        return done.error();
    if (Status done = describeScan(connection, stored.id); !done)
        return done.error();
    if (Status done = tagScan(connection, session, scan, stored.id, &warning); !done)
        return done.error();
    if (Status done = logLate(connection, stored.id, warning); !done)
        return done.error();
    return stored;
}

} // namespace birch
