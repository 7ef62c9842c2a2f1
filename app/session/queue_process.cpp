#include "app/session/queue_process.h"

#include "app/session/process_handle.h"

#include <QFile>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString bootId()
{
    QFile file(u"/proc/sys/kernel/random/boot_id"_s);
    return file.open(QIODevice::ReadOnly) ? QString::fromLatin1(file.readAll().trimmed())
                                          : QString();
}
} // namespace

QString ownClaimProcess()
{
    const ProcessIdentity own = ownIdentity();
    return u"%1/%2/%3"_s.arg(bootId()).arg(own.pid).arg(own.start);
}

bool isClaimProcessGone(const QString &process)
{
    const QStringList parts = process.split(u'/');
    if (parts.size() != 3 || parts[0].isEmpty() || parts[0] != bootId())
        return false;
    const auto handle = ProcessHandle::open({parts[1].toLongLong(), parts[2].toLongLong()});
    return !handle && handle.error().code == ErrorCode::NotFound;
}

} // namespace birch
