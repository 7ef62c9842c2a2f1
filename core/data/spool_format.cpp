#include "core/data/spool_format.h"

#include "core/base/id.h"
#include "core/data/table_schema_json.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QtEndian>

#include <cstring>
#include <limits>

#define XXH_INLINE_ALL
#include <xxhash.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr quint32 kFormatVersion = 1;

Error notARecord(const QString &what)
{
    return {
        ErrorCode::BadInput,
        QCoreApplication::translate("SpoolFormat", "A spool record can not be read: %1").arg(what)};
}

/// Writes plain numbers and bytes into a frame of known size.
class FrameBuilder
{
public:
    FrameBuilder(FrameType type, qint64 payload)
        : m_frame(qsizetype(payload + kFrameOverhead), Qt::Uninitialized)
    {
        number(quint32(payload));
        number(quint32(type)); // one byte of type, three of zero
    }
    template<typename T>
    void number(T value)
    {
        qToLittleEndian(value, m_frame.data() + m_at);
        m_at += qsizetype(sizeof value);
    }
    void bytes(const void *data, size_t size)
    {
        if (size > 0)
            std::memcpy(m_frame.data() + m_at, data, size);
        m_at += qsizetype(size);
    }
    QByteArray sealed()
    {
        Q_ASSERT(m_at + 8 == m_frame.size());
        number(quint64(XXH3_64bits(m_frame.constData(), size_t(m_at))));
        return std::move(m_frame);
    }

private:
    QByteArray m_frame;
    qsizetype m_at = 0;
};

/// Reads the same, refusing to run over the end.
class FrameReader
{
public:
    explicit FrameReader(QByteArrayView payload)
        : m_rest(payload)
    {
    }
    template<typename T>
    bool number(T *value)
    {
        if (m_rest.size() < qsizetype(sizeof *value))
            return false;
        *value = qFromLittleEndian<T>(m_rest.data());
        m_rest = m_rest.sliced(qsizetype(sizeof *value));
        return true;
    }
    bool bytes(quint32 size, QByteArray *value)
    {
        if (quint64(m_rest.size()) < size)
            return false;
        *value = QByteArray::fromRawData(m_rest.data(), qsizetype(size));
        m_rest = m_rest.sliced(qsizetype(size));
        return true;
    }
    bool isAtEnd() const { return m_rest.isEmpty(); }

private:
    QByteArrayView m_rest;
};

QByteArray jsonFrame(FrameType type, const QJsonObject &json)
{
    const QByteArray payload = QJsonDocument(json).toJson(QJsonDocument::Compact);
    FrameBuilder frame(type, payload.size());
    frame.bytes(payload.constData(), size_t(payload.size()));
    return frame.sealed();
}

Result<SpoolHeader> headerFromJson(const QJsonObject &json)
{
    SpoolHeader header;
    header.databaseUid = QUuid::fromString(json[u"database"_s].toString());
    header.scanUid = QUuid::fromString(json[u"scan"_s].toString());
    header.scanId = json[u"scan_id"_s].toString();
    header.epoch = json[u"epoch"_s].toInt();
    header.station = json[u"station"_s].toString();
    header.planHash = QByteArray::fromHex(json[u"plan"_s].toString().toLatin1());
    for (const QJsonValue &value : json[u"objects"_s].toArray()) {
        auto schema = tableSchemaFromJson(value.toObject());
        if (!schema)
            return schema.error();
        header.objects.append(std::move(schema).value());
    }
    for (const QJsonValue &value : json[u"first_rows"_s].toArray())
        header.firstRows.append(value.toInteger());
    if (header.scanUid.isNull() || // a null database: recorded without one
        header.firstRows.size() != header.objects.size())
        return notARecord(u"header"_s);
    return header;
}

Result<ScanState> stateFromJson(const QJsonObject &json)
{
    const QString name = json[u"state"_s].toString();
    const auto state = scanStateFromName(name);
    return state ? Result<ScanState>(*state) : notARecord(u"state \"%1\""_s.arg(name));
}

