#include "core/plan/sequence_kind.h"

#include "core/plan/compile_context.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

class SequenceNode final : public PlanNode
{
public:
    Visit next(WalkFrame &frame) const override
    {
        frame.ordinal = 0;
        return ++frame.child < childCount() ? Visit::Child : Visit::Leave;
    }
    bool accepts(const WalkFrame &frame, bool inChild) const override
    {
        return inChild && frame.ordinal == 0 && isChild(frame.child);
    }
};

} // namespace

NodeDeclaration SequenceKind::declaration() const
{
    NodeDeclaration declaration;
    declaration.id = u"sequence"_s;
    declaration.label = QCoreApplication::translate("SequenceKind", "Sequence");
    declaration.help = QCoreApplication::translate("SequenceKind", "Runs what is inside, in order");
    declaration.icon = u"sequence"_s;
    declaration.takesChildren = true;
    return declaration;
}

QString SequenceKind::summary(const QJsonObject &) const
{
    return {};
}

std::unique_ptr<PlanNode> SequenceKind::compile(const ScanNode &node, CompileContext &context) const
{
    return makeSequence(node, context.children(node), context);
}

std::unique_ptr<PlanNode> makeSequence(const ScanNode &node,
                                       std::vector<std::unique_ptr<const PlanNode>> children,
                                       CompileContext &context)
{
    auto sequence = std::make_unique<SequenceNode>();
    sequence->id = node.id;
    sequence->children = std::move(children);
    if (sequence->children.empty())
        return nullptr;
    context.setTotals(node, *sequence, 0, 0, Nanoseconds::zero());
    return sequence;
}

} // namespace birch
