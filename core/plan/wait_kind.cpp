#include "core/plan/wait_kind.h"

#include "core/plan/compile_context.h"
#include "core/plan/field_check.h"
#include "core/plan/kind_fields.h"
#include "core/plan/read_list.h"
#include "core/plan/single_step_node.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

class WaitNode final : public SingleStepNode
{
public:
    /// \a watch: waits for its condition, \a length at most; -1: for \a length.
    explicit WaitNode(Nanoseconds length, int watch = -1)
        : m_length(length)
        , m_watch(watch)
    {
    }
    void describe(const WalkFrame &, PlanStep &step, MoveTarget *) const override
    {
        step.kind = StepKind::Wait;
        step.duration = m_length;
        step.watch = m_watch;
    }

private:
    Nanoseconds m_length;
    int m_watch;
};

constexpr auto kUntil = "until"_L1;

QString tr(const char *text)
{
    return QCoreApplication::translate("WaitKind", text);
}

bool isUntil(const QJsonObject &fields)
{
    return fields.value(u"mode"_s).toString() == kUntil;
}

FieldSpec shownIn(const QString &mode, FieldSpec field)
{
    field.visibleWhen = u"mode"_s;
    field.visibleValues = {mode};
    return field;
}

FieldSpec durationField(const QString &key, const QString &label, const QString &help,
                        const QJsonValue &usual)
{
    FieldSpec field;
    field.key = key;
    field.label = label;
    field.type = FieldType::Duration;
    field.help = help;
    field.defaultValue = usual;
    return field;
}

constexpr auto kUsualDwell = "0 s"_L1;
constexpr auto kUsualLimit = "10 min"_L1;
constexpr auto kUsualInterval = "200 ms"_L1;

/// The field of \a node, or what it is where it is left out.
std::optional<Nanoseconds> usually(const ScanNode &node, const QString &field,
                                   QLatin1StringView usual, CompileContext &context)
{
    const QJsonValue typed = node.fields.value(field);
    return context.duration(node, field, isFilled(typed) ? typed : QJsonValue(QString(usual)));
}

std::unique_ptr<PlanNode> compileUntil(const ScanNode &node, CompileContext &context)
{
    auto watch = context.waitFor(node);
    const auto dwell = usually(node, u"dwell"_s, kUsualDwell, context);
    const auto limit = usually(node, u"limit"_s, kUsualLimit, context);
    const auto interval = usually(node, u"interval"_s, kUsualInterval, context);
    if (interval && *interval < kMinInterval)
        context.problem(node, u"interval"_s, tr("The interval is too short"),
                        tr("Write 1 ms or more"));
    if (!watch || !dwell || !limit || !interval || *interval < kMinInterval)
        return nullptr;
    watch->interval = *interval;
    watch->wait->dwell = *dwell;
    watch->wait->limit = *limit;
    const Nanoseconds once = readTime(watch->probe.reads);
    auto wait = std::make_unique<WaitNode>(*limit, context.addWatch(node, *std::move(watch)));
    context.setTotals(node, *wait, 1, 0, CompileContext::sum(*dwell, once)); // true at once
    return wait;
}

} // namespace

NodeDeclaration WaitKind::declaration() const
{
    FieldSpec mode;
    mode.key = u"mode"_s;
    mode.label = tr("Wait");
    mode.type = FieldType::Choice;
    mode.help = tr("What to wait for");
    mode.defaultValue = u"duration"_s;
    mode.choices = {u"duration"_s, QString(kUntil)};
    mode.choiceLabels = {tr("A duration"), tr("Until true")};

    FieldSpec duration;
    duration.key = u"duration"_s;
    duration.label = tr("Duration");
    duration.type = FieldType::Duration;
    duration.help = tr("How long to wait, e.g. \"10 s\"");
    duration.isRequired = true;

    FieldSpec condition =
        conditionField(tr("What it names is read again and again until this is true"));
    condition.isRequired = true;

    NodeDeclaration declaration;
    declaration.id = u"wait"_s;
    declaration.label = tr("Wait");
    declaration.help = tr("Waits for a duration, or until a condition is true");
    declaration.icon = u"wait"_s;
    declaration.fields = {
        mode,
        shownIn(u"duration"_s, duration),
        shownIn(kUntil, condition),
        shownIn(kUntil, durationField(u"dwell"_s, tr("For"), tr("How long it has to stay true"),
                                      QString(kUsualDwell))),
        shownIn(kUntil, durationField(u"limit"_s, tr("At most"),
                                      tr("The node has failed if it is not true by then"),
                                      QString(kUsualLimit))),
        shownIn(kUntil, durationField(u"interval"_s, tr("Every"), tr("Time between two readings"),
                                      QString(kUsualInterval)))};
    return declaration;
}

QString WaitKind::summary(const QJsonObject &fields) const
{
    if (!isUntil(fields))
        return fieldText(fields.value(u"duration"_s), u"s"_s);
    const QString condition = fieldText(fields.value(u"condition"_s));
    return condition.isEmpty() ? QString() : tr("until %1").arg(condition);
}

std::unique_ptr<PlanNode> WaitKind::compile(const ScanNode &node, CompileContext &context) const
{
    if (isUntil(node.fields))
        return compileUntil(node, context);
    const auto length = context.duration(node, u"duration"_s, node.fields.value(u"duration"_s));
    if (!length)
        return nullptr;
    auto wait = std::make_unique<WaitNode>(*length);
    context.setTotals(node, *wait, 1, 0, *length);
    return wait;
}

} // namespace birch
