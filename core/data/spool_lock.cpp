#include "core/data/spool_lock.h"

#include "core/base/id.h"

#include <QCoreApplication>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

struct flock wholeFile(short type)
{
    struct flock lock {
    };
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

QString ownerPath(const QString &folder)
{
    return folder + u"/owner"_s;
}

QString claimPath(const QString &folder)
{
    return folder + u"/claim.json"_s;
}

/// False when the owner deleted the folder between our open and our lock.
bool isStillThere(int file, const QString &path)
{
    struct stat ours {
    };
    struct stat named {
    };
    return ::fstat(file, &ours) == 0 && ::stat(QFile::encodeName(path).constData(), &named) == 0 &&
           ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

Status writeClaim(const QString &folder, const SpoolClaim &claim)
{
    QSaveFile file(claimPath(folder));
    const QJsonObject json{{u"scan"_s, uidText(claim.scan)},
                           {u"database"_s, uidText(claim.database)},
                           {u"epoch"_s, claim.epoch}};
    if (!file.open(QIODevice::WriteOnly) ||
        file.write(QJsonDocument(json).toJson(QJsonDocument::Compact)) < 0 || !file.commit())
        return Error{ErrorCode::Io,
                     QCoreApplication::translate(
                         "SpoolLock", "%1 can not be written (%2): make room or choose another "
                                      "spool folder, then start again")
                         .arg(file.fileName(), file.errorString())};
    return ok();
}

} // namespace

Result<std::shared_ptr<SpoolLock>> SpoolLock::take(const QString &folder)
{
    const QString path = ownerPath(folder);
    auto file = openFile(path, O_RDWR | O_CREAT);
    if (!file)
        return file.error();
    struct flock lock = wholeFile(F_WRLCK);
    if (::fcntl(file.value().get(), F_OFD_SETLK, &lock) != 0) {
        if (errno != EAGAIN && errno != EACCES)
            return fileError(path, errno);
        return Error{ErrorCode::Conflict,
                     QCoreApplication::translate(
                         "SpoolLock", "The scan in %1 is still run by another program: wait for it "
                                      "or end that program first")
                         .arg(folder)};
    }
    if (!isStillThere(file.value().get(), path))
        return fileError(folder, ENOENT);
    return std::shared_ptr<SpoolLock>(new SpoolLock(folder, std::move(file).value()));
}

Result<std::shared_ptr<SpoolLock>> SpoolLock::claim(const QString &spoolDir, const QUuid &scan,
                                                    const QUuid &database, int epoch)
{
    const QString folder = spoolDir + u'/' + uidText(scan);
    if (!QDir().mkpath(spoolDir))
        return fileError(spoolDir, errno);
    if (::mkdir(QFile::encodeName(folder).constData(), 0700) != 0) {
        if (errno != EEXIST)
            return fileError(folder, errno);
        return Error{ErrorCode::Conflict,
                     QCoreApplication::translate(
                         "SpoolLock", "Points of this scan are still waiting in %1: recover them "
                                      "first (birchctl resume)")
                         .arg(folder)};
    }
    auto lock = take(folder);
    if (!lock) {
        ::rmdir(QFile::encodeName(folder).constData());
        return lock;
    }
    if (Status written = writeClaim(folder, {scan, database, epoch}); !written) {
        (void)lock.value()->removeFolder();
        return written.error();
    }
    return lock;
}

bool SpoolLock::isHeld(const QString &folder)
{
    auto file = openFile(ownerPath(folder), O_RDWR);
    if (!file)
        return false;
    struct flock lock = wholeFile(F_WRLCK);
    return ::fcntl(file.value().get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

Status SpoolLock::assign(const SpoolClaim &claim) const
{
    return writeClaim(m_folder, claim);
}

Status SpoolLock::removeFolder()
{
    QDir dir(m_folder);
    const QStringList names = dir.entryList(QDir::Files | QDir::Hidden | QDir::NoDotAndDotDot);
    for (const QString &name : names) {
        if (name != u"owner"_s && !dir.remove(name))
            return fileError(dir.filePath(name), errno);
    }
    if (!dir.remove(u"owner"_s))
        return fileError(ownerPath(m_folder), errno);
    if (::rmdir(QFile::encodeName(m_folder).constData()) != 0)
        return fileError(m_folder, errno);
    return ok();
}

std::optional<SpoolClaim> readClaim(const QString &folder)
{
    QFile file(claimPath(folder));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
    const SpoolClaim claim{QUuid::fromString(json[u"scan"_s].toString()),
                           QUuid::fromString(json[u"database"_s].toString()),
                           json[u"epoch"_s].toInt()};
    return claim.scan.isNull() ? std::nullopt : std::optional(claim);
}

} // namespace birch
