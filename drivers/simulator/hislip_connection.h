#pragma once

#include "drivers/transport/hislip_protocol.h"

#include <QObject>
#include <QTcpSocket>

#include <functional>

namespace birch {

/// One channel of a HiSLIP client, on the server's side: cuts what arrives into messages. A child
/// of its socket, which Qt deletes once it is disconnected. Event-driven.
class HislipConnection : public QObject
{
    Q_OBJECT
public:
    using Receiver = std::function<void(const hislip::Header &header, const QByteArray &payload)>;

    explicit HislipConnection(QTcpSocket *socket);

    /// Who gets what arrives; may be changed by a receiver at work.
    void setReceiver(Receiver receiver) { m_receiver = std::move(receiver); }
    void send(const hislip::Header &header, QByteArrayView payload = {});
    /// Says why, and ends the connection.
    void fail(hislip::FatalCode code, QByteArrayView text);
    void cut(bool isReset);

    static constexpr qsizetype kMostReceived = 1024 * 1024; ///< of one message, with header

signals:
    void gone();

private:
    void receive();

    QTcpSocket *m_socket;
    Receiver m_receiver;
    QByteArray m_pending;
    quint64 m_dropped = 0; ///< bytes that are to come of a message that is too long
};

} // namespace birch
