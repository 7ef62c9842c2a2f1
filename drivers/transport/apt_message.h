#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace birch::apt {

// Messages of Thorlabs' APT controllers: a header of 6 bytes, little endian, perhaps with data
// behind it. Pure: no device, no clock.

inline constexpr quint8 kHost = 0x01;
inline constexpr quint8 kHasData = 0x80; ///< in the destination: bytes 2 and 3 are a length
inline constexpr qsizetype kHeader = 6;
inline constexpr qsizetype kMostData = 1024; ///< the longest of the protocol is far shorter

namespace id {
inline constexpr quint16 kRequestInfo = 0x0005, kInfo = 0x0006;
inline constexpr quint16 kStopUpdates = 0x0012;
inline constexpr quint16 kSetEnabled = 0x0210, kRequestEnabled = 0x0211, kEnabled = 0x0212;
inline constexpr quint16 kIdentify = 0x0223;
inline constexpr quint16 kSetVelocity = 0x0413, kRequestVelocity = 0x0414, kVelocity = 0x0415;
inline constexpr quint16 kHome = 0x0443, kHomed = 0x0444;
inline constexpr quint16 kMoveAbsolute = 0x0453, kMoved = 0x0464;
inline constexpr quint16 kStop = 0x0465, kStopped = 0x0466;
inline constexpr quint16 kRequestStatus = 0x0490, kStatus = 0x0491;
} // namespace id

struct Message {
    quint16 id = 0;
    quint8 first = 0; ///< of a message without data
    quint8 second = 0;
    quint8 destination = 0; ///< without kHasData
    quint8 source = 0;
    QByteArray data;

    QByteArray bytes() const;
    /// \a frame is whole.
    static Message from(QByteArrayView frame);
};

/// Bytes of the message that begins with \a received; 0: too few to say; -1: none that goes to
/// \a destination (0: to anybody).
qsizetype messageLength(QByteArrayView received, quint8 destination);

void appendWord(QByteArray &data, quint16 value);
void appendLong(QByteArray &data, qint32 value);
quint16 wordAt(QByteArrayView data, qsizetype position);
qint32 longAt(QByteArrayView data, qsizetype position);

} // namespace birch::apt
