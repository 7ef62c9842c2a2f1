#pragma once

#include "core/base/result.h"

#include <QString>

namespace birch {

/// Where an instrument is, as a VISA resource string says it (VPP-4.3, 4.3). A value.
///
/// Understood: `TCPIP[board]::host::port::SOCKET` and `ASRL<number|path>[::INSTR]`. Keywords are
/// case-insensitive, paths are not; an IPv6 host stands in brackets.
struct Resource {
    enum class Kind { Socket, Serial };

    Kind kind = Kind::Socket;
    int board = 0;    ///< sockets only; kept, without meaning for us
    QString host;     ///< name in lower case, or address; IPv6 without brackets
    quint16 port = 0; ///< never 0 for a socket
    QString device;   ///< serial only: as written: "/dev/ttyUSB0", "COM3" or the VISA number "3"

    /// One spelling per place: `TCPIP0::host::port::SOCKET`, `ASRL/dev/ttyUSB0::INSTR`.
    QString canonical() const;
    /// What the operating system calls the serial device: VISA's ASRL1 is the first serial port,
    /// /dev/ttyS0; a name without a slash lies in /dev.
    QString devicePath() const;

    bool operator==(const Resource &) const = default;
};

/// Errors: BadInput, saying what is wrong with \a text and what to write instead; also for kinds of
/// address that are well formed but have no transport here (VXI-11, HiSLIP, GPIB, USB ...).
Result<Resource> parseResource(QStringView text);

} // namespace birch
