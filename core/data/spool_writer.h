#pragma once

#include "core/data/recorder_settings.h"
#include "core/data/spool_format.h"
#include "core/data/spool_lock.h"
#include "core/data/spool_reserve.h"

namespace birch {

/// Appends records to one scan's spool. Belongs to the engine thread; append() is one pwrite(2),
/// now and then a new segment. Syncing is somebody else's: see segment().
class SpoolWriter
{
public:
    /// \a header as of the first segment; writes it. \a lock owns the folder, \a disk outlives
    /// this.
    static Result<std::unique_ptr<SpoolWriter>> open(std::shared_ptr<SpoolLock> lock,
                                                     const RecorderSettings &settings,
                                                     SpoolHeader header,
                                                     const SpoolDisk &disk = systemDisk());

    /// Writes \a frame whole. \a nextRows: per object, should a new segment begin with this frame.
    /// Full: the reserve has been freed, nothing of the frame is kept, the same frame may be tried
    /// again; frames that do not \a yieldToReserve (log, state, ending) then live on the freed
    /// space, rows wait until the reserve fits again. Io: the disk is broken.
    Result<SpoolPosition> append(QByteArrayView frame, const QList<qint64> &nextRows,
                                 bool yieldToReserve);
    /// No more in this segment: its sync has failed, nobody knows what of it is on disk.
    void abandonSegment() { m_isSegmentBad = true; }

    /// The segment that append() wrote to last.
    const std::shared_ptr<const SpoolSegment> &segment() const { return m_segment; }
    const SpoolHeader &header() const { return m_header; }

private:
    SpoolWriter(std::shared_ptr<SpoolLock> lock, const RecorderSettings &settings,
                SpoolHeader header, const SpoolDisk &disk);
    Status beginSegment(qint64 frameSize, const QList<qint64> &nextRows, bool mayShrink);
    Result<qint64> allocate(int file, const QString &path, qint64 wanted, qint64 least) const;
    Status writeAll(int file, QByteArrayView bytes, qint64 offset, const QString &path);
    Error full(Error error);

    std::shared_ptr<SpoolLock> m_lock;
    SpoolHeader m_header;
    qint64 m_segmentBytes;
    const SpoolDisk &m_disk;
    SpoolReserve m_reserve;
    bool m_isReserveFree = false; ///< given away because the disk was full
    bool m_isSegmentBad = false;
    std::shared_ptr<const SpoolSegment> m_segment;
    qint64 m_offset = 0;
};

} // namespace birch