Result<SpoolRecord> jsonRecord(FrameType type, QByteArrayView payload)
{
    const auto raw = QByteArray::fromRawData(payload.data(), payload.size());
    const QJsonObject json = QJsonDocument::fromJson(raw).object();
    if (type == FrameType::Header) {
        auto header = headerFromJson(json);
        return header ? Result<SpoolRecord>(std::move(header).value()) : header.error();
    }
    if (type == FrameType::Log) {
        return SpoolRecord(LogRecord{json[u"sequence"_s].toInteger(),
                                     {json[u"time"_s].toInteger(), json[u"level"_s].toString(),
                                      json[u"message"_s].toString()}});
    }
    if (type == FrameType::EndSettings)
        return SpoolRecord(EndSettingsRecord{json});
    if (type == FrameType::Timing)
        return SpoolRecord(TimingRecord{scanTimingFromJson(json)});
    const auto state = stateFromJson(json);
    if (!state)
        return state.error();
    if (type == FrameType::State)
        return SpoolRecord(StateRecord{state.value()});
    return SpoolRecord(
        EndRecord{state.value(), json[u"reason"_s].toString(), json[u"ended"_s].toInteger()});
}

bool readColumn(FrameReader &reader, qint64 rows, ColumnValues *values)
{
    quint32 byteCount = 0;
    quint32 flagCount = 0;
    QByteArray bytes;
    QByteArray flags;
    if (!reader.number(&byteCount) || !reader.number(&flagCount) ||
        !reader.bytes(byteCount, &bytes) || !reader.bytes(flagCount, &flags))
        return false;
    // A row takes at least a byte, so this bounds the product below.
    if (rows > qint64(byteCount) / values->valuesPerRow())
        return false;
    return values->assign(bytes, flags, rows * values->valuesPerRow());
}

Result<SpoolRecord> rowsRecord(QByteArrayView payload, const QList<TableSchema> &objects)
{
    FrameReader reader(payload);
    RowsRecord record;
    quint32 object = 0;
    quint32 columnCount = 0;
    qint64 rows = 0;
    if (!reader.number(&object) || !reader.number(&columnCount) ||
        !reader.number(&record.batch.firstRow) || !reader.number(&rows))
        return notARecord(u"rows too short"_s);
    if (object >= quint32(objects.size()) || rows < 0 || record.batch.firstRow < 0 ||
        record.batch.firstRow > std::numeric_limits<qint64>::max() - rows)
        return notARecord(u"object %1, %2 rows"_s.arg(object).arg(rows));
    const TableSchema &schema = objects.at(qsizetype(object));
    if (columnCount != quint32(schema.columns.size()))
        return notARecord(u"%1 columns"_s.arg(columnCount));
    record.batch.object = int(object);
    record.batch.columns.reserve(columnCount);
    for (const ColumnSpec &column : schema.columns) {
        ColumnValues values(column.type, column.valuesPerRow());
        if (!readColumn(reader, rows, &values))
            return notARecord(u"column \"%1\""_s.arg(column.name));
        record.batch.columns.push_back(std::move(values));
    }
    quint32 cursorSize = 0;
    QByteArray cursor;
    if (!reader.number(&cursorSize) || !reader.bytes(cursorSize, &cursor) || !reader.isAtEnd())
        return notARecord(u"cursor"_s);
    record.cursor = QByteArray(cursor.constData(), cursor.size());
    return SpoolRecord(std::move(record));
}

} // namespace

QByteArray spoolFileMark()
{
    QByteArray mark(kFileMarkSize, '\0');
    std::memcpy(mark.data(), "BIRCHSPL", 8);
    qToLittleEndian(kFormatVersion, mark.data() + 8);
    return mark;
}

QByteArray encodeFrame(const SpoolHeader &header)
{
    QJsonArray objects;
    for (const TableSchema &schema : header.objects)
        objects.append(tableSchemaToJson(schema));
    QJsonArray firstRows;
    for (const qint64 row : header.firstRows)
        firstRows.append(row);
    return jsonFrame(FrameType::Header, {{u"database"_s, uidText(header.databaseUid)},
                                         {u"scan"_s, uidText(header.scanUid)},
                                         {u"scan_id"_s, header.scanId},
                                         {u"epoch"_s, header.epoch},
                                         {u"station"_s, header.station},
                                         {u"plan"_s, QString::fromLatin1(header.planHash.toHex())},
                                         {u"objects"_s, objects},
                                         {u"first_rows"_s, firstRows}});
}

