#pragma once

#include "core/base/call.h"
#include "drivers/discovery/serial_ports.h"

#include <QHostAddress>
#include <QList>

#include <optional>

namespace birch {

/// Where instruments are looked for; a test puts servers of its own there.
struct DiscoveryPlaces {
    /// Asked instead of the multicast groups of every interface.
    std::optional<QList<QHostAddress>> mdns;
    quint16 mdnsPort = 5353;
    /// Asked instead of the broadcast address of every interface.
    std::optional<QList<QHostAddress>> broadcasts;
    quint16 portmapperPort = 111;
    QList<quint16> socketPorts{5025, 5555}; ///< tried at each of DiscoveryOptions::hosts
    quint16 hislipPort = 4880;              ///< too
    SerialFolders serial;
};

struct DiscoveryOptions {
    bool asksMdns = true;
    bool asksVxi11 = true;
    bool listsSerial = true;
    bool identifies = true; ///< asks network addresses "*IDN?"
    /// Asks serial ports, too. Off, because who listens there is unknown: bytes that mean nothing
    /// to us may make it move.
    bool identifiesSerial = false;
    QList<QHostAddress> hosts; ///< asked one by one, see hostsInRange()
    Nanoseconds limit = std::chrono::seconds(5);
    DiscoveryPlaces places;
};

} // namespace birch
