#include "core/plan/guard_kind.h"

#include "core/plan/compile_context.h"
#include "core/plan/kind_fields.h"
#include "core/plan/read_list.h"
#include "core/plan/watch_crowding.h"
#include "core/plan/watch_node.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kMaxConfirm = 1000;

QString tr(const char *text)
{
    return QCoreApplication::translate("GuardKind", text);
}

FieldSpec conditionField(const QString &key, const QString &label, const QString &help)
{
    FieldSpec field;
    field.key = key;
    field.label = label;
    field.type = FieldType::Condition;
    field.help = help;
    return field;
}

std::optional<GuardRule> compileRule(const ScanNode &node, const PlanObject &probe,
                                     CompileContext &context)
{
    GuardRule rule;
    rule.warning = context.condition(node, u"warning"_s, probe);
    rule.clear = context.condition(node, u"clear"_s, probe);
    rule.alert = context.condition(node, u"alert"_s, probe);
    rule.confirm = int(fieldInteger(node, u"confirm"_s, 1));
    if (const QJsonValue dwell = node.fields.value(u"dwell"_s); !dwell.isUndefined()) {
        const auto typed = context.duration(node, u"dwell"_s, dwell);
        if (!typed)
            return {};
        rule.dwell = *typed;
    }
    const auto isTyped = [&node](const QString &field) {
        return !node.fields.value(field).toString().trimmed().isEmpty();
    };
    if (!isTyped(u"warning"_s) && !isTyped(u"alert"_s)) {
        context.problem(node, u"warning"_s, tr("This guard has no condition"),
                        tr("Write when it shall warn or alert, e.g. \"heater.power > 20 W\""));
        return {};
    }
    if (isTyped(u"clear"_s) && !isTyped(u"warning"_s)) {
        context.problem(node, u"clear"_s, tr("Without a warning there is nothing to clear"),
                        tr("Write when it shall warn, or leave this empty"));
        return {};
    }
    return rule;
}

} // namespace

NodeDeclaration GuardKind::declaration() const
{
    FieldSpec confirm;
    confirm.key = u"confirm"_s;
    confirm.label = tr("Confirm");
    confirm.type = FieldType::Integer;
    confirm.help = tr("Readings in a row that must agree before the guard acts");
    confirm.defaultValue = 1;
    confirm.minimum = 1;
    confirm.maximum = kMaxConfirm;

    FieldSpec dwell;
    dwell.key = u"dwell"_s;
    dwell.label = tr("Clear for");
    dwell.type = FieldType::Duration;
    dwell.help = tr("How long all must be well before a paused scan goes on, e.g. \"30 s\"");

    NodeDeclaration declaration;
    declaration.id = u"guard"_s;
    declaration.label = tr("Guard");
    declaration.help = tr("Pauses or aborts the scan when something is wrong while it runs");
    declaration.icon = u"guard"_s;
    declaration.takesChildren = true;
    declaration.fields = {
        measurementsField(),
        intervalField(),
        conditionField(u"warning"_s, tr("Pause while"),
                       tr("The scan pauses while this holds, e.g. \"heater.power > 20 W\"")),
        conditionField(u"clear"_s, tr("Go on when"),
                       tr("A paused scan goes on when this holds; empty: as soon as it need not "
                          "pause")),
        conditionField(u"alert"_s, tr("Abort when"),
                       tr("Everything is made safe and the scan is aborted when this holds")),
        confirm,
        dwell};
    return declaration;
}

QString GuardKind::summary(const QJsonObject &fields) const
{
    QStringList parts;
    if (const QString warning = fields.value(u"warning"_s).toString(); !warning.isEmpty())
        parts.append(tr("pause while %1").arg(warning));
    if (const QString alert = fields.value(u"alert"_s).toString(); !alert.isEmpty())
        parts.append(tr("abort when %1").arg(alert));
    return parts.join(u", "_s);
}

std::unique_ptr<PlanNode> GuardKind::compile(const ScanNode &node, CompileContext &context) const
{
    QList<PlanRead> reads = compileReads(node, context);
    const auto interval = context.interval(node);
    PlanWatch watch;
    watch.probe = context.probe(node, std::move(reads));
    watch.guard = compileRule(node, watch.probe, context);
    const qsizetype objectsBefore = context.objects().size();
    auto children = context.watchedChildren(node);
    if (watch.probe.reads.isEmpty() || !interval || !watch.guard || children.empty())
        return nullptr;
    watch.interval = *interval;
    noteCrowding(node, context, watch.probe.reads, *interval * kBlindIntervals, objectsBefore,
                 tr("this guard would take that for an alert and abort the scan"));
    const Nanoseconds first = readTime(watch.probe.reads); // before the first step inside
    auto guard = std::make_unique<WatchNode>(context.addWatch(node, std::move(watch)));
    guard->children = std::move(children);
    context.setTotals(node, *guard, 2, 0, first);
    return guard;
}

} // namespace birch
