#include "drivers/simulator/endpoint.h"
#include "drivers/simulator/loopback.h"
#include "drivers/simulator/portmapper.h"
#include "drivers/simulator/vxi11_connection.h"

namespace birch {

namespace {

class AbortConnection final : public RpcConnection
{
public:
    AbortConnection(QTcpSocket *socket, Vxi11Device &device)
        : RpcConnection(socket, vxi11::kAbortProgram, vxi11::kVersion)
        , m_device(device)
    {
    }

private:
    void handle(quint32 procedure, const QByteArray &arguments) override
    {
        XdrReader reader(arguments);
        const quint32 link = reader.word();
        if (procedure != vxi11::DeviceAbort)
            return refuse(rpc::Outcome::ProcedureUnavailable);
        if (!reader.isGood())
            return refuse(rpc::Outcome::GarbageArguments);
        const bool isKnown =
            std::any_of(m_device.connections.begin(), m_device.connections.end(),
                        [link](Vxi11Connection *connection) { return connection->abort(link); });
        XdrWriter results;
        results.word(isKnown ? vxi11::NoError : vxi11::InvalidLink);
        reply(results);
    }

    Vxi11Device &m_device; // the endpoint's: outlives its sockets
};

class Vxi11Endpoint final : public Endpoint
{
public:
    Vxi11Endpoint(const QByteArray &terminator, Handler handler)
    {
        m_device.terminator = terminator;
        m_device.handler = std::move(handler);
        connect(&m_core, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *socket = m_core.nextPendingConnection())
                new Vxi11Connection(socket, m_device); // owned by the socket
        });
        connect(&m_abort, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *socket = m_abort.nextPendingConnection())
                new AbortConnection(socket, m_device); // owned by the socket
        });
    }

    Status listen(std::optional<quint16> portmapperPort)
    {
        if (Status listening = listenOnLoopback(m_core); !listening)
            return listening;
        if (Status listening = listenOnLoopback(m_abort); !listening)
            return listening;
        m_device.abortPort = m_abort.serverPort();
        if (!portmapperPort)
            return ok();
        auto portmapper = Portmapper::create(vxi11::kCoreProgram, vxi11::kVersion,
                                             m_core.serverPort(), *portmapperPort);
        if (!portmapper)
            return portmapper.error();
        m_portmapper = std::move(portmapper).value();
        return ok();
    }
    QString address() const override
    {
        return QStringLiteral("TCPIP0::127.0.0.1,%1::inst0::INSTR").arg(m_core.serverPort());
    }

private:
    Vxi11Device m_device;
    QTcpServer m_core; // and what follows: their sockets go before the device does
    QTcpServer m_abort;
    std::unique_ptr<Portmapper> m_portmapper;
};

} // namespace

Result<std::unique_ptr<Endpoint>> Endpoint::vxi11(const QByteArray &terminator, Handler handler,
                                                  std::optional<quint16> portmapperPort)
{
    auto endpoint = std::make_unique<Vxi11Endpoint>(terminator, std::move(handler));
    if (Status listening = endpoint->listen(portmapperPort); !listening)
        return listening.error();
    return std::unique_ptr<Endpoint>(std::move(endpoint));
}

} // namespace birch
