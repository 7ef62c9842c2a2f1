#include "core/base/file_io.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birch::File", text);
}
} // namespace

Error fileError(int number, const QString &path)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
        return {
            ErrorCode::Full,
            tr("There is no space left for %1; free some on that disk and try again").arg(path)};
    case EFBIG:
        return {ErrorCode::Full,
                tr("%1 would be larger than this disk or account allows; choose another place")
                    .arg(path)};
    case ENOENT:
        return {ErrorCode::NotFound, tr("%1 does not exist; check the path").arg(path)};
    case EACCES:
    case EPERM:
    case EROFS:
        return {ErrorCode::Denied,
                tr("You may not write or read %1; check its permissions or choose another place")
                    .arg(path)};
    default:
        return {ErrorCode::Io, tr("%1 can not be written or read (%2); check the disk")
                                   .arg(path, qt_error_string(number))};
    }
}

Status writeAll(int fd, QByteArrayView bytes, const QString &path)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = ::write(fd, bytes.data(), size_t(bytes.size()));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fileError(errno, path);
        bytes = bytes.sliced(written);
    }
    return ok();
}

Status syncFolder(const QString &folder)
{
    const int fd =
        ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fileError(errno, folder);
    const int failure = ::fsync(fd) == 0 ? 0 : errno;
    ::close(fd);
    // Some file systems (FUSE, SMB) can not sync a folder: nothing more can be done there.
    if (failure != 0 && failure != EINVAL && failure != ENOTSUP)
        return fileError(failure, folder);
    return ok();
}

Result<QByteArray> readFile(const QString &path, qint64 maximum)
{
    if (QFileInfo(path).isDir())
        return Error{ErrorCode::BadInput, tr("%1 is a folder; name a file in it").arg(path)};
    QFile file(path);
    errno = 0;
    if (!file.open(QIODevice::ReadOnly))
        return fileError(errno != 0 ? errno : EIO, path);
    QByteArray bytes = file.read(maximum + 1); // not by size(): a pipe has none
    if (file.error() != QFileDevice::NoError)
        return fileError(EIO, path);
    if (bytes.size() > maximum) {
        return Error{ErrorCode::BadInput,
                     tr("%1 is larger than %2 bytes; check that it is the right file")
                         .arg(path)
                         .arg(maximum)};
    }
    return bytes;
}

} // namespace birch
