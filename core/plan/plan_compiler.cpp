#include "core/plan/plan_compiler.h"

#include "core/plan/scan_json.h"
#include "core/plan/tree_includes.h"

#include <QCryptographicHash>
#include <QDataStream>
#include <QIODevice>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("PlanCompiler", text);
}

void hashColumn(QDataStream &out, const ColumnSpec &column)
{
    out << column.name << column.unit << quint8(column.type) << column.shape;
    for (const ColumnAxis &axis : column.axes)
        out << axis.name << axis.unit << axis.values;
    if (column.calibration) // half a scan by another factor would be two scans
        out << column.calibration->factor << column.calibration->offset;
}

/// Two plans with the same hash visit the same points and fill the same columns. Times and limits
/// are left out: a bench that is tuned between two sessions can still continue a scan.
QByteArray planHash(const ScanTree &tree, const ScanPlan &plan, const QByteArray &outside)
{
    QByteArray bytes = nodeToText(*tree.root()) + outside;
    QDataStream out(&bytes, QIODevice::Append);
    out.setVersion(QDataStream::Qt_6_4);
    for (const PlanMovement &movement : plan.movements)
        out << movement.column << movement.spec.unit;
    for (const PlanObject &object : plan.objects) {
        out << object.name;
        for (const ColumnSpec &column : object.columns)
            hashColumn(out, column);
        for (const PlanRead &read : object.reads)
            out << read.instrument << read.spec.name;
    }
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

QStringList leases(const ScanPlan &plan)
{
    QStringList names;
    for (const PlanMovement &movement : plan.movements)
        names.append(movement.instrument);
    for (const PlanObject &object : plan.objects) {
        for (const PlanRead &read : object.reads)
            names.append(read.instrument);
    }
    for (const PlanWatch &watch : plan.watches) {
        for (const PlanRead &read : watch.probe.reads)
            names.append(read.instrument);
    }
    names.removeDuplicates();
    names.sort();
    return names;
}

CompiledPlan compileComplete(const ScanTree &tree, const BenchSpecs &bench,
                             const NodeRegistry &registry, const QString &file)
{
    CompileContext context(registry, bench, file);
    std::unique_ptr<PlanNode> root = context.compile(*tree.root());
    context.nameObjects();
    if (!context.hasMeasureNode()) {
        context.problem(*tree.root(), {}, tr("Nothing is measured"),
                        tr("Add a measure node, or enable one"));
    }
    if (!context.problems().isEmpty())
        return {nullptr, context.problems(), context.notes()};

    ScanPlan plan;
    plan.name = tree.name;
    plan.movements = context.movements();
    plan.objects = context.objects();
    plan.watches = context.watches();
    plan.prompts = context.prompts();
    plan.instruments = leases(plan);
    plan.bytes = context.bytes();
    plan.values = context.values();
    plan.conditions = context.conditions();
    plan.timers = context.timers();
    plan.turns = context.turns();
    plan.searches = context.searches();
    plan.isBound = context.isBound();
    if (root) {
        plan.points = root->points;
        plan.monitorPoints = root->monitorPoints;
        plan.duration = root->duration;
    }
    for (const QString &nickname : plan.instruments)
        plan.duration = CompileContext::sum(plan.duration, bench[nickname].scanTime);
    plan.root = std::move(root);
    plan.hash = planHash(tree, plan, context.outside());
    return {std::make_shared<const ScanPlan>(std::move(plan)), {}, context.notes()};
}

} // namespace

CompiledPlan compilePlan(const ScanTree &tree, const BenchSpecs &bench,
                         const NodeRegistry &registry, const QString &file,
                         const TreeLibrary &library)
{
    ExpandedTree expanded = expandIncludes(tree, registry, file, library);
    if (!expanded.tree)
        return compileComplete(tree, bench, registry, file);
    if (expanded.isTooLarge)
        return {nullptr, expanded.problems};
    CompiledPlan compiled = compileComplete(*expanded.tree, bench, registry, file);
    compiled.problems = expanded.problems + toldAtIncludes(compiled.problems, expanded);
    compiled.notes = toldAtIncludes(compiled.notes, expanded);
    if (!compiled.problems.isEmpty())
        compiled.plan = nullptr;
    compiled.expanded = std::move(expanded.tree);
    return compiled;
}

} // namespace birch
