#pragma once

#include "core/base/result.h"

#include <QObject>

#include <memory>

namespace birch {

/// Tells clients at which TCP port a program listens (RFC 1833, version 2), over TCP and UDP of
/// 127.0.0.1. Lives on the simulator's thread, event-driven.
class Portmapper : public QObject
{
    Q_OBJECT
public:
    /// \a port 0: any free one. Errors: NotConnected - the port is taken, or needs rights.
    static Result<std::unique_ptr<Portmapper>> create(quint32 program, quint32 version,
                                                      quint16 programPort, quint16 port);
    virtual quint16 port() const = 0;
};

} // namespace birch
