#include "core/data/spool_file.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

FileHandle::~FileHandle()
{
    if (m_file >= 0)
        ::close(m_file);
}

QString segmentPath(const QString &folder, qint64 number)
{
    return folder + u"/%1.spool"_s.arg(number, 8, 10, QChar(u'0'));
}

Result<FileHandle> openFile(const QString &path, int flags)
{
    const int file = ::open(QFile::encodeName(path).constData(), flags | O_CLOEXEC, 0600);
    if (file < 0)
        return fileError(path, errno);
    return FileHandle(file);
}

Error fileError(const QString &path, int number)
{
    const QString reason = QString::fromLocal8Bit(strerrordesc_np(number));
    if (number == ENOSPC || number == EDQUOT || number == EFBIG) {
        return {ErrorCode::Full,
                QCoreApplication::translate(
                    "SpoolFile", "No space left for %1: delete files there or choose another spool "
                                 "folder, then resume")
                    .arg(path)};
    }
    return {number == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
            QCoreApplication::translate("SpoolFile", "%1: %2; check the disk and its permissions")
                .arg(path, reason)};
}

Result<QByteArray> readAt(int file, qint64 offset, qint64 size, const QString &path)
{
    QByteArray bytes(qsizetype(size), Qt::Uninitialized);
    qint64 done = 0;
    while (done < size) {
        const ssize_t got = ::pread(file, bytes.data() + done, size_t(size - done), offset + done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fileError(path, errno);
        if (got == 0) {
            return Error{ErrorCode::BadInput,
                         QCoreApplication::translate("SpoolFile", "%1 ends before byte %2")
                             .arg(path)
                             .arg(offset + size)};
        }
        done += got;
    }
    return bytes;
}

} // namespace birch
