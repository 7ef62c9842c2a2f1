#include "core/base/file_writer.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>

#include <cerrno>
#include <limits>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birch::FileWriter", text);
}

/// Hidden, and short enough that a long name does not overflow NAME_MAX.
QString temporaryStem(const QFileInfo &target)
{
    return u"."_s + target.fileName().left(60) + u'.';
}

QString temporaryFor(const QFileInfo &target)
{
    const quint32 random = QRandomGenerator::system()->generate();
    return u"%1/%2%3.part"_s.arg(target.absolutePath(), temporaryStem(target))
        .arg(random, 8, 16, QChar(u'0'));
}

/// A byte far beyond the end, where neither SQLite nor HDF5 has locks of its own.
struct flock heldByte()
{
    struct flock lock {
    };
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = std::numeric_limits<off_t>::max() - 1;
    lock.l_len = 1;
    return lock;
}

/// Held as long as the file is written: by it others see that it is not abandoned. False: somebody
/// who took it for that has just removed it.
bool hold(int fd)
{
    struct flock lock = heldByte();
    struct stat now {
    };
    (void)::fcntl(fd, F_OFD_SETLK, &lock);
    return ::fstat(fd, &now) != 0 || now.st_nlink > 0;
}

bool isAbandoned(const QByteArray &path)
{
    const int fd = ::open(path.constData(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return false;
    struct flock lock = heldByte();
    const bool isFree = ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type == F_UNLCK;
    ::close(fd);
    return isFree;
}

/// A replaced file keeps its mode; a new one gets what the umask leaves.
void keepMode(int fd, const QString &path)
{
    struct stat old {
    };
    if (::stat(QFile::encodeName(path).constData(), &old) == 0)
        (void)::fchmod(fd, old.st_mode & 07777);
}

} // namespace

Result<FileWriter> FileWriter::create(const QString &path, Readers readers)
{
    QFileInfo target(path);
    if (target.isDir())
        return Error{ErrorCode::BadInput, tr("%1 is a folder; name a file in it").arg(path)};
    if (target.isSymLink() && target.exists()) // the link stays, its file is replaced
        target = QFileInfo(target.canonicalFilePath());
    for (int attempt = 0; attempt < 10; ++attempt) {
        const QString temporary = temporaryFor(target);
        const int fd = ::open(QFile::encodeName(temporary).constData(),
                              O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                              readers == Readers::OwnerOnly ? 0600 : 0666);
        if (fd >= 0 && !hold(fd)) {
            ::close(fd);
            continue;
        }
        if (fd >= 0) {
            if (readers == Readers::Usual)
                keepMode(fd, target.absoluteFilePath());
            return FileWriter(target.absoluteFilePath(), temporary, fd);
        }
        if (errno == ENOENT || errno == ENOTDIR) {
            return Error{
                ErrorCode::NotFound,
                tr("The folder of %1 does not exist; make it or choose another").arg(path)};
        }
        if (errno != EEXIST)
            return fileError(errno, path);
    }
    return fileError(EEXIST, path);
}

void FileWriter::removeAbandoned(const QString &path)
{
    const QFileInfo target(path);
    const QString stem = temporaryStem(target);
    const auto parts = target.absoluteDir().entryInfoList(QDir::Files | QDir::Hidden);
    for (const QFileInfo &part : parts) {
        const QString name = part.fileName();
        if (name.size() != stem.size() + 13 || !name.startsWith(stem) || !name.endsWith(u".part"_s))
            continue;
        const QByteArray encoded = QFile::encodeName(part.absoluteFilePath());
        if (!isAbandoned(encoded))
            continue;
        ::unlink(encoded.constData());
        for (const char *beside : {"-journal", "-wal", "-shm"}) // where SQLite wrote it
            ::unlink((encoded + beside).constData());
    }
}

FileWriter::FileWriter(QString path, QString temporary, int fd)
    : m_path(std::move(path))
    , m_temporary(std::move(temporary))
    , m_fd(fd)
{
}

FileWriter::FileWriter(FileWriter &&other) noexcept
    : m_path(std::move(other.m_path))
    , m_temporary(std::exchange(other.m_temporary, {}))
    , m_fd(std::exchange(other.m_fd, -1))
    , m_written(other.m_written)
    , m_failed(other.m_failed)
{
}

FileWriter &FileWriter::operator=(FileWriter &&other) noexcept
{
    if (this != &other) {
        drop();
        m_path = std::move(other.m_path);
        m_temporary = std::exchange(other.m_temporary, {});
        m_fd = std::exchange(other.m_fd, -1);
        m_written = other.m_written;
        m_failed = other.m_failed;
    }
    return *this;
}

FileWriter::~FileWriter()
{
    drop();
}

void FileWriter::drop()
{
    if (m_fd >= 0)
        ::close(std::exchange(m_fd, -1));
    if (!m_temporary.isEmpty())
        ::unlink(QFile::encodeName(std::exchange(m_temporary, {})).constData());
}

Status FileWriter::write(QByteArrayView bytes)
{
    const Status done = writeAll(m_fd, bytes, m_path);
    m_failed = m_failed || !done;
    if (done)
        m_written += bytes.size();
    return done;
}

Status FileWriter::commit(Flush flush)
{
    if (m_fd < 0 || m_failed) {
        drop();
        return Error{
            ErrorCode::Io,
            tr("%1 was not written, because an earlier write failed; try again").arg(m_path)};
    }
    const auto failed = [this](int number) {
        drop();
        return fileError(number, m_path);
    };
    if (flush == Flush::Now && ::fsync(m_fd) != 0)
        return failed(errno);
    if (::close(std::exchange(m_fd, -1)) != 0) // network file systems report a full quota here
        return failed(errno);
    if (::rename(QFile::encodeName(m_temporary).constData(),
                 QFile::encodeName(m_path).constData()) != 0)
        return failed(errno);
    m_temporary.clear();
    return flush == Flush::Now ? syncFolder(QFileInfo(m_path).absolutePath()) : ok();
}

Status writeFile(const QString &path, QByteArrayView bytes, FileWriter::Flush flush)
{
    auto file = FileWriter::create(path);
    if (!file)
        return file.error();
    if (const Status written = file.value().write(bytes); !written)
        return written;
    return file.value().commit(flush);
}

} // namespace birch
