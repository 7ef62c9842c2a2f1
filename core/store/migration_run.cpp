#include "core/store/migration_run.h"

#include "core/base/id.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Migrations", text);
}

Status createVersionTable(Connection &connection)
{
    const QString sql =
        u"CREATE TABLE IF NOT EXISTS schema_version ("
        "version {int} PRIMARY KEY, name {text} NOT NULL, checksum {text} NOT NULL, "
        "applied_at {int} NOT NULL, program {text} NOT NULL){strict}"_s;
    return connection.script(connection.dialect().fillTypes(sql));
}

Status applyUp(Connection &connection, const Migration &step)
{
    if (Status done = connection.script(step.up); !done)
        return done.error().within(tr("Migration %1 (%2)").arg(step.version).arg(step.name));
    return connection.execute(
        u"INSERT INTO schema_version (version, name, checksum, applied_at, program) "
        "VALUES (?, ?, ?, ?, ?)"_s,
        {step.version, step.name, step.checksum, nowUs(), QStringLiteral("birch " BIRCH_VERSION)});
}

Status applyDown(Connection &connection, const Migration &step)
{
    if (Status done = connection.script(step.down); !done)
        return done.error().within(
            tr("Undoing migration %1 (%2)").arg(step.version).arg(step.name));
    return connection.execute(u"DELETE FROM schema_version WHERE version = ?"_s, {step.version});
}

Status applySteps(Connection &connection, const QList<Migration> &migrations, int current,
                  int target)
{
    for (int version = current + 1; version <= target; ++version) {
        if (Status done = applyUp(connection, migrations[version - 1]); !done)
            return done;
    }
    for (int version = current; version > target; --version) {
        if (Status done = applyDown(connection, migrations[version - 1]); !done)
            return done;
    }
    return ok();
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

Status runInTransaction(Connection &connection, const QList<Migration> &migrations, int current,
                        int target, const std::function<Status(Connection &)> &seed)
{
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    if (Status done = createVersionTable(connection); !done)
        return done;
    if (Status done = applySteps(connection, migrations, current, target); !done)
        return done;
    if (seed) {
        if (Status done = seed(connection); !done)
            return done;
    }
    if (Status done = checkForeignKeys(connection); !done)
        return done;
    if (target == 0) {
        if (Status done = connection.script(u"DROP TABLE schema_version"_s); !done)
            return done;
    }
    return transaction.value().commit();
}
} // namespace

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
    Status done = runInTransaction(connection, migrations, current, target, seed);
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
