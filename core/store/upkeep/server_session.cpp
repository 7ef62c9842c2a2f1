#include "core/store/upkeep/server_session.h"

using namespace Qt::StringLiterals;

namespace birch {

Result<ServerSnapshot> ServerSnapshot::take(Connection &connection)
{
    if (Status begun = connection.script(u"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"_s);
        !begun)
        return begun.error();
    ServerSnapshot snapshot(connection);
    // An owner who is no superuser is held back by the policies as well: as a member of the role
    // that is not, everything can be read; without it the reading fails rather than leaves rows
    // out.
    if (const auto role = connection.firstRow(
            u"SELECT set_config('role', r.rolname, true) FROM pg_database d JOIN pg_roles r ON "
            "r.rolname = 'birch_maintenance_' || d.oid JOIN pg_roles me ON "
            "me.rolname = current_user WHERE d.datname = current_database() AND "
            "NOT me.rolsuper AND NOT me.rolbypassrls AND pg_has_role(r.oid, 'MEMBER')"_s);
        !role)
        return role.error();
    if (Status set = connection.script(u"SET LOCAL row_security = off"_s); !set)
        return set.error();
    return snapshot;
}

ServerSnapshot::~ServerSnapshot()
{
    if (m_connection)
        (void)m_connection->script(u"ROLLBACK"_s); // nothing was written
}

Result<qint64> lastNumber(Connection &connection, const CatalogueTable &table)
{
    const CatalogueColumn *identity = table.identity();
    if (!identity)
        return 0;
    const auto row = connection.dialect().isPostgres()
                         ? connection.firstRow(u"SELECT coalesce(pg_sequence_last_value("
                                               "pg_get_serial_sequence(?, ?)::regclass), 0)"_s,
                                               {quotedName(table.name), identity->name})
                         : connection.firstRow(u"SELECT seq FROM sqlite_sequence WHERE name = ?"_s,
                                               {table.name});
    if (!row)
        return row.error();
    return row.value() ? row.value()->first().toLongLong() : 0;
}

Status setLastNumber(Connection &connection, const CatalogueTable &table, qint64 last)
{
    const CatalogueColumn *identity = table.identity();
    if (!identity)
        return ok();
    const auto highest = connection.firstRow(u"SELECT coalesce(max(%1), 0) FROM %2"_s.arg(
        quotedName(identity->name), quotedName(table.name)));
    if (!highest)
        return highest.error();
    last = std::max(last, highest.value()->first().toLongLong());
    if (connection.dialect().isPostgres()) {
        const auto set = connection.firstRow(
            u"SELECT setval(pg_get_serial_sequence(?, ?)::regclass, ?, ?)"_s,
            {quotedName(table.name), identity->name, std::max<qint64>(last, 1), last > 0});
        return set ? ok() : Status(set.error());
    }
    if (last == 0)
        return ok();
    const auto changed = connection.executeCounting(
        u"UPDATE sqlite_sequence SET seq = ? WHERE name = ?"_s, {last, table.name});
    if (!changed)
        return changed.error();
    if (changed.value() > 0)
        return ok();
    return connection.execute(u"INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)"_s,
                              {table.name, last});
}

} // namespace birch
