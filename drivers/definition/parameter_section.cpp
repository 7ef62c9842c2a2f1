// parameters of a definition.
#include "core/instrument/secret_mask.h"
#include "drivers/definition/definition_sections.h"
#include "drivers/definition/parameter_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::Definition)
};

void readChoices(YamlReader &reader, ParameterSpec *spec, ParameterCommands *commands)
{
    for (const auto &[name, token] : reader.pairs(u"choices"_s)) {
        const QByteArray bytes = token.toLatin1().trimmed();
        if (commands->tokens.contains(bytes))
            reader.problem(u"choices"_s, Text::tr("Two choices are sent as \"%1\"").arg(token),
                           Text::tr("Give each choice its own text on the wire"));
        spec->choices.append(name);
        commands->tokens.append(bytes);
    }
    if (spec->choices.isEmpty())
        reader.problem(u"choices"_s, Text::tr("A choice parameter has no choices"),
                       Text::tr("Add for example choices: {fast: \"0\", slow: \"1\"}"));
}

void readBoolTokens(YamlReader &reader, ParameterCommands *commands)
{
    commands->tokens = {"0", "1"};
    if (!reader.has(u"tokens"_s))
        return;
    auto map = reader.map(u"tokens"_s);
    if (!map)
        return;
    commands->tokens = {map->requiredText(u"false"_s, u"\"OFF\""_s).toLatin1().trimmed(),
                        map->requiredText(u"true"_s, u"\"ON\""_s).toLatin1().trimmed()};
    map->finish();
}

void readNumberRules(YamlReader &reader, ParameterSpec *spec)
{
    spec->limits = reader.limits(u"range"_s).value_or(Limits());
    spec->step = readStep(reader);
    (void)reader.has(u"range_by"_s); // read when all parameters are known
    spec->tolerance = reader.number(u"tolerance"_s).value_or(0);
    if (spec->tolerance < 0)
        reader.problem(u"tolerance"_s, Text::tr("A tolerance can not be negative"),
                       Text::tr("Write how far apart two readings of one setting may lie, in the "
                                "parameter's unit"));
}

/// What is secret is never asked for, so it can not come back and be kept.
void readSecret(YamlReader &reader, ParameterSpec *spec, const ParameterCommands &commands,
                Definition *definition)
{
    spec->inSnapshot = false;
    if (reader.has(u"get"_s))
        reader.problem(u"get"_s, Text::tr("A secret is never asked for"),
                       Text::tr("Remove get; it is enough that it can be set"));
    if (spec->isReadOnly || spec->type != ParameterType::Text)
        reader.problem(u"secret"_s, Text::tr("A secret is a text that can be set"),
                       Text::tr("Write type: text, and for example set: 'SYST:PASS \"{value}\"'"));
    const QByteArray before = commands.set.before();
    if (!spec->isReadOnly && before.trimmed().isEmpty())
        reader.problem(u"set"_s, Text::tr("Nothing tells this command from others"),
                       Text::tr("Write the command before {value}: what follows it is kept out of "
                                "traces and logs"));
    else
        definition->spec.secretCommands.append(before);
}

ReplyFormat defaultFormat(ParameterType type)
{
    ReplyFormat format;
    format.kind = type == ParameterType::Number || type == ParameterType::Integer
                      ? ReplyFormat::Kind::Number
                      : ReplyFormat::Kind::Text;
    return format;
}

void checkReply(YamlReader &reader, const ParameterCommands &commands)
{
    using Kind = ReplyFormat::Kind;
    if (commands.reply.kind == Kind::List || commands.reply.kind == Kind::Block)
        reader.problem(u"reply"_s, Text::tr("A parameter is one value"),
                       Text::tr("Write number, text or {template: \"{value} s\"}"));
}

/// As Instrument::setParameter() takes it; checked by whoever writes it out.
QVariant typedValue(ParameterType type, const QString &text)
{
    bool isNumber = false;
    if (type == ParameterType::Bool)
        return text == u"true"    ? QVariant(true)
               : text == u"false" ? QVariant(false)
                                  : QVariant(text);
    const double number = text.toDouble(&isNumber);
    if (isNumber && type == ParameterType::Number)
        return number;
    const qlonglong whole = text.toLongLong(&isNumber);
    return isNumber && type == ParameterType::Integer ? QVariant(whole) : QVariant(text);
}

