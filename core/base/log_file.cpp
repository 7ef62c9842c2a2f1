#include "core/base/log_file.h"

#include "core/base/file_io.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

LogFile::LogFile(QString path, qint64 maximumBytes, int files)
    : m_path(std::move(path))
    , m_maximumBytes(maximumBytes)
    , m_files(files)
{
}

LogFile::~LogFile()
{
    close();
}

void LogFile::close()
{
    if (m_fd >= 0)
        ::close(std::exchange(m_fd, -1));
}

Status LogFile::open()
{
    close();
    QDir().mkpath(QFileInfo(m_path).absolutePath());
    // Readable by its owner alone: sample names and operators are nobody else's business.
    m_fd = ::open(QFile::encodeName(m_path).constData(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                  0600);
    return m_fd >= 0 ? ok() : Status(fileError(errno, m_path));
}

bool LogFile::isStillOurs() const
{
    struct stat here {
    };
    struct stat there {
    };
    return m_fd >= 0 && ::fstat(m_fd, &here) == 0 &&
           ::stat(QFile::encodeName(m_path).constData(), &there) == 0 &&
           here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

Status LogFile::append(const QByteArray &line)
{
    if (!isStillOurs()) {
        if (const Status opened = open(); !opened)
            return opened;
    }
    struct stat now {
    };
    if (::fstat(m_fd, &now) == 0 && now.st_size > 0 && now.st_size + line.size() > m_maximumBytes) {
        if (const Status turned = turnOver(); !turned)
            return turned;
    }
    return writeAll(m_fd, line, m_path);
}

Status LogFile::turnOver()
{
    (void)::flock(m_fd, LOCK_EX); // released by close()
    if (isStillOurs()) {
        const auto name = [this](int i) {
            return i == 0 ? m_path : m_path + u'.' + QString::number(i);
        };
        QFile::remove(name(m_files - 1));
        for (int i = m_files - 2; i >= 0; --i)
            QFile::rename(name(i), name(i + 1));
    }
    return open();
}

} // namespace birch
