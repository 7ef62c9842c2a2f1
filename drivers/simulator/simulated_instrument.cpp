#include "drivers/simulator/simulated_instrument.h"

#include "core/base/unit.h"
#include "drivers/simulator/reply_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::SimulatedInstrument)
};

constexpr qsizetype kErrorQueueLength = 20;

Motion::Kind motionKind(const QString &name)
{
    return name == u"linear" ? Motion::Kind::Linear
           : name == u"lag"  ? Motion::Kind::Lag
                             : Motion::Kind::Instant;
}

/// A number as a client may write it: "+1.0E-3", "10mV", "MIN", "MAX".
std::optional<double> numberFrom(const QByteArray &text, const QString &unit, const Limits &limits)
{
    const QByteArray upper = text.toUpper();
    if (upper == "MIN" || upper == "MINIMUM")
        return limits.low;
    if (upper == "MAX" || upper == "MAXIMUM")
        return limits.high;
    bool isNumber = false;
    const double value = text.toDouble(&isNumber);
    if (isNumber)
        return std::isfinite(value) ? std::optional(value) : std::nullopt;
    const auto quantity = quantityFromText(QString::fromLatin1(text), Unit(unit));
    return quantity ? std::optional(quantity.value()) : std::nullopt;
}

/// Case and the kind of quotes do not matter.
bool isSameWord(const QByteArray &a, const QByteArray &b)
{
    return QByteArray(a).replace('\'', '"').toUpper() == QByteArray(b).replace('\'', '"').toUpper();
}

std::optional<QByteArray> acknowledgementOf(const Acknowledge &rule, const SimulatedAction &action)
{
    if (rule.kind != Acknowledge::Kind::Line || !action.hasOwnAcknowledge)
        return std::nullopt;
    return rule.reply.value_or(rule.example.isEmpty() ? QByteArray("OK") : rule.example);
}

/// What a setting holds before anybody set it.
QByteArray defaultValue(const ParameterSpec &spec, const ParameterCommands &commands)
{
    if (commands.reply.kind == ReplyFormat::Kind::Pattern)
        return commands.reply.capture.match(QString::fromLatin1(commands.reply.example))
            .captured(1)
            .toLatin1();
    switch (spec.type) {
    case ParameterType::Bool:
    case ParameterType::Choice:
        return commands.tokens.value(0, "0");
    case ParameterType::Number:
    case ParameterType::Integer:
        return numberReply(spec.limits.contain(0) || std::isinf(spec.limits.low) ? 0
                                                                                 : spec.limits.low);
    case ParameterType::Text:
        break;
    }
    return "0";
}
} // namespace

Result<std::unique_ptr<SimulatedInstrument>> SimulatedInstrument::create(const BenchEntry &entry,
                                                                         World &world)
{
    const BehaviourSection &behaviour = entry.definition->behaviour;
    auto model = makePhysicsModel(behaviour.model, behaviour.options);
    if (!model)
        return model.error().within(
            Text::tr("%1, line %2").arg(behaviour.file).arg(behaviour.line));
    std::unique_ptr<SimulatedInstrument> instrument(
        new SimulatedInstrument(entry, world, std::move(model).value()));
    if (Status known = instrument->checkOutputs(); !known)
        return known.error();
    return instrument;
}
SimulatedInstrument::SimulatedInstrument(const BenchEntry &entry, World &world,
                                         std::unique_ptr<PhysicsModel> model)
    : m_nickname(entry.nickname)
    , m_definition(entry.definition)
    , m_world(world)
    , m_model(std::move(model))
    , m_commands(*entry.definition)
{
    createMotions();
    createParameters();
}

SimulatedInstrument::~SimulatedInstrument()
{
    m_world.withdraw(this);
}

void SimulatedInstrument::createMotions()
{
    m_motions.reserve(size_t(m_definition->spec.movements.size())); // publishers point into it
    for (const MovementSpec &spec : m_definition->spec.movements) {
        const auto motion = m_definition->behaviour.movements.value(spec.name);
        const double seconds = std::chrono::duration<double>(motion.timeConstant).count();
        m_motions.emplace_back(motionKind(motion.kind), motion.speed, seconds, motion.initial);
        m_world.setInitialSetpoint(m_nickname + u'.' + spec.name, motion.initial);
        if (motion.signal.isEmpty())
            continue;
        const Motion *moved = &m_motions.back();
        m_world.publish(motion.signal, this,
                        [moved, this] { return moved->position(m_world.now()); });
    }
}

void SimulatedInstrument::createParameters()
{
    for (qsizetype i = 0; i < m_definition->parameters.size(); ++i) {
        const ParameterSpec &spec = m_definition->spec.parameters[i];
        const QString initial = m_definition->behaviour.parameters.value(spec.key);
        m_parameters.append(initial.isEmpty() ? defaultValue(spec, m_definition->parameters[i])
                                              : initial.toLatin1());
    }
    m_initialParameters = m_parameters;
}

