// How messages travel where they are no lines of text, and the commands that follow from it.
#include "drivers/definition/apt_transport.h"
#include "drivers/definition/definition_sections.h"
#include "drivers/definition/register_command.h"

#include <QCoreApplication>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::Definition)
};

/// As YamlReader::integer(); manuals give many of these in hexadecimal.
std::optional<qint64> readNumber(YamlReader &reader, const QString &key, qint64 low, qint64 high)
{
    const QString text = reader.isScalar(key) ? reader.text(key).value_or(QString()) : QString();
    bool isNumber = false;
    const qint64 value = text.startsWith(u"0x") ? text.toLongLong(&isNumber, 16) : 0;
    if (isNumber && value >= low && value <= high)
        return value;
    return reader.integer(key, low, high);
}

/// Every text that a definition sends, and where it stands.
QList<std::pair<QString, QByteArray>> commandsOf(const Definition &definition)
{
    QList<std::pair<QString, QByteArray>> all{{u"identity.query"_s, definition.identity.query}};
    const auto steps = [&all](const QString &where, const QList<CommandStep> &list) {
        for (const CommandStep &step : list)
            all.append({where, step.command});
    };
    steps(u"init"_s, definition.init);
    steps(u"shutdown"_s, definition.shutdown);
    for (qsizetype i = 0; i < definition.movements.size(); ++i) {
        const MovementCommands &movement = definition.movements[i];
        const QString where = u"movements."_s + definition.spec.movements[i].name;
        all << std::pair(where, movement.get) << std::pair(where, movement.stop)
            << std::pair(where, movement.inMotion.query)
            << std::pair(where, movement.acknowledge.query);
        for (const CommandTemplate &set : {movement.set, movement.setDown, movement.ramp})
            all.append({where, set.isEmpty() ? QByteArray() : set.filled("0")});
        steps(where, movement.go);
        steps(where, movement.goDown);
    }
    for (qsizetype i = 0; i < definition.parameters.size(); ++i) {
        const ParameterCommands &parameter = definition.parameters[i];
        const QString where = u"parameters."_s + definition.spec.parameters[i].key;
        all << std::pair(where, parameter.get) << std::pair(where, parameter.acknowledge.query);
        if (parameter.tokens.isEmpty() && !parameter.set.isEmpty())
            all.append({where, parameter.set.filled("0")});
        for (const QByteArray &token : parameter.tokens)
            all.append(
                {where, parameter.set.isEmpty() ? QByteArray() : parameter.set.filled(token)});
    }
    for (qsizetype i = 0; i < definition.actions.size(); ++i) {
        const QString where = u"actions."_s + definition.spec.actions[i].name;
        steps(where, definition.actions[i].send);
        all.append({where, definition.actions[i].busy.query});
    }
    for (qsizetype i = 0; i < definition.measurements.size(); ++i) {
        const QString where = u"measurements."_s + definition.spec.measurements[i].name;
        for (const MeasurementQuery &query : definition.measurements[i].queries)
            all.append({where, query.query});
        for (const AxisQuery &axis : definition.measurements[i].axes)
            all.append({where, axis.query});
        steps(where, definition.measurements[i].before);
    }
    return all;
}
} // namespace

void readFraming(YamlReader &link, Definition *definition)
{
    const auto protocol =
        link.choice(u"protocol"_s, {u"lines"_s, u"modbus-rtu"_s, u"thorlabs-apt"_s});
    LinkOptions &options = definition->link;
    options.framing = protocol ? Framing(*protocol) : options.framing;
    if (options.framing == Framing::Lines)
        return;
    for (const QString &key : {u"terminator"_s, u"write_terminator"_s, u"read_terminator"_s}) {
        if (link.has(key))
            link.problem(key, Text::tr("Frames have no terminators"),
                         Text::tr("Remove \"%1\"").arg(key));
    }
    options.writeTerminator.clear();
    options.readTerminator.clear();
    if (options.framing == Framing::ModbusRtu) {
        definition->unit = quint8(link.integer(u"unit"_s, 1, 247).value_or(definition->unit));
        return;
    }
    AptOptions &apt = definition->apt;
    apt.channel = quint8(link.integer(u"channel"_s, 1, 255).value_or(apt.channel));
    apt.device = quint8(readNumber(link, u"device"_s, 1, 127).value_or(apt.device));
    apt.countsPerUnit = link.number(u"counts_per_unit"_s).value_or(apt.countsPerUnit);
    if (!(apt.countsPerUnit > 0))
        link.problem(u"counts_per_unit"_s, Text::tr("The counts per unit are not positive"),
                     Text::tr("Write what the manual of the stage gives, for example 34554.96"));
}

std::optional<RegisterTexts> readRegister(YamlReader &reader)
{
    auto map = reader.map(u"register"_s);
    if (!map)
        return std::nullopt;
    const bool hasAddress = map->has(u"address"_s);
    const auto address = readNumber(*map, u"address"_s, 0, 65535);
    if (!hasAddress)
        map->requiredText(u"address"_s, u"1"_s);
    QString text = QString::number(address.value_or(0)) + u' ';
    text += map->text(u"type"_s).value_or(u"int16"_s);
    const auto decimals = map->integer(u"decimals"_s, 0, 9);
    const auto scale = map->number(u"scale"_s);
    if (scale && decimals.value_or(0) > 0)
        map->problem(u"scale"_s, Text::tr("A register has decimals or a scale"),
                     Text::tr("Remove one of the two"));
    if (decimals.value_or(0) > 0)
        text += u" 1e-%1"_s.arg(*decimals);
    else if (scale)
        text += u' ' + map->text(u"scale"_s).value_or(QString());
    const bool isInput = map->choice(u"table"_s, {u"holding"_s, u"input"_s}).value_or(0) == 1;
    if (map->choice(u"words"_s, {u"high-first"_s, u"low-first"_s}).value_or(0) == 1)
        text += u" low-first"_s;
    const bool isMultiple = map->choice(u"write"_s, {u"single"_s, u"multiple"_s}).value_or(0) == 1;
    const bool isReadOnly = map->flag(u"read_only"_s).value_or(isInput);
    map->finish();
    RegisterTexts texts;
    texts.get = (u"read "_s + text + (isInput ? u" input"_s : QString())).toLatin1();
    const QString set = u"write "_s + text + (isMultiple ? u" multiple"_s : QString());
    if (const auto parsed = CommandTemplate::parse(set + u" = {value}"_s); parsed && !isReadOnly)
        texts.set = parsed.value();
    if (const auto command = RegisterCommand::parse(texts.get); !command)
        map->problem({}, Text::tr("This register can not be used"), command.error().message);
    return texts;
}

void checkCommands(YamlReader &root, const Definition &definition)
{
    if (definition.link.framing == Framing::Lines)
        return;
    const bool isModbus = definition.link.framing == Framing::ModbusRtu;
    for (const auto &[where, command] : commandsOf(definition)) {
        if (command.isEmpty())
            continue;
        const auto parsed = RegisterCommand::parse(command);
        const Status known = !isModbus ? AptTransport::check(command)
                             : parsed  ? ok()
                                       : Status(parsed.error());
        if (!known)
            root.problem(where.section(u'.', 0, 0),
                         Text::tr("%1 says \"%2\", which this protocol has not")
                             .arg(where, QString::fromLatin1(command)),
                         known.error().message);
    }
}

} // namespace birch
