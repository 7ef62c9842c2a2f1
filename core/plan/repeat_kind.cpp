#include "core/plan/repeat_kind.h"

#include "core/plan/compile_context.h"
#include "core/plan/kind_fields.h"
#include "core/plan/plan_limits.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

class RepeatNode final : public PlanNode
{
public:
    explicit RepeatNode(qint64 times)
        : m_times(times)
    {
    }

    Visit next(WalkFrame &frame) const override
    {
        frame.ordinal = std::max<qint64>(frame.ordinal, 0);
        if (++frame.child < childCount())
            return Visit::Child;
        frame.child = 0;
        return ++frame.ordinal < m_times ? Visit::Child : Visit::Leave;
    }
    bool accepts(const WalkFrame &frame, bool inChild) const override
    {
        return inChild && isChild(frame.child) && frame.ordinal >= 0 && frame.ordinal < m_times;
    }
    qint64 rounds() const override { return m_times; }
    bool isLoop() const override { return true; }

private:
    qint64 m_times;
};

QString tr(const char *text)
{
    return QCoreApplication::translate("RepeatKind", text);
}

} // namespace

NodeDeclaration RepeatKind::declaration() const
{
    FieldSpec times;
    times.key = u"times"_s;
    times.label = tr("Times");
    times.type = FieldType::Integer;
    times.help = tr("How often to run what is inside");
    times.isRequired = true;
    times.minimum = 1;
    times.maximum = kMaxRounds;

    NodeDeclaration declaration;
    declaration.id = u"repeat"_s;
    declaration.label = tr("Repeat");
    declaration.help = tr("Runs what is inside several times");
    declaration.icon = u"repeat"_s;
    declaration.takesChildren = true;
    declaration.fields = {times};
    return declaration;
}

QString RepeatKind::summary(const QJsonObject &fields) const
{
    const qint64 times = fields.value(u"times"_s).toInteger();
    return times > 0 ? tr("%1 times").arg(times) : QString();
}

std::unique_ptr<PlanNode> RepeatKind::compile(const ScanNode &node, CompileContext &context) const
{
    const qint64 times = fieldInteger(node, u"times"_s, 1);
    auto repeat = std::make_unique<RepeatNode>(times);
    context.enterLoop(times, {});
    repeat->children = context.children(node);
    context.leaveLoop();
    if (repeat->children.empty())
        return nullptr;
    context.setTotals(node, *repeat, 0, 0, Nanoseconds::zero());
    return repeat;
}

} // namespace birch
