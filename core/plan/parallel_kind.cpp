#include "core/plan/parallel_kind.h"

#include "core/plan/compile_context.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

class ParallelNode final : public PlanNode
{
public:
    Visit next(WalkFrame &frame) const override
    {
        return ++frame.ordinal == 0 ? Visit::Step : Visit::Leave;
    }
    void describe(const WalkFrame &, PlanStep &step, MoveTarget *) const override
    {
        step.kind = StepKind::Fork;
    }
    bool accepts(const WalkFrame &frame, bool inChild) const override
    {
        return !inChild && frame.ordinal == 0 && frame.child == -1;
    }
};

} // namespace

NodeDeclaration ParallelKind::declaration() const
{
    NodeDeclaration declaration;
    declaration.id = u"parallel"_s;
    declaration.label = QCoreApplication::translate("ParallelKind", "Parallel");
    declaration.help =
        QCoreApplication::translate("ParallelKind", "Runs what is inside at the same time");
    declaration.icon = u"parallel"_s;
    declaration.takesChildren = true;
    return declaration;
}

QString ParallelKind::summary(const QJsonObject &) const
{
    return {};
}

std::unique_ptr<PlanNode> ParallelKind::compile(const ScanNode &node, CompileContext &context) const
{
    auto parallel = std::make_unique<ParallelNode>();
    parallel->children = context.branches(node);
    if (parallel->children.empty())
        return nullptr;
    context.setTotals(node, *parallel, 1, 0, Nanoseconds::zero());
    parallel->duration = {};
    for (const auto &branch : parallel->children)
        parallel->duration = std::max(parallel->duration, branch->duration);
    return parallel;
}

} // namespace birch
