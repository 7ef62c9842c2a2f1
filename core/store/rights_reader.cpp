#include "core/store/rights_reader.h"

#include "core/store/store_time.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Columns: kind, row, row in objects, grant, two expiries, two days on which somebody left.
/// PostgreSQL has the same as birch_grants(), for its policies and for who may not see all of it.
QString grantsSql()
{
    const QString level = u"CASE a.access_level WHEN 'full' THEN 3 WHEN 'edit' THEN 2 ELSE 1 END"_s;
    return u"SELECT 'labs', m.lab_id, 0, CASE m.access_role WHEN 'admin' THEN 4 "
           "WHEN 'operator' THEN 3 ELSE 1 END, m.access_expires_at, NULL, m.left_on, NULL "
           "FROM lab_members m WHERE m.user_id = ? AND m.is_active AND m.trashed_at IS NULL "
           "UNION ALL SELECT 'projects', p.project_id, 0, CASE p.role WHEN 'lead' THEN 3 "
           "WHEN 'advisor' THEN 1 ELSE 2 END, p.access_expires_at, m.access_expires_at, "
           "p.left_on, m.left_on FROM project_members p JOIN lab_members m ON m.id = p.member_id "
           "WHERE m.user_id = ? AND p.is_active AND p.trashed_at IS NULL "
           "AND m.is_active AND m.trashed_at IS NULL "
           "UNION ALL SELECT o.kind, o.row_id, o.id, "_s +
           level +
           u", a.expires_at, m.access_expires_at, n.left_on, m.left_on "
           "FROM team_access a JOIN teams t ON t.id = a.team_id "
           "JOIN team_members n ON n.team_id = t.id JOIN lab_members m ON m.id = n.member_id "
           "JOIN objects o ON o.id = a.object_id WHERE m.user_id = ? "
           "AND a.is_active AND a.trashed_at IS NULL AND t.is_active AND t.trashed_at IS NULL "
           "AND n.is_active AND n.trashed_at IS NULL AND m.is_active AND m.trashed_at IS NULL "
           "UNION ALL SELECT o.kind, o.row_id, o.id, "_s +
           level +
           u", a.expires_at, NULL, NULL, NULL "
           "FROM item_guests a JOIN objects o ON o.id = a.object_id "
           "WHERE a.user_id = ? AND a.is_active AND a.trashed_at IS NULL"_s;
}

/// The first moment after the day \a left (yyyy-MM-dd, UTC).
std::optional<qint64> endOfDayUs(const QString &left)
{
    const QDate day = QDate::fromString(left, Qt::ISODate);
    if (!day.isValid())
        return {};
    return day.addDays(1).startOfDay(Qt::UTC).toMSecsSinceEpoch() * 1000;
}

Rights::Given givenFrom(const SqlRow &row)
{
    Rights::Given given{row.text(0), row.integer(1), row.integer(2), Grant(row.integer(3)), {}};
    for (const auto &end : {row.optionalInteger(4), row.optionalInteger(5), endOfDayUs(row.text(6)),
                            endOfDayUs(row.text(7))}) {
        if (end && (!given.untilUs || *end < *given.untilUs))
            given.untilUs = end;
    }
    return given;
}

Result<bool> coversEverything(Connection &connection, qint64 userRow)
{
    if (connection.dialect().isPostgres()) {
        const auto open = connection.firstRow(u"SELECT birch_is_open(?)"_s, {userRow});
        if (!open)
            return open.error();
        return open.value().value().first().toBool();
    }
    const auto row = connection.firstRow(
        u"SELECT EXISTS (SELECT 1 FROM lab_members WHERE user_id IS NOT NULL AND "
        "trashed_at IS NULL) OR EXISTS (SELECT 1 FROM item_guests WHERE user_id = ? AND "
        "trashed_at IS NULL)"_s,
        {userRow});
    if (!row)
        return row.error();
    return !row.value().value().first().toBool();
}
} // namespace

Result<Rights> readRights(Connection &connection, qint64 userRow)
{
    Rights rights;
    rights.readUs = nowUs();
    const auto all = coversEverything(connection, userRow);
    if (!all)
        return all.error();
    rights.coverEverything = all.value();
    if (!rights.coverEverything) {
        if (Status done =
                connection.select(grantsSql(), {userRow, userRow, userRow, userRow},
                                  [&rights](const SqlRow &row) { rights.given << givenFrom(row); });
            !done)
            return done.error();
    }
    if (Status done = connection.select(
            u"SELECT username FROM users WHERE role = 'admin' AND is_active AND "
            "trashed_at IS NULL ORDER BY id LIMIT 3"_s,
            {}, [&rights](const SqlRow &row) { rights.administrators << row.text(0); });
        !done)
        return done.error();
    return rights;
}

} // namespace birch
