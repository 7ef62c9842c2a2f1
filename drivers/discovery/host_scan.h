#pragma once

#include <QHostAddress>
#include <QObject>

namespace birch {

/// Tries to connect to some ports of many hosts, many at once, and closes again without a byte.
/// Event-driven, on the thread that made it.
class HostScan : public QObject
{
    Q_OBJECT
public:
    HostScan(QList<QHostAddress> hosts, QList<quint16> ports, QObject *parent = nullptr);
    void start();
    qsizetype untried() const { return m_hosts.size() * m_ports.size() - m_next; }

signals:
    void answered(const QHostAddress &host, quint16 port);
    void finished();

private:
    void tryMore();
    void tryOne(const QHostAddress &host, quint16 port);

    const QList<QHostAddress> m_hosts;
    const QList<quint16> m_ports;
    qsizetype m_next = 0; ///< one port of all hosts after another: no host gets all at once
    int m_running = 0;
    bool m_isFinished = false;
};

} // namespace birch
