// movements of a definition.
#include "drivers/definition/definition_sections.h"

#include <QCoreApplication>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::Definition)
};

/// A pattern that replies of a moving instrument match; moving and still are examples to check it.
void readMotionPattern(YamlReader &reader, InMotionQuery *motion)
{
    const QString pattern = reader.text(u"pattern"_s).value_or(QString());
    checkExpression(reader, u"pattern"_s, pattern);
    motion->rule = InMotionQuery::Rule::MovingMatches;
    motion->pattern = QRegularExpression(pattern);
    motion->moving = reader.requiredText(u"moving"_s, u"\"M11\""_s).toLatin1().trimmed();
    motion->still = reader.requiredText(u"still"_s, u"\"M10\""_s).toLatin1().trimmed();
    const auto matches = [&](const QByteArray &reply) {
        return motion->pattern.match(QString::fromLatin1(reply)).hasMatch();
    };
    if (motion->pattern.isValid() && (!matches(motion->moving) || matches(motion->still)))
        reader.problem(u"pattern"_s, Text::tr("The pattern does not tell moving from still"),
                       Text::tr("Make it match the example given as moving, and not that given "
                                "as still"));
    reader.finish();
}

void readSettle(YamlReader &reader, SettleRule *rule)
{
    if (const auto tolerance = reader.number(u"tolerance"_s)) {
        rule->tolerance = *tolerance;
        if (*tolerance < 0)
            reader.problem(u"tolerance"_s, Text::tr("A tolerance can not be negative"),
                           Text::tr("Write 0 or a positive number in the movement's unit"));
    }
    rule->dwell = reader.duration(u"dwell"_s).value_or(rule->dwell);
    rule->timeout = reader.duration(u"settle_timeout"_s).value_or(rule->timeout);
    rule->poll = reader.duration(u"poll"_s).value_or(rule->poll);
    if (rule->timeout <= rule->dwell)
        reader.problem(u"settle_timeout"_s,
                       Text::tr("The settle timeout is not longer than the dwell time"),
                       Text::tr("Allow for the travel and the dwell time"));
    if (rule->poll < std::chrono::milliseconds(1))
        reader.problem(u"poll"_s, Text::tr("The poll interval is shorter than 1 ms"),
                       Text::tr("Write at least 1 ms"));
}

void readSpec(YamlReader &reader, MovementSpec *spec)
{
    spec->label = reader.text(u"label"_s).value_or(spec->name);
    spec->unit = reader.text(u"unit"_s).value_or(QString());
    if (!reader.has(u"unit"_s))
        reader.problem(u"unit"_s, Text::tr("\"unit\" is missing"),
                       Text::tr("Add it, for example unit: V, or unit: \"\" for none"));
    if (!reader.has(u"limits"_s))
        reader.problem(u"limits"_s, Text::tr("\"limits\" is missing"),
                       Text::tr("Add what the instrument accepts, for example limits: [-10, 10]"));
    spec->limits = reader.limits(u"limits"_s).value_or(Limits());
    spec->step = readStep(reader);
    spec->rampRate = reader.number(u"ramp_rate"_s);
    if (spec->rampRate && *spec->rampRate <= 0) {
        reader.problem(u"ramp_rate"_s, Text::tr("A ramp rate must be positive"),
                       Text::tr("Write it in the movement's unit per second"));
    }
    readSettle(reader, &spec->settle);
    readTarget(reader, u"safe"_s, spec->limits, &spec->safeValue, &spec->safeOrder);
    readTarget(reader, u"pause"_s, spec->limits, &spec->pauseValue, &spec->pauseOrder);
    for (const auto target : {spec->safeValue, spec->pauseValue}) {
        if (target && !isOnGrid(*target, spec->step))
            reader.problem(u"step"_s,
                           Text::tr("The safe or pause value is no multiple of the step"),
                           Text::tr("Choose one that the instrument takes"));
    }
    const auto after = reader.choice(u"after"_s, {u"hold"_s, u"safe"_s, u"start"_s});
    spec->after = AfterScan(after.value_or(0));
    if (spec->after == AfterScan::Safe && !spec->safeValue)
        reader.problem(u"after"_s, Text::tr("after: safe needs a safe value"),
                       Text::tr("Add for example safe: {value: 0, order: 1}"));
    spec->setTime = reader.duration(u"set_time"_s).value_or(spec->setTime);
}
/// {set: "RAMP 1,1,{value}", per: min}
void readRamp(YamlReader &movement, MovementSpec *spec, MovementCommands *commands)
{
    auto reader = movement.map(u"ramp"_s);
    if (!reader)
        return;
    if (!reader->has(u"set"_s))
        reader->requiredText(u"set"_s, u"\"RAMP 1,1,{value}\""_s);
    commands->ramp = readSetter(*reader, u"set"_s);
    constexpr double kSeconds[] = {1, 60, 3600};
    commands->rampSeconds =
        kSeconds[reader->choice(u"per"_s, {u"s"_s, u"min"_s, u"h"_s}).value_or(0)];
    spec->hasRamp = !commands->ramp.isEmpty();
    // What was told once stays told: the next move, and the safe values, want their own rate back.
    if (!spec->rampRate)
        movement.problem(u"ramp"_s, Text::tr("A ramp command needs a ramp_rate"),
                         Text::tr("Add the rate of moves that ask for none, in the movement's unit "
                                  "per second, for example ramp_rate: 10"));
    if (!spec->hasStop)
        movement.problem(u"ramp"_s, Text::tr("A ramp command needs a stop command"),
                         Text::tr("Add stop, so that a ramp can be halted on its way; without one "
                                  "leave ramp out: then ramps are made of small steps"));
    reader->finish();
}
} // namespace

