#include "drivers/simulator/endpoint.h"
#include "drivers/simulator/faulty_writer.h"
#include "drivers/simulator/loopback.h"

#include <QTcpServer>
#include <QTcpSocket>

namespace birch {

namespace {
/// One client; a child of its socket, which Qt deletes once it is disconnected.
class SocketClient : public QObject
{
public:
    SocketClient(QTcpSocket *socket, MessageBuffer buffer, const Endpoint::Handler &handler)
        : QObject(socket)
        , m_socket(socket)
        , m_buffer(std::move(buffer))
        , m_handler(handler)
        , m_writer([this](const QByteArray &bytes, bool) { m_socket->write(bytes); },
                   [this](bool isReset) { cutOff(*m_socket, isReset); })
    {
        socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        connect(socket, &QTcpSocket::readyRead, this, [this] { receive(); });
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    }

private:
    void receive()
    {
        for (const QByteArray &message : m_buffer.add(m_socket->readAll())) {
            if (m_socket->state() == QAbstractSocket::ConnectedState)
                m_handler(message, m_writer);
        }
    }
    QTcpSocket *m_socket;
    MessageBuffer m_buffer;
    const Endpoint::Handler &m_handler; // the endpoint's: outlives its sockets
    FaultyWriter m_writer;
};

class SocketEndpoint final : public Endpoint
{
public:
    SocketEndpoint(MessageBuffer empty, Handler handler)
        : m_empty(std::move(empty))
        , m_handler(std::move(handler))
    {
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *socket = m_server.nextPendingConnection())
                new SocketClient(socket, m_empty, m_handler); // owned by the socket
        });
    }

    Status listen() { return listenOnLoopback(m_server); }
    QString address() const override
    {
        return QStringLiteral("TCPIP0::127.0.0.1::%1::SOCKET").arg(m_server.serverPort());
    }

private:
    const MessageBuffer m_empty; ///< every client begins with it
    Handler m_handler;
    QTcpServer m_server; // last: its sockets go before the handler does
};
} // namespace

Result<std::unique_ptr<Endpoint>> Endpoint::socket(const QByteArray &terminator, Handler handler,
                                                   Framing framing)
{
    auto endpoint =
        std::make_unique<SocketEndpoint>(MessageBuffer(terminator, framing), std::move(handler));
    if (Status listening = endpoint->listen(); !listening)
        return listening.error();
    return std::unique_ptr<Endpoint>(std::move(endpoint));
}

} // namespace birch
