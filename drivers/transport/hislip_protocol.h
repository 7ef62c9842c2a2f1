#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QtEndian>

#include <optional>

/// Messages of HiSLIP (IVI-6.1), version 1.0. Pure: no device, no clock.
namespace birch::hislip {

enum Type : quint8 {
    Initialize = 0,
    InitializeResponse = 1,
    FatalError = 2,
    Error = 3,
    AsyncLock = 4,
    AsyncLockResponse = 5,
    Data = 6,
    DataEnd = 7,
    DeviceClearComplete = 8,
    DeviceClearAcknowledge = 9,
    AsyncRemoteLocalControl = 10,
    AsyncRemoteLocalResponse = 11,
    Trigger = 12,
    Interrupted = 13,
    AsyncInterrupted = 14,
    AsyncMaximumMessageSize = 15,
    AsyncMaximumMessageSizeResponse = 16,
    AsyncInitialize = 17,
    AsyncInitializeResponse = 18,
    AsyncDeviceClear = 19,
    AsyncServiceRequest = 20,
    AsyncStatusQuery = 21,
    AsyncStatusResponse = 22,
    AsyncDeviceClearAcknowledge = 23,
    AsyncLockInfo = 24,
    AsyncLockInfoResponse = 25
};

/// Control codes of FatalError and Error.
enum FatalCode : quint8 {
    BadHeader = 1,
    ChannelsNotUp = 2,
    BadInitialization = 3,
    TooManyClients = 4
};
enum ErrorCode : quint8 { UnknownType = 1, UnknownControl = 2, UnknownVendor = 3, TooLarge = 4 };
/// Control codes of AsyncLock and its response.
enum LockRequest : quint8 { Release = 0, Request = 1 };
enum LockAnswer : quint8 { Refused = 0, Granted = 1, SharedReleased = 2, Invalid = 3 };

inline constexpr quint16 kVersion = 0x0100;
inline constexpr quint16 kVendor = 0x7878; // "xx": none that is registered
inline constexpr quint8 kRmtDelivered = 1; ///< control bit of Data, DataEnd, AsyncStatusQuery
inline constexpr quint8 kOverlapped = 1;   ///< control bit of InitializeResponse, device clear
inline constexpr quint8 kEncrypted = 6;    ///< control bits of InitializeResponse
inline constexpr quint32 kFirstMessage = 0xffffff00u;
inline constexpr quint32 kNoMessage = 0xfffffefeu;
inline constexpr quint32 kAnyMessage = 0xffffffffu; ///< of a Data that answers whatever it is
inline constexpr quint32 kMessageStep = 2;
inline constexpr qsizetype kHeaderSize = 16;
/// Of everything but Data and DataEnd.
inline constexpr quint64 kLongestControl = 4096;

struct Header {
    quint8 type = 0;
    quint8 control = 0;
    quint32 parameter = 0;
    quint64 length = 0; ///< of the payload

    bool operator==(const Header &) const = default;
    bool isData() const { return type == Data || type == DataEnd; }
};

inline void write(QByteArray &to, const Header &header)
{
    char bytes[kHeaderSize] = {'H', 'S', char(header.type), char(header.control)};
    qToBigEndian(header.parameter, bytes + 4);
    qToBigEndian(header.length, bytes + 8);
    to.append(bytes, kHeaderSize);
}

/// Nothing: cut off, without the prologue, or with a length that no message of its type has.
inline std::optional<Header> readHeader(QByteArrayView from)
{
    if (from.size() < kHeaderSize || from[0] != 'H' || from[1] != 'S')
        return std::nullopt;
    const Header header{quint8(from[2]), quint8(from[3]), qFromBigEndian<quint32>(from.data() + 4),
                        qFromBigEndian<quint64>(from.data() + 8)};
    constexpr quint64 kLongestData = quint64(1) << 40;
    if (header.length > (header.isData() ? kLongestData : kLongestControl))
        return std::nullopt;
    return header;
}

} // namespace birch::hislip
