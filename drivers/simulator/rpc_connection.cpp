#include "drivers/simulator/rpc_connection.h"

#include "drivers/simulator/loopback.h"

#include <QScopedValueRollback>

namespace birch {

namespace {
constexpr qsizetype kLongestRecord = 4 * 1024 * 1024;
constexpr qsizetype kMostWaiting = 64; // calls that a client sends without waiting for answers
} // namespace

RpcConnection::RpcConnection(QTcpSocket *socket, quint32 program, quint32 version)
    : QObject(socket)
    , m_socket(socket)
    , m_program(program)
    , m_version(version)
    , m_assembler(kLongestRecord)
{
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(socket, &QTcpSocket::readyRead, this, [this] { receive(); });
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
}

void RpcConnection::receive()
{
    m_waiting += m_assembler.add(m_socket->readAll());
    if (!m_assembler.isGood() || m_waiting.size() > kMostWaiting)
        return cut(true);
    handleNext();
}

void RpcConnection::handleNext()
{
    if (m_isHandling)
        return;
    const QScopedValueRollback handling(m_isHandling, true);
    while (!m_isAnswering && !m_waiting.isEmpty() &&
           m_socket->state() == QAbstractSocket::ConnectedState)
        begin(m_waiting.takeFirst());
}

void RpcConnection::begin(const QByteArray &record)
{
    XdrReader reader(record);
    const auto call = rpc::readCall(reader);
    if (!call)
        return cut(true);
    m_xid = call->xid;
    m_isAnswering = true;
    if (call->program != m_program)
        refuse(rpc::Outcome::ProgramUnavailable);
    else if (call->version != m_version)
        refuse(rpc::Outcome::ProgramMismatch);
    else
        handle(call->procedure, reader.rest().toByteArray());
}

void RpcConnection::reply(const XdrWriter &results)
{
    write({m_xid, rpc::Outcome::Success}, results.view());
}

void RpcConnection::refuse(rpc::Outcome outcome)
{
    write({m_xid, outcome, m_version}, {});
}

void RpcConnection::write(const rpc::ReplyHeader &header, QByteArrayView results)
{
    XdrWriter record;
    record.word(0);
    rpc::write(record, header);
    record.setWord(0, rpc::recordMark(record.size() - 4 + results.size()));
    m_isAnswering = false;
    if (m_socket->state() != QAbstractSocket::ConnectedState)
        return;                                                   // cut while the call was answered
    m_socket->write(record.view().toByteArray().append(results)); // one segment where it fits
    handleNext();
}

void RpcConnection::cut(bool isReset)
{
    m_waiting.clear();
    cutOff(*m_socket, isReset);
}

} // namespace birch
