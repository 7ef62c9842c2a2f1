#include "core/store/scan_place.h"

#include "core/base/id.h"
#include "core/store/event_log.h"
#include "core/store/place_rules.h"
#include "core/store/search/object_text.h"
#include "core/store/store_time.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("ScanInsert", text);
}

const QVariant kNull{QMetaType::fromType<qint64>()};

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

/// The project or station \a name that a scan brings along. Two programs may bring the same one at
/// the same time: then it is made once; touching the other's row here would be a deadlock, because
/// its scan refers to it. Errors: Conflict - it is in the trash.
Result<qint64> madeNamed(Connection &connection, const Session &session, const QString &table,
                         const QString &name, qint64 labRow)
{
    const qint64 now = nowUs();
    const QString uid = uidText(newUid());
    const auto added = connection.executeCounting(
        u"INSERT INTO %1 (uid, lab_id, name, created_at, created_by, updated_at, updated_by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"_s.arg(table),
        {uid, labRow, name, now, session.user, now, session.user});
    if (!added)
        return added.error();
    const auto row = connection.firstRow(
        u"SELECT id, trashed_at FROM %1 WHERE name = ? ORDER BY CASE WHEN lab_id = ? THEN 0 ELSE 1 "
        "END, id LIMIT 1"_s.arg(table),
        {name, labRow});
    if (!row)
        return row.error();
    if (!row.value() || !row.value()->at(1).isNull())
        return Error{ErrorCode::Conflict,
                     tr("%1 is in the trash: restore it with birchctl %2 restore, or choose "
                        "another name")
                         .arg(name, table)};
    const qint64 id = row.value()->first().toLongLong();
    if (added.value() == 1) {
        if (Status done = tellOfNamed(connection, session, table, id, uid, name, labRow); !done)
            return done.error();
    }
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
    const auto made = madeNamed(connection, session, u"projects"_s, name, place->labRow);
    if (!made)
        return made.error().within(tr("Adding the project %1").arg(name));
    place->projectRow = made.value();
    return ok();
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
    return lab ? madeNamed(connection, session, u"stations"_s, station, lab.value()) : lab;
}

} // namespace birch
