#pragma once

#include "core/base/result.h"

#include <QString>

namespace birch {

/// Where an instrument is, as a VISA resource string says it (VPP-4.3, 4.3). A value.
///
/// Understood, as pyvisa writes them:
///
///     TCPIP[board]::host::port::SOCKET
///     TCPIP[board]::host[,port][::device][::INSTR]      VXI-11; device: inst0 if not said
///     TCPIP[board]::host::hislip0[,port][::INSTR]       HiSLIP
///     ASRL<number|path>[::INSTR]
///
/// Keywords are case-insensitive, paths and names of devices are not; an IPv6 host stands in
/// brackets.
struct Resource {
    enum class Kind { Socket, Serial, Vxi11, Hislip };

    Kind kind = Kind::Socket;
    int board = 0;    ///< not for serial ports; kept, without meaning for us
    QString host;     ///< name in lower case, or address; IPv6 without brackets
    quint16 port = 0; ///< 0 for serial ports, and for VXI-11 where the portmapper knows it
    QString device;   ///< serial: as written: "/dev/ttyUSB0", "COM3" or the VISA number "3";
                      ///< VXI-11, HiSLIP: the device behind the host: "inst0", "hislip0"

    /// One spelling per place: `TCPIP0::host::port::SOCKET`, `ASRL/dev/ttyUSB0::INSTR`.
    QString canonical() const;
    /// What the operating system calls the serial device: VISA's ASRL1 is the first serial port,
    /// /dev/ttyS0; a name without a slash lies in /dev.
    QString devicePath() const;

    bool operator==(const Resource &) const = default;
};

inline constexpr quint16 kHislipPort = 4880;

/// Errors: BadInput, saying what is wrong with \a text and what to write instead; also for kinds of
/// address that are well formed but have no transport here (GPIB, USB ...).
Result<Resource> parseResource(QStringView text);

} // namespace birch
