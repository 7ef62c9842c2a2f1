#include "core/store/schema/exclusive_access.h"

#include <QFileInfo>

namespace birch {

namespace {
constexpr std::chrono::seconds kLockPatience{2};
}

Result<ExclusiveAccess> ExclusiveAccess::open(const DatabaseUrl &url)
{
    ExclusiveAccess access;
    if (url.engine() == Engine::Sqlite) {
        auto lock = FileLock::acquire(url.path(), LockMode::Exclusive, kLockPatience);
        if (!lock)
            return lock.error();
        access.lock = std::move(lock).value();
    }
    auto connection = Connection::open(url);
    if (!connection)
        return connection.error();
    access.connection = std::move(connection).value();
    if (url.engine() == Engine::Postgres) {
        if (Status locked =
                acquireServerLock(*access.connection, LockMode::Exclusive, kLockPatience);
            !locked)
            return locked.error();
    }
    return access;
}

bool isMissing(const DatabaseUrl &url)
{
    return url.engine() == Engine::Sqlite &&
           (!QFileInfo::exists(url.path()) || QFileInfo(url.path()).size() == 0);
}

Error noDatabase(const DatabaseUrl &url)
{
    return {ErrorCode::NotFound,
            QCoreApplication::translate("Schema", "There is no Birch database at %1: make one with "
                                                  "birchctl db init --database %1")
                .arg(url.text())};
}

} // namespace birch
