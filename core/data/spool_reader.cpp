#include "core/data/spool_reader.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString text(const char *source)
{
    return QCoreApplication::translate("SpoolReader", source);
}

Error noSpool(const QString &path)
{
    return {ErrorCode::NotFound,
            text("%1 holds no readable spool: its program died before the first point").arg(path)};
}

/// Numbers of the segments in \a folder, ascending.
QList<qint64> segmentNumbers(const QString &folder)
{
    QList<qint64> numbers;
    for (const QString &name : QDir(folder).entryList({u"*.spool"_s}, QDir::Files)) {
        bool isNumber = false;
        const qint64 number = name.chopped(6).toLongLong(&isNumber);
        if (isNumber && number > 0)
            numbers.append(number);
    }
    std::ranges::sort(numbers);
    return numbers;
}

qint64 sizeOf(int file)
{
    struct stat status {
    };
    return ::fstat(file, &status) == 0 ? qint64(status.st_size) : 0;
}

Result<QByteArray> intactFrame(int file, qint64 fileSize, qint64 offset, const QString &path)
{
    const Error torn{ErrorCode::BadInput,
                     text("%1 is damaged at byte %2: keep the folder").arg(path).arg(offset)};
    if (offset + kFrameOverhead > fileSize)
        return torn;
    const auto prefix = readAt(file, offset, kFramePrefix, path);
    if (!prefix)
        return prefix;
    const auto payload = announcedPayload(prefix.value());
    if (!payload || offset + *payload + kFrameOverhead > fileSize)
        return torn;
    auto frame = readAt(file, offset, *payload + kFrameOverhead, path);
    if (frame && !isIntact(frame.value()))
        return torn;
    return frame;
}

/// True when nothing was ever written behind the header of this segment, whole or not: its program
/// died while it began it.
bool isUntouched(const QString &path)
{
    constexpr qint64 kLook = 4096;
    auto file = openFile(path, O_RDONLY);
    if (!file)
        return false;
    const qint64 size = sizeOf(file.value().get());
    const auto start =
        readAt(file.value().get(), 0, std::min(size, kFileMarkSize + kFramePrefix), path);
    if (!start)
        return false;
    const QByteArray mark = start.value().left(kFileMarkSize);
    const bool isBlank = mark == QByteArray(mark.size(), '\0');
    if (!isBlank && mark != spoolFileMark())
        return false;
    const auto header = announcedPayload(QByteArrayView(start.value()).sliced(mark.size()));
    const qint64 end =
        std::min(size, kFileMarkSize + header.value_or(-kFrameOverhead) + kFrameOverhead);
    const auto rest = readAt(file.value().get(), end, std::min(size - end, kLook), path);
    return rest && rest.value() == QByteArray(rest.value().size(), '\0');
}

} // namespace

Result<SpoolReader> SpoolReader::open(const QString &folder)
{
    SpoolReader reader(folder, segmentNumbers(folder));
    if (reader.m_segments.isEmpty())
        return noSpool(folder);
    if (Status opened = reader.openSegment(0); !opened) {
        const bool isBlank = reader.m_segments.size() == 1 &&
                             isUntouched(segmentPath(folder, reader.m_segments.first()));
        return isBlank ? noSpool(folder) : opened.error();
    }
    return reader;
}

/// BadInput: it has no intact header, or is of another scan.
Status SpoolReader::openSegment(qsizetype index)
{
    const QString path = segmentPath(m_folder, m_segments.at(index));
    auto file = openFile(path, O_RDONLY);
    if (!file)
        return file.error();
    const qint64 size = sizeOf(file.value().get());
    const auto mark = readAt(file.value().get(), 0, std::min(size, kFileMarkSize), path);
    if (!mark)
        return mark.error();
    if (mark.value() != spoolFileMark())
        return Error{
            ErrorCode::BadInput,
            text("%1 is no spool of this version: recover it with the program that wrote it")
                .arg(path)};
    const auto frame = intactFrame(file.value().get(), size, kFileMarkSize, path);
    if (!frame)
        return frame.error();
    auto record = decodeFrame(frame.value(), {});
    if (!record)
        return record.error();
    auto *header = std::get_if<SpoolHeader>(&record.value());
    const bool isFirst = m_index < 0;
    if (!header ||
        (!isFirst && (header->scanUid != m_header.scanUid || header->epoch != m_header.epoch)))
        return Error{
            ErrorCode::BadInput,
            text("%1 is damaged at its start: keep the folder and restore it from a backup")
                .arg(path)};
    if (isFirst)
        m_header = std::move(*header);
    m_index = index;
    m_file = std::move(file).value();
    m_fileSize = size;
    m_offset = kFileMarkSize + frame.value().size();
    return ok();
}

