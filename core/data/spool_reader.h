#pragma once

#include "core/data/spool_format.h"
#include "core/data/spool_lock.h"

namespace birch {

/// Reads one scan's spool from its first segment on, record by record; used under its SpoolLock.
///
/// A record is handed out only when its checksum holds. Reading stops at the first that is not
/// whole: at the end of the last segment that is what a kill leaves behind (no warning); anywhere
/// else something damaged the file, and warning() says what was left out.
class SpoolReader
{
public:
    /// Errors: NotFound - nothing was ever written there; BadInput - something was, and it can not
    /// be read: keep it; Io.
    static Result<SpoolReader> open(const QString &folder);

    /// The header of the first segment.
    const SpoolHeader &header() const { return m_header; }
    /// The next record (no headers); nothing at the end. Errors: Io - the disk does not answer.
    Result<std::optional<SpoolRecord>> next();
    /// "" while nothing but an unfinished last record is missing.
    const QString &warning() const { return m_warning; }

private:
    SpoolReader(QString folder, QList<qint64> segments)
        : m_folder(std::move(folder))
        , m_segments(std::move(segments))
    {
    }
    Status openSegment(qsizetype index);
    Result<bool> advanceSegment();
    void stopAtDamage();
    bool holdsMore(qint64 offset) const;

    QString m_folder;
    QList<qint64> m_segments; ///< numbers, ascending, without gaps
    qsizetype m_index = -1;
    FileHandle m_file;
    qint64 m_fileSize = 0;
    qint64 m_offset = 0;
    bool m_isAtEnd = false;
    SpoolHeader m_header;
    QString m_warning;
};

/// The intact frames, \a bytes in all, at \a position of a spool that this process is writing.
/// Errors: BadInput - one of them has been damaged; Io.
Result<QByteArray> readFramesAt(const QString &folder, const SpoolPosition &position, qint64 bytes);

} // namespace birch
