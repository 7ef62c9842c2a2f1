// Nodes that run at the same time: what each sees, and what none may do beside another.
#include "core/plan/compile_context.h"
#include "core/plan/node_registry.h"

using namespace Qt::StringLiterals;

namespace birch {

std::vector<std::unique_ptr<const PlanNode>> CompileContext::branches(const ScanNode &node)
{
    const QList<int> before = m_set;
    QList<int> after = m_set;
    QList<QList<SetMark>> marks;
    std::vector<std::unique_ptr<const PlanNode>> compiled;
    const size_t loopsAround = std::exchange(m_loopsOfLane, m_loops.size());
    for (int row = 0; row < node.childCount(); ++row) {
        const qsizetype marksBefore = m_marks.size();
        m_set = before;
        if (auto branch = compile(*node.child(row)))
            compiled.push_back(std::move(branch));
        for (int movement : std::as_const(m_set)) {
            if (!after.contains(movement))
                after.append(movement);
        }
        marks.append(m_marks.mid(marksBefore));
    }
    m_set = after;
    m_loopsOfLane = loopsAround;
    checkBranches(marks);
    return compiled;
}

void CompileContext::checkBranches(const QList<QList<SetMark>> &branches)
{
    QHash<QString, const ScanNode *> setters; // of the branches before
    for (const QList<SetMark> &branch : branches) {
        QHash<QString, const ScanNode *> here;
        for (const SetMark &mark : branch) {
            const QString &instrument = m_movements[mark.movement].instrument;
            if (here.contains(instrument))
                continue;
            here.insert(instrument, mark.node);
            const ScanNode *other = setters.value(instrument);
            if (!other)
                continue;
            problem(*mark.node, {},
                    tr("\"%1\" would be set by \"%2\" and by \"%3\" at the same time")
                        .arg(instrument, titleOf(*other), titleOf(*mark.node)),
                    tr("Put both into one branch, or one of them behind the parallel node"));
        }
        setters.insert(here);
    }
}

QString CompileContext::titleOf(const ScanNode &node) const
{
    if (!node.label.trimmed().isEmpty())
        return node.label.trimmed();
    const NodeKind *kind = m_registry.find(node.kind);
    return (node.kind + u' ' + (kind ? kind->summary(node.fields) : QString())).trimmed();
}

} // namespace birch
