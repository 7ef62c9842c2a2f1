#include "drivers/simulator/portmapper.h"

#include "drivers/simulator/loopback.h"
#include "drivers/simulator/rpc_connection.h"

#include <QCoreApplication>
#include <QNetworkDatagram>
#include <QUdpSocket>

namespace birch {

namespace {

struct Mapping {
    quint32 program = 0;
    quint32 version = 0;
    quint16 port = 0;
};

constexpr quint32 kNull = 0;

/// The results of \a procedure; nothing: there is no such procedure, or its arguments are cut off.
std::optional<XdrWriter> answer(const Mapping &mapping, quint32 procedure, XdrReader arguments)
{
    XdrWriter results;
    if (procedure == kNull)
        return results;
    const quint32 program = arguments.word();
    const quint32 version = arguments.word();
    const quint32 protocol = arguments.word();
    (void)arguments.word();
    if (procedure != rpc::kGetPort || !arguments.isGood())
        return std::nullopt;
    const bool isKnown =
        program == mapping.program && version == mapping.version && protocol == rpc::kTcp;
    results.word(isKnown ? mapping.port : 0);
    return results;
}

class PortmapperConnection final : public RpcConnection
{
public:
    PortmapperConnection(QTcpSocket *socket, const Mapping &mapping)
        : RpcConnection(socket, rpc::kPortmapper, rpc::kPortmapperVersion)
        , m_mapping(mapping)
    {
    }

private:
    void handle(quint32 procedure, const QByteArray &arguments) override
    {
        const auto results = answer(m_mapping, procedure, XdrReader(arguments));
        results ? reply(*results) : refuse(rpc::Outcome::ProcedureUnavailable);
    }

    const Mapping m_mapping;
};

class LoopbackPortmapper final : public Portmapper
{
public:
    explicit LoopbackPortmapper(const Mapping &mapping)
        : m_mapping(mapping)
    {
        connect(&m_tcp, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *socket = m_tcp.nextPendingConnection())
                new PortmapperConnection(socket, m_mapping); // owned by the socket
        });
        connect(&m_udp, &QUdpSocket::readyRead, this, [this] { receive(); });
    }

    Status listen(quint16 port)
    {
        if (Status listening = listenOnLoopback(m_tcp, port); !listening)
            return listening;
        if (!m_udp.bind(QHostAddress::LocalHost, m_tcp.serverPort()))
            return Error{ErrorCode::NotConnected,
                         QCoreApplication::translate("birch::Endpoint",
                                                     "The simulator's portmapper can not use UDP "
                                                     "port %1 (%2)")
                             .arg(QString::number(m_tcp.serverPort()), m_udp.errorString())};
        return ok();
    }
    quint16 port() const override { return m_tcp.serverPort(); }

private:
    void receive()
    {
        while (m_udp.hasPendingDatagrams()) {
            const QNetworkDatagram asked = m_udp.receiveDatagram();
            const QByteArray bytes = asked.data();
            XdrReader reader(bytes);
            const auto call = rpc::readCall(reader);
            if (!call)
                continue;
            XdrWriter reply;
            rpc::ReplyHeader header{call->xid, rpc::Outcome::Success, rpc::kPortmapperVersion};
            std::optional<XdrWriter> results;
            if (call->program != rpc::kPortmapper)
                header.outcome = rpc::Outcome::ProgramUnavailable;
            else if (call->version != rpc::kPortmapperVersion)
                header.outcome = rpc::Outcome::ProgramMismatch;
            else if (results = answer(m_mapping, call->procedure, reader); !results)
                header.outcome = rpc::Outcome::ProcedureUnavailable;
            rpc::write(reply, header);
            QByteArray datagram = reply.view().toByteArray();
            if (results)
                datagram.append(results->view());
            m_udp.writeDatagram(asked.makeReply(datagram));
        }
    }

    const Mapping m_mapping;
    QTcpServer m_tcp;
    QUdpSocket m_udp;
};

} // namespace

Result<std::unique_ptr<Portmapper>> Portmapper::create(quint32 program, quint32 version,
                                                       quint16 programPort, quint16 port)
{
    auto portmapper = std::make_unique<LoopbackPortmapper>(Mapping{program, version, programPort});
    if (Status listening = portmapper->listen(port); !listening)
        return listening.error();
    return std::unique_ptr<Portmapper>(std::move(portmapper));
}

} // namespace birch
