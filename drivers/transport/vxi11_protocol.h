#pragma once

#include <QtGlobal>

/// Numbers of VXI-11 revision 1.0 (TCP/IP Instrument Protocol), as on the wire.
namespace birch::vxi11 {

inline constexpr quint32 kCoreProgram = 0x0607AF;
inline constexpr quint32 kAbortProgram = 0x0607B0;
inline constexpr quint32 kVersion = 1;

enum Procedure : quint32 {
    DeviceAbort = 1, ///< of the abort program; the others are of the core
    CreateLink = 10,
    DeviceWrite = 11,
    DeviceRead = 12,
    DeviceReadStb = 13,
    DeviceTrigger = 14,
    DeviceClear = 15,
    DeviceRemote = 16,
    DeviceLocal = 17,
    DeviceLock = 18,
    DeviceUnlock = 19,
    DeviceEnableSrq = 20,
    DeviceDoCmd = 22,
    DestroyLink = 23,
    CreateInterruptChannel = 25,
    DestroyInterruptChannel = 26
};

enum DeviceError : quint32 {
    NoError = 0,
    SyntaxError = 1,
    NotAccessible = 3,
    InvalidLink = 4,
    ParameterError = 5,
    ChannelNotEstablished = 6,
    NotSupported = 8,
    OutOfResources = 9,
    LockedByAnother = 11,
    NoLockHeld = 12,
    IoTimeout = 15,
    IoError = 17,
    InvalidAddress = 21,
    Aborted = 23,
    ChannelAlreadyEstablished = 29
};

enum Flag : quint32 { WaitLock = 0x01, End = 0x08, TermCharSet = 0x80 };
enum Reason : quint32 { RequestCount = 1, TermChar = 2, EndOfMessage = 4 };

} // namespace birch::vxi11
