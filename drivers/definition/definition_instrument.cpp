#include "drivers/definition/definition_instrument.h"
#include "drivers/definition/apt_transport.h"
#include "drivers/definition/echoing_transport.h"
#include "drivers/definition/register_transport.h"

#include "core/base/stopwatch.h"
#include "core/base/unit.h"
#include "drivers/definition/parameter_text.h"
#include "drivers/definition/reply.h"
#include "drivers/scpi/number.h"

#include <QCoreApplication>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::DefinitionInstrument)
};

constexpr std::chrono::milliseconds kHaltTime{60}; // within the 100 ms that a stop may take

ReplyShape shapeOf(const ReplyFormat &format)
{
    return format.kind == ReplyFormat::Kind::Block ? ReplyShape::Block : ReplyShape::Line;
}
} // namespace

DefinitionInstrument::DefinitionInstrument(DefinitionPtr definition, InstrumentSpec spec,
                                           std::unique_ptr<Transport> transport,
                                           std::shared_ptr<SecretMask> secrets)
    : m_definition(std::move(definition))
    , m_spec(std::move(spec))
    , m_transport(std::move(transport))
    , m_secrets(secrets ? std::move(secrets) : std::make_shared<SecretMask>(m_spec.secretCommands))
{
    if (m_definition->hasEcho)
        m_transport = std::make_unique<EchoingTransport>(std::move(m_transport));
    if (m_definition->link.framing == Framing::ModbusRtu)
        m_transport =
            std::make_unique<RegisterTransport>(std::move(m_transport), m_definition->unit);
    else if (m_definition->link.framing == Framing::ThorlabsApt)
        m_transport = std::make_unique<AptTransport>(std::move(m_transport), m_definition->apt);
    for (const MeasurementSpec &measurement : std::as_const(m_spec.measurements)) {
        auto &columns = m_scratch.emplace_back();
        for (const ColumnSpec &column : measurement.columns)
            columns.emplace_back(column.type, column.valuesPerRow());
    }
}

DefinitionInstrument::~DefinitionInstrument()
{
    m_transport->close();
}

Status DefinitionInstrument::begin(int index, double target, const Call &call)
{
    return beginAt(index, target, m_spec.movements[index].rampRate.value_or(0), call);
}

Status DefinitionInstrument::ramp(int index, double target, double rate, const Call &call)
{
    if (m_definition->movements[index].ramp.isEmpty())
        return Instrument::ramp(index, target, rate, call);
    return beginAt(index, target, rate, call);
}

/// An instrument with a ramp command is told the rate before every move: another program, or a
/// hand at its front, may have changed it.
Status DefinitionInstrument::beginAt(int index, double target, double rate, const Call &call)
{
    const MovementSpec &movement = m_spec.movements[index];
    if (!movement.limits.contain(target))
        return Error{ErrorCode::OutOfRange,
                     Text::tr("%1 %2 is outside %3 … %4 %2 of %5: choose a value within the limits")
                         .arg(numberToText(target), movement.unit,
                              numberToText(movement.limits.low), numberToText(movement.limits.high),
                              movement.label)};
    if (!isOnGrid(target, movement.step))
        return Error{ErrorCode::OutOfRange,
                     Text::tr("%1 goes in steps of %2 %3: choose a multiple instead of %4")
                         .arg(movement.label, numberToText(movement.step), movement.unit,
                              numberToText(target))};
    if (Status isReady = requireOpen(); !isReady)
        return isReady;
    const MovementCommands &commands = m_definition->movements[index];
    Status done = checkLimits(commands.limitsBy, target, movement.label, movement.unit, call);
    if (done && !commands.ramp.isEmpty()) {
        const QByteArray value =
            wireNumber(rate * commands.rampSeconds, m_definition->hasFixedNumbers);
        done = acknowledge(commands.acknowledge, commands.ramp.filled(value), call);
        if (done)
            done = afterSet(call);
    }
    if (done)
        done = startMove(index, target, call);
    if (done)
        return done;
    if (done.error().code == ErrorCode::Cancelled)
        return haltAfterCancel(index, done.error());
    return done.error().within(Text::tr("Setting %1").arg(movement.label));
}

Status DefinitionInstrument::startMove(int index, double target, const Call &call)
{
    const MovementCommands &commands = m_definition->movements[index];
    bool isDown = false;
    if (!commands.setDown.isEmpty()) {
        const auto from = position(index, call);
        if (!from)
            return from.error();
        isDown = target < from.value();
    }
    const CommandTemplate &set = isDown ? commands.setDown : commands.set;
    const QByteArray value = wireNumber(target, m_definition->hasFixedNumbers);
    Status done = acknowledge(commands.acknowledge, set.filled(value), call);
    if (done)
        done = runSteps(isDown ? commands.goDown : commands.go, call);
    return done ? afterSet(call) : done;
}

Status DefinitionInstrument::haltAfterCancel(int index, const Error &reason)
{
    const QByteArray &command = m_definition->movements[index].stop;
    const MovementSpec &movement = m_spec.movements[index];
    if (command.isEmpty())
        return reason.within(Text::tr("Setting %1").arg(movement.label));
    // The caller's token is spent: the stop goes out under a deadline of its own.
    const Status sent = m_transport->send(command, Call::within(kHaltTime));
    if (sent)
        return reason.within(Text::tr("Setting %1, halted").arg(movement.label));
    return Error{ErrorCode::Cancelled,
                 Text::tr("Setting %1 was stopped, but its stop command could not be sent (%2): "
                          "check where it is")
                     .arg(movement.label, sent.error().message)};
}

