#pragma once

#include "core/base/result.h"

#include <QTcpServer>
#include <QTcpSocket>

namespace birch {

/// A free port, or \a port, of 127.0.0.1. Errors: NotConnected - not to be had.
Status listenOnLoopback(QTcpServer &server, quint16 port = 0);

/// Ends a connection: at once and rudely (\a isReset), else when all is written.
void cutOff(QTcpSocket &socket, bool isReset);

} // namespace birch
