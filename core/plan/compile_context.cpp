#include "core/plan/compile_context.h"

#include "core/plan/travel_time.h"

#include "core/base/id.h"
#include "core/plan/duration_text.h"
#include "core/plan/field_check.h"
#include "core/plan/node_registry.h"
#include "core/plan/plan_limits.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

CompileContext::CompileContext(const NodeRegistry &registry, const BenchSpecs &bench, QString file)
    : m_registry(registry)
    , m_bench(bench)
    , m_file(std::move(file))
{
}

void CompileContext::problem(const ScanNode &node, const QString &field, const QString &message,
                             const QString &remedy)
{
    m_problems.append({m_file, uidText(node.id), field, 0, message, remedy});
}

void CompileContext::note(const ScanNode &node, const QString &field, const QString &message,
                          const QString &remedy)
{
    m_notes.append({m_file, uidText(node.id), field, 0, message, remedy});
}

bool CompileContext::checkFields(const ScanNode &node)
{
    const NodeDeclaration *declaration = m_registry.declaration(node.kind);
    if (declaration == nullptr) {
        problem(node, u"kind"_s, tr("There is no kind of node called \"%1\"").arg(node.kind),
                tr("Use one of: %1").arg(m_registry.ids().join(u", "_s)));
        return false;
    }
    m_hasMeasureNode = m_hasMeasureNode || declaration->yieldsData;
    const qsizetype before = m_problems.size();
    if (!declaration->takesChildren && node.childCount() > 0) {
        problem(node, u"children"_s,
                tr("A node of kind \"%1\" has no nodes inside").arg(declaration->label),
                tr("Move them behind it"));
    }
    QList<FieldProblem> found = checkShape(declaration->fields, node.fields);
    if (found.isEmpty())
        found = checkComplete(declaration->fields, node.fields);
    for (const FieldProblem &wrong : std::as_const(found))
        problem(node, wrong.field, wrong.message, wrong.remedy);
    return m_problems.size() == before;
}

CompileContext::Rule CompileContext::ruleOf(const ScanNode &node)
{
    Rule rule = m_rules.empty() ? Rule{} : m_rules.back();
    if (node.failure)
        rule.failure = *node.failure;
    if (!node.timeout.trimmed().isEmpty()) {
        if (const auto typed = duration(node, u"timeout"_s, node.timeout))
            rule.timeout = *typed;
    }
    return rule;
}

std::vector<std::unique_ptr<const PlanNode>> CompileContext::children(const ScanNode &node)
{
    std::vector<std::unique_ptr<const PlanNode>> compiled;
    for (int row = 0; row < node.childCount(); ++row) {
        const ScanNode &below = *node.child(row);
        const ScanNode *stopper = m_stopper;
        if (stopper && below.isEnabled) {
            note(below, {},
                 tr("\"%1\" is never reached: \"%2\" always ends the loop around before it")
                     .arg(titleOf(below), titleOf(*stopper)),
                 tr("Move it in front, or correct the condition there"));
            m_stopper = nullptr; // told once, not again for all that is inside
        }
        if (auto child = compile(below))
            compiled.push_back(std::move(child));
        if (stopper)
            m_stopper = stopper;
    }
    return compiled;
}

std::unique_ptr<PlanNode> CompileContext::compile(const ScanNode &node)
{
    if (!node.isEnabled)
        return nullptr;
    if (m_rules.size() > size_t(kMaxDepth)) {
        problem(node, {}, tr("The tree is nested deeper than %1 levels").arg(kMaxDepth),
                tr("Move the node further up"));
        return nullptr;
    }
    m_rules.push_back(ruleOf(node));
    m_compiling.push_back(&node);
    const qsizetype marksBefore = m_marks.size();
    std::unique_ptr<PlanNode> compiled;
    if (checkFields(node))
        compiled = m_registry.find(node.kind)->compile(node, *this);
    else if (m_registry.find(node.kind) != nullptr)
        (void)children(node); // their problems are reported as well
    if (compiled) {
        compiled->id = node.id;
        compiled->failure = m_rules.back().failure;
        compiled->timeout = m_rules.back().timeout;
        for (qsizetype mark = marksBefore; mark < m_marks.size(); ++mark)
            compiled->movements.push_back(m_marks[mark].movement);
        auto &movements = compiled->movements;
        std::sort(movements.begin(), movements.end());
        movements.erase(std::unique(movements.begin(), movements.end()), movements.end());
    }
    m_compiling.pop_back();
    m_rules.pop_back();
    return compiled;
}

