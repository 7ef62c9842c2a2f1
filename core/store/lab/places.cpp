#include "core/store/lab/places.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kMaxRows = 1000;

QString tr(const char *text)
{
    return QCoreApplication::translate("Places", text);
}

Status finishLocation(const EntityWrite &write, const EntityRecord &location)
{
    if (!location.values.contains(u"parent"_s) || !write.isChanged(location, u"parent"_s))
        return ok();
    const auto loop = write.connection.firstRow(
        u"WITH RECURSIVE up(id) AS (SELECT parent_id FROM locations WHERE id = ? UNION "
        "SELECT l.parent_id FROM locations l JOIN up ON l.id = up.id WHERE l.parent_id IS NOT "
        "NULL) SELECT 1 FROM up WHERE id = ?"_s,
        {location.id, location.id});
    if (!loop)
        return loop.error();
    if (loop.value())
        return Error{ErrorCode::Conflict,
                     tr("%1 can not be in %2, which is in %1 itself: choose another location")
                         .arg(location.text(u"name"_s), location.text(u"parent"_s))};
    return ok();
}

Status locationMayGo(Connection &connection, const ObjectRow &location)
{
    const auto used = connection.firstRow(
        u"SELECT (SELECT count(*) FROM locations WHERE parent_id = ? AND trashed_at IS NULL), "
        "(SELECT count(*) FROM placements WHERE location_id = ? AND removed_at IS NULL AND "
        "trashed_at IS NULL)"_s,
        {location.row, location.row});
    if (!used)
        return used.error();
    const qint64 children = used.value()->at(0).toLongLong();
    const qint64 objects = used.value()->at(1).toLongLong();
    if (children == 0 && objects == 0)
        return ok();
    return Error{ErrorCode::Conflict,
                 tr("%1 holds %2 locations and %3 objects: put them somewhere else first")
                     .arg(location.title)
                     .arg(children)
                     .arg(objects)};
}

Status preparePlacement(const EntityWrite &write, QVariantMap *values)
{
    if (!write.before && values->value(u"placed_by"_s).toString().isEmpty())
        values->insert(u"placed_by"_s, write.session.user);
    const QVariant removed = write.upcoming(*values, u"removed_at"_s);
    if (removed.isValid() &&
        removed.toLongLong() < write.upcoming(*values, u"placed_at"_s).toLongLong())
        return Error{ErrorCode::BadInput,
                     tr("It is removed before it is placed: correct one of the times")};
    return ok();
}

Status finishPlacement(const EntityWrite &write, const EntityRecord &placement)
{
    if (write.before || placement.values.contains(u"removed_at"_s))
        return ok();
    QStringList open;
    if (Status done = write.connection.select(
            u"SELECT p.uid FROM placements p JOIN objects o ON o.id = p.object_id WHERE "
            "o.uid = ? AND p.removed_at IS NULL AND p.id <> ?"_s,
            {placement.referenceUids.value(u"object"_s), placement.id},
            [&open](const SqlRow &row) { open << row.text(0); });
        !done)
        return done;
    EntityRepository placements(write.connection, *entityByTable(u"placements"_s));
    const qint64 now = placement.values.value(u"placed_at"_s).toLongLong();
    for (const QString &uid : std::as_const(open)) {
        const auto before = placements.find(write.session, uid);
        if (!before)
            return before.error();
        const qint64 since = before.value().values.value(u"placed_at"_s).toLongLong();
        const auto closed =
            placements.update(write.session, before.value(),
                              {{u"removed_at"_s, std::max(now, since)}}, Origin::Store);
        if (!closed)
            return closed.error();
    }
    return ok();
}

/// Rows that one sample is made from (up) or that are made from it (down), by every way.
QString familySql(bool isUp)
{
    const QString links =
        u"(SELECT sample_id AS child, parent_id AS parent, relation, amount, unit "
        "FROM sample_parents WHERE trashed_at IS NULL UNION ALL "
        "SELECT id, parent_id, 'derived', NULL, NULL FROM samples "
        "WHERE parent_id IS NOT NULL)"_s;
    const QString from = isUp ? u"child"_s : u"parent"_s;
    const QString to = isUp ? u"parent"_s : u"child"_s;
    return u"WITH RECURSIVE links(child, parent, relation, amount, unit) AS %1, "
           "kin(id, generation) AS (SELECT l.%3, 1 FROM links l WHERE l.%2 = ? UNION "
           "SELECT l.%3, k.generation + 1 FROM links l JOIN kin k ON l.%2 = k.id "
           "WHERE k.generation < 100) "_s.arg(links, from, to);
}

Status refuseLoop(const EntityWrite &write, qint64 sample, const QString &name)
{
    const auto loop = write.connection.firstRow(
        familySql(true) + u"SELECT 1 FROM kin WHERE id = ? LIMIT 1"_s, {sample, sample});
    if (!loop)
        return loop.error();
    if (loop.value())
        return Error{ErrorCode::Conflict,
                     tr("%1 would be made from itself: choose another origin").arg(name)};
    return ok();
}

