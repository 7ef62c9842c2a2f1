#include "drivers/transport/rpc_client.h"

#include <QCoreApplication>
#include <QRandomGenerator>

namespace birch {

namespace {

constexpr qsizetype kLongestHeader = 1024; // a reply's, with the longest authentication twice

QString tr(const char *text)
{
    return QCoreApplication::translate("RpcClient", text);
}

QString reasonOf(rpc::Outcome outcome)
{
    switch (outcome) {
    case rpc::Outcome::ProgramUnavailable:
    case rpc::Outcome::ProgramMismatch:
        return tr("another service listens at this port");
    case rpc::Outcome::ProcedureUnavailable:
        return tr("it has no such function");
    case rpc::Outcome::GarbageArguments:
        return tr("it did not understand the arguments");
    case rpc::Outcome::Denied:
        return tr("it demands to know who asks");
    default:
        return tr("it reports a failure of its own");
    }
}

} // namespace

RpcClient::RpcClient(const QString &host, quint16 port, quint32 program, quint32 version)
    : m_channel(host, port)
    , m_program(program)
    , m_version(version)
    , m_xid(QRandomGenerator::global()->generate())
{
}

Status RpcClient::open(const Call &call)
{
    close();
    return m_channel.open(call);
}

void RpcClient::close()
{
    m_channel.close();
    m_pending.clear();
    m_isConfused = false;
}

XdrWriter &RpcClient::begin(quint32 procedure)
{
    m_outgoing.clear();
    m_outgoing.word(0); // the record's mark, once its size is known
    rpc::write(m_outgoing, {++m_xid, m_program, m_version, procedure});
    return m_outgoing;
}

Result<XdrReader> RpcClient::exchange(qsizetype longest, const Call &call)
{
    m_outgoing.setWord(0, rpc::recordMark(m_outgoing.size() - 4));
    if (Status sent = m_channel.send(m_outgoing.view(), call); !sent)
        return sent.error();
    m_pending.append(m_xid);
    for (;;) {
        const auto answered = receiveReply(longest, call);
        if (!answered)
            return answered.error();
        if (answered.value() == m_xid)
            break;
    }
    if (m_outcome != rpc::Outcome::Success)
        return Error{ErrorCode::Protocol,
                     tr("The instrument refuses the call: %1").arg(reasonOf(m_outcome))};
    return m_results;
}

Status RpcClient::awaitPending(const Call &call)
{
    while (isPending()) {
        // Of any length that a call may have asked for: it is dropped.
        if (const auto late = receiveReply(qsizetype(1) << 24, call); !late)
            return late.error();
    }
    return ok();
}

/// The id of the call that is answered now; it is pending no more.
Result<quint32> RpcClient::receiveReply(qsizetype longest, const Call &call)
{
    if (Status received = receiveRecord(longest + kLongestHeader, call); !received)
        return received.error();
    m_results = XdrReader(m_record);
    const auto header = rpc::readReply(m_results);
    if (!header)
        return confused(tr("What came from the instrument is no answer of a VXI-11 device; check "
                           "the port"));
    if (!m_pending.removeOne(header->xid))
        return confused(tr("An answer came to a question that was not asked; check that nothing "
                           "between here and the instrument changes its messages"));
    m_outcome = header->outcome;
    return header->xid;
}

Status RpcClient::receiveRecord(qsizetype longest, const Call &call)
{
    m_record.resize(0); // keeps its memory
    for (bool isFirst = true;; isFirst = false) {
        char bytes[4];
        if (Status got = m_channel.receive(bytes, 4, isFirst, call); !got)
            return got;
        const auto mark = qFromBigEndian<quint32>(bytes);
        const auto size = qsizetype(mark & ~rpc::kLastFragment);
        const qsizetype before = m_record.size();
        if (before + size > longest)
            return confused(tr("The instrument announces %1 bytes where %2 are the most; check the "
                               "port")
                                .arg(before + size)
                                .arg(longest));
        m_record.resize(before + size);
        if (Status got = m_channel.receive(m_record.data() + before, size, false, call); !got)
            return got;
        if (mark & rpc::kLastFragment)
            return ok();
        if (call.deadline.hasPassed()) { // empty fragments for ever
            m_isConfused = true;
            return Error{ErrorCode::Timeout, {}};
        }
    }
}

Error RpcClient::confused(const QString &sentence)
{
    m_isConfused = true;
    return {ErrorCode::Protocol, sentence};
}

Result<quint16> portOfProgram(const QString &host, quint16 portmapperPort, quint32 program,
                              quint32 version, const Call &call)
{
    RpcClient portmapper(host, portmapperPort, rpc::kPortmapper, rpc::kPortmapperVersion);
    if (Status opened = portmapper.open(call); !opened)
        return opened.error();
    XdrWriter &arguments = portmapper.begin(rpc::kGetPort);
    for (const quint32 word : {program, version, rpc::kTcp, quint32(0)})
        arguments.word(word);
    auto reply = portmapper.exchange(64, call);
    if (!reply)
        return reply.error();
    const quint32 port = reply.value().word();
    if (!reply.value().isGood() || port > 65535)
        return Error{ErrorCode::Protocol, tr("The portmapper of %1 gives no port").arg(host)};
    return quint16(port);
}

} // namespace birch
