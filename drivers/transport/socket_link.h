#pragma once

#include "drivers/transport/byte_link.h"

#include <QTcpSocket>

#include <memory>

namespace birch {

/// A raw TCP connection. Unbuffered: a command is handed to the system by one send(), a reply is
/// received straight into the reader's memory, and nothing lingers in Qt between exchanges.
class SocketLink final : public ByteLink
{
public:
    SocketLink(QString host, quint16 port);
    ~SocketLink() override;

    /// Name look-up and connect run a local event loop, so that a stop is obeyed meanwhile.
    Status open(const Call &call) override;
    void close() override;
    bool isOpen() const override;
    Recovery recovery() const override { return Recovery::Reconnect; }

    qint64 read(char *into, qint64 size) override;
    bool waitReadable(int milliseconds) override;
    bool write(QByteArrayView bytes) override;
    bool waitWritten(int milliseconds) override;
    void discard() override;
    QString lossReason() const override { return m_lossReason; }

private:
    void lose();
    Error connectError(const Call &call) const;

    const QString m_host;
    const quint16 m_port;
    std::unique_ptr<QTcpSocket> m_socket; // made by open(): belongs to the thread that called it
    QString m_lossReason;
};

} // namespace birch