QByteArray encodeFrame(const PointBatch &batch, const QByteArray &cursor)
{
    size_t size = 4 + 4 + 8 + 8 + 4 + size_t(cursor.size());
    for (const ColumnValues &column : batch.columns)
        size += 8 + column.bytes().size() + column.flags().size();
    FrameBuilder frame(FrameType::Rows, qint64(size));
    frame.number(quint32(batch.object));
    frame.number(quint32(batch.columns.size()));
    frame.number(batch.firstRow);
    frame.number(batch.rowCount());
    for (const ColumnValues &column : batch.columns) {
        frame.number(quint32(column.bytes().size()));
        frame.number(quint32(column.flags().size()));
        frame.bytes(column.bytes().data(), column.bytes().size());
        frame.bytes(column.flags().data(), column.flags().size());
    }
    frame.number(quint32(cursor.size()));
    frame.bytes(cursor.constData(), size_t(cursor.size()));
    return frame.sealed();
}

QByteArray encodeFrame(const LogRecord &record)
{
    return jsonFrame(FrameType::Log, {{u"sequence"_s, record.sequence},
                                      {u"time"_s, record.entry.timeNs},
                                      {u"level"_s, record.entry.level},
                                      {u"message"_s, record.entry.message}});
}

QByteArray encodeFrame(const StateRecord &record)
{
    return jsonFrame(FrameType::State, {{u"state"_s, scanStateName(record.state)}});
}

QByteArray encodeFrame(const EndRecord &record)
{
    return jsonFrame(FrameType::Ended, {{u"state"_s, scanStateName(record.state)},
                                        {u"reason"_s, record.reason},
                                        {u"ended"_s, record.endedUs}});
}

QByteArray encodeFrame(const CursorRecord &record)
{
    FrameBuilder frame(FrameType::Cursor, record.cursor.size());
    frame.bytes(record.cursor.constData(), size_t(record.cursor.size()));
    return frame.sealed();
}

QByteArray encodeFrame(const EndSettingsRecord &record)
{
    return jsonFrame(FrameType::EndSettings, record.settings);
}

QByteArray encodeFrame(const TimingRecord &record)
{
    return jsonFrame(FrameType::Timing, scanTimingToJson(record.timing));
}

std::optional<qint64> announcedPayload(QByteArrayView prefix)
{
    if (prefix.size() < kFramePrefix)
        return {};
    const auto length = qFromLittleEndian<quint32>(prefix.data());
    const auto type = qFromLittleEndian<quint32>(prefix.data() + 4);
    if (length == 0 || length > kMaxPayload || type < quint32(FrameType::Header) ||
        type > std::numeric_limits<quint8>::max())
        return {};
    return length;
}

bool isIntact(QByteArrayView frame)
{
    const auto payload = announcedPayload(frame);
    if (!payload || frame.size() != *payload + kFrameOverhead)
        return false;
    const qsizetype body = frame.size() - 8;
    return XXH3_64bits(frame.data(), size_t(body)) ==
           qFromLittleEndian<quint64>(frame.data() + body);
}

Result<SpoolRecord> decodeFrame(QByteArrayView frame, const QList<TableSchema> &objects)
{
    const auto size = announcedPayload(frame);
    if (!size || frame.size() != *size + kFrameOverhead)
        return notARecord(u"length"_s);
    const QByteArrayView payload = frame.sliced(kFramePrefix, *size);
    const auto type = FrameType(frame[4]);
    if (type == FrameType::Rows)
        return rowsRecord(payload, objects);
    if (type == FrameType::Cursor)
        return SpoolRecord(CursorRecord{payload.toByteArray()});
    if (type > FrameType::Timing)
        return SpoolRecord(LaterRecord{});
    return jsonRecord(type, payload);
}

} // namespace birch
