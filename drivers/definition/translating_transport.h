#pragma once

#include "core/instrument/transport.h"

#include <memory>

namespace birch {

/// A link whose messages are written and understood otherwise than they travel; everything but the
/// messages is the transport's behind it.
class TranslatingTransport : public Transport
{
public:
    explicit TranslatingTransport(std::unique_ptr<Transport> transport)
        : m_transport(std::move(transport))
    {
    }

    Status open(const Call &call) override { return m_transport->open(call); }
    void close() override { m_transport->close(); }
    bool isOpen() const override { return m_transport->isOpen(); }
    bool isInDoubt() const override { return m_transport->isInDoubt(); }
    Result<QByteArray> read(ReplyShape shape, const Call &call) override
    {
        return m_transport->read(shape, call);
    }
    Result<quint8> statusByte(const Call &call) override { return m_transport->statusByte(call); }
    Status clear(const Call &call) override { return m_transport->clear(call); }
    Status lock(const Call &call) override { return m_transport->lock(call); }
    Status unlock(const Call &call) override { return m_transport->unlock(call); }
    bool isLocked() const override { return m_transport->isLocked(); }
    QString address() const override { return m_transport->address(); }

protected:
    std::unique_ptr<Transport> m_transport;
};

} // namespace birch
