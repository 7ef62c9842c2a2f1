#pragma once

#include "drivers/definition/translating_transport.h"

namespace birch {

/// A link to an instrument that repeats every command line before it answers: the echo is read,
/// compared and left out. Thread and errors as of the transport behind it; Protocol also where the
/// echo is another.
class EchoingTransport final : public TranslatingTransport
{
public:
    using TranslatingTransport::TranslatingTransport;

    Status send(QByteArrayView message, const Call &call) override;
    Result<QByteArray> query(QByteArrayView message, ReplyShape shape, const Call &call) override;
};

} // namespace birch
