#pragma once

#include "drivers/transport/onc_rpc.h"

#include <QObject>
#include <QTcpSocket>

namespace birch {

/// One client of a remote program, on the server's side. A child of its socket, which Qt deletes
/// once it is disconnected. Answers calls in their order, one at a time; event-driven.
class RpcConnection : public QObject
{
    Q_OBJECT
public:
    RpcConnection(QTcpSocket *socket, quint32 program, quint32 version);

protected:
    /// To be answered by reply() or refuse(), now or later; the next call comes after that.
    virtual void handle(quint32 procedure, const QByteArray &arguments) = 0;

    void reply(const XdrWriter &results);
    void refuse(rpc::Outcome outcome);
    void cut(bool isReset);

private:
    void receive();
    void handleNext();
    void begin(const QByteArray &record);
    void write(const rpc::ReplyHeader &header, QByteArrayView results);

    QTcpSocket *m_socket;
    const quint32 m_program;
    const quint32 m_version;
    rpc::RecordAssembler m_assembler;
    QList<QByteArray> m_waiting;
    quint32 m_xid = 0;
    bool m_isAnswering = false; ///< a call has not been answered
    bool m_isHandling = false;  ///< handleNext() is at work
};

} // namespace birch