Result<std::optional<SpoolRecord>> SpoolReader::next()
{
    while (!m_isAtEnd) {
        const QString path = segmentPath(m_folder, m_segments.at(m_index));
        const auto frame = intactFrame(m_file.get(), m_fileSize, m_offset, path);
        if (!frame && frame.error().code != ErrorCode::BadInput)
            return frame.error();
        if (frame) {
            auto record = decodeFrame(frame.value(), m_header.objects);
            if (record && !std::holds_alternative<SpoolHeader>(record.value())) {
                m_offset += frame.value().size();
                return std::optional(std::move(record).value());
            }
            stopAtDamage();
            break;
        }
        const auto advanced = advanceSegment();
        if (!advanced)
            return advanced.error();
    }
    return std::optional<SpoolRecord>();
}

/// What follows the last intact record: the next segment, the end, or damage.
Result<bool> SpoolReader::advanceSegment()
{
    const bool isLast = m_index + 1 == m_segments.size();
    const QString path = segmentPath(m_folder, m_segments.at(m_index));
    const qint64 rest = std::min<qint64>(4, m_fileSize - m_offset);
    const auto mark = readAt(m_file.get(), m_offset, rest, path);
    if (!mark)
        return mark.error();
    const bool isEnded = mark.value() == QByteArray(rest, '\0');
    if (isEnded && !isLast && m_segments.at(m_index + 1) == m_segments.at(m_index) + 1) {
        const Status opened = openSegment(m_index + 1);
        if (opened)
            return true;
        // A kill while a segment was begun leaves the last one without a header.
        m_isAtEnd = true;
        const QString begun = segmentPath(m_folder, m_segments.at(m_index + 1));
        if (m_index + 2 < m_segments.size() || !isUntouched(begun))
            m_warning = opened.error().message;
        return false;
    }
    m_isAtEnd = true;
    if (!isLast || holdsMore(m_offset))
        stopAtDamage();
    return false;
}

/// True when an intact record follows somewhere behind the broken one at \a offset: then it is not
/// the cut-off end of what was written.
bool SpoolReader::holdsMore(qint64 offset) const
{
    const QString path = segmentPath(m_folder, m_segments.at(m_index));
    const auto prefix =
        readAt(m_file.get(), offset, std::min(kFramePrefix, m_fileSize - offset), path);
    const auto payload = prefix ? announcedPayload(prefix.value()) : std::nullopt;
    if (payload)
        return bool(
            intactFrame(m_file.get(), m_fileSize, offset + *payload + kFrameOverhead, path));
    return false;
}

void SpoolReader::stopAtDamage()
{
    m_isAtEnd = true;
    m_warning =
        text("%1 is damaged at byte %2 although more was written after it: everything before "
             "that place is recovered, the rest is kept in the file")
            .arg(segmentPath(m_folder, m_segments.at(m_index)))
            .arg(m_offset);
}

Result<QByteArray> readFramesAt(const QString &folder, const SpoolPosition &position, qint64 bytes)
{
    const QString path = segmentPath(folder, position.segment);
    auto file = openFile(path, O_RDONLY);
    if (!file)
        return file.error();
    auto frames = readAt(file.value().get(), position.offset, bytes, path);
    if (!frames)
        return frames;
    for (QByteArrayView rest = frames.value(); !rest.isEmpty();) {
        const qint64 size = announcedPayload(rest).value_or(0) + kFrameOverhead;
        if (size > rest.size() || !isIntact(rest.first(size))) {
            return Error{
                ErrorCode::BadInput,
                text("%1 was damaged after it was written; its points up to there are kept")
                    .arg(path)};
        }
        rest = rest.sliced(size);
    }
    return frames;
}

} // namespace birch
