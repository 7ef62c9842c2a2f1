#pragma once

#include <QHostAddress>
#include <QObject>
#include <QSet>
#include <QTimer>
#include <QUdpSocket>

namespace birch {

/// Asks portmappers by UDP, at hosts or broadcast addresses, for the port of VXI-11: whoever has
/// one is an instrument. Event-driven, on the thread that made it; nothing in it waits.
class PortmapperProbe : public QObject
{
    Q_OBJECT
public:
    explicit PortmapperProbe(quint16 portmapperPort, QObject *parent = nullptr);
    /// False: no port can be had, or there is nowhere to ask.
    bool start(const QList<QHostAddress> &targets);
    /// Of every interface of this computer.
    static QList<QHostAddress> broadcastAddresses();

signals:
    /// Once per host; \a port is that of the core channel.
    void answered(const QHostAddress &host, quint16 port);

private:
    void sendSome();
    void receive();

    const quint16 m_portmapperPort;
    quint32 m_xid = 0;
    QUdpSocket m_socket;
    QTimer m_next;
    QList<QHostAddress> m_targets;
    QSet<quint32> m_seen; ///< IPv4 addresses of those that answered
    qsizetype m_sent = 0; ///< of this round
    int m_round = 0;
};

} // namespace birch
