#pragma once

#include "core/instrument/transport.h"
#include "drivers/transport/byte_link.h"
#include "drivers/transport/link_options.h"
#include "drivers/transport/receive_buffer.h"
#include "drivers/transport/reply_framer.h"

#include <QByteArray>
#include <QRegularExpression>

#include <memory>
#include <utility>

namespace birch {

/// Messages over a stream of bytes: what sockets and serial ports have in common.
///
/// Belongs to the thread that called open(). The socket's connect runs a local event loop, in which
/// queued calls of that thread are delivered: a call to this transport from there answers Conflict
/// (close() works). After a block whose terminator did not come within kBlockEndGrace, one
/// terminator in front of the next reply is dropped.
class StreamTransport final : public Transport
{
public:
    /// \a options are checked (makeTransport() does).
    StreamTransport(QString address, std::unique_ptr<ByteLink> link, LinkOptions options);
    ~StreamTransport() override;

    Status open(const Call &call) override;
    void close() override;
    bool isOpen() const override;
    bool isInDoubt() const override { return m_isDirty; }
    Status send(QByteArrayView message, const Call &call) override;
    Result<QByteArray> query(QByteArrayView message, ReplyShape shape, const Call &call) override;
    Result<QByteArray> read(ReplyShape shape, const Call &call) override;
    QString address() const override { return m_address; }

private:
    enum class Arrival { Bytes, Late, Stopped, Lost };

    Status prepare(const Call &call);
    Status keepGap(const Call &call);
    Status transmit(QByteArrayView message, const Call &call);
    Result<QByteArray> receive(ReplyShape shape, const Call &call);
    Arrival take(qsizetype wanted);
    Arrival await(const Call &call, qsizetype wanted);
    ReplyFramer::Progress examineArrived();
    Status dropArrived();

    Status connect(const Call &call);
    Status resync(const Call &call);
    Status drain(const Call &call);
    Status awaitQuiet(const Call &call);
    Status awaitSyncAnswer(const Call &call);
    Status pauseAfterOpen(const Call &call);

    Error refuse(ReplyFramer::State state);
    Error fail(ErrorCode code, const QString &sentence);
    Error notTaken();
    Error cancelled();
    Error lost();
    Error notOpen() const;
    void noteExchange();

    const QString m_address;
    const LinkOptions m_options;
    const std::unique_ptr<ByteLink> m_link;
    const QRegularExpression m_expected;
    ReplyFramer m_framer;
    ReceiveBuffer m_received;
    QByteArray m_outgoing;
    Deadline m_gapEnd = Deadline::in(Nanoseconds::zero());
    bool m_isBusy = false;
    bool m_isDirty = false;
    bool m_isSendCut = false;        ///< a command may have left without its terminator
    bool m_isBlockEndDue = false;    ///< the terminator of the last block may still come
    bool m_isSyncAnswerOwed = false; ///< an answer that matches m_expected may still come
};

} // namespace birch
