#pragma once

#include "core/base/call.h"
#include "core/store/connection.h"

namespace birch {

enum class LockMode : quint8 {
    Shared,   ///< everyone who opens a database
    Exclusive ///< init, upgrade, downgrade, restore, vacuum
};

/// The lock every opener of a SQLite file holds on a file beside it, for as long as it lives.
///
/// Open-file-description locks: they end with the process, whatever happens to it. Each holder also
/// takes a slot in the lock file with its name, so that whoever must wait can say for whom.
class FileLock
{
    Q_DECLARE_TR_FUNCTIONS(FileLock)
public:
    /// Waits at most \a patience. Errors: Conflict - held by others; the sentence names them.
    static Result<std::unique_ptr<FileLock>> acquire(const QString &databasePath, LockMode mode,
                                                     Nanoseconds patience);
    ~FileLock(); ///< releases
    FileLock(const FileLock &) = delete;
    FileLock &operator=(const FileLock &) = delete;

    static QString lockPath(const QString &databasePath);
    /// Who has it now, in words; takes no lock and makes no file.
    static QStringList holdersOf(const QString &databasePath);

private:
    explicit FileLock(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    void takeSlot(LockMode mode);

    int m_descriptor;
};

/// PostgreSQL: an advisory lock of the connection's session, given back when it closes (the server
/// notices a moment later, hence \a patience). Errors as FileLock::acquire().
Status acquireServerLock(Connection &connection, LockMode mode, Nanoseconds patience);
/// Who else has it now, in words.
Result<QStringList> serverLockHolders(Connection &connection);

} // namespace birch