QList<QByteArray> SimulatedInstrument::respond(const QByteArray &message)
{
    QList<QByteArray> replies;
    QList<QByteArray> path;
    for (const QByteArray &unit : splitOutsideQuotes(message, ';')) {
        if (unit.trimmed().isEmpty())
            continue;
        const auto action = m_commands.find(unit, &path);
        if (!action) {
            complain("-113,\"Undefined header;" + unit.trimmed().replace('"', '\'') + '"');
            continue;
        }
        if (auto reply = perform(*action))
            replies.append(*std::move(reply));
    }
    if (m_definition->language == CommandLanguage::Scpi && replies.size() > 1)
        replies = {replies.join(';')};
    if (m_definition->hasEcho)
        replies.prepend(message);
    return replies;
}

std::optional<QByteArray> SimulatedInstrument::perform(const SimulatedAction &action)
{
    using Kind = SimulatedAction::Kind;
    const double now = m_world.now();
    switch (action.kind) {
    case Kind::Identify: {
        if (std::exchange(m_isStrangerNext, false))
            return "STRANGER,MODEL 0,1,1";
        const QString &identity = m_definition->behaviour.identity;
        return identity.isEmpty() ? "SIMULATED," + m_definition->spec.model.toLatin1() + ",0,0"
                                  : identity.toLatin1();
    }
    case Kind::OperationComplete:
        return "1";
    case Kind::StatusByte:
        return m_errors.isEmpty() ? "0" : "4"; // bit 2: something is in the error queue
    case Kind::Ignore:
        return std::nullopt;
    case Kind::Reset:
        reset();
        return std::nullopt;
    case Kind::ClearStatus:
        m_errors.clear();
        return std::nullopt;
    case Kind::ReadError:
        return readError();
    case Kind::SetMovement:
        return setMovement(action);
    case Kind::SetRamp:
        return setRamp(action);
    case Kind::GetMovement: {
        const MovementCommands &commands = m_definition->movements[action.index];
        const double position = m_motions[size_t(action.index)].position(now);
        return commands.reply.kind == ReplyFormat::Kind::Pattern
                   ? sharedReply(commands.get, commands.reply.example)
                   : replyIn(commands.reply, {&position, 1});
    }
    case Kind::StopMovement:
        // One command may stand for the stop of several movements, as ABOR does.
        for (qsizetype i = 0; i < m_definition->movements.size(); ++i) {
            if (m_definition->movements[i].stop == m_definition->movements[action.index].stop)
                m_motions[size_t(i)].stop(now);
        }
        return std::nullopt;
    case Kind::Act:
        return act(action);
    case Kind::InMotion:
        return inMotion(action.index);
    case Kind::Read:
        return read(action.index, action.part);
    case Kind::ReadAxis:
        return axis(action.index, action.part);
    case Kind::SetParameter:
        return setParameter(action);
    case Kind::GetParameter: {
        const ParameterCommands &commands = m_definition->parameters[action.index];
        const QByteArray &value = m_parameters[action.index];
        if (commands.reply.kind == ReplyFormat::Kind::Pattern)
            return sharedReply(commands.get, commands.reply.example);
        return commands.reply.kind == ReplyFormat::Kind::Template
                   ? commands.reply.pattern.filled(value)
                   : value;
    }
    case Kind::FixedReply:
        return action.reply;
    }
    return std::nullopt;
}

/// One answer may tell several things: "PID 1" tells three.
QByteArray SimulatedInstrument::sharedReply(const QByteArray &query, QByteArray reply) const
{
    for (qsizetype i = 0; i < m_definition->movements.size(); ++i) {
        const MovementCommands &movement = m_definition->movements[i];
        if (movement.get == query && movement.reply.kind == ReplyFormat::Kind::Pattern)
            reply = withValue(movement.reply, reply,
                              numberReply(m_motions[size_t(i)].position(m_world.now())));
    }
    for (qsizetype i = 0; i < m_definition->parameters.size(); ++i) {
        const ParameterCommands &parameter = m_definition->parameters[i];
        if (parameter.get == query && parameter.reply.kind == ReplyFormat::Kind::Pattern)
            reply = withValue(parameter.reply, reply, m_parameters[i]);
    }
    return reply;
}

void SimulatedInstrument::complain(const QByteArray &error)
{
    if (m_errors.size() + 1 < kErrorQueueLength)
        m_errors.append(error);
    else if (m_errors.size() < kErrorQueueLength)
        m_errors.append("-350,\"Queue overflow\"");
}

QByteArray SimulatedInstrument::readError()
{
    return m_errors.isEmpty() ? "0,\"No error\"" : m_errors.takeFirst();
}

