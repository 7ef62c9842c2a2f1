#pragma once

#include "drivers/transport/channel.h"
#include "drivers/transport/onc_rpc.h"

namespace birch {

/// Calls the procedures of one remote program over one TCP connection, one at a time. Belongs to
/// the thread that called open().
///
/// Each call has an id of its own. A call whose caller has given up stays *pending*: its reply,
/// when it comes, is dropped and never taken for that of a later call.
class RpcClient
{
public:
    RpcClient(const QString &host, quint16 port, quint32 program, quint32 version);

    Status open(const Call &call);
    void close();
    bool isOpen() const { return m_channel.isOpen(); }
    /// False: the stream of records can not be understood any more; close and open.
    bool isUsable() const { return m_channel.isUsable() && !m_isConfused; }
    bool isPending() const { return !m_pending.isEmpty(); }
    bool hasGone() { return m_channel.hasGone(); }
    QString lossReason() const { return m_channel.lossReason(); }

    /// Begins a call; the procedure's arguments are appended to what is returned.
    XdrWriter &begin(quint32 procedure);
    /// Sends what begin() began and waits for its reply. What is returned reads the results, valid
    /// until the next call. Errors: Timeout, Cancelled, NotConnected with an empty sentence;
    /// Protocol - not a reply to us, refused, or longer than \a longest bytes of results.
    Result<XdrReader> exchange(qsizetype longest, const Call &call);
    /// Waits until the replies of all given up calls have come. Errors: as exchange().
    Status awaitPending(const Call &call);

private:
    Result<quint32> receiveReply(qsizetype longest, const Call &call);
    Status receiveRecord(qsizetype longest, const Call &call);
    Error confused(const QString &sentence);

    Channel m_channel;
    const quint32 m_program;
    const quint32 m_version;
    quint32 m_xid;
    QList<quint32> m_pending;
    XdrWriter m_outgoing;
    QByteArray m_record;
    XdrReader m_results{{}};
    rpc::Outcome m_outcome = rpc::Outcome::Success;
    bool m_isConfused = false;
};

/// Asks the portmapper of \a host for the TCP port of a program. 0: it has none.
/// Errors: Timeout, Cancelled, NotConnected, Protocol.
Result<quint16> portOfProgram(const QString &host, quint16 portmapperPort, quint32 program,
                              quint32 version, const Call &call);

} // namespace birch
