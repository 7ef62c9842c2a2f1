#include "drivers/definition/register_transport.h"

#include "drivers/transport/modbus_frame.h"

#include <QCoreApplication>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::RegisterTransport)
};

QString meaning(quint8 exception)
{
    switch (exception) {
    case 1:
        return Text::tr("it does not know this function; write by another one (multiple)");
    case 2:
        return Text::tr("it has no such register; check the address in the definition");
    case 3:
        return Text::tr("it does not take this value; check its limits and its mode");
    case 6:
        return Text::tr("it is busy; try again");
    default:
        return Text::tr("look the number up in its manual");
    }
}
} // namespace

Status RegisterTransport::send(QByteArrayView message, const Call &call)
{
    const auto command = RegisterCommand::parse(message);
    if (!command)
        return command.error();
    return command.value().isWrite
               ? writeRegister(command.value(), call)
               : Status(Error{ErrorCode::BadInput, Text::tr("\"%1\" asks for an answer: query it")
                                                       .arg(QString::fromLatin1(message))});
}

Result<QByteArray> RegisterTransport::query(QByteArrayView message, ReplyShape, const Call &call)
{
    const auto command = RegisterCommand::parse(message);
    if (!command)
        return command.error();
    if (!command.value().isWrite)
        return readRegister(command.value(), call);
    const Status written = writeRegister(command.value(), call);
    return written ? Result<QByteArray>(QByteArray()) : written.error();
}

Result<QByteArray> RegisterTransport::readRegister(const RegisterCommand &command, const Call &call)
{
    const quint8 function = command.isInput ? modbus::kReadInput : modbus::kReadHolding;
    const auto reply = exchange(
        modbus::readRequest(m_unit, function, command.address, quint16(command.registerCount())),
        call);
    if (!reply)
        return reply.error();
    const QList<quint16> registers = modbus::registersOf(reply.value());
    if (registers.size() != command.registerCount())
        return Error{ErrorCode::Protocol,
                     Text::tr("%1 answered with %2 register(s) instead of %3: check its protocol")
                         .arg(address())
                         .arg(registers.size())
                         .arg(command.registerCount())};
    return command.numberFrom(registers);
}

Status RegisterTransport::writeRegister(const RegisterCommand &command, const Call &call)
{
    const auto registers = command.registersFor(command.value);
    if (!registers)
        return registers.error();
    const bool isSingle = registers.value().size() == 1 && !command.isMultiple;
    const auto reply = exchange(
        isSingle ? modbus::writeSingleRequest(m_unit, command.address, registers.value().first())
                 : modbus::writeMultipleRequest(m_unit, command.address, registers.value()),
        call);
    if (!reply)
        return reply.error();
    const quint16 told = modbus::wordAt(reply.value(), 4);
    const quint16 expected =
        isSingle ? registers.value().first() : quint16(registers.value().size());
    if (modbus::wordAt(reply.value(), 2) == command.address && told == expected)
        return ok();
    return Error{ErrorCode::Protocol,
                 Text::tr("%1 confirms another write than that to register %2: read it back")
                     .arg(address())
                     .arg(command.address)};
}

Result<QByteArray> RegisterTransport::exchange(const QByteArray &request, const Call &call)
{
    auto reply = m_transport->query(request, ReplyShape::Line, call);
    if (!reply)
        return reply;
    const QByteArray &frame = reply.value();
    const quint8 unit = quint8(frame[0]), function = quint8(frame[1]);
    if (unit != m_unit || (function & ~modbus::kExceptionBit) != quint8(request[1]))
        return Error{ErrorCode::Protocol,
                     Text::tr("Unit %1 answers at %2 instead of unit %3: check the unit numbers of "
                              "what is on this line")
                         .arg(unit)
                         .arg(address())
                         .arg(m_unit)};
    if (!(function & modbus::kExceptionBit))
        return reply;
    const quint8 exception = quint8(frame[2]);
    return Error{ErrorCode::Protocol, Text::tr("%1 refuses with exception %2: %3")
                                          .arg(address())
                                          .arg(exception)
                                          .arg(meaning(exception))};
}

} // namespace birch
