#include "drivers/transport/address_lock.h"

#include "drivers/transport/pause.h"
#include "drivers/transport/port_owner.h"

#include <QCoreApplication>
#include <QFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr Nanoseconds kAskAgain = std::chrono::milliseconds(20);

/// The process that wrote it has ended. Somebody else's file may stay where only its owner can
/// delete it.
bool isLeftOver(const QLockFile &file)
{
    qint64 pid = 0;
    QString host;
    QString program;
    if (!file.getLockInfo(&pid, &host, &program) || host != QSysInfo::machineHostName())
        return false;
    QFile status(u"/proc/%1/stat"_s.arg(pid)); // 12 (name) Z ...: dead, and nobody has noticed yet
    return !status.open(QIODevice::ReadOnly) || status.readAll().contains(") Z ");
}

} // namespace

Status AddressLock::take(const QString &address, const Call &call)
{
    const QString path = lockFilePath(address);
    if (path.isEmpty())
        return ok();
    auto file = std::make_unique<QLockFile>(path);
    file->setStaleLockTime(0); // of a process that lives it is never stale
    while (!file->tryLock(0)) {
        if (file->error() != QLockFile::LockFailedError || isLeftOver(*file))
            return ok();
        const Nanoseconds left = call.deadline.remaining();
        if (left <= Nanoseconds::zero())
            return Error{ErrorCode::Conflict,
                         QCoreApplication::translate(
                             "AddressLock", "%1 is in use by %2: wait until it is done, or end it")
                             .arg(address, portOwner(address))};
        if (!pause(std::min(left, kAskAgain), call.stop))
            return Error{ErrorCode::Cancelled,
                         QCoreApplication::translate("AddressLock", "Stopped while %1 was in use "
                                                                    "by another program")
                             .arg(address)};
    }
    m_file = std::move(file);
    return ok();
}

} // namespace birch