void CompileContext::enterLoop(qint64 rounds, const QList<int> &sweeps)
{
    m_loops.push_back({rounds, sweeps});
}

void CompileContext::leaveLoop()
{
    m_loops.pop_back();
    m_stopper = nullptr; // what is behind the loop is reached
}

bool CompileContext::isSwept(int movement) const
{
    return std::any_of(m_loops.begin(), m_loops.end(),
                       [movement](const Loop &loop) { return loop.sweeps.contains(movement); });
}

void CompileContext::markSet(int movement)
{
    if (!m_set.contains(movement))
        m_set.append(movement);
    m_marks.append({movement, m_compiling.back()});
}

Nanoseconds CompileContext::times(Nanoseconds once, qint64 count)
{
    const long double product =
        static_cast<long double>(once.count()) * static_cast<long double>(count);
    return Nanoseconds(
        qint64(std::min(product, static_cast<long double>(kMaxPlanDuration.count()))));
}

Nanoseconds CompileContext::sum(Nanoseconds a, Nanoseconds b)
{
    return std::min(a + b, kMaxPlanDuration); // each is at most that, an eighth of the range
}

double CompileContext::wayTo(int movement, double position) const
{
    const auto from = m_leftAt.constFind(movement);
    return from == m_leftAt.constEnd() ? 0 : position - *from;
}

void CompileContext::leaveAt(int movement, std::optional<double> position)
{
    if (position)
        m_leftAt.insert(movement, *position);
    else
        m_leftAt.remove(movement);
}

Nanoseconds CompileContext::moveTime(int movement, double distance, double ramp) const
{
    const MovementSpec &spec = m_movements[movement].spec;
    const double rate = ramp > 0 ? ramp : spec.rampRate.value_or(0);
    const Nanoseconds standing = spec.learned.value_or(spec.setTime) + spec.settle.dwell;
    return sum(std::min(standing, kMaxPlanDuration),
               travelTime(distance, rate, spec.settle.poll));
}

void CompileContext::setTotals(const ScanNode &node, PlanNode &planNode, qint64 ownSteps,
                               qint64 ownPoints, Nanoseconds ownDuration)
{
    long double points = 0;
    long double monitorPoints = 0;
    long double steps = 0;
    long double duration = 0;
    for (const auto &child : planNode.children) {
        points += static_cast<long double>(child->points);
        monitorPoints += static_cast<long double>(child->monitorPoints);
        steps += static_cast<long double>(child->steps);
        duration += static_cast<long double>(child->duration.count());
    }
    const auto rounds = static_cast<long double>(planNode.rounds());
    points = points * rounds + static_cast<long double>(ownPoints);
    steps = steps * rounds + static_cast<long double>(ownSteps);
    duration = duration * rounds + static_cast<long double>(ownDuration.count());
    if (points > static_cast<long double>(kMaxPoints) ||
        steps > static_cast<long double>(kMaxSteps)) {
        problem(node, {},
                tr("This makes more than %1 points")
                    .arg(QLocale(QLocale::English).toString(kMaxPoints)),
                tr("Use fewer positions or repeats"));
        points = steps = monitorPoints = 0; // what is around must not report it again
    }
    planNode.monitorPoints = qint64(monitorPoints * rounds);
    planNode.points = qint64(points);
    planNode.steps = qint64(steps);
    planNode.duration =
        Nanoseconds(qint64(std::min(duration, static_cast<long double>(kMaxPlanDuration.count()))));
}

qint64 CompileContext::bytes() const
{
    return qint64(std::min(m_bytes, static_cast<long double>(kMaxBytes)));
}

} // namespace birch
