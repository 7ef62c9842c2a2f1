#include "drivers/simulator/endpoint.h"
#include "drivers/simulator/hislip_session.h"
#include "drivers/simulator/loopback.h"

namespace birch {

namespace {
using hislip::Header;

constexpr size_t kMostSessions = 16;
constexpr quint64 kLongestName = 256;

class HislipEndpoint final : public Endpoint
{
public:
    HislipEndpoint(const QByteArray &terminator, Handler handler, bool prefersOverlapped)
    {
        m_device.terminator = terminator;
        m_device.handler = std::move(handler);
        m_device.prefersOverlapped = prefersOverlapped;
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *socket = m_server.nextPendingConnection()) {
                auto *connection = new HislipConnection(socket); // owned by the socket
                connection->setReceiver([this, connection](const Header &header, const auto &name) {
                    begin(connection, header, quint64(name.size()));
                });
            }
        });
    }
    ~HislipEndpoint() override
    {
        m_device.lockOwner = nullptr; // sessions that end now tell nobody: the others end as well
        m_device.sessions.clear();
    }

    Status listen() { return listenOnLoopback(m_server); }
    QString address() const override
    {
        return QStringLiteral("TCPIP0::127.0.0.1::hislip0,%1::INSTR").arg(m_server.serverPort());
    }

private:
    /// The first message of a connection says what it is.
    void begin(HislipConnection *connection, const Header &header, quint64 nameSize)
    {
        if (header.type == hislip::AsyncInitialize)
            return attach(connection, quint16(header.parameter));
        if (header.type != hislip::Initialize || nameSize > kLongestName)
            return connection->fail(hislip::BadInitialization, "invalid initialisation sequence");
        if (m_device.sessions.size() >= kMostSessions)
            return connection->fail(hislip::TooManyClients, "too many clients");
        const quint16 id = m_device.nextSession++;
        auto session = std::make_unique<HislipSession>(m_device, id, connection);
        // From the event loop: the session is at work when it notices.
        connect(
            session.get(), &HislipSession::over, this, [this, id] { m_device.sessions.erase(id); },
            Qt::QueuedConnection);
        m_device.sessions.insert_or_assign(id, std::move(session));
    }

    void attach(HislipConnection *connection, quint16 id)
    {
        const auto found = m_device.sessions.find(id);
        if (found == m_device.sessions.end() || found->second->hasAsync())
            return connection->fail(hislip::BadInitialization, "no such session");
        found->second->setAsync(connection);
    }

    HislipDevice m_device;
    QTcpServer m_server; // last: its sockets go before the device does
};

} // namespace

Result<std::unique_ptr<Endpoint>> Endpoint::hislip(const QByteArray &terminator, Handler handler,
                                                   HislipMode preferred)
{
    auto endpoint = std::make_unique<HislipEndpoint>(terminator, std::move(handler),
                                                     preferred == HislipMode::Overlapped);
    if (Status listening = endpoint->listen(); !listening)
        return listening.error();
    return std::unique_ptr<Endpoint>(std::move(endpoint));
}

} // namespace birch
