#pragma once

#include "core/base/result.h"

#include <utility>

namespace birch {

/// An open file descriptor that closes itself; -1 for none.
class FileHandle
{
public:
    explicit FileHandle(int file = -1)
        : m_file(file)
    {
    }
    FileHandle(FileHandle &&other) noexcept
        : m_file(std::exchange(other.m_file, -1))
    {
    }
    FileHandle &operator=(FileHandle &&other) noexcept
    {
        std::swap(m_file, other.m_file);
        return *this;
    }
    ~FileHandle();

    int get() const { return m_file; }
    bool isOpen() const { return m_file >= 0; }

private:
    int m_file;
};

/// One segment of a spool. Written by the engine thread, synced by the sync thread, closed by the
/// last of them.
struct SpoolSegment {
    FileHandle file;
    qint64 number = 0;
    qint64 capacity = 0; ///< bytes; written up to here, then the next segment begins
};

/// Where a record lies.
struct SpoolPosition {
    qint64 segment = 0;
    qint64 offset = 0;
};

QString segmentPath(const QString &folder, qint64 number);
/// Opens with O_CLOEXEC, mode 0600. Errors: Io, Full, NotFound; the sentence names the path.
Result<FileHandle> openFile(const QString &path, int flags);
/// What errno says about \a path. ENOSPC and EDQUOT are Full, ENOENT NotFound, the rest Io.
Error fileError(const QString &path, int number);
/// Exactly \a size bytes, or BadInput (the file is shorter) or Io.
Result<QByteArray> readAt(int file, qint64 offset, qint64 size, const QString &path);

} // namespace birch
