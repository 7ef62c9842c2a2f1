// Modbus RTU and APT frames come from wires that nobody guards: however the bytes are cut, a reply
// ends at the same place, and what is whole can be taken apart.
#include "drivers/definition/register_command.h"
#include "drivers/transport/apt_message.h"
#include "drivers/transport/modbus_frame.h"
#include "drivers/transport/reply_framer.h"

#include <cstdlib>

using namespace birch;
using State = ReplyFramer::State;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void takeApart(Framing framing, QByteArrayView frame)
{
    if (framing == Framing::ThorlabsApt) {
        const auto message = apt::Message::from(frame);
        require(message.bytes().size() == frame.size());
        return;
    }
    const QList<quint16> registers = modbus::registersOf(frame);
    require(registers.size() <= modbus::kMostRegisters);
    for (const char *text : {"read 1 int16 0.1", "read 1 uint32 low-first", "read 1 float32"}) {
        const auto command = RegisterCommand::parse(text).value();
        const QByteArray number = command.numberFrom(registers);
        const auto back = command.registersFor(number);
        if (back)
            require(command.numberFrom(back.value()) == number);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const QByteArrayView bytes(reinterpret_cast<const char *>(data) + 1, qsizetype(size) - 1);
    if (data[0] % 3 == 2) { // what people type
        const auto command = RegisterCommand::parse(bytes);
        if (command && command.value().isWrite)
            (void)command.value().registersFor(command.value().value);
        return 0;
    }
    const Framing framing = data[0] % 3 ? Framing::ThorlabsApt : Framing::ModbusRtu;
    (void)modbus::requestLength(bytes);
    ReplyFramer framer({}, 600, framing);
    framer.begin(ReplyShape::Line);
    const auto whole = framer.examine(bytes);
    require(whole.consumed <= bytes.size());
    if (whole.state == State::Complete)
        takeApart(framing, bytes.first(whole.reply));
    for (qsizetype count = 0; count <= bytes.size(); ++count) {
        const auto seen = framer.examine(bytes.first(count));
        if (seen.state == State::Incomplete)
            continue;
        require(seen.state == whole.state && seen.consumed == whole.consumed);
        return 0;
    }
    require(whole.state == State::Incomplete);
    return 0;
}
