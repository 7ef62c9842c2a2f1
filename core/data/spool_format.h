#pragma once

#include "core/data/run_store.h"
#include "core/data/scan_timing.h"

#include <variant>

namespace birch {

/// How a spool lies on disk. A scan's folder holds segments "00000001.spool", "00000002.spool" …;
/// each is the file mark, a Header frame, then frames up to a zero length or the end of the file.
/// A frame: payload length (4 bytes, never 0), type (1), zero (3), payload, XXH3-64 over all of it.
/// Little-endian throughout. Segments are never rewritten, so a kill can only cut off the end.
/// Intact frames of another type are of a later version: readers pass over them.
enum class FrameType : quint8 {
    Header = 1,
    Rows = 2,
    Log = 3,
    State = 4,
    Ended = 5,
    Cursor = 6,
    EndSettings = 7,
    Timing = 8,
};

inline constexpr qint64 kFramePrefix = 8;
inline constexpr qint64 kFrameOverhead = kFramePrefix + 8;
/// Rows of one append(): above this they are refused, a longer frame in a file is damage.
inline constexpr qint64 kMaxPayload = qint64(512) << 20;

struct SpoolHeader {
    QUuid databaseUid;
    QUuid scanUid;
    QString scanId;
    int epoch = 0;
    QString station;
    QByteArray planHash;
    QList<TableSchema> objects;
    QList<qint64> firstRows; ///< per object: the next row at the start of this segment

    bool operator==(const SpoolHeader &) const = default;
};

struct RowsRecord {
    PointBatch batch;
    QByteArray cursor; ///< compact JSON; empty: unchanged
};
struct LogRecord {
    qint64 sequence = 0;
    ScanLogEntry entry;
};
struct StateRecord {
    ScanState state = ScanState::Running;
};
struct EndRecord {
    ScanState state = ScanState::Interrupted;
    QString reason;
    qint64 endedUs = 0;
};
struct CursorRecord {
    QByteArray cursor;
};
/// Settings of the instruments as the scan left them.
struct EndSettingsRecord {
    QJsonObject settings; ///< nickname -> {parameter: value}
};
/// Totals of this run of the scan until then; the last one counts.
struct TimingRecord {
    ScanTiming timing;
};
struct LaterRecord { ///< of a later version
};
using SpoolRecord = std::variant<SpoolHeader, RowsRecord, LogRecord, StateRecord, EndRecord,
                                 CursorRecord, EndSettingsRecord, TimingRecord, LaterRecord>;

/// The 16 bytes that every segment starts with.
QByteArray spoolFileMark();
inline constexpr qint64 kFileMarkSize = 16;

QByteArray encodeFrame(const SpoolHeader &header);
QByteArray encodeFrame(const PointBatch &batch, const QByteArray &cursor);
QByteArray encodeFrame(const LogRecord &record);
QByteArray encodeFrame(const StateRecord &record);
QByteArray encodeFrame(const EndRecord &record);
QByteArray encodeFrame(const CursorRecord &record);
QByteArray encodeFrame(const EndSettingsRecord &record);
QByteArray encodeFrame(const TimingRecord &record);

/// Size of the payload that the prefix of a frame announces; nothing for no frame at all.
std::optional<qint64> announcedPayload(QByteArrayView prefix);
/// True when \a frame is complete and its checksum holds.
bool isIntact(QByteArrayView frame);
/// The record in a frame that is intact; may still hold anything.
/// Errors: BadInput - it is no record of a scan with these \a objects.
Result<SpoolRecord> decodeFrame(QByteArrayView frame, const QList<TableSchema> &objects);

} // namespace birch
