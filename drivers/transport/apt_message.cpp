#include "drivers/transport/apt_message.h"

#include <QtEndian>

namespace birch::apt {

QByteArray Message::bytes() const
{
    QByteArray frame;
    appendWord(frame, id);
    if (data.isEmpty())
        frame.append(char(first)).append(char(second)).append(char(destination));
    else {
        appendWord(frame, quint16(data.size()));
        frame.append(char(destination | kHasData));
    }
    return frame.append(char(source)) + data;
}

Message Message::from(QByteArrayView frame)
{
    Message message;
    message.id = wordAt(frame, 0);
    message.destination = quint8(frame[4]) & quint8(~kHasData);
    message.source = quint8(frame[5]);
    if (quint8(frame[4]) & kHasData) {
        message.data = frame.sliced(kHeader).toByteArray();
    } else {
        message.first = quint8(frame[2]);
        message.second = quint8(frame[3]);
    }
    return message;
}

qsizetype messageLength(QByteArrayView received, quint8 destination)
{
    if (received.size() < kHeader)
        return 0;
    const quint8 to = quint8(received[4]);
    if (destination != 0 && (to & quint8(~kHasData)) != destination)
        return -1;
    if (!(to & kHasData))
        return kHeader;
    const qsizetype length = wordAt(received, 2);
    return length > 0 && length <= kMostData ? kHeader + length : -1;
}

void appendWord(QByteArray &data, quint16 value)
{
    data.append(char(value & 0xff)).append(char(value >> 8));
}

void appendLong(QByteArray &data, qint32 value)
{
    char bytes[4];
    qToLittleEndian(value, bytes);
    data.append(bytes, 4);
}

quint16 wordAt(QByteArrayView data, qsizetype position)
{
    return qFromLittleEndian<quint16>(data.constData() + position);
}

qint32 longAt(QByteArrayView data, qsizetype position)
{
    return qFromLittleEndian<qint32>(data.constData() + position);
}

} // namespace birch::apt
