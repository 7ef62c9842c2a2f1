#include "drivers/transport/modbus_frame.h"

namespace birch::modbus {

namespace {

constexpr qsizetype kCrc = 2;

void append(QByteArray &frame, quint16 word)
{
    frame.append(char(word >> 8)).append(char(word & 0xff));
}

QByteArray frameOf(quint8 unit, quint8 function, std::initializer_list<quint16> words)
{
    QByteArray frame;
    frame.append(char(unit)).append(char(function));
    for (const quint16 word : words)
        append(frame, word);
    return frame;
}

} // namespace

quint16 crc16(QByteArrayView bytes)
{
    quint16 crc = 0xffff;
    for (const char byte : bytes) {
        crc ^= quint8(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = quint16((crc & 1) ? (crc >> 1) ^ 0xa001 : crc >> 1);
    }
    return crc;
}

QByteArray withCrc(QByteArray frame)
{
    const quint16 crc = crc16(frame);
    return frame.append(char(crc & 0xff)).append(char(crc >> 8));
}

bool hasGoodCrc(QByteArrayView frame)
{
    if (frame.size() <= kCrc)
        return false;
    const quint16 crc = crc16(frame.chopped(kCrc));
    return quint8(frame[frame.size() - 2]) == (crc & 0xff) && quint8(frame.back()) == crc >> 8;
}

QByteArray readRequest(quint8 unit, quint8 function, quint16 address, quint16 count)
{
    return withCrc(frameOf(unit, function, {address, count}));
}

QByteArray writeSingleRequest(quint8 unit, quint16 address, quint16 value)
{
    return withCrc(frameOf(unit, kWriteSingle, {address, value}));
}

QByteArray writeMultipleRequest(quint8 unit, quint16 address, const QList<quint16> &values)
{
    QByteArray frame = frameOf(unit, kWriteMultiple, {address, quint16(values.size())});
    frame.append(char(2 * values.size()));
    for (const quint16 value : values)
        append(frame, value);
    return withCrc(frame);
}

QByteArray readReply(quint8 unit, quint8 function, const QList<quint16> &values)
{
    QByteArray frame = frameOf(unit, function, {});
    frame.append(char(2 * values.size()));
    for (const quint16 value : values)
        append(frame, value);
    return withCrc(frame);
}

QByteArray writeReply(quint8 unit, quint8 function, quint16 address, quint16 valueOrCount)
{
    return withCrc(frameOf(unit, function, {address, valueOrCount}));
}

QByteArray exceptionReply(quint8 unit, quint8 function, quint8 code)
{
    QByteArray frame = frameOf(unit, function | kExceptionBit, {});
    return withCrc(frame.append(char(code)));
}

qsizetype replyLength(QByteArrayView received)
{
    if (received.size() < 2)
        return 0;
    const quint8 function = quint8(received[1]);
    switch (function & ~kExceptionBit) {
    case kReadHolding:
    case kReadInput:
        if (function & kExceptionBit)
            return 5;
        if (received.size() < 3)
            return 0;
        if (quint8(received[2]) % 2 != 0 || quint8(received[2]) > 2 * kMostRegisters)
            return -1;
        return 3 + quint8(received[2]) + kCrc;
    case kWriteSingle:
    case kWriteMultiple:
        return function & kExceptionBit ? 5 : 8;
    default:
        return -1;
    }
}

qsizetype requestLength(QByteArrayView received)
{
    if (received.size() < 2)
        return 0;
    switch (quint8(received[1])) {
    case kReadHolding:
    case kReadInput:
    case kWriteSingle:
        return 8;
    case kWriteMultiple:
        return received.size() < 7 ? 0 : 7 + quint8(received[6]) + kCrc;
    default:
        return -1;
    }
}

quint16 wordAt(QByteArrayView frame, qsizetype position)
{
    return quint16(quint8(frame[position]) << 8 | quint8(frame[position + 1]));
}

QList<quint16> registersOf(QByteArrayView reply)
{
    QList<quint16> values;
    for (qsizetype at = 3; at + 1 < reply.size() - kCrc; at += 2)
        values.append(wordAt(reply, at));
    return values;
}

} // namespace birch::modbus
