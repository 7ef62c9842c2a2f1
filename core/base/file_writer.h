#pragma once

#include "core/base/file_io.h"

#include <QString>

namespace birch {

/// Writes a file that is there whole or not at all: bytes go to a temporary name in the same
/// folder, commit() flushes them to the disk and renames. What stood at the path stays until then;
/// dropped uncommitted, the temporary file is removed. Not thread-safe; blocks for the disk.
class FileWriter
{
public:
    /// Errors: NotFound - no such folder; Denied, Full, Io.
    enum class Readers : quint8 {
        Usual,    ///< who could read the file that stood there; of a new one whom the umask lets
        OwnerOnly ///< mode 0600, whatever stood there
    };
    static Result<FileWriter> create(const QString &path, Readers readers = Readers::Usual);
    /// Removes the temporary files for \a path that nobody writes any more: their program was
    /// killed.
    static void removeAbandoned(const QString &path);

    FileWriter(FileWriter &&other) noexcept;
    FileWriter &operator=(FileWriter &&other) noexcept;
    ~FileWriter();

    /// Appends. After an error the file can only be dropped.
    Status write(QByteArrayView bytes);
    /// Flush, rename over the path, sync of the folder. A failure leaves the path as it was. With
    /// Flush::Later only the death of the program is survived, not that of the machine.
    enum class Flush : quint8 { Now, Later };
    Status commit(Flush flush = Flush::Now);

    QString path() const { return m_path; }
    /// For libraries that open files by name themselves (HDF5): they may truncate and fill this.
    QString temporaryPath() const { return m_temporary; }
    qint64 bytesWritten() const { return m_written; }

private:
    FileWriter(QString path, QString temporary, int fd);
    void drop();

    QString m_path;
    QString m_temporary; ///< empty: committed or moved from
    int m_fd = -1;
    qint64 m_written = 0;
    bool m_failed = false;
};

/// The whole file at once. Errors as FileWriter.
Status writeFile(const QString &path, QByteArrayView bytes,
                 FileWriter::Flush flush = FileWriter::Flush::Now);

} // namespace birch
