#pragma once

#include "drivers/definition/register_command.h"
#include "drivers/definition/translating_transport.h"

namespace birch {

/// Text commands (see RegisterCommand) to a Modbus RTU slave and its registers back as text.
/// Errors beside those of the link: BadInput - no register command; OutOfRange; Protocol - another
/// unit or register answers, or the slave refuses (with what its exception means).
class RegisterTransport final : public TranslatingTransport
{
public:
    RegisterTransport(std::unique_ptr<Transport> transport, quint8 unit)
        : TranslatingTransport(std::move(transport))
        , m_unit(unit)
    {
    }

    Status send(QByteArrayView message, const Call &call) override;
    /// What is written is answered with an empty text.
    Result<QByteArray> query(QByteArrayView message, ReplyShape shape, const Call &call) override;

private:
    Result<QByteArray> readRegister(const RegisterCommand &command, const Call &call);
    Status writeRegister(const RegisterCommand &command, const Call &call);
    /// A checked reply to \a request: of our unit, of its function, no exception.
    Result<QByteArray> exchange(const QByteArray &request, const Call &call);

    quint8 m_unit;
};

} // namespace birch
