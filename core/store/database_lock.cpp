#include "core/store/database_lock.h"

#include <QFile>
#include <QSysInfo>
#include <QThread>

#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// Byte 0 of the lock file is the lock; behind it are slots of text, each locked by its holder.
constexpr off_t kSlotSize = 128;
constexpr int kSlots = 256;
constexpr off_t slotStart(int slot)
{
    return kSlotSize * (slot + 1);
}

// Advisory lock key, any constant of our own.
constexpr auto kServerKey = "7883390415"_L1;

struct flock range(short type, off_t start, off_t length)
{
    struct flock lock = {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = start;
    lock.l_len = length;
    return lock;
}

bool tryLock(int descriptor, short type, off_t start, off_t length)
{
    struct flock lock = range(type, start, length);
    return fcntl(descriptor, F_OFD_SETLK, &lock) == 0;
}

QStringList slotHolders(int descriptor)
{
    QStringList names;
    for (int slot = 0; slot < kSlots; ++slot) {
        struct flock lock = range(F_WRLCK, slotStart(slot), kSlotSize);
        if (fcntl(descriptor, F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK)
            continue;
        char text[kSlotSize] = {};
        if (::pread(descriptor, text, sizeof text - 1, slotStart(slot)) > 0)
            names << QString::fromUtf8(text);
    }
    return names;
}

QString ownDescription(LockMode mode)
{
    const QString what = mode == LockMode::Exclusive
                             ? u"%1 (maintenance)"_s.arg(QCoreApplication::applicationName())
                             : QCoreApplication::applicationName();
    return u"%1, pid %2, user %3 on %4"_s.arg(what)
        .arg(QCoreApplication::applicationPid())
        .arg(qEnvironmentVariable("USER", QString::number(getuid())), QSysInfo::machineHostName());
}

Error inUse(const QStringList &holders)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("FileLock", text); };
    return {ErrorCode::Conflict,
            tr("The database is in use by %1: close it there, then try again")
                .arg(holders.isEmpty() ? tr("another program") : holders.join(u"; "_s))};
}
} // namespace

QString FileLock::lockPath(const QString &databasePath)
{
    return databasePath + u".lock"_s;
}

Result<std::unique_ptr<FileLock>> FileLock::acquire(const QString &databasePath, LockMode mode,
                                                    Nanoseconds patience)
{
    const QString path = lockPath(databasePath);
    const int descriptor =
        ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return Error{ErrorCode::Denied,
                     tr("The lock file %1 can not be written (%2): check that the folder exists "
                        "and that you may write to it")
                         .arg(path, qt_error_string(errno))};
    std::unique_ptr<FileLock> lock(new FileLock(descriptor));
    const short type = mode == LockMode::Exclusive ? F_WRLCK : F_RDLCK;
    const Deadline deadline = Deadline::in(patience);
    while (!tryLock(descriptor, type, 0, 1)) {
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            return Error{ErrorCode::Io, tr("%1 can not be locked (%2): put the database on a "
                                           "local disk")
                                            .arg(path, qt_error_string(errno))};
        if (deadline.hasPassed()) {
            return inUse(slotHolders(descriptor));
        }
        QThread::msleep(ulong(kWaitSlice.count())); // there is no lock with a deadline
    }
    lock->takeSlot(mode);
    return lock;
}

FileLock::~FileLock()
{
    ::close(m_descriptor); // gives every lock back
}

void FileLock::takeSlot(LockMode mode)
{
    QByteArray text = ownDescription(mode).toUtf8().left(kSlotSize - 1);
    text.append(QByteArray(kSlotSize - text.size(), '\0'));
    for (int slot = 0; slot < kSlots; ++slot) {
        if (!tryLock(m_descriptor, F_WRLCK, slotStart(slot), kSlotSize))
            continue;
        // Only the name is lost when this fails; the lock holds.
        (void)!::pwrite(m_descriptor, text.constData(), size_t(text.size()), slotStart(slot));
        return;
    }
}

QStringList FileLock::holdersOf(const QString &databasePath)
{
    const int descriptor =
        ::open(QFile::encodeName(lockPath(databasePath)).constData(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) // nobody has ever opened it
        return {};
    const QStringList names = slotHolders(descriptor);
    ::close(descriptor);
    return names;
}

Result<QStringList> serverLockHolders(Connection &connection)
{
    QStringList names;
    const Status listed = connection.select(
        u"SELECT DISTINCT a.application_name, a.usename, "
        "coalesce(a.client_addr::text, 'this computer') "
        "FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
        "WHERE l.locktype = 'advisory' AND l.granted AND l.pid <> pg_backend_pid() "
        "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "AND (l.classid::bigint << 32 | l.objid::bigint) = "_s +
            kServerKey,
        {}, [&names](const SqlRow &holder) {
            names << u"%1, user %2 on %3"_s.arg(holder.text(0), holder.text(1), holder.text(2));
        });
    if (!listed)
        return listed.error();
    return names;
}

namespace {
Result<bool> tryServerLock(Connection &connection, LockMode mode)
{
    const QString function =
        mode == LockMode::Exclusive ? u"pg_try_advisory_lock"_s : u"pg_try_advisory_lock_shared"_s;
    const auto row = connection.firstRow(u"SELECT %1(%2)"_s.arg(function, kServerKey));
    if (!row)
        return row.error();
    return row.value() && row.value()->first().toBool();
}
} // namespace

Status acquireServerLock(Connection &connection, LockMode mode, Nanoseconds patience)
{
    const Deadline deadline = Deadline::in(patience);
    for (;;) {
        const auto isHeld = tryServerLock(connection, mode);
        if (!isHeld)
            return isHeld.error();
        if (isHeld.value())
            return ok();
        if (deadline.hasPassed())
            break;
        QThread::msleep(ulong(kWaitSlice.count())); // waiting in the server would block newcomers
    }
    const auto names = serverLockHolders(connection);
    return names ? inUse(names.value()) : names.error();
}

} // namespace birch
