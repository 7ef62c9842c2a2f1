#pragma once

#include "drivers/transport/address_lock.h"
#include "drivers/transport/byte_link.h"
#include "drivers/transport/link_transport.h"

#include <QRegularExpression>

#include <memory>
#include <utility>

namespace birch {

/// Messages over a stream of bytes: what sockets and serial ports have in common.
///
/// After a block whose terminator did not come within kBlockEndGrace, one terminator in front of
/// the next reply is dropped.
class StreamTransport final : public LinkTransport
{
public:
    /// \a isShared: other programs can be connected to it at the same time.
    StreamTransport(QString address, std::unique_ptr<ByteLink> link, LinkOptions options,
                    bool isShared = false);
    ~StreamTransport() override;

    void close() override;
    bool isOpen() const override;
    /// Among the programs of this computer: see AddressLock.
    Status lock(const Call &call) override;
    Status unlock(const Call &call) override;
    bool isLocked() const override { return m_lock.isTaken(); }

private:
    enum class Arrival { Bytes, Late, Stopped, Lost };

    Status connect(const Call &call) override;
    Status resync(const Call &call) override;
    Status lookForLoss() override;
    Status dropArrived() override;
    using LinkTransport::transmit;
    Status transmit(const Call &call) override;
    Result<QByteArray> receive(ReplyShape shape, const Call &call) override;
    void noteUnanswered(QByteArrayView message) override;
    QString lossReason() const override;

    Arrival take(qsizetype wanted);
    Arrival await(const Call &call, qsizetype wanted);
    ReplyFramer::Progress examineArrived();

    Status openLink(const Call &call);
    Status drain(const Call &call);
    Status awaitQuiet(const Call &call);
    Status awaitSyncAnswer(const Call &call);

    const std::unique_ptr<ByteLink> m_link;
    const QRegularExpression m_expected;
    const bool m_isShared;
    AddressLock m_lock;
    bool m_isSendCut = false;        ///< a command may have left without its terminator
    bool m_isBlockEndDue = false;    ///< the terminator of the last block may still come
    bool m_isSyncAnswerOwed = false; ///< an answer that matches m_expected may still come
};

} // namespace birch
