#include "drivers/discovery/host_scan.h"

#include <QNetworkProxy>
#include <QTcpSocket>
#include <QTimer>

#include <chrono>
#include <utility>

namespace birch {

namespace {

constexpr int kAtOnce = 128;
constexpr std::chrono::milliseconds kPatience{700}; // within a lab; also for one lost SYN: no

} // namespace

HostScan::HostScan(QList<QHostAddress> hosts, QList<quint16> ports, QObject *parent)
    : QObject(parent)
    , m_hosts(std::move(hosts))
    , m_ports(std::move(ports))
{
}

void HostScan::start()
{
    tryMore();
}

void HostScan::tryMore()
{
    while (m_running < kAtOnce && untried() > 0) {
        const qsizetype at = m_next++;
        ++m_running;
        tryOne(m_hosts[at % m_hosts.size()], m_ports[at / m_hosts.size()]);
    }
    if (m_running == 0 && !std::exchange(m_isFinished, true))
        emit finished();
}

void HostScan::tryOne(const QHostAddress &host, quint16 port)
{
    auto *socket = new QTcpSocket(this);
    socket->setProxy(QNetworkProxy::NoProxy);
    const auto end = [this, socket] {
        if (socket->signalsBlocked())
            return; // it has ended
        socket->blockSignals(true);
        socket->abort();
        socket->deleteLater();
        --m_running;
        // Not from within connectToHost(), which may fail at once, a thousand times in a row.
        QTimer::singleShot(0, this, &HostScan::tryMore);
    };
    connect(socket, &QTcpSocket::connected, this, [this, host, port, end] {
        emit answered(host, port);
        end();
    });
    connect(socket, &QTcpSocket::errorOccurred, this, end);
    QTimer::singleShot(kPatience, socket, end);
    socket->connectToHost(host, port);
}

} // namespace birch