Result<bool> DefinitionInstrument::isMoving(const InMotionQuery &motion, const Call &call)
{
    if (motion.query.isEmpty())
        return false;
    const auto reply = query(motion.query, ReplyShape::Line, call);
    if (!reply)
        return reply.error();
    if (motion.rule == InMotionQuery::Rule::MovingIs)
        return isSameToken(reply.value(), motion.token);
    if (motion.rule == InMotionQuery::Rule::StillIs)
        return !isSameToken(reply.value(), motion.token);
    if (motion.rule == InMotionQuery::Rule::MovingMatches)
        return motion.pattern.match(QString::fromLatin1(reply.value()).trimmed()).hasMatch();
    bool isNumber = false;
    const quint64 bits = reply.value().trimmed().toULongLong(&isNumber);
    if (!isNumber)
        return Error{
            ErrorCode::Protocol,
            Text::tr("%1 was answered %2, which is no status number: check the definition")
                .arg(QString::fromLatin1(motion.query), scpi::quotedForMessage(reply.value()))};
    return (bits & motion.mask) != 0;
}

Result<MovementState> DefinitionInstrument::state(int index, const Call &call)
{
    if (Status isReady = requireOpen(); !isReady)
        return isReady.error();
    if (Status checked = beforeRead(call); !checked)
        return checked.error();
    const MovementCommands &commands = m_definition->movements[index];
    const QString context = Text::tr("Reading %1 back").arg(m_spec.movements[index].label);
    // In this order: a readback taken after "still" is where it came to rest.
    const auto moving = isMoving(commands.inMotion, call);
    if (!moving)
        return moving.error().within(context);
    const auto value = position(index, call);
    if (!value)
        return value.error().within(context);
    return MovementState{value.value(), moving.value()};
}

Result<double> DefinitionInstrument::position(int movement, const Call &call)
{
    const MovementCommands &commands = m_definition->movements[movement];
    const auto reply = query(commands.get, ReplyShape::Line, call);
    return reply ? readbackFrom(commands.reply, reply.value()) : Result<double>(reply.error());
}

Status DefinitionInstrument::stop(int index, const Call &call)
{
    const QByteArray &command = m_definition->movements[index].stop;
    if (command.isEmpty())
        return ok();
    if (Status isReady = requireOpen(); !isReady)
        return isReady;
    Status sent = m_transport->send(command, exchange(call));
    return sent ? sent
                : sent.error().within(Text::tr("Stopping %1").arg(m_spec.movements[index].label));
}

Status DefinitionInstrument::act(int index, const Call &call)
{
    if (Status isReady = requireOpen(); !isReady)
        return isReady;
    const ActionSpec &spec = m_spec.actions.at(index);
    Status done = runSteps(m_definition->actions[index].send, call);
    if (done)
        done = afterSet(call);
    if (done)
        return done;
    const int movement = m_spec.movementIndex(spec.movement);
    if (done.error().code == ErrorCode::Cancelled && movement >= 0)
        return haltAfterCancel(movement, done.error());
    return done.error().within(spec.label);
}

Result<bool> DefinitionInstrument::isActing(int index, const Call &call)
{
    if (Status isReady = requireOpen(); !isReady)
        return isReady.error();
    const ActionCommands &commands = m_definition->actions[index];
    const int movement = m_spec.movementIndex(m_spec.actions.at(index).movement);
    const bool isTravel = commands.busy.query.isEmpty() && movement >= 0;
    const InMotionQuery &asked =
        isTravel ? m_definition->movements[movement].inMotion : commands.busy;
    if (asked.query.isEmpty())
        return false;
    auto isBusy = isMoving(asked, call);
    // It may have ended because it failed.
    if (isBusy && !isBusy.value()) {
        if (const Status complaint = afterSet(call); !complaint)
            isBusy = complaint.error();
    }
    return isBusy ? isBusy : isBusy.error().within(m_spec.actions[index].label);
}

Status DefinitionInstrument::read(int index, std::span<ColumnValues *const> columns,
                                  const Call &call)
{
    if (Status isReady = requireOpen(); !isReady)
        return isReady;
    const MeasurementCommands &commands = m_definition->measurements[index];
    const MeasurementSpec &spec = m_spec.measurements[index];
    std::vector<ColumnValues> &scratch = m_scratch[size_t(index)];
    for (ColumnValues &column : scratch)
        column.clear();
    Stopwatch trigger(call.times ? &call.times->trigger : nullptr);
    const Call untimed{call.deadline, call.stop};
    Status done = beforeRead(untimed);
    if (done)
        done = runSteps(commands.before, untimed);
    trigger.start(nullptr);
    for (const MeasurementQuery &step : commands.queries) {
        if (!done)
            break;
        const auto factors = blockFactors(step.scale, call);
        const auto reply = factors ? query(step.query, shapeOf(step.reply), call)
                                   : Result<QByteArray>(factors.error());
        done = reply ? appendReply(step, commands, spec, reply.value(), scratch, factors.value())
                     : Status(reply.error());
    }
    if (!done)
        return done.error().within(Text::tr("Reading %1").arg(spec.label));
    for (size_t i = 0; i < scratch.size(); ++i) {
        if (const auto &calibration = spec.columns[qsizetype(i)].calibration)
            scratch[i].calibrate(calibration->factor, calibration->offset);
        columns[i]->append(scratch[i]);
    }
    return ok();
}

Result<QByteArray> DefinitionInstrument::raw(const QByteArray &text, bool expectsReply,
                                             const Call &call)
{
    if (Status isReady = requireOpen(); !isReady)
        return isReady.error();
    m_secrets->learnFrom(text);
    if (expectsReply) {
        auto reply = m_transport->query(text, ReplyShape::LineOrBlock, exchange(call));
        return reply ? reply : covered(reply.error());
    }
    if (Status sent = m_transport->send(text, exchange(call)); !sent)
        return covered(sent.error());
    return QByteArray();
}

} // namespace birch
