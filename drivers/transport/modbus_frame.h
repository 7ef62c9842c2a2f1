#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace birch::modbus {

// Modbus RTU frames: unit, function, data, CRC with its low byte first. Everything else is big
// endian. Pure: no device, no clock.

inline constexpr quint8 kReadHolding = 3;
inline constexpr quint8 kReadInput = 4;
inline constexpr quint8 kWriteSingle = 6;
inline constexpr quint8 kWriteMultiple = 16;
inline constexpr quint8 kExceptionBit = 0x80;
inline constexpr qsizetype kMostRegisters = 125; ///< of one read

/// Polynomial 0xA001, from 0xFFFF.
quint16 crc16(QByteArrayView bytes);
QByteArray withCrc(QByteArray frame);
bool hasGoodCrc(QByteArrayView frame);

QByteArray readRequest(quint8 unit, quint8 function, quint16 address, quint16 count);
QByteArray writeSingleRequest(quint8 unit, quint16 address, quint16 value);
QByteArray writeMultipleRequest(quint8 unit, quint16 address, const QList<quint16> &values);
QByteArray readReply(quint8 unit, quint8 function, const QList<quint16> &values);
/// What both writes are answered with: address and value, or address and count.
QByteArray writeReply(quint8 unit, quint8 function, quint16 address, quint16 valueOrCount);
QByteArray exceptionReply(quint8 unit, quint8 function, quint8 code);

/// Bytes of the reply that begins with \a received, CRC included; 0: too few to say; -1: this is
/// none of the four functions above.
qsizetype replyLength(QByteArrayView received);
/// The same of a request.
qsizetype requestLength(QByteArrayView received);

quint16 wordAt(QByteArrayView frame, qsizetype position);
/// The registers of a whole reply to a read.
QList<quint16> registersOf(QByteArrayView reply);

} // namespace birch::modbus
