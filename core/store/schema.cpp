#include "core/store/schema.h"

#include "core/store/database_lock.h"
#include "core/store/migration_run.h"
#include "core/store/schema_check.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::seconds kLockPatience{2};

QString upgradeCommand(const DatabaseUrl &url)
{
    return u"birchctl db upgrade --database %1"_s.arg(url.text());
}

Error notFound(const DatabaseUrl &url)
{
    return {ErrorCode::NotFound,
            QCoreApplication::translate("Schema", "There is no Birch database at %1: make one with "
                                                  "birchctl db init --database %1")
                .arg(url.text())};
}

bool isMissingFile(const DatabaseUrl &url)
{
    return url.engine() == Engine::Sqlite &&
           (!QFileInfo::exists(url.path()) || QFileInfo(url.path()).size() == 0);
}
} // namespace

/// The connection and what keeps everyone else out while it lives.
struct Schema::Exclusive {
    std::unique_ptr<FileLock> lock; ///< released last
    std::unique_ptr<Connection> connection;
};

QJsonObject SchemaStatus::toJson() const
{
    return {{u"database"_s, url.text()},
            {u"engine"_s, Dialect(url.engine()).name()},
            {u"exists"_s, exists},
            {u"current"_s, current},
            {u"head"_s, head},
            {u"up_to_date"_s, isCurrent()},
            {u"uid"_s, uid},
            {u"differences"_s, QJsonArray::fromStringList(differences)}};
}

Result<int> schemaVersion(Connection &connection)
{
    const bool isPostgres = connection.dialect().isPostgres();
    const QString tables = isPostgres ? u"SELECT table_name FROM information_schema.tables "
                                        "WHERE table_schema = current_schema()"_s
                                      : u"SELECT name FROM sqlite_master WHERE type = 'table' "
                                        "AND name NOT LIKE 'sqlite_%'"_s;
    QStringList names;
    if (Status done =
            connection.select(tables, {}, [&names](const SqlRow &row) { names << row.text(0); });
        !done)
        return done.error();
    if (names.isEmpty())
        return 0;
    if (!names.contains(u"schema_version"_s))
        return Error{ErrorCode::BadInput,
                     QCoreApplication::translate(
                         "Schema", "This database holds something else than Birch's tables (%1): "
                                   "choose another one")
                         .arg(names.first(std::min<qsizetype>(3, names.size())).join(u", "_s))};
    const auto row = connection.firstRow(u"SELECT coalesce(max(version), 0) FROM schema_version"_s);
    if (!row)
        return row.error();
    return row.value().value().first().toInt();
}

Status checkSchema(Connection &connection, const QList<Migration> &migrations)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("Schema", text); };
    const Result<int> version = schemaVersion(connection);
    if (!version)
        return version.error();
    const int head = int(migrations.size());
    if (version.value() == 0)
        return Error{ErrorCode::NotFound,
                     tr("The database is empty: prepare it with birchctl db init")};
    if (version.value() < head)
        return Error{ErrorCode::Conflict,
                     tr("The database has the older schema %1, this program needs %2: run birchctl "
                        "db upgrade")
                         .arg(version.value())
                         .arg(head)};
    if (version.value() > head)
        return Error{ErrorCode::Conflict,
                     tr("The database has the newer schema %1, this program knows %2: install the "
                        "newer Birch")
                         .arg(version.value())
                         .arg(head)};
    const auto checksum =
        connection.firstRow(u"SELECT checksum FROM schema_version WHERE version = ?"_s, {head});
    if (!checksum)
        return checksum.error();
    if (!checksum.value() || checksum.value()->first().toString() != migrations.last().checksum)
        return Error{ErrorCode::Conflict,
                     tr("Schema %1 of the database was made by another build of Birch than this "
                        "one: use that build, or copy the data into a new database")
                         .arg(head)};
    return ok();
}

Schema::Schema(DatabaseUrl url, QString migrationsDir)
    : m_url(std::move(url))
    , m_dir(std::move(migrationsDir))
{
}

Result<QList<Migration>> Schema::migrations() const
{
    return loadMigrations(Dialect(m_url.engine()), m_dir);
}

Result<SchemaStatus> Schema::inspect(Connection &connection,
                                     const QList<Migration> &migrations) const
{
    SchemaStatus status;
    status.url = m_url;
    status.head = int(migrations.size());
    const Result<int> version = schemaVersion(connection);
    if (!version)
        return version.error();
    status.current = version.value();
    status.exists = status.current > 0;
    if (!status.exists)
        return status;
    const auto uid = connection.firstRow(u"SELECT uid FROM database_info"_s);
    if (!uid)
        return uid.error();
    if (uid.value())
        status.uid = uid.value()->first().toString();
    if (status.current != status.head)
        return status;
    auto differences = schemaDifferences(connection);
    if (!differences)
        return differences.error();
    status.differences = differences.value();
    return status;
}

