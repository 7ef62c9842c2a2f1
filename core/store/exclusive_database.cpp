#include "core/store/exclusive_database.h"

#include "core/store/schema.h"

#include <QFileInfo>

namespace birch {

namespace {
constexpr std::chrono::seconds kLockPatience{2};
} // namespace

bool isMissing(const DatabaseUrl &url)
{
    return url.engine() == Engine::Sqlite &&
           (!QFileInfo::exists(url.path()) || QFileInfo(url.path()).size() == 0);
}

Error noDatabase(const DatabaseUrl &url)
{
    return {ErrorCode::NotFound,
            QCoreApplication::translate("Schema",
                                        "There is no Birch database at %1: check the path, or make "
                                        "one with birchctl db init --database %1")
                .arg(url.text())};
}

Result<ExclusiveDatabase> ExclusiveDatabase::open(const DatabaseUrl &url)
{
    return isMissing(url) ? noDatabase(url) : openOrMake(url);
}

Result<ExclusiveDatabase> ExclusiveDatabase::openOrMake(const DatabaseUrl &url)
{
    ExclusiveDatabase database;
    if (url.engine() == Engine::Sqlite) {
        auto lock = FileLock::acquire(url.path(), LockMode::Exclusive, kLockPatience);
        if (!lock)
            return lock.error();
        database.lock = std::move(lock).value();
    }
    auto connection = Connection::open(url);
    if (!connection)
        return connection.error();
    database.connection = std::move(connection).value();
    if (url.engine() == Engine::Postgres) {
        if (Status locked =
                acquireServerLock(*database.connection, LockMode::Exclusive, kLockPatience);
            !locked)
            return locked.error().within(url.text());
    }
    return database;
}

Result<ExclusiveDatabase> ExclusiveDatabase::openCurrent(const DatabaseUrl &url)
{
    auto database = open(url);
    if (!database)
        return database;
    const auto migrations = loadMigrations(Dialect(url.engine()));
    if (!migrations)
        return migrations.error();
    if (Status fits = checkSchema(*database.value().connection, migrations.value()); !fits)
        return fits.error().within(url.text());
    return database;
}

Result<ExclusiveDatabase> ExclusiveDatabase::takeOver(std::unique_ptr<Database> database)
{
    const DatabaseUrl url = database->url();
    const QString identity = database->identity();
    database.reset();
    auto taken = openCurrent(url);
    if (taken)
        taken.value().connection->m_identity = identity;
    return taken;
}

} // namespace birch
