#include "core/store/migration_run.h"

#include "core/base/id.h"
#include "core/store/schema/schema_book.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Migrations", text);
}

Status apply(Connection &connection, const Migration &step)
{
    if (Status done = connection.script(step.up); !done)
        return done.error().within(tr("Migration %1 (%2)").arg(step.version).arg(step.name));
    return enterStep(connection, step);
}

Status undo(Connection &connection, const Migration &step)
{
    if (Status done = connection.script(step.down); !done)
        return done.error().within(
            tr("Undoing migration %1 (%2)").arg(step.version).arg(step.name));
    return removeStep(connection, step);
}

Status checkForeignKeys(Connection &connection)
{
    if (connection.dialect().isPostgres()) // checked by the server all along
        return ok();
    const auto broken = connection.firstRow(u"PRAGMA foreign_key_check"_s);
    if (!broken)
        return broken.error();
    if (!broken.value())
        return ok();
    return Error{ErrorCode::Storage,
                 tr("After the migration rows of table %1 refer to nothing; nothing was changed: "
                    "report this with the output of birchctl db status")
                     .arg(broken.value()->first().toString())};
}

/// Takes off the policies that look at columns, which could not be dropped or altered else;
/// protectTables() puts them back. The one that lets the administrator see every row stays.
Status freeColumns(Connection &connection)
{
    if (!connection.dialect().isPostgres())
        return ok();
    return connection.script(uR"(DO $$
DECLARE
    p RECORD;
BEGIN
    FOR p IN SELECT polname, polrelid::regclass AS table_name FROM pg_policy
            JOIN pg_class c ON c.oid = polrelid
            WHERE c.relnamespace = current_schema()::regnamespace
                AND polname IN ('birch_read', 'birch_add', 'birch_edit', 'birch_delete') LOOP
        EXECUTE format('DROP POLICY %I ON %s', p.polname, p.table_name);
    END LOOP;
END
$$)"_s);
}

/// The steps of one transaction.
struct Leg {
    int from = 0;
    int to = 0;
};

Status run(Connection &connection, const QList<Migration> &migrations, Leg leg,
           const std::function<Status(Connection &)> &seed)
{
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    if (Status done = makeBook(connection); !done)
        return done;
    if (Status done = freeColumns(connection); !done)
        return done;
    for (int version = leg.from + 1; version <= leg.to; ++version) {
        if (Status done = apply(connection, migrations[version - 1]); !done)
            return done;
    }
    for (int version = leg.from; version > leg.to; --version) {
        if (Status done = undo(connection, migrations[version - 1]); !done)
            return done;
    }
    if (seed) {
        if (Status done = seed(connection); !done)
            return done;
    }
    if (Status done = checkForeignKeys(connection); !done)
        return done;
    if (Status done = protectTables(connection); !done)
        return done.error().within(tr("Putting the policies on the tables"));
    if (leg.to == 0) {
        if (Status done = connection.script(u"DROP TABLE schema_version"_s); !done)
            return done;
    }
    return transaction.value().commit();
}

Status runLegs(Connection &connection, const QList<Migration> &migrations, int current, int target,
               const std::function<Status(Connection &)> &seed)
{
    if (seed)
        return run(connection, migrations, {current, target}, seed);
    const int step = target > current ? 1 : -1;
    for (int version = current; version != target; version += step) {
        if (Status done = run(connection, migrations, {version, version + step}, {}); !done)
            return done.error().within(
                tr("The database stays at schema %1 as it was").arg(version));
    }
    return ok();
}
} // namespace

Status protectTables(Connection &connection)
{
    if (!connection.dialect().isPostgres())
        return ok();
    const auto exists =
        connection.firstRow(u"SELECT count(*) FROM pg_proc WHERE proname = 'birch_protect' AND "
                            "pronamespace = current_schema()::regnamespace"_s);
    if (!exists)
        return exists.error();
    if (exists.value()->first().toInt() == 0)
        return ok(); // a schema from before
    return connection.script(u"SELECT birch_protect()"_s);
}

Status runMigrations(Connection &connection, const QList<Migration> &migrations, int current,
                     int target, const std::function<Status(Connection &)> &seed)
{
    const bool isSqlite = !connection.dialect().isPostgres();
    // A table that is rebuilt would otherwise take the rows that refer to it along; inside a
    // transaction the pragma does nothing.
    if (isSqlite) {
        if (Status done = connection.script(u"PRAGMA foreign_keys = OFF"_s); !done)
            return done;
    }
    Status done = runLegs(connection, migrations, current, target, seed);
    if (isSqlite) {
        if (Status on = connection.script(u"PRAGMA foreign_keys = ON"_s); !on)
            return on;
    }
    return done;
}

Status seedDatabase(Connection &connection, const QString &userName)
{
    const qint64 now = nowUs();
    const auto lab = connection.firstRow(
        u"INSERT INTO labs (uid, name, created_at, created_by, updated_at, updated_by) "
        "VALUES (?, ?, ?, ?, ?, ?) RETURNING id"_s,
        {uidText(newUid()), u"Lab"_s, now, userName, now, userName});
    if (!lab)
        return lab.error();
    const QVariant labId = lab.value().value().first();
    if (Status done = connection.execute(
            u"INSERT INTO database_info (id, uid, default_lab_id, created_at) VALUES (1, ?, ?, ?)"_s,
            {uidText(newUid()), labId, now});
        !done)
        return done;
    return connection.execute(
        u"INSERT INTO users (uid, username, role, lab_id, created_at, created_by, updated_at, "
        "updated_by) VALUES (?, ?, 'admin', ?, ?, ?, ?, ?)"_s,
        {uidText(newUid()), userName, labId, now, userName, now, userName});
}

} // namespace birch