InMotionQuery readInMotion(YamlReader reader)
{
    InMotionQuery motion;
    motion.query = readRequiredCommand(reader, u"query"_s, u"\"1MD?\""_s);
    if (reader.has(u"pattern"_s)) {
        readMotionPattern(reader, &motion);
        return motion;
    }
    const auto moving = reader.text(u"moving"_s);
    const auto still = reader.text(u"still"_s);
    const auto mask = reader.integer(u"moving_mask"_s, 1, 0xffffffff);
    if (int(moving.has_value()) + int(still.has_value()) + int(reader.has(u"moving_mask"_s)) != 1) {
        reader.problem({}, Text::tr("The in-motion query says not which answer means moving"),
                       Text::tr("Give exactly one of moving: \"1\", still: \"0\", moving_mask: 4"));
    }
    motion.rule = moving  ? InMotionQuery::Rule::MovingIs
                  : still ? InMotionQuery::Rule::StillIs
                          : InMotionQuery::Rule::MovingMask;
    motion.token = moving.value_or(still.value_or(QString())).toLatin1().trimmed();
    motion.mask = quint64(mask.value_or(0));
    reader.finish();
    return motion;
}

void readMovements(YamlReader &root, Definition *definition)
{
    for (auto &[name, reader] : root.entries(u"movements"_s)) {
        MovementSpec spec;
        spec.name = name;
        readSpec(reader, &spec);

        MovementCommands commands;
        const auto texts = readRegister(reader);
        if (!reader.has(u"set"_s) && !(texts && !texts->set.isEmpty()))
            reader.requiredText(u"set"_s, u"\"SOUR:VOLT {value}\""_s);
        commands.set = texts && !reader.has(u"set"_s) ? texts->set : readSetter(reader, u"set"_s);
        commands.get = texts && !reader.has(u"get"_s)
                           ? texts->get
                           : readRequiredCommand(reader, u"get"_s, u"\"SOUR:VOLT?\""_s);
        commands.reply = readReplyFormat(reader, u"reply"_s, {});
        using Kind = ReplyFormat::Kind;
        if (commands.reply.kind != Kind::Number && commands.reply.kind != Kind::Template &&
            commands.reply.kind != Kind::Pattern) {
            reader.problem(u"reply"_s, Text::tr("A movement is read back as one number"),
                           Text::tr("Write reply: number or reply: {template: \"{value} K\"}"));
        }
        commands.go = readSteps(reader, u"go"_s);
        if (auto down = reader.map(u"down"_s)) {
            if (!down->has(u"set"_s))
                down->requiredText(u"set"_s, u"\"LLIM {value}\""_s);
            commands.setDown = readSetter(*down, u"set"_s);
            commands.goDown = readSteps(*down, u"go"_s);
            down->finish();
        }
        (void)reader.has(u"limits_by"_s); // read when the parameters are known
        commands.stop = readCommand(reader, u"stop"_s);
        spec.hasStop = !commands.stop.isEmpty();
        readRamp(reader, &spec, &commands);
        if (auto motion = reader.map(u"in_motion"_s))
            commands.inMotion = readInMotion(*motion);
        commands.acknowledge = readAcknowledge(reader);
        reader.finish();
        definition->spec.movements.append(spec);
        definition->movements.append(commands);
    }
}

} // namespace birch
