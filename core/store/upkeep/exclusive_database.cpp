#include "core/store/upkeep/exclusive_database.h"

#include "core/store/schema.h"

#include <QFileInfo>

namespace birch {

namespace {
constexpr std::chrono::seconds kLockPatience{2};
} // namespace

Result<ExclusiveDatabase> ExclusiveDatabase::open(const DatabaseUrl &url)
{
    ExclusiveDatabase database;
    if (url.engine() == Engine::Sqlite) {
        if (QFileInfo(url.path()).size() == 0)
            return Error{ErrorCode::NotFound,
                         QCoreApplication::translate("ExclusiveDatabase",
                                                     "There is no database at %1: check the path")
                             .arg(url.path())};
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

} // namespace birch
