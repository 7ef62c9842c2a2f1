#pragma once

#include "drivers/transport/link_transport.h"
#include "drivers/transport/message_link.h"

#include <memory>

namespace birch {

/// Messages over a protocol that knows where they end. A reply is read up to that end; what stands
/// behind the first line or block of it is there for read().
class MessageTransport final : public LinkTransport
{
public:
    MessageTransport(QString address, std::unique_ptr<MessageLink> link, LinkOptions options);
    ~MessageTransport() override;

    void close() override;
    bool isOpen() const override;
    Result<quint8> statusByte(const Call &call) override;
    Status clear(const Call &call) override;
    Status lock(const Call &call) override;
    Status unlock(const Call &call) override;
    bool isLocked() const override { return m_link->isOpen() && m_link->isLocked(); }

private:
    Status connect(const Call &call) override;
    Status resync(const Call &call) override;
    Status lookForLoss() override;
    Status dropArrived() override;
    using LinkTransport::transmit;
    Status transmit(const Call &call) override;
    Result<QByteArray> receive(ReplyShape shape, const Call &call) override;
    QString lossReason() const override;

    void noteArrived(qsizetype before) const;
    Result<QByteArray> takeReply(const ReplyFramer::Progress &seen, ReplyShape shape);
    Error explain(const Error &error, Error (LinkTransport::*late)());

    const std::unique_ptr<MessageLink> m_link;
    bool m_isWhole = false; ///< m_received ends with the end of a message
};

} // namespace birch