std::optional<QByteArray> SimulatedInstrument::setMovement(const SimulatedAction &action)
{
    const MovementSpec &spec = m_definition->spec.movements[action.index];
    const auto target = numberFrom(action.value, spec.unit, spec.limits);
    if (!target) {
        complain("-104,\"Data type error\"");
    } else if (!spec.limits.contain(*target)) {
        complain("-222,\"Data out of range\"");
    } else {
        m_motions[size_t(action.index)].begin(*target, m_world.now());
        m_world.noteSetpoint(m_nickname + u'.' + spec.name, *target);
        return acknowledgementOf(m_definition->movements[action.index].acknowledge, action);
    }
    const bool answers =
        acknowledgementOf(m_definition->movements[action.index].acknowledge, action).has_value();
    return answers ? std::optional<QByteArray>("?") : std::nullopt;
}

std::optional<QByteArray> SimulatedInstrument::setRamp(const SimulatedAction &action)
{
    const MovementCommands &commands = m_definition->movements[action.index];
    const auto answer = acknowledgementOf(commands.acknowledge, action);
    const auto rate = numberFrom(action.value, {}, {});
    if (!rate || !(*rate > 0)) {
        complain(rate ? "-222,\"Data out of range\"" : "-104,\"Data type error\"");
        return answer ? std::optional<QByteArray>("?") : std::nullopt;
    }
    m_motions[size_t(action.index)].setSpeed(*rate / commands.rampSeconds);
    return answer;
}

/// What travels goes to its zero, as homing does.
std::optional<QByteArray> SimulatedInstrument::act(const SimulatedAction &action)
{
    const InstrumentSpec &spec = m_definition->spec;
    const int movement = spec.movementIndex(spec.actions[action.index].movement);
    if (movement >= 0 && action.part == 0) {
        const Limits &limits = spec.movements[movement].limits;
        const double home = std::clamp(0.0, limits.low, limits.high);
        m_motions[size_t(movement)].begin(home, m_world.now());
        m_world.noteSetpoint(m_nickname + u'.' + spec.movements[movement].name, home);
    }
    return action.reply.isEmpty() ? std::nullopt : std::optional<QByteArray>(action.reply);
}

std::optional<QByteArray> SimulatedInstrument::setParameter(const SimulatedAction &action)
{
    const ParameterSpec &spec = m_definition->spec.parameters[action.index];
    const ParameterCommands &commands = m_definition->parameters[action.index];
    const auto acknowledgement = acknowledgementOf(commands.acknowledge, action);
    QByteArray value = action.value;
    if (spec.type == ParameterType::Number || spec.type == ParameterType::Integer) {
        const auto number = numberFrom(value, spec.unit, spec.limits);
        if (!number || !spec.limits.contain(*number)) {
            complain(number ? "-222,\"Data out of range\"" : "-104,\"Data type error\"");
            return acknowledgement ? std::optional<QByteArray>("?") : std::nullopt;
        }
        value = numberReply(*number);
    } else if (spec.type == ParameterType::Bool && (value == "ON" || value == "1")) {
        value = commands.tokens[1];
    } else if (spec.type == ParameterType::Bool && (value == "OFF" || value == "0")) {
        value = commands.tokens[0];
    } else if (spec.type != ParameterType::Text) {
        bool isKnown = false;
        for (const QByteArray &token : commands.tokens) {
            if (!isSameWord(token, action.value))
                continue;
            value = token;
            isKnown = true;
        }
        if (!isKnown) {
            complain("-224,\"Illegal parameter value\"");
            return acknowledgement ? std::optional<QByteArray>("?") : std::nullopt;
        }
    }
    m_parameters[action.index] = value;
    return acknowledgement;
}

QByteArray SimulatedInstrument::inMotion(int index) const
{
    const InMotionQuery &query = m_definition->movements[index].inMotion;
    // A query that several axes share tells of any of them.
    bool isMoving = false;
    for (qsizetype i = 0; i < m_definition->movements.size(); ++i) {
        if (m_definition->movements[i].inMotion.query == query.query)
            isMoving = isMoving || m_motions[size_t(i)].isMoving(m_world.now());
    }
    switch (query.rule) {
    case InMotionQuery::Rule::MovingIs:
        return isMoving ? query.token : query.token == "0" ? QByteArray("1") : QByteArray("0");
    case InMotionQuery::Rule::StillIs:
        return !isMoving ? query.token : query.token == "0" ? QByteArray("1") : QByteArray("0");
    case InMotionQuery::Rule::MovingMask:
        return QByteArray::number(isMoving ? query.mask : 0);
    case InMotionQuery::Rule::MovingMatches:
        return isMoving ? query.moving : query.still;
    }
    return "0";
}
void SimulatedInstrument::reset()
{
    m_errors.clear();
    m_parameters = m_initialParameters;
    for (qsizetype i = 0; i < m_definition->spec.movements.size(); ++i) {
        const MovementSpec &spec = m_definition->spec.movements[i];
        const double initial = m_definition->behaviour.movements.value(spec.name).initial;
        m_motions[size_t(i)].begin(initial, m_world.now());
        m_world.noteSetpoint(m_nickname + u'.' + spec.name, initial);
    }
}

} // namespace birch
