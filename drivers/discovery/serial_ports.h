#pragma once

#include <QList>
#include <QString>

namespace birch {

/// A serial port that the system has. For USB adapters with what they say of themselves.
struct SerialPort {
    QString device;       ///< "/dev/ttyUSB0": changes with the order of plugging in
    QString byId;         ///< "/dev/serial/by-id/usb-...": does not; "" where there is none
    quint16 vendorId = 0; ///< 0: not on USB
    quint16 productId = 0;
    QString manufacturer;
    QString product;
    QString serialNumber;

    bool operator==(const SerialPort &) const = default;
    /// The VISA resource string to use; the name that lasts, if there is one.
    QString address() const;
};

/// Where the system tells of its ports.
struct SerialFolders {
    QString ttys = QStringLiteral("/sys/class/tty");
    QString devices = QStringLiteral("/dev");
    QString byId = QStringLiteral("/dev/serial/by-id");
};

/// All serial ports, ordered by device; pseudo-terminals, consoles and places for ports that are
/// not there left out. Opens no port: nothing is sent, and no control line moves. Reads a few files
/// of sysfs, which does not wait.
QList<SerialPort> serialPorts(const SerialFolders &folders = {});

} // namespace birch