Status finishSample(const EntityWrite &write, const EntityRecord &sample)
{
    if (!sample.values.contains(u"parent"_s) || !write.isChanged(sample, u"parent"_s))
        return ok();
    return refuseLoop(write, sample.id, sample.text(u"sample_id"_s));
}

Status finishParent(const EntityWrite &write, const EntityRecord &link)
{
    const auto row = write.connection.firstRow(
        u"SELECT sample_id FROM sample_parents WHERE id = ?"_s, {link.id});
    if (!row)
        return row.error();
    return refuseLoop(write, row.value()->first().toLongLong(), link.text(u"sample"_s));
}

Result<QList<EntityRecord>> placements(Connection &connection, const Session &session,
                                       const QString &sql, const QVariantList &values)
{
    QList<qint64> rows;
    if (Status done =
            connection.select(sql, values, [&rows](const SqlRow &row) { rows << row.integer(0); });
        !done)
        return done.error();
    EntityRepository repository(connection, *entityByTable(u"placements"_s));
    QList<EntityRecord> records;
    for (const qint64 row : std::as_const(rows)) {
        auto record = repository.get(session, row);
        if (!record)
            return record.error();
        records << std::move(record).value();
    }
    return records;
}

Result<QList<SampleRelative>> kin(Connection &connection, qint64 sample, bool isUp)
{
    const QString own = isUp ? u"l.parent"_s : u"l.child"_s;
    QList<SampleRelative> found;
    const Status done = connection.select(
        familySql(isUp) +
            u"SELECT s.sample_id, s.uid, min(l.relation), min(k.generation), min(l.amount), "
            "min(l.unit) FROM kin k JOIN samples s ON s.id = k.id JOIN links l ON %1 = k.id "
            "GROUP BY s.id, s.sample_id, s.uid ORDER BY min(k.generation), s.id LIMIT %2"_s.arg(own)
                .arg(kMaxRows),
        {sample}, [&found](const SqlRow &row) {
            SampleRelative one;
            one.sampleId = row.text(0);
            one.uid = row.text(1);
            one.relation = row.text(2);
            one.generation = int(row.integer(3));
            if (!row.isNull(4))
                one.amount = row.real(4);
            one.unit = row.text(5);
            found << one;
        });
    if (!done)
        return done.error();
    return found;
}
} // namespace

EntityHooks locationHooks()
{
    return {u"locations"_s, nullptr, finishLocation, locationMayGo};
}

EntityHooks placementHooks()
{
    return {u"placements"_s, preparePlacement, finishPlacement};
}

EntityHooks sampleHooks()
{
    return {u"samples"_s, nullptr, finishSample};
}

EntityHooks sampleParentHooks()
{
    return {u"sample_parents"_s, nullptr, finishParent};
}

Result<EntityRecord> placeObject(Connection &connection, const Session &session,
                                 const QString &object, const QString &locationKey,
                                 const QString &notes)
{
    QVariantMap values{
        {u"object"_s, object}, {u"location"_s, locationKey}, {u"placed_at"_s, nowUs()}};
    if (!notes.isEmpty())
        values.insert(u"notes"_s, notes);
    return EntityRepository(connection, *entityByTable(u"placements"_s)).insert(session, values);
}

Result<QList<EntityRecord>> placementHistory(Connection &connection, const Session &session,
                                             const QString &object)
{
    const auto found = findObject(connection, object);
    if (!found)
        return found.error();
    return placements(connection, session,
                      u"SELECT id FROM placements WHERE object_id = ? ORDER BY placed_at DESC, "
                      "id DESC LIMIT %1"_s.arg(kMaxRows),
                      {found.value().id});
}

Result<QList<EntityRecord>> contentsOf(Connection &connection, const Session &session,
                                       const QString &locationKey)
{
    const auto location = findObject(connection, u"locations"_s, locationKey);
    if (!location)
        return location.error();
    return placements(
        connection, session,
        u"WITH RECURSIVE inside(id) AS (SELECT id FROM locations WHERE id = ? UNION SELECT l.id "
        "FROM locations l JOIN inside i ON l.parent_id = i.id) SELECT p.id FROM placements p "
        "JOIN inside i ON i.id = p.location_id WHERE p.removed_at IS NULL AND p.trashed_at IS NULL "
        "ORDER BY p.placed_at DESC, p.id DESC LIMIT %1"_s.arg(kMaxRows),
        {location.value().row});
}

Result<SampleFamily> sampleFamily(Connection &connection, const Session &, const QString &key)
{
    const auto sample = findObject(connection, u"samples"_s, key);
    if (!sample)
        return sample.error();
    auto ancestors = kin(connection, sample.value().row, true);
    if (!ancestors)
        return ancestors.error();
    auto descendants = kin(connection, sample.value().row, false);
    if (!descendants)
        return descendants.error();
    return SampleFamily{std::move(ancestors).value(), std::move(descendants).value()};
}

} // namespace birch
