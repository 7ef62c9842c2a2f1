#include "drivers/discovery/portmapper_probe.h"

#include "drivers/transport/onc_rpc.h"
#include "drivers/transport/vxi11_protocol.h"

#include <QNetworkDatagram>
#include <QNetworkInterface>
#include <QRandomGenerator>

#include <chrono>

namespace birch {

namespace {

constexpr int kRounds = 3; // a datagram gets lost
constexpr std::chrono::milliseconds kRoundPause{600};
constexpr std::chrono::milliseconds kPause{10}; // between two bursts: the system's queue is short
constexpr qsizetype kBurst = 64;
constexpr qsizetype kMostAnswers = 1024;

} // namespace

PortmapperProbe::PortmapperProbe(quint16 portmapperPort, QObject *parent)
    : QObject(parent)
    , m_portmapperPort(portmapperPort)
    , m_xid(QRandomGenerator::global()->generate())
{
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &PortmapperProbe::sendSome);
    connect(&m_socket, &QUdpSocket::readyRead, this, &PortmapperProbe::receive);
}

QList<QHostAddress> PortmapperProbe::broadcastAddresses()
{
    constexpr auto needed =
        QNetworkInterface::IsUp | QNetworkInterface::IsRunning | QNetworkInterface::CanBroadcast;
    QList<QHostAddress> addresses;
    const QList<QNetworkInterface> networks = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &network : networks) {
        if ((network.flags() & needed) != needed)
            continue;
        const auto entries = network.addressEntries();
        for (const QNetworkAddressEntry &entry : entries) {
            if (!entry.broadcast().isNull() && !addresses.contains(entry.broadcast()))
                addresses.append(entry.broadcast());
        }
    }
    return addresses;
}

bool PortmapperProbe::start(const QList<QHostAddress> &targets)
{
    m_targets = targets;
    if (targets.isEmpty() || !m_socket.bind(QHostAddress(QHostAddress::AnyIPv4), 0))
        return false;
    sendSome();
    return true;
}

void PortmapperProbe::sendSome()
{
    XdrWriter call;
    rpc::write(call, {m_xid, rpc::kPortmapper, rpc::kPortmapperVersion, rpc::kGetPort});
    for (const quint32 word : {vxi11::kCoreProgram, vxi11::kVersion, rpc::kTcp, quint32(0)})
        call.word(word);
    const QByteArray datagram = call.view().toByteArray();
    const qsizetype end = std::min(m_sent + kBurst, m_targets.size());
    for (; m_sent < end; ++m_sent) {
        const QHostAddress &target = m_targets[m_sent];
        if (!m_seen.contains(target.toIPv4Address()))
            (void)m_socket.writeDatagram(datagram, target, m_portmapperPort);
    }
    if (m_sent < m_targets.size())
        return m_next.start(kPause);
    m_sent = 0;
    if (++m_round < kRounds)
        m_next.start(kRoundPause);
}

void PortmapperProbe::receive()
{
    for (qsizetype i = 0; i < kBurst && m_socket.hasPendingDatagrams(); ++i) {
        const QNetworkDatagram datagram = m_socket.receiveDatagram();
        const QByteArray bytes = datagram.data();
        XdrReader reader(bytes);
        const auto header = rpc::readReply(reader);
        if (!header || header->xid != m_xid || header->outcome != rpc::Outcome::Success)
            continue;
        const quint32 port = reader.word();
        const quint32 host = datagram.senderAddress().toIPv4Address();
        if (!reader.isGood() || port == 0 || port > 65535 || m_seen.contains(host) ||
            m_seen.size() >= kMostAnswers)
            continue;
        m_seen.insert(host);
        emit answered(QHostAddress(host), quint16(port));
    }
}

} // namespace birch
