#include "drivers/simulator/hislip_connection.h"

#include "drivers/simulator/loopback.h"

#include <algorithm>

namespace birch {

using hislip::Header;

HislipConnection::HislipConnection(QTcpSocket *socket)
    : QObject(socket)
    , m_socket(socket)
{
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(socket, &QTcpSocket::readyRead, this, [this] { receive(); });
    connect(socket, &QTcpSocket::disconnected, this, [this] {
        m_receiver = nullptr;
        emit gone();
        m_socket->deleteLater();
    });
}

void HislipConnection::receive()
{
    m_pending += m_socket->readAll();
    qsizetype start = 0;
    while (m_receiver) {
        const auto skipped = qsizetype(std::min(m_dropped, quint64(m_pending.size() - start)));
        m_dropped -= quint64(skipped);
        start += skipped;
        const QByteArrayView rest = QByteArrayView(m_pending).sliced(start);
        if (m_dropped > 0 || rest.size() < hislip::kHeaderSize)
            break;
        const auto header = hislip::readHeader(rest);
        if (!header)
            return fail(hislip::BadHeader, "poorly formed message header");
        if (header->length > quint64(kMostReceived)) {
            send({hislip::Error, hislip::TooLarge, 0, 0}, "message too large");
            m_dropped = header->length;
            start += hislip::kHeaderSize;
            continue;
        }
        const qsizetype whole = hislip::kHeaderSize + qsizetype(header->length);
        if (rest.size() < whole)
            break;
        const QByteArray payload =
            rest.sliced(hislip::kHeaderSize, qsizetype(header->length)).toByteArray();
        start += whole;
        const Receiver receiver = m_receiver; // it may put another in its place
        receiver(*header, payload);
    }
    m_pending.remove(0, start);
}

void HislipConnection::send(const Header &header, QByteArrayView payload)
{
    if (m_socket->state() != QAbstractSocket::ConnectedState)
        return;
    Header whole = header;
    whole.length = quint64(payload.size());
    QByteArray bytes;
    bytes.reserve(hislip::kHeaderSize + payload.size());
    hislip::write(bytes, whole);
    m_socket->write(bytes.append(payload));
}

void HislipConnection::fail(hislip::FatalCode code, QByteArrayView text)
{
    send({hislip::FatalError, code, 0, 0}, text);
    m_receiver = nullptr;
    cut(false);
}

void HislipConnection::cut(bool isReset)
{
    cutOff(*m_socket, isReset);
}

} // namespace birch