Result<SchemaStatus> Schema::status() const
{
    const auto steps = migrations();
    if (!steps)
        return steps.error();
    SchemaStatus missing;
    missing.url = m_url;
    missing.head = int(steps.value().size());
    if (isMissingFile(m_url))
        return missing;
    const auto connection = Connection::open(m_url);
    if (!connection)
        return connection.error();
    return inspect(*connection.value(), steps.value());
}

Result<Schema::Exclusive> Schema::openExclusive() const
{
    Exclusive exclusive;
    if (m_url.engine() == Engine::Sqlite) {
        auto lock = FileLock::acquire(m_url.path(), LockMode::Exclusive, kLockPatience);
        if (!lock)
            return lock.error();
        exclusive.lock = std::move(lock).value();
    }
    auto connection = Connection::open(m_url);
    if (!connection)
        return connection.error();
    exclusive.connection = std::move(connection).value();
    if (m_url.engine() == Engine::Postgres) {
        if (Status locked =
                acquireServerLock(*exclusive.connection, LockMode::Exclusive, kLockPatience);
            !locked)
            return locked.error();
    }
    return exclusive;
}

Result<SchemaStatus> Schema::init(const QString &userName)
{
    const auto steps = migrations();
    if (!steps)
        return steps.error();
    if (m_url.engine() == Engine::Sqlite)
        QDir().mkpath(QFileInfo(m_url.path()).path()); // a failure shows at the lock file
    else if (Status made = createServerDatabase(); !made)
        return made.error();
    auto exclusive = openExclusive();
    if (!exclusive)
        return exclusive.error();
    Connection &connection = *exclusive.value().connection;
    const Result<int> version = schemaVersion(connection);
    if (!version)
        return version.error();
    if (version.value() > 0)
        return Error{ErrorCode::Conflict,
                     tr("%1 is a Birch database already: use it as it is, or upgrade it with %2")
                         .arg(m_url.text(), upgradeCommand(m_url))};
    if (Status done = runMigrations(
            connection, steps.value(), 0, int(steps.value().size()),
            [&userName](Connection &seeded) { return seedDatabase(seeded, userName); });
        !done)
        return done.error();
    return inspect(connection, steps.value());
}

Result<SchemaStatus> Schema::migrate(int target)
{
    const auto steps = migrations();
    if (!steps)
        return steps.error();
    const int head = int(steps.value().size());
    if (target < 0)
        target = head;
    if (isMissingFile(m_url))
        return notFound(m_url);
    auto exclusive = openExclusive();
    if (!exclusive)
        return exclusive.error();
    Connection &connection = *exclusive.value().connection;
    const Result<int> version = schemaVersion(connection);
    if (!version)
        return version.error();
    if (version.value() == 0)
        return notFound(m_url);
    if (version.value() > head || target > head)
        return Error{ErrorCode::Conflict,
                     tr("This program knows schema %1 at most: install the newer Birch").arg(head)};
    if (Status done = runMigrations(connection, steps.value(), version.value(), target); !done)
        return done.error();
    return inspect(connection, steps.value());
}

Result<SchemaStatus> Schema::upgrade()
{
    return migrate(-1);
}

Result<SchemaStatus> Schema::downgrade(int version)
{
    if (version < 0)
        return Error{ErrorCode::BadInput,
                     tr("There is no schema %1: give 0 or a higher number").arg(version)};
    return migrate(version);
}

Status Schema::createServerDatabase() const
{
    const auto existing = Connection::open(m_url);
    if (existing) {
        const auto encoding =
            existing.value()->firstRow(u"SELECT current_setting('server_encoding')"_s);
        if (!encoding)
            return encoding.error();
        if (encoding.value()->first().toString() != u"UTF8"_s)
            return Error{ErrorCode::BadInput,
                         tr("The database %1 is not in UTF8: create it with ENCODING 'UTF8', or "
                            "let birchctl db init create one under another name")
                             .arg(m_url.name())};
        return ok();
    }
    if (existing.error().code != ErrorCode::NotFound || m_url.name().isEmpty())
        return existing.error();
    const auto server = Connection::open(m_url.withName(u"postgres"_s));
    if (!server)
        return server.error();
    QString quoted = m_url.name();
    quoted.replace(u'"', u"\"\""_s);
    return server.value()->script(
        u"CREATE DATABASE \"%1\" ENCODING 'UTF8' TEMPLATE template0"_s.arg(quoted));
}

} // namespace birch
