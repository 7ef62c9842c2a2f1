#include "drivers/simulator/command_set.h"

namespace birch {

using Kind = SimulatedAction::Kind;

namespace {
/// Blanks do not matter and both quotes are one.
QByteArray withoutBlanks(const QByteArray &text)
{
    QByteArray result;
    for (const char c : text) {
        if (c != ' ' && c != '\t')
            result.append(c == '\'' ? '"' : c);
    }
    return result;
}

/// As withoutBlanks(), in capitals: how commands are compared.
QByteArray normalised(const QByteArray &text)
{
    return withoutBlanks(text).toUpper();
}

/// The value in \a text, in its own case: "mV" and "MV" differ.
std::optional<QByteArray> valueBetween(const QByteArray &text, const QByteArray &before,
                                       const QByteArray &after)
{
    const QByteArray upper = normalised(text);
    if (upper.size() < before.size() + after.size() || !upper.startsWith(before) ||
        !upper.endsWith(after))
        return std::nullopt;
    return withoutBlanks(text).sliced(before.size(), upper.size() - before.size() - after.size());
}

SimulatedAction action(Kind kind, qsizetype index = 0, qsizetype part = 0)
{
    SimulatedAction result;
    result.kind = kind;
    result.index = int(index);
    result.part = int(part);
    return result;
}

/// An answer that says that nothing is under way.
QByteArray restOf(const InMotionQuery &busy)
{
    using Rule = InMotionQuery::Rule;
    if (busy.rule == Rule::StillIs)
        return busy.token;
    if (busy.rule == Rule::MovingMatches)
        return busy.still;
    return busy.token == "0" ? "1" : "0";
}

QByteArray acceptance(const Acknowledge &rule)
{
    return rule.reply.value_or(rule.example.isEmpty() ? QByteArray("1") : rule.example);
}

SimulatedAction fixedReply(const QByteArray &reply)
{
    SimulatedAction result;
    result.kind = Kind::FixedReply;
    result.reply = reply;
    return result;
}
} // namespace

CommandSet::CommandSet(const Definition &definition)
    : m_language(definition.language)
{
    for (auto it = definition.behaviour.replies.cbegin(); it != definition.behaviour.replies.cend();
         ++it)
        addText(it.key().toLatin1(), fixedReply(it.value().toLatin1()));
    addText(definition.identity.query, action(Kind::Identify));
    if (definition.errors.isThere)
        addText(definition.errors.queue.query, action(Kind::ReadError));
    addMovements(definition);
    addMeasurements(definition);
    addParameters(definition);
    if (m_language == CommandLanguage::Scpi)
        addCommonCommands(definition);
    addActions(definition);
    addSteps(definition.init);
    addSteps(definition.shutdown);
}

void CommandSet::addMovements(const Definition &definition)
{
    for (qsizetype i = 0; i < definition.movements.size(); ++i) {
        const MovementCommands &movement = definition.movements[i];
        addText(movement.get, action(Kind::GetMovement, i));
        addText(movement.inMotion.query, action(Kind::InMotion, i));
        addText(movement.stop, action(Kind::StopMovement, i));
        add(movement.set, action(Kind::SetMovement, i));
        add(movement.ramp, action(Kind::SetRamp, i));
        add(movement.setDown, action(Kind::SetMovement, i));
        addSteps(movement.go);
        addSteps(movement.goDown);
        if (movement.acknowledge.kind == Acknowledge::Kind::Query)
            addText(movement.acknowledge.query, fixedReply(acceptance(movement.acknowledge)));
    }
}

void CommandSet::addMeasurements(const Definition &definition)
{
    for (qsizetype i = 0; i < definition.measurements.size(); ++i) {
        const MeasurementCommands &measurement = definition.measurements[i];
        for (qsizetype q = 0; q < measurement.queries.size(); ++q)
            addText(measurement.queries[q].query, action(Kind::Read, i, q));
        for (qsizetype a = 0; a < measurement.axes.size(); ++a)
            addText(measurement.axes[a].query, action(Kind::ReadAxis, i, a));
        addSteps(measurement.before);
    }
}

void CommandSet::addParameters(const Definition &definition)
{
    for (qsizetype i = 0; i < definition.parameters.size(); ++i) {
        const ParameterCommands &parameter = definition.parameters[i];
        if (!parameter.get.isEmpty())
            addText(parameter.get, action(Kind::GetParameter, i));
        add(parameter.set, action(Kind::SetParameter, i));
        if (parameter.acknowledge.kind == Acknowledge::Kind::Query)
            addText(parameter.acknowledge.query, fixedReply(acceptance(parameter.acknowledge)));
    }
}

void CommandSet::addActions(const Definition &definition)
{
    for (qsizetype i = 0; i < definition.actions.size(); ++i) {
        const ActionCommands &commands = definition.actions[i];
        for (qsizetype step = 0; step < commands.send.size(); ++step) {
            SimulatedAction act = action(Kind::Act, i, step);
            act.reply = commands.send[step].reply.value_or(QByteArray());
            addText(commands.send[step].command, act);
        }
        addText(commands.busy.query, fixedReply(restOf(commands.busy)));
    }
}

void CommandSet::addSteps(const QList<CommandStep> &steps)
{
    for (const CommandStep &step : steps)
        addText(step.command, step.reply ? fixedReply(*step.reply) : action(Kind::Ignore));
}

/// IEEE 488.2, and SCPI's own error queue, whether the definition uses them or not.
void CommandSet::addCommonCommands(const Definition &)
{
    addText("*IDN?", action(Kind::Identify));
    addText("SYSTem:ERRor?", action(Kind::ReadError));
    addText("SYSTem:ERRor:NEXT?", action(Kind::ReadError));
    addText("*OPC?", action(Kind::OperationComplete));
    addText("*TST?", fixedReply("0"));
    addText("*STB?", action(Kind::StatusByte));
    addText("*ESR?", fixedReply("0"));
    addText("*CLS", action(Kind::ClearStatus));
    addText("*RST", action(Kind::Reset));
    addText("*OPC", action(Kind::Ignore));
    addText("*WAI", action(Kind::Ignore));
    addText("*TRG", action(Kind::Ignore));
}

void CommandSet::addText(const QByteArray &command, SimulatedAction what)
{
    if (command.isEmpty())
        return;
    // Braces are doubled so that the text is a template without a value.
    QString escaped = QString::fromLatin1(command);
    escaped.replace(u'{', QStringLiteral("{{")).replace(u'}', QStringLiteral("}}"));
    if (auto parsed = CommandTemplate::parse(escaped))
        add(parsed.value(), std::move(what));
}

void CommandSet::add(const CommandTemplate &command, SimulatedAction what)
{
    if (command.isEmpty())
        return;
    const QList<QByteArray> heads = splitOutsideQuotes(command.before(), ';');
    const QList<QByteArray> tails = splitOutsideQuotes(command.after(), ';');
    const bool isCompound = heads.size() > 1 || tails.size() > 1;
    if (m_language != CommandLanguage::Scpi || !isCompound || !command.takesValue())
        return addUnit(command, what);
    // "VOLT {value};*OPC?": the value's own part is the set, the rest answers for itself.
    what.hasOwnAcknowledge = false;
    QString own = QString::fromLatin1(heads.last() + '\x01' + tails.first());
    own.replace(u'{', QStringLiteral("{{")).replace(u'}', QStringLiteral("}}"));
    own.replace(u'\x01', QStringLiteral("{value}"));
    if (auto parsed = CommandTemplate::parse(own))
        addUnit(parsed.value(), what);
}

void CommandSet::addUnit(const CommandTemplate &command, const SimulatedAction &what)
{
    Entry entry{HeaderPattern({}), {}, {}, command.takesValue(), what};
    if (m_language == CommandLanguage::Scpi) {
        const QByteArray head = command.before().trimmed();
        qsizetype end = head.indexOf('?') + 1;
        if (end == 0)
            end = head.contains(' ') ? head.indexOf(' ') : head.size();
        entry.header = HeaderPattern(head.first(end));
        entry.before = normalised(head.sliced(end));
    } else {
        entry.before = normalised(command.before());
    }
    entry.after = normalised(command.after());
    m_entries.append(entry);
}

std::optional<SimulatedAction> CommandSet::find(const QByteArray &text,
                                                QList<QByteArray> *path) const
{
    if (m_language == CommandLanguage::Plain)
        return findPlain(text);
    const MessageUnit unit = unitFrom(text);
    if (unit.nodes.isEmpty())
        return std::nullopt;
    const bool isCommon = unit.nodes.first().startsWith('*'); // leaves the path alone
    if (!unit.isAbsolute && !path->isEmpty()) {
        const QList<QByteArray> nodes = *path + unit.nodes;
        if (auto found = findScpi(nodes, unit)) {
            *path = nodes.first(nodes.size() - 1);
            return found;
        }
    }
    auto found = findScpi(unit.nodes, unit);
    if (found && !isCommon)
        *path = unit.nodes.first(unit.nodes.size() - 1);
    return found;
}

std::optional<SimulatedAction> CommandSet::findScpi(const QList<QByteArray> &nodes,
                                                    const MessageUnit &unit) const
{
    const QByteArray arguments = normalised(unit.arguments);
    for (const Entry &entry : m_entries) {
        if (!entry.header.matches(nodes, unit.isQuery))
            continue;
        if (!entry.takesValue && entry.before == arguments)
            return entry.action;
        if (!entry.takesValue)
            continue;
        if (const auto value = valueBetween(unit.arguments, entry.before, entry.after)) {
            SimulatedAction found = entry.action;
            found.value = *value;
            return found;
        }
    }
    return std::nullopt;
}

std::optional<SimulatedAction> CommandSet::findPlain(const QByteArray &text) const
{
    const QByteArray whole = normalised(text);
    for (const Entry &entry : m_entries) {
        if (!entry.takesValue && entry.before == whole)
            return entry.action;
    }
    for (const Entry &entry : m_entries) {
        const auto value =
            entry.takesValue ? valueBetween(text, entry.before, entry.after) : std::nullopt;
        if (!value || value->isEmpty() || value->startsWith('?'))
            continue;
        SimulatedAction found = entry.action;
        found.value = *value;
        return found;
    }
    return std::nullopt;
}

} // namespace birch
