#include "core/store/database.h"

#include "core/base/id.h"
#include "core/store/network_file_system.h"
#include "core/store/schema.h"
#include "core/store/schema_check.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::seconds kLockPatience{2};

bool isMissing(const QString &path)
{
    return !QFileInfo::exists(path) || QFileInfo(path).size() == 0;
}
} // namespace

Database::Database(DatabaseUrl url)
    : m_url(std::move(url))
{
    if (m_url.engine() == Engine::Postgres)
        m_watch = std::make_unique<StatementWatch>();
}

Result<std::unique_ptr<Database>> Database::open(const DatabaseUrl &url, const QString &userName)
{
    std::unique_ptr<Database> database(new Database(url));
    auto migrations = loadMigrations(Dialect(url.engine()));
    if (!migrations)
        return migrations.error();
    database->m_migrations = migrations.value();
    if (url.engine() == Engine::Sqlite) {
        if (Status local = checkLocalFileSystem(url.path()); !local)
            return local.error();
        if (Status made = database->createMissingFile(userName); !made)
            return made.error();
        auto lock = FileLock::acquire(url.path(), LockMode::Shared, kLockPatience);
        if (!lock)
            return lock.error();
        database->m_lock = std::move(lock).value();
    }
    auto connection = database->connect();
    if (!connection)
        return connection.error();
    const auto differences = schemaDifferences(*connection.value());
    if (!differences)
        return differences.error();
    if (!differences.value().isEmpty())
        return Error{ErrorCode::Conflict,
                     tr("The tables of %1 are not as Birch made them (%2): restore a backup, or "
                        "undo what was changed by hand")
                         .arg(url.text(), differences.value().join(u"; "_s))};
    const auto uid = readUid(*connection.value());
    if (!uid)
        return uid.error().within(url.text());
    database->m_uid = uid.value();
    return database;
}

Result<QUuid> Database::readUid(Connection &connection)
{
    const auto row = connection.firstRow(u"SELECT uid FROM database_info"_s);
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::Storage, tr("It has lost its identity: restore a backup")};
    return QUuid::fromString(row.value()->first().toString());
}

Result<std::unique_ptr<Database>> Database::standIn(const DatabaseUrl &url, const QUuid &uid)
{
    std::unique_ptr<Database> database(new Database(url));
    auto migrations = loadMigrations(Dialect(url.engine()));
    if (!migrations)
        return migrations.error();
    database->m_migrations = migrations.value();
    database->m_uid = uid;
    return database;
}

Status Database::createMissingFile(const QString &userName)
{
    if (!isMissing(m_url.path()))
        return ok();
    const auto made = Schema(m_url).init(userName);
    if (made) {
        m_wasCreated = true;
        return ok();
    }
    // Somebody else may have made it between our look and our lock: that is as good.
    if (made.error().code == ErrorCode::Conflict && !isMissing(m_url.path()))
        return ok();
    return made.error();
}

Result<bool> Database::asksForLogin() const
{
    if (m_url.engine() == Engine::Postgres)
        return false;
    const auto connection = connect();
    if (!connection)
        return connection.error();
    return loginIsAsked(*connection.value());
}

Result<QString> Database::logIn(const Login &login)
{
    const auto connection = connect();
    if (!connection)
        return connection.error();
    auto user = checkLogin(*connection.value(), login);
    if (user) {
        const std::lock_guard lock(m_identityMutex);
        m_identity = user.value();
    }
    return user;
}

QString Database::identity() const
{
    const std::lock_guard lock(m_identityMutex);
    return m_identity;
}

Result<std::unique_ptr<Connection>> Database::connect() const
{
    auto connection = Connection::open(m_url, m_watch.get());
    if (!connection)
        return connection.error();
    if (m_url.engine() == Engine::Postgres) {
        if (Status locked = acquireServerLock(*connection.value(), LockMode::Shared, kLockPatience);
            !locked)
            return locked.error();
    }
    if (Status limited = connection.value()->limitStatements(m_url.access().statementTimeout);
        !limited)
        return limited.error();
    if (Status fits = checkSchema(*connection.value(), m_migrations); !fits)
        return fits.error().within(m_url.text());
    connection.value()->m_identity = identity();
    if (m_uid.isNull()) // being opened
        return connection;
    const auto uid = readUid(*connection.value());
    if (!uid)
        return uid.error().within(m_url.text());
    if (uid.value() != m_uid)
        return Error{
            ErrorCode::Conflict,
            tr("%1 is another database now (%2) than the one that was used here (%3): bring "
               "that one back, or start again with this one")
                .arg(m_url.text(), uidText(uid.value()), uidText(m_uid))};
    return connection;
}

} // namespace birch
