#include "drivers/transport/port_owner.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QList>

#include <sys/stat.h>
#include <sys/sysmacros.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("SerialLink", text);
}

/// Where Qt's serial module and UUCP-style programs look, in this order.
const QList<QLatin1StringView> &lockFolders()
{
    static const QList<QLatin1StringView> folders{
        "/var/lock"_L1, "/etc/locks"_L1, "/var/spool/locks"_L1,  "/var/spool/uucp"_L1,
        "/tmp"_L1,      "/var/tmp"_L1,   "/var/lock/lockdev"_L1, "/run/lock"_L1};
    return folders;
}

QString lockName(const QString &device)
{
    QString name = device.startsWith("/dev/"_L1) ? device.sliced(5) : device;
    return "LCK.."_L1 + name.replace(u'/', u'_');
}

QString programName(qint64 pid)
{
    QFile file(u"/proc/%1/comm"_s.arg(pid));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).trimmed() : QString();
}

/// Who holds a flock of \a device, as the kernel knows it.
QString flockOwner(const QString &device)
{
    struct stat status {
    };
    QFile locks(u"/proc/locks"_s);
    if (::stat(QFile::encodeName(device).constData(), &status) != 0 ||
        !locks.open(QIODevice::ReadOnly))
        return {};
    const QByteArray place = QByteArray::number(major(status.st_dev), 16).rightJustified(2, '0') +
                             ':' +
                             QByteArray::number(minor(status.st_dev), 16).rightJustified(2, '0') +
                             ':' + QByteArray::number(qulonglong(status.st_ino));
    const QList<QByteArray> lines = locks.readAll().split('\n');
    for (const QByteArray &line : lines) { // 1: FLOCK  ADVISORY  WRITE 1234 00:1a:5 0 EOF
        const QList<QByteArray> words = line.simplified().split(' ');
        if (words.size() > 5 && words[1] == "FLOCK" && words[5] == place)
            return tr("%1 (process %2)")
                .arg(programName(words[4].toLongLong()), QString::fromLatin1(words[4]));
    }
    return {};
}

} // namespace

QString lockFilePath(const QString &device)
{
    for (const QLatin1StringView folder : lockFolders()) {
        const QFileInfo info(folder);
        if (info.isDir() && info.isWritable())
            return folder + u'/' + lockName(device);
    }
    return {};
}

bool PortLockFile::take(const QString &device)
{
    m_file.reset();
    const QString path = lockFilePath(device);
    if (path.isEmpty())
        return true;
    auto file = std::make_unique<QLockFile>(path);
    file->setStaleLockTime(0); // of a process that lives it is never stale
    const bool isTaken = file->tryLock(0);
    const bool isHeld = !isTaken && file->error() == QLockFile::LockFailedError;
    if (isTaken)
        m_file = std::move(file);
    return !isHeld;
}

QString portOwner(const QString &device)
{
    for (const QLatin1StringView folder : lockFolders()) {
        const QString path = folder + u'/' + lockName(device);
        qint64 pid = 0;
        QString host;
        QString program;
        if (QFile::exists(path) && QLockFile(path).getLockInfo(&pid, &host, &program))
            return tr("%1 (process %2 on %3)").arg(program, QString::number(pid), host);
    }
    return flockOwner(device);
}

} // namespace birch
