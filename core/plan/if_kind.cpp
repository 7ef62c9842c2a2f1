#include "core/plan/if_kind.h"

#include "core/plan/compile_context.h"
#include "core/plan/kind_fields.h"
#include "core/plan/sequence_kind.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr auto kElse = "else"_L1;

/// First the look at the condition, then one of up to two children.
class IfNode final : public PlanNode
{
public:
    explicit IfNode(int condition)
        : m_condition(condition)
    {
    }

    void setBranch(bool ofTruth, std::unique_ptr<PlanNode> branch)
    {
        (ofTruth ? m_then : m_else) = int(children.size());
        children.push_back(std::move(branch));
    }

    Visit next(WalkFrame &frame) const override
    {
        if (frame.ordinal < 0) {
            frame.ordinal = 0;
            return Visit::Step;
        }
        const bool isDecided = frame.child < 0 && frame.decision != Decision::Neither;
        frame.child = !isDecided ? -1 : frame.decision == Decision::Yes ? m_then : m_else;
        return frame.child < 0 ? Visit::Leave : Visit::Child;
    }
    void describe(const WalkFrame &, PlanStep &step, MoveTarget *) const override
    {
        step.kind = StepKind::Decide;
        step.condition = m_condition;
    }
    bool accepts(const WalkFrame &frame, bool inChild) const override
    {
        return frame.ordinal == 0 && (inChild ? isChild(frame.child) : frame.child == -1);
    }

private:
    int m_condition;
    int m_then = -1;
    int m_else = -1;
};

QString tr(const char *text)
{
    return QCoreApplication::translate("IfKind", text);
}

/// The `else` of \a node; null: none. Reports others, which have no place.
const ScanNode *elseOf(const ScanNode &node, CompileContext &context)
{
    for (int row = 0; row + 1 < node.childCount(); ++row) {
        if (node.child(row)->kind == kElse)
            context.problem(*node.child(row), {}, tr("Something stands behind this \"else\""),
                            tr("Make it the last node inside the \"if\", and the only one"));
    }
    const ScanNode *last = node.childCount() > 0 ? node.child(node.childCount() - 1) : nullptr;
    return last != nullptr && last->kind == kElse ? last : nullptr;
}

/// A condition that says the same every time leaves one branch out for good.
void tellUnreached(const ScanNode &node, int condition, bool hasInside, const ScanNode *otherwise,
                   CompileContext &context)
{
    const auto always = context.constant(condition);
    if (always == false && hasInside)
        context.note(node, u"condition"_s,
                     tr("What is inside is never reached: the condition is always false"),
                     tr("Correct the condition, or switch the node off"));
    if (always == true && otherwise)
        context.note(*otherwise, {},
                     tr("This \"else\" is never reached: the condition is always true"),
                     tr("Correct the condition, or remove the \"else\""));
}

/// A walk takes one of the two: the larger bounds it.
void setTotals(IfNode &chosen)
{
    for (const auto &branch : chosen.children) {
        chosen.points = std::max(chosen.points, branch->points);
        chosen.steps = std::max(chosen.steps, branch->steps + 1);
        chosen.duration = std::max(chosen.duration, branch->duration);
    }
}

} // namespace

NodeDeclaration IfKind::declaration() const
{
    NodeDeclaration declaration;
    declaration.id = u"if"_s;
    declaration.label = tr("If");
    declaration.help =
        tr("Runs what is inside if a condition is true; an \"else\" as its last node "
           "runs if it is false");
    declaration.icon = u"if"_s;
    declaration.takesChildren = true;
    declaration.fields = {conditionField(tr("When to run what is inside"))};
    declaration.fields.first().isRequired = true;
    return declaration;
}

QString IfKind::summary(const QJsonObject &fields) const
{
    return fieldText(fields.value(u"condition"_s));
}

std::unique_ptr<PlanNode> IfKind::compile(const ScanNode &node, CompileContext &context) const
{
    const auto condition = context.condition(node, u"condition"_s);
    const ScanNode *otherwise = elseOf(node, context);
    context.markBound();
    std::vector<std::unique_ptr<const PlanNode>> inside;
    context.perhaps([&] {
        for (int row = 0; row < node.childCount(); ++row) {
            if (node.child(row)->kind == kElse)
                continue;
            if (auto child = context.compile(*node.child(row)))
                inside.push_back(std::move(child));
        }
    });
    std::unique_ptr<PlanNode> other;
    if (otherwise != nullptr)
        context.perhaps([&] { other = context.compile(*otherwise); });
    if (!condition || (inside.empty() && !other))
        return nullptr;
    tellUnreached(node, *condition, !inside.empty(), other ? otherwise : nullptr, context);
    auto chosen = std::make_unique<IfNode>(*condition);
    if (!inside.empty())
        chosen->setBranch(true, makeSequence(node, std::move(inside), context));
    if (other)
        chosen->setBranch(false, std::move(other));
    setTotals(*chosen);
    return chosen;
}

NodeDeclaration ElseKind::declaration() const
{
    NodeDeclaration declaration;
    declaration.id = kElse;
    declaration.label = tr("Else");
    declaration.help = tr("As the last node inside an \"if\": runs if its condition is false");
    declaration.icon = u"else"_s;
    declaration.takesChildren = true;
    return declaration;
}

QString ElseKind::summary(const QJsonObject &) const
{
    return {};
}

std::unique_ptr<PlanNode> ElseKind::compile(const ScanNode &node, CompileContext &context) const
{
    if (node.parent() == nullptr || node.parent()->kind != u"if") {
        context.problem(node, {}, tr("This \"else\" belongs to no \"if\""),
                        tr("Move it into an \"if\", as its last node"));
    }
    return makeSequence(node, context.children(node), context);
}

} // namespace birch
