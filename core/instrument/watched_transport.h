#pragma once

#include "core/instrument/call_watch.h"
#include "core/instrument/secret_mask.h"
#include "core/instrument/transport.h"

#include <memory>

namespace birch {

/// Passes every call on, and has a CallWatch look when it comes back: the deadlines of single
/// exchanges are shorter than those of the instrument's calls that are made of them.
class WatchedTransport final : public Transport
{
public:
    /// \param secrets  what the log shall not tell of messages; may be null.
    WatchedTransport(const QString &nickname, std::unique_ptr<Transport> transport,
                     std::shared_ptr<const SecretMask> secrets = {});

    void close() override { m_transport->close(); }
    bool isOpen() const override { return m_transport->isOpen(); }
    bool isInDoubt() const override { return m_transport->isInDoubt(); }
    bool isLocked() const override { return m_transport->isLocked(); }
    QString address() const override { return m_transport->address(); }

    Status open(const Call &call) override;
    Status send(QByteArrayView message, const Call &call) override;
    Result<QByteArray> query(QByteArrayView message, ReplyShape shape, const Call &call) override;
    Result<QByteArray> read(ReplyShape shape, const Call &call) override;
    Result<quint8> statusByte(const Call &call) override;
    Status clear(const Call &call) override;
    Status lock(const Call &call) override;
    Status unlock(const Call &call) override;

private:
    QString shown(QByteArrayView message) const;

    CallWatch m_watch;
    std::shared_ptr<const SecretMask> m_secrets;
    std::unique_ptr<Transport> m_transport;
};

} // namespace birch
