#include "core/plan/wait_kind.h"

#include "core/plan/compile_context.h"
#include "core/plan/kind_fields.h"
#include "core/plan/single_step_node.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

class WaitNode final : public SingleStepNode
{
public:
    explicit WaitNode(Nanoseconds length)
        : m_length(length)
    {
    }
    void describe(const WalkFrame &, PlanStep &step, MoveTarget *) const override
    {
        step.kind = StepKind::Wait;
        step.duration = m_length;
    }

private:
    Nanoseconds m_length;
};

QString tr(const char *text)
{
    return QCoreApplication::translate("WaitKind", text);
}

} // namespace

NodeDeclaration WaitKind::declaration() const
{
    FieldSpec duration;
    duration.key = u"duration"_s;
    duration.label = tr("Duration");
    duration.type = FieldType::Duration;
    duration.help = tr("How long to wait, e.g. \"10 s\"");
    duration.isRequired = true;

    NodeDeclaration declaration;
    declaration.id = u"wait"_s;
    declaration.label = tr("Wait");
    declaration.help = tr("Waits for a duration");
    declaration.icon = u"wait"_s;
    declaration.fields = {duration};
    return declaration;
}

QString WaitKind::summary(const QJsonObject &fields) const
{
    return fieldText(fields.value(u"duration"_s), u"s"_s);
}

std::unique_ptr<PlanNode> WaitKind::compile(const ScanNode &node, CompileContext &context) const
{
    const auto length = context.duration(node, u"duration"_s, node.fields.value(u"duration"_s));
    if (!length)
        return nullptr;
    auto wait = std::make_unique<WaitNode>(*length);
    context.setTotals(node, *wait, 1, 0, *length);
    return wait;
}

} // namespace birch
