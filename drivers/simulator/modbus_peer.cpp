// A Modbus RTU slave whose registers are those that the definition names.
#include "drivers/definition/register_command.h"
#include "drivers/simulator/frame_peer.h"
#include "drivers/transport/modbus_frame.h"

#include <algorithm>

namespace birch {

namespace {
constexpr quint8 kIllegalAddress = 2, kIllegalValue = 3;

class ModbusPeer final : public FramePeer
{
public:
    explicit ModbusPeer(SimulatedInstrument &instrument)
        : m_instrument(instrument)
        , m_unit(instrument.definition().unit)
    {
        addDefinition(instrument.definition());
    }

    QList<QByteArray> respond(const QByteArray &request) override
    {
        const quint8 unit = quint8(request[0]), function = quint8(request[1]);
        if (unit != m_unit)
            return {};
        const auto address = modbus::wordAt(request, 2);
        const auto wordOrCount = modbus::wordAt(request, 4);
        quint8 exception = 0;
        if (function == modbus::kWriteSingle) {
            exception = write(address, {wordOrCount});
        } else if (function == modbus::kWriteMultiple) {
            QList<quint16> values;
            for (qsizetype at = 7; at + 1 < request.size() - 2; at += 2)
                values.append(modbus::wordAt(request, at));
            exception = values.size() == wordOrCount ? write(address, values) : kIllegalValue;
        } else {
            const QList<quint16> values =
                read(function == modbus::kReadInput, address, wordOrCount);
            if (!values.isEmpty())
                return {modbus::readReply(unit, function, values)};
            exception = kIllegalAddress;
        }
        return {exception ? modbus::exceptionReply(unit, function, exception)
                          : modbus::writeReply(unit, function, address, wordOrCount)};
    }

private:
    struct Register {
        RegisterCommand command;
        QByteArray text; ///< as the definition writes it; of a write, up to the value
    };

    void addDefinition(const Definition &definition)
    {
        add(definition.identity.query);
        for (const MovementCommands &movement : definition.movements) {
            add(movement.get);
            add(movement.inMotion.query);
            addWrite(movement.set);
            addWrite(movement.ramp);
            add(movement.stop);
        }
        for (const ParameterCommands &parameter : definition.parameters) {
            add(parameter.get);
            addWrite(parameter.set);
        }
        for (const MeasurementCommands &measurement : definition.measurements) {
            for (const MeasurementQuery &query : measurement.queries)
                add(query.query);
        }
        for (const CommandStep &step : definition.init + definition.shutdown)
            add(step.command);
    }

    void add(const QByteArray &text)
    {
        if (const auto command = RegisterCommand::parse(text))
            m_registers.append({command.value(), text});
    }

    void addWrite(const CommandTemplate &set)
    {
        const auto command =
            set.isEmpty() ? RegisterCommand::parse({}) : RegisterCommand::parse(set.filled("0"));
        if (command)
            m_registers.append({command.value(), set.before()});
    }

    /// Empty: one of them is not there.
    QList<quint16> read(bool isInput, int address, int count)
    {
        QList<quint16> values;
        while (values.size() < count) {
            const int wanted = address + int(values.size());
            const auto found = std::ranges::find_if(m_registers, [&](const Register &one) {
                return !one.command.isWrite && one.command.isInput == isInput &&
                       one.command.address == wanted &&
                       one.command.registerCount() <= count - values.size();
            });
            const auto reply = found == m_registers.end() ? QList<QByteArray>()
                                                          : m_instrument.respond(found->text);
            const auto registers = reply.isEmpty() ? Result<QList<quint16>>(Error{})
                                                   : found->command.registersFor(reply.first());
            if (!registers)
                return {};
            values += registers.value();
        }
        return values;
    }

    /// The exception; 0: none.
    quint8 write(int address, const QList<quint16> &values)
    {
        for (const Register &one : std::as_const(m_registers)) {
            if (!one.command.isWrite || one.command.address != address ||
                one.command.registerCount() != values.size())
                continue;
            const QByteArray number = one.command.numberFrom(values);
            const bool isFixed = one.text.contains('=') && !one.text.trimmed().endsWith('=');
            if (isFixed && number != one.command.value.trimmed())
                continue;
            (void)m_instrument.respond(isFixed ? one.text : one.text + number);
            return m_instrument.takeComplaint().isEmpty() ? 0 : kIllegalValue;
        }
        return kIllegalAddress;
    }

    SimulatedInstrument &m_instrument;
    quint8 m_unit;
    QList<Register> m_registers;
};
} // namespace

std::unique_ptr<FramePeer> makeModbusPeer(SimulatedInstrument &instrument)
{
    return std::make_unique<ModbusPeer>(instrument);
}

std::unique_ptr<FramePeer> makeFramePeer(SimulatedInstrument &instrument)
{
    switch (instrument.definition().link.framing) {
    case Framing::ModbusRtu:
        return makeModbusPeer(instrument);
    case Framing::ThorlabsApt:
        return makeAptPeer(instrument);
    case Framing::Lines:
        break;
    }
    return nullptr;
}

} // namespace birch
