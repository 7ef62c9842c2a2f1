#include "core/plan/set_kind.h"

#include "core/plan/compile_context.h"
#include "core/plan/kind_fields.h"
#include "core/plan/single_step_node.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

class SetNode final : public SingleStepNode
{
public:
    SetNode(std::vector<MoveTarget> targets, Nanoseconds settle)
        : m_targets(std::move(targets))
        , m_settle(settle)
    {
    }
    void describe(const WalkFrame &, PlanStep &step, MoveTarget *targets) const override
    {
        std::copy(m_targets.begin(), m_targets.end(), targets);
        step.kind = StepKind::Move;
        step.targets = {targets, m_targets.size()};
        step.duration = m_settle;
    }
    int targetCount() const override { return int(m_targets.size()); }

private:
    std::vector<MoveTarget> m_targets;
    Nanoseconds m_settle;
};

QString tr(const char *text)
{
    return QCoreApplication::translate("SetKind", text);
}

std::vector<MoveTarget> compileTargets(const ScanNode &node, CompileContext &context)
{
    std::vector<MoveTarget> targets;
    const QJsonArray list = node.fields.value(u"targets"_s).toArray();
    for (qsizetype i = 0; i < list.size(); ++i) {
        const QString field = u"targets.%1."_s.arg(i);
        const QJsonObject typed = list[i].toObject();
        const QString name = typed.value(u"movement"_s).toString();
        const auto movement = context.movement(node, field + u"movement"_s, name);
        if (!movement)
            continue;
        const bool isTwice =
            std::any_of(targets.begin(), targets.end(),
                        [&](const MoveTarget &target) { return target.movement == *movement; });
        if (isTwice) {
            context.problem(node, field + u"movement"_s, tr("\"%1\" is set twice").arg(name),
                            tr("Remove one of the two"));
            continue;
        }
        const auto value =
            context.quantity(node, field + u"value"_s, typed.value(u"value"_s), *movement);
        if (!value)
            continue;
        context.checkLimits(node, field + u"value"_s, *movement, {&*value, 1});
        const auto ramp = context.ramp(node, field + u"ramp"_s, typed.value(u"ramp"_s), *movement);
        targets.push_back({*movement, *value, nullptr, ramp.value_or(0)});
    }
    return targets;
}

} // namespace

NodeDeclaration SetKind::declaration() const
{
    FieldSpec movement;
    movement.key = u"movement"_s;
    movement.label = tr("Movement");
    movement.type = FieldType::Movement;
    movement.help = tr("What to set, e.g. smu.bias");
    movement.isRequired = true;

    FieldSpec value;
    value.key = u"value"_s;
    value.label = tr("Value");
    value.type = FieldType::Quantity;
    value.help = tr("The value to set, with its unit, e.g. \"10 mV\"");
    value.isRequired = true;
    value.unitOf = u"movement"_s;

    FieldSpec targets;
    targets.key = u"targets"_s;
    targets.label = tr("Set");
    targets.type = FieldType::RecordList;
    targets.help = tr("Movements with their values, all begun together");
    targets.isRequired = true;
    targets.item = {movement, value, rampField()};

    NodeDeclaration declaration;
    declaration.id = u"set"_s;
    declaration.label = tr("Set");
    declaration.help = tr("Sets movements once and waits until they have settled");
    declaration.icon = u"set"_s;
    declaration.fields = {targets, settleField()};
    return declaration;
}

QString SetKind::summary(const QJsonObject &fields) const
{
    QStringList parts;
    const QJsonArray targets = fields.value(u"targets"_s).toArray();
    for (const QJsonValue &entry : targets) {
        const QJsonObject target = entry.toObject();
        parts.append(target.value(u"movement"_s).toString() + u" = "_s +
                     fieldText(target.value(u"value"_s)) + rampText(target));
    }
    return parts.join(u", "_s);
}

std::unique_ptr<PlanNode> SetKind::compile(const ScanNode &node, CompileContext &context) const
{
    std::vector<MoveTarget> targets = compileTargets(node, context);
    const auto settle = context.settle(node);
    if (targets.empty() || !settle)
        return nullptr;
    Nanoseconds time{};
    for (const MoveTarget &target : targets) {
        context.markSet(target.movement);
        const double way = target.ramp > 0 ? context.wayTo(target.movement, target.value) : 0;
        time = std::max(time, context.moveTime(target.movement, way, target.ramp));
        context.leaveAt(target.movement, target.value);
    }
    auto set = std::make_unique<SetNode>(std::move(targets), *settle);
    context.setTotals(node, *set, 1, 0, time + *settle);
    return set;
}

} // namespace birch
