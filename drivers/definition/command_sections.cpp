// The small parts that every section of a definition shares: commands, replies, acknowledgements.
#include "drivers/definition/definition_sections.h"

#include <QCoreApplication>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::Definition)
};

std::optional<CommandTemplate> readTemplate(YamlReader &reader, const QString &key)
{
    const auto text = reader.text(key);
    if (!text)
        return std::nullopt;
    auto parsed = CommandTemplate::parse(*text);
    if (parsed)
        return std::move(parsed).value();
    reader.problem(key, Text::tr("The command \"%1\" can not be used").arg(*text),
                   parsed.error().message);
    return std::nullopt;
}

std::optional<QByteArray> latin1Reply(YamlReader &reader, const QString &key)
{
    const auto text = reader.text(key);
    return text ? std::optional(text->toLatin1().trimmed()) : std::nullopt;
}

ReplyFormat readBlock(YamlReader block)
{
    using scpi::BlockFormat;
    static const QStringList kTypes{u"float32"_s, u"float64"_s, u"int8"_s,   u"uint8"_s, u"int16"_s,
                                    u"uint16"_s,  u"int32"_s,   u"uint32"_s, u"int64"_s};
    static constexpr BlockFormat kFormats[] = {
        BlockFormat::Float32, BlockFormat::Float64, BlockFormat::Int8,
        BlockFormat::UInt8,   BlockFormat::Int16,   BlockFormat::UInt16,
        BlockFormat::Int32,   BlockFormat::UInt32,  BlockFormat::Int64};
    ReplyFormat format;
    format.kind = ReplyFormat::Kind::Block;
    if (!block.has(u"type"_s))
        block.requiredText(u"type"_s, u"float32"_s);
    format.blockFormat = kFormats[block.choice(u"type"_s, kTypes).value_or(0)];
    const bool isBig = block.choice(u"order"_s, {u"little"_s, u"big"_s}).value_or(0) == 1;
    format.byteOrder = isBig ? scpi::ByteOrder::BigEndian : scpi::ByteOrder::LittleEndian;
    block.finish();
    return format;
}
} // namespace

QByteArray readCommand(YamlReader &reader, const QString &key)
{
    const auto parsed = readTemplate(reader, key);
    if (!parsed)
        return {};
    if (parsed->takesValue()) {
        reader.problem(key, Text::tr("\"%1\" takes no value").arg(key),
                       Text::tr("Remove {value}, or write {{value}} for the braces themselves"));
        return {};
    }
    if (parsed->isEmpty()) {
        reader.problem(key, Text::tr("\"%1\" is empty").arg(key),
                       Text::tr("Write the command, or remove the key"));
    }
    return parsed->text();
}

QByteArray readRequiredCommand(YamlReader &reader, const QString &key, const QString &example)
{
    if (!reader.has(key)) {
        reader.requiredText(key, example);
        return {};
    }
    return readCommand(reader, key);
}

CommandTemplate readSetter(YamlReader &reader, const QString &key)
{
    const auto parsed = readTemplate(reader, key);
    if (!parsed)
        return {};
    if (!parsed->takesValue()) {
        reader.problem(key, Text::tr("\"%1\" says not where the value goes").arg(key),
                       Text::tr("Put {value} into the command"));
    }
    return *parsed;
}

QList<CommandStep> readSteps(YamlReader &reader, const QString &key)
{
    QList<CommandStep> steps;
    int position = 0;
    for (YamlReader &item : reader.items(key)) {
        CommandStep step;
        step.line = item.line();
        const QString where = u"%1[%2]"_s.arg(key).arg(position++);
        if (const auto text = item.scalarText()) {
            const auto parsed = CommandTemplate::parse(*text);
            if (!parsed || parsed.value().takesValue() || parsed.value().isEmpty()) {
                reader.sink().addAtLine(step.line, reader.fieldPath(where),
                                        Text::tr("The command \"%1\" can not be used").arg(*text),
                                        parsed ? Text::tr("Write one command without {value}")
                                               : parsed.error().message);
                continue;
            }
            step.command = parsed.value().text();
        } else if (item.isMap()) {
            step.command = readRequiredCommand(item, u"query"_s, u"\"*OPC?\""_s);
            if (!item.has(u"reply"_s))
                item.problem(u"reply"_s, Text::tr("\"reply\" is missing"),
                             Text::tr("Add the expected answer, for example reply: \"1\""));
            step.reply = latin1Reply(item, u"reply"_s).value_or(QByteArray());
            item.finish();
        } else {
            reader.sink().addAtLine(
                step.line, reader.fieldPath(where), Text::tr("A step must be a command"),
                Text::tr("Write \"COMMAND\" or {query: \"*OPC?\", reply: \"1\"}"));
            continue;
        }
        steps.append(step);
    }
    return steps;
}

