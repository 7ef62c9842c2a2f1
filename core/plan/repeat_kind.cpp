#include "core/plan/repeat_kind.h"

#include "core/plan/compile_context.h"
#include "core/plan/kind_fields.h"
#include "core/plan/plan_limits.h"
#include "core/plan/repeat_node.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr qint64 kUsualLimit = 1000;

QString tr(const char *text)
{
    return QCoreApplication::translate("RepeatKind", text);
}

FieldSpec modeField()
{
    FieldSpec mode;
    mode.key = u"mode"_s;
    mode.label = tr("Repeat");
    mode.type = FieldType::Choice;
    mode.help = tr("What ends it; a condition is looked at after each round");
    mode.defaultValue = u"times"_s;
    mode.choices = {u"times"_s, u"duration"_s, u"while"_s};
    mode.choiceLabels = {tr("A number of times"), tr("For a duration"), tr("While true")};
    return mode;
}

FieldSpec onlyIn(const QStringList &modes, FieldSpec field)
{
    field.visibleWhen = u"mode"_s;
    field.visibleValues = modes;
    return field;
}

FieldSpec roundsField(const QString &key, const QString &label, const QString &help)
{
    FieldSpec rounds;
    rounds.key = key;
    rounds.label = label;
    rounds.type = FieldType::Integer;
    rounds.help = help;
    rounds.minimum = 1;
    rounds.maximum = kMaxRounds;
    return rounds;
}

QString modeOf(const QJsonObject &fields)
{
    return fields.value(u"mode"_s).toString(u"times"_s);
}

} // namespace

NodeDeclaration RepeatKind::declaration() const
{
    FieldSpec times = onlyIn(
        {u"times"_s}, roundsField(u"times"_s, tr("Times"), tr("How often to run what is inside")));
    times.isRequired = true;

    FieldSpec duration;
    duration.key = u"duration"_s;
    duration.label = tr("Duration");
    duration.type = FieldType::Duration;
    duration.help = tr("A round that has begun within it is finished, e.g. \"10 min\"");
    duration.isRequired = true;

    FieldSpec condition = conditionField(tr("Another round follows while it is true"));
    condition.isRequired = true;

    FieldSpec limit = onlyIn(
        {u"duration"_s, u"while"_s},
        roundsField(u"limit"_s, tr("At most"), tr("Rounds after which it ends in any case")));
    limit.defaultValue = kUsualLimit;

    NodeDeclaration declaration;
    declaration.id = u"repeat"_s;
    declaration.label = tr("Repeat");
    declaration.help = tr("Runs what is inside several times, for a duration, or while a condition "
                          "is true");
    declaration.icon = u"repeat"_s;
    declaration.takesChildren = true;
    declaration.fields = {modeField(), times, onlyIn({u"duration"_s}, duration),
                          onlyIn({u"while"_s}, condition), limit};
    return declaration;
}

QString RepeatKind::summary(const QJsonObject &fields) const
{
    const QString mode = modeOf(fields);
    if (mode == u"duration") {
        const QString duration = fieldText(fields.value(u"duration"_s), u"s"_s);
        return duration.isEmpty() ? QString() : tr("for %1").arg(duration);
    }
    if (mode == u"while") {
        const QString condition = fieldText(fields.value(u"condition"_s));
        return condition.isEmpty() ? QString() : tr("while %1").arg(condition);
    }
    const qint64 times = fields.value(u"times"_s).toInteger();
    return times > 0 ? tr("%1 times").arg(times) : QString();
}

std::unique_ptr<PlanNode> RepeatKind::compile(const ScanNode &node, CompileContext &context) const
{
    const QString mode = modeOf(node.fields);
    const bool isOpen = mode != u"times";
    const qint64 rounds =
        isOpen ? fieldInteger(node, u"limit"_s, kUsualLimit) : fieldInteger(node, u"times"_s, 1);
    context.enterLoop(rounds, {});
    auto children = context.children(node);
    std::unique_ptr<RepeatNode> repeat;
    std::optional<Nanoseconds> length;
    if (mode == u"while") {
        // Looked at after a round, so it may speak of what is measured inside.
        if (const auto condition = context.condition(node, u"condition"_s)) {
            repeat = RepeatNode::whileTrue(*condition, rounds);
            if (context.constant(*condition) == false)
                context.note(node, u"condition"_s,
                             tr("There is one round only: the condition is always false"),
                             tr("Correct the condition, or take the repeat away"));
        }
    } else if (mode == u"duration") {
        length = context.duration(node, u"duration"_s, node.fields.value(u"duration"_s));
        if (length)
            repeat = RepeatNode::forDuration(context.addTimer(), *length, rounds);
    } else {
        repeat = std::make_unique<RepeatNode>(rounds);
    }
    context.leaveLoop();
    if (!repeat || children.empty())
        return nullptr;
    repeat->children = std::move(children);
    context.setTotals(node, *repeat, isOpen ? rounds : 0, 0, Nanoseconds::zero());
    if (isOpen)
        context.markBound();
    if (length) { // and the rest of the round that is under way then
        const Nanoseconds round = repeat->duration / rounds;
        repeat->duration = std::min(repeat->duration, CompileContext::sum(*length, round));
    }
    return repeat;
}

} // namespace birch
