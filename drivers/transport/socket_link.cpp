#include "drivers/transport/socket_link.h"

#include "drivers/transport/transport_log.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QNetworkProxy>
#include <QTimer>

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("SocketLink", text);
}

bool isUnderWay(const QTcpSocket &socket)
{
    return socket.state() == QAbstractSocket::HostLookupState ||
           socket.state() == QAbstractSocket::ConnectingState;
}

} // namespace

SocketLink::SocketLink(QString host, quint16 port)
    : m_host(std::move(host))
    , m_port(port)
{
}

SocketLink::~SocketLink()
{
    close();
}

Status SocketLink::open(const Call &call)
{
    close();
    QEventLoop loop;
    m_socket = std::make_unique<QTcpSocket>();
    m_socket->setProxy(QNetworkProxy::NoProxy); // instruments are on the lab's own network
    QObject::connect(m_socket.get(), &QAbstractSocket::connected, &loop, &QEventLoop::quit);
    QObject::connect(m_socket.get(), &QAbstractSocket::errorOccurred, &loop, &QEventLoop::quit);
    QTimer slice;
    QObject::connect(&slice, &QTimer::timeout, &loop, [this, &loop, &call] {
        if (!m_socket || call.stop.stop_requested() || call.deadline.hasPassed())
            loop.quit();
    });
    slice.start(kWaitSlice);
    m_socket->connectToHost(m_host, m_port, QIODevice::ReadWrite | QIODevice::Unbuffered);
    if (isUnderWay(*m_socket))
        loop.exec(QEventLoop::ExcludeUserInputEvents);

    if (!isOpen()) {
        const Error error = connectError(call);
        close();
        return error;
    }
    m_socket->disconnect(&loop);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_socket->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    return ok();
}

Error SocketLink::connectError(const Call &call) const
{
    const QString where = m_host + u':' + QString::number(m_port);
    if (call.stop.stop_requested())
        return {ErrorCode::Cancelled, tr("Stopped while connecting to %1").arg(where)};
    if (!m_socket) // closed from the event loop that ran meanwhile
        return {ErrorCode::Cancelled, tr("Closed while connecting to %1").arg(where)};
    if (isUnderWay(*m_socket))
        return {ErrorCode::Timeout,
                tr("%1 does not answer; check that it is switched on and that the address is right")
                    .arg(where)};
    switch (m_socket->error()) {
    case QAbstractSocket::ConnectionRefusedError:
        return {ErrorCode::NotConnected,
                tr("%1 refuses the connection; check the port, and that no other program holds the "
                   "instrument")
                    .arg(where)};
    case QAbstractSocket::HostNotFoundError:
        return {ErrorCode::NotConnected,
                tr("No host is called \"%1\"; check the name, or use its IP address").arg(m_host)};
    default:
        return {ErrorCode::NotConnected, tr("%1 can not be reached (%2); check network and address")
                                             .arg(where, m_socket->errorString())};
    }
}

void SocketLink::close()
{
    if (m_socket) {
        m_socket->abort();
        m_socket.reset();
    }
    m_lossReason.clear();
}

bool SocketLink::isOpen() const
{
    return m_socket && m_socket->state() == QAbstractSocket::ConnectedState;
}

void SocketLink::lose()
{
    m_lossReason = m_socket->error() == QAbstractSocket::RemoteHostClosedError
                       ? tr("closed by the instrument")
                       : m_socket->errorString();
    qCWarning(lcTransport).noquote()
        << tr("Connection to %1:%2 lost: %3").arg(m_host, QString::number(m_port), m_lossReason);
    m_socket->abort();
    m_socket.reset();
}

qint64 SocketLink::read(char *into, qint64 size)
{
    if (!m_socket)
        return -1;
    const qint64 count = m_socket->read(into, size);
    if (count < 0)
        lose();
    return count;
}

bool SocketLink::waitReadable(int milliseconds)
{
    if (!m_socket)
        return true;
    const bool isReady = m_socket->waitForReadyRead(milliseconds);
    if (!isReady && !isOpen())
        lose();
    return isReady || !m_socket;
}

bool SocketLink::write(QByteArrayView bytes)
{
    if (!m_socket)
        return false;
    const bool isTaken = m_socket->write(bytes.data(), bytes.size()) == bytes.size();
    if (!isTaken)
        lose();
    return isTaken;
}

bool SocketLink::waitWritten(int milliseconds)
{
    if (!m_socket)
        return false;
    if (m_socket->bytesToWrite() == 0)
        return true;
    m_socket->waitForBytesWritten(milliseconds);
    if (!isOpen()) {
        lose();
        return false;
    }
    return m_socket->bytesToWrite() == 0;
}

void SocketLink::discard() {} // a failed connection is replaced, not cleaned

} // namespace birch
