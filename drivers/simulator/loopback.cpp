#include "drivers/simulator/loopback.h"

#include <QCoreApplication>

#include <sys/socket.h>

namespace birch {

Status listenOnLoopback(QTcpServer &server, quint16 port)
{
    if (server.listen(QHostAddress::LocalHost, port))
        return ok();
    return Error{ErrorCode::NotConnected,
                 QCoreApplication::translate(
                     "birch::Endpoint",
                     "The simulator can not listen on 127.0.0.1 (%1): close programs that hold "
                     "many ports")
                     .arg(server.errorString())};
}

void cutOff(QTcpSocket &socket, bool isReset)
{
    if (!isReset)
        return socket.disconnectFromHost();
    const linger atOnce{1, 0};
    ::setsockopt(int(socket.socketDescriptor()), SOL_SOCKET, SO_LINGER, &atOnce, sizeof(atOnce));
    socket.abort();
}

} // namespace birch
