#pragma once

#include <QByteArray>
#include <QString>

#include <chrono>

namespace birch {

enum class SerialParity { None, Even, Odd, Mark, Space };
enum class SerialStopBits { One, OneAndHalf, Two };
enum class SerialFlow { None, XonXoff, RtsCts };
/// What a control line does on open. Keep: as the port's driver leaves it, which raises both lines
/// the first time that a port is opened. No line moves on close.
enum class LinePolicy { Keep, On, Off };

struct SerialOptions {
    qint32 baud = 9600;
    int dataBits = 8; ///< 5 to 8
    SerialParity parity = SerialParity::None;
    SerialStopBits stopBits = SerialStopBits::One;
    SerialFlow flow = SerialFlow::None;
    LinePolicy dtr = LinePolicy::Keep;
    LinePolicy rts = LinePolicy::Keep; ///< without effect under RtsCts

    bool operator==(const SerialOptions &) const = default;
};

/// How a serial link finds the beginning of the next answer again after a failed exchange.
/// (A socket is simply connected anew.)
struct ResyncOptions {
    /// What arrives until the line was silent this long is thrown away.
    std::chrono::milliseconds quiet{100};
    /// Sent afterwards when not empty, e.g. "*IDN?": everything is thrown away until an answer that
    /// matches \a expected. Without it an answer that comes later than \a quiet is taken for the
    /// next one, so every definition of a slow instrument needs it.
    QByteArray query;
    QString expected; ///< regular expression for the whole answer; "" accepts nothing: give one

    bool operator==(const ResyncOptions &) const = default;
};

/// How messages are cut out of the bytes of a stream.
enum class Framing {
    Lines,      ///< text that ends with a terminator, and IEEE 488.2 blocks
    ModbusRtu,  ///< by function and length, with a checksum
    ThorlabsApt ///< by a header that tells the length
};

/// What an instrument's definition says about its link. A value; checked by makeTransport().
struct LinkOptions {
    Framing framing = Framing::Lines; ///< other than Lines: no terminators, sockets and serial only
    QByteArray writeTerminator = "\n";
    /// Ends a line. "\r\n" also accepts a bare line feed; any other is matched exactly.
    QByteArray readTerminator = "\n";
    /// VXI-11: answers end with the last byte of readTerminator, because the instrument does not
    /// mark their end. (Without meaning for other links.)
    bool endsByTerminator = false;
    std::chrono::milliseconds minGap{0}; ///< from the end of one exchange to the next command
    std::chrono::milliseconds postOpen{
        0}; ///< from open to the first command; what arrives meanwhile is thrown away
    std::chrono::milliseconds connectTimeout{5000}; ///< or the call's deadline, if earlier
    qsizetype maxMessage = 16 * 1024 * 1024;        ///< bytes of one reply
    bool usesLock = true; ///< whoever holds the lease locks the device, where the link can
    SerialOptions serial;
    ResyncOptions resync;

    bool operator==(const LinkOptions &) const = default;
};

} // namespace birch