void readSettingTarget(YamlReader &reader, const QString &key, const ParameterCommands &commands,
                       const ParameterSpec &spec, QVariant *value, int *order)
{
    auto map = reader.map(key);
    if (!map)
        return;
    const QVariant target = typedValue(spec.type, map->requiredText(u"value"_s, u"false"_s));
    const auto text = parameterToText(spec, commands, target);
    if (map->has(u"value"_s) && !text)
        map->problem(u"value"_s, Text::tr("%1 can not be set to this").arg(spec.key),
                     text.error().message);
    *value = target;
    *order = int(map->integer(u"order"_s, -1000, 1000).value_or(*order));
    map->finish();
}
} // namespace

void readSettingTargets(YamlReader &reader, const ParameterCommands &commands, ParameterSpec *spec)
{
    readSettingTarget(reader, u"safe"_s, commands, *spec, &spec->safeValue, &spec->safeOrder);
    readSettingTarget(reader, u"pause"_s, commands, *spec, &spec->pauseValue, &spec->pauseOrder);
}

void readParameters(YamlReader &root, Definition *definition)
{
    static const QStringList kTypes{u"number"_s, u"integer"_s, u"bool"_s, u"choice"_s, u"text"_s};
    for (auto &[name, reader] : root.entries(u"parameters"_s)) {
        ParameterSpec spec;
        ParameterCommands commands;
        spec.key = name;
        spec.label = reader.text(u"label"_s).value_or(name);
        spec.group = reader.text(u"group"_s).value_or(QString());
        spec.help = reader.text(u"help"_s).value_or(QString());
        spec.unit = reader.text(u"unit"_s).value_or(QString());
        spec.type = ParameterType(reader.choice(u"type"_s, kTypes).value_or(0));
        spec.inSnapshot = reader.flag(u"snapshot"_s).value_or(true);
        spec.isVolatile = reader.flag(u"volatile"_s).value_or(false);
        if (spec.type == ParameterType::Number || spec.type == ParameterType::Integer)
            readNumberRules(reader, &spec);
        if (spec.type == ParameterType::Choice)
            readChoices(reader, &spec, &commands);
        if (spec.type == ParameterType::Bool)
            readBoolTokens(reader, &commands);
        spec.isSecret = reader.flag(u"secret"_s).value_or(false);
        const auto texts = spec.isSecret ? std::nullopt : readRegister(reader);
        commands.set = texts ? texts->set : CommandTemplate();
        if (reader.has(u"set"_s))
            commands.set = readSetter(reader, u"set"_s);
        spec.isReadOnly = commands.set.isEmpty() && !reader.has(u"set"_s);
        if (spec.isSecret)
            readSecret(reader, &spec, commands, definition);
        else
            commands.get = texts ? texts->get
                                 : readRequiredCommand(reader, u"get"_s, u"\"SENS:CURR:NPLC?\""_s);
        commands.reply = readReplyFormat(reader, u"reply"_s, defaultFormat(spec.type));
        checkReply(reader, commands);
        commands.acknowledge = readAcknowledge(reader);
        commands.settle = reader.duration(u"settle"_s).value_or(Nanoseconds::zero());
        if (!spec.isSecret) // what is never asked for can not be proven
            readSettingTargets(reader, commands, &spec);
        commands.isConstant = reader.flag(u"once"_s).value_or(false);
        if (commands.isConstant && !spec.isReadOnly)
            reader.problem(u"once"_s, Text::tr("What can be set is not constant"),
                           Text::tr("Remove once, or set"));
        reader.finish();
        definition->spec.parameters.append(spec);
        definition->parameters.append(commands);
    }
}

void checkSecrets(YamlReader &root, const Definition &definition)
{
    const SecretMask mask(definition.spec.secretCommands);
    const auto check = [&](const QString &key, const QList<CommandStep> &steps) {
        const bool isTold = std::any_of(steps.begin(), steps.end(), [&](const CommandStep &step) {
            return mask.masked(QByteArrayView(step.command)) != step.command;
        });
        if (isTold)
            root.problem(key, Text::tr("A command holds a secret in clear"),
                         Text::tr("Take it out: definitions are stored beside the scans. It is set "
                                  "in the panel of the instrument"));
    };
    check(u"init"_s, definition.init);
    check(u"shutdown"_s, definition.shutdown);
    for (const MovementCommands &movement : definition.movements) {
        check(u"movements"_s, movement.go);
        check(u"movements"_s, movement.goDown);
    }
    for (const ActionCommands &action : definition.actions)
        check(u"actions"_s, action.send);
    for (const MeasurementCommands &measurement : definition.measurements)
        check(u"measurements"_s, measurement.before);
}

} // namespace birch