Acknowledge readAcknowledge(YamlReader &reader)
{
    Acknowledge acknowledge;
    const QString key = u"acknowledge"_s;
    if (!reader.has(key))
        return acknowledge;
    if (reader.isScalar(key)) {
        const auto kind = reader.choice(key, {u"none"_s, u"line"_s});
        acknowledge.kind = kind == 1 ? Acknowledge::Kind::Line : Acknowledge::Kind::None;
        return acknowledge;
    }
    auto map = reader.map(key);
    if (!map)
        return acknowledge;
    acknowledge.query = readCommand(*map, u"query"_s);
    acknowledge.kind = map->has(u"query"_s) ? Acknowledge::Kind::Query : Acknowledge::Kind::Line;
    acknowledge.reply = latin1Reply(*map, u"reply"_s);
    if (map->has(u"pattern"_s))
        std::tie(acknowledge.pattern, acknowledge.example) = readPattern(*map, 0);
    else if (!acknowledge.reply)
        map->problem(u"reply"_s, Text::tr("\"reply\" is missing"),
                     Text::tr("Add the answer that means accepted, for example reply: \"1\""));
    map->finish();
    return acknowledge;
}

ReplyFormat readReplyFormat(YamlReader &reader, const QString &key, ReplyFormat fallback)
{
    if (!reader.has(key))
        return fallback;
    if (reader.isScalar(key)) {
        const auto kind = reader.choice(key, {u"number"_s, u"list"_s, u"text"_s});
        static constexpr ReplyFormat::Kind kKinds[] = {
            ReplyFormat::Kind::Number, ReplyFormat::Kind::List, ReplyFormat::Kind::Text};
        if (kind)
            fallback.kind = kKinds[*kind];
        return fallback;
    }
    auto map = reader.map(key);
    if (!map)
        return fallback;
    ReplyFormat format = fallback;
    if (auto block = map->map(u"block"_s)) {
        format = readBlock(*block);
    } else if (map->has(u"template"_s)) {
        format.kind = ReplyFormat::Kind::Template;
        format.pattern = readSetter(*map, u"template"_s);
    } else if (map->has(u"pattern"_s)) {
        format.kind = ReplyFormat::Kind::Pattern;
        std::tie(format.capture, format.example) = readPattern(*map, 1);
    } else if (!map->has(u"block"_s)) {
        map->problem(
            {}, Text::tr("\"%1\" says not what the reply looks like").arg(key),
            Text::tr("Write number, list, text, {block: {type: float32, order: little}}, "
                     "{template: \"{value} K\"} or {pattern: 'T:([0-9.]+)', example: \"T:4\"}"));
    }
    map->finish();
    return format;
}

std::pair<QRegularExpression, QByteArray> readPattern(YamlReader &reader, int groups)
{
    const QString text = reader.text(u"pattern"_s).value_or(QString());
    const QByteArray example =
        reader.requiredText(u"example"_s, u"\"TEMP:4.2K\""_s).toLatin1().trimmed();
    const QRegularExpression pattern(text);
    checkExpression(reader, u"pattern"_s, text);
    if (!pattern.isValid() || !reader.has(u"example"_s))
        return {};
    if (groups > 0 && pattern.captureCount() != groups)
        reader.problem(u"pattern"_s, Text::tr("The pattern has not exactly one group"),
                       Text::tr("Put ( ) around the value, and (?: ) around anything else"));
    else if (!pattern.match(QString::fromLatin1(example)).hasMatch())
        reader.problem(u"example"_s, Text::tr("The pattern does not match this example"),
                       Text::tr("Write a reply as the manual shows it, and correct the pattern"));
    return {pattern, example};
}

double readStep(YamlReader &reader)
{
    const auto step = reader.number(u"step"_s);
    if (step && *step <= 0)
        reader.problem(u"step"_s, Text::tr("A step must be positive"),
                       Text::tr("Write what all values are multiples of, or remove it"));
    return std::max(step.value_or(0), 0.0);
}

void readTarget(YamlReader &reader, const QString &key, const Limits &limits,
                std::optional<double> *value, int *order)
{
    if (!reader.has(key))
        return;
    auto map = reader.map(key);
    if (!map)
        return;
    const auto target = map->number(u"value"_s);
    if (!map->has(u"value"_s))
        map->requiredText(u"value"_s, u"0"_s);
    if (target && !limits.contain(*target)) {
        map->problem(u"value"_s, Text::tr("The %1 value lies outside the limits").arg(key),
                     Text::tr("Choose a value within the limits of this movement"));
    } else if (target) {
        *value = target;
    }
    *order = int(map->integer(u"order"_s, -1000, 1000).value_or(*order));
    map->finish();
}

} // namespace birch
