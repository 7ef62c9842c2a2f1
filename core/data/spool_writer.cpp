#include "core/data/spool_writer.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace birch {

namespace {
constexpr qint64 kSmallestSegment = qint64(64) << 10;
}

SpoolWriter::SpoolWriter(std::shared_ptr<SpoolLock> lock, const RecorderSettings &settings,
                         SpoolHeader header, const SpoolDisk &disk)
    : m_lock(std::move(lock))
    , m_header(std::move(header))
    , m_segmentBytes(settings.segmentBytes)
    , m_disk(disk)
    , m_reserve(settings.spoolDir, settings.reserveBytes, disk)
{
}

Result<std::unique_ptr<SpoolWriter>> SpoolWriter::open(std::shared_ptr<SpoolLock> lock,
                                                       const RecorderSettings &settings,
                                                       SpoolHeader header, const SpoolDisk &disk)
{
    auto writer = std::unique_ptr<SpoolWriter>(
        new SpoolWriter(std::move(lock), settings, std::move(header), disk));
    if (!writer->m_reserve.ensure())
        return fileError(settings.spoolDir, ENOSPC); // no scan starts on a disk as full as that
    const QList<qint64> firstRows = writer->m_header.firstRows;
    if (Status begun = writer->beginSegment(0, firstRows, false); !begun)
        return begun.error();
    return writer;
}

Result<SpoolPosition> SpoolWriter::append(QByteArrayView frame, const QList<qint64> &nextRows,
                                          bool yieldToReserve)
{
    if (m_isReserveFree && yieldToReserve) {
        if (!m_reserve.ensure())
            return fileError(m_lock->folder(), ENOSPC);
        m_isReserveFree = false;
    }
    // Four bytes stay free for the zero length that ends a segment.
    if (m_isSegmentBad || m_offset + frame.size() + 4 > m_segment->capacity) {
        Status begun = beginSegment(frame.size(), nextRows, !yieldToReserve);
        if (!begun && begun.error().code == ErrorCode::Full && !yieldToReserve) {
            (void)full(begun.error());
            begun = beginSegment(frame.size(), nextRows, true);
        }
        if (!begun)
            return full(begun.error());
    }
    const QString path = segmentPath(m_lock->folder(), m_segment->number);
    const Status written = writeAll(m_segment->file.get(), frame, m_offset, path);
    if (!written)
        return full(written.error());
    const SpoolPosition position{m_segment->number, m_offset};
    m_offset += frame.size();
    return position;
}

/// Frees the reserve when \a error is about space.
Error SpoolWriter::full(Error error)
{
    if (error.code == ErrorCode::Full && !m_isReserveFree) {
        m_reserve.release();
        m_isReserveFree = true;
    }
    return error;
}

Status SpoolWriter::beginSegment(qint64 frameSize, const QList<qint64> &nextRows, bool mayShrink)
{
    SpoolHeader header = m_header;
    header.firstRows = nextRows;
    const QByteArray start = spoolFileMark() + encodeFrame(header);
    const qint64 least = start.size() + frameSize + 4;
    const qint64 wanted = std::max(m_segmentBytes, least);
    const qint64 number = m_segment ? m_segment->number + 1 : 1;
    const QString path = segmentPath(m_lock->folder(), number);
    auto file = openFile(path, O_RDWR | O_CREAT | O_TRUNC);
    if (!file)
        return file.error();
    const qint64 smallest =
        mayShrink ? least : std::max(least, std::min(m_segmentBytes, kSmallestSegment));
    auto capacity = allocate(file.value().get(), path, wanted, smallest);
    Status written = capacity ? writeAll(file.value().get(), start, 0, path) : capacity.error();
    if (!written) {
        ::unlink(path.toLocal8Bit().constData());
        return written;
    }
    m_segment = std::make_shared<SpoolSegment>(
        SpoolSegment{std::move(file).value(), number, capacity.value()});
    m_offset = start.size();
    m_isSegmentBad = false;
    return ok();
}

/// Reserves the largest segment that fits, halving from \a wanted down to \a least.
Result<qint64> SpoolWriter::allocate(int file, const QString &path, qint64 wanted,
                                     qint64 least) const
{
    for (qint64 size = wanted;; size = std::max(size / 2, least)) {
        if (m_disk.allocate(file, size) == 0 || errno == EOPNOTSUPP || errno == ENOSYS)
            return size;
        const bool isFull = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
        if (errno != EINTR && (!isFull || size == least))
            return fileError(path, errno);
    }
}

/// A part that did get written is cut off again, so that what follows stays zero.
Status SpoolWriter::writeAll(int file, QByteArrayView bytes, qint64 offset, const QString &path)
{
    qint64 done = 0;
    while (done < bytes.size()) {
        const ssize_t wrote =
            m_disk.write(file, bytes.data() + done, size_t(bytes.size() - done), offset + done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0) {
            const int reason = wrote == 0 ? ENOSPC : errno;
            if (::ftruncate(file, offset) != 0)
                m_isSegmentBad = true;
            return fileError(path, reason);
        }
        done += wrote;
    }
    return ok();
}

} // namespace birch
