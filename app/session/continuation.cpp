#include "app/session/continuation.h"

#include "core/base/id.h"
#include "core/plan/plan_compiler.h"
#include "core/plan/scan_json.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Continuation", text);
}

/// Errors: BadInput - the tree no longer compiles here.
Result<std::shared_ptr<const ScanPlan>> planOf(const ScanReport &report, const BenchSpecs &bench,
                                               const NodeRegistry &registry)
{
    const ReadTree read = readTree(report.tree, registry, report.scan.scanId);
    Problems problems = read.problems;
    CompiledPlan compiled;
    if (read.tree) {
        compiled = compilePlan(*read.tree, bench, registry, report.scan.scanId);
        problems += compiled.problems;
    }
    if (!compiled.plan)
        return Error{
            ErrorCode::BadInput,
            tr("On this bench: %1 %2").arg(problems.value(0).message, problems.value(0).remedy)};
    return compiled.plan;
}

QueueItem itemOf(const ScanReport &report, std::shared_ptr<const ScanPlan> plan)
{
    QueueItem item;
    item.id = newUid();
    item.name = report.scan.details.name;
    item.plan = std::move(plan);
    item.tree = report.tree;
    item.details = report.scan.details;
    item.pointsPlanned = item.plan->points;
    item.demand = SettingsDemand{report.scan.scanId, {report.settings, report.instruments}};
    return item;
}
} // namespace

Result<PreparedContinuation> prepareContinuation(Connection &connection, const Session &session,
                                                 const QString &key, const BenchSpecs &bench,
                                                 const NodeRegistry &registry)
{
    auto report = ScanRepository(connection).show(session, key);
    if (!report)
        return report.error();
    const ScanRecord &scan = report.value().scan;
    if (scan.state != ScanState::Interrupted)
        return Error{ErrorCode::Conflict,
                     tr("%1 is %2, so there is nothing to continue. \"birchctl resume\" lists the "
                        "interrupted scans.")
                         .arg(scan.scanId, scanStateName(scan.state))};
    auto plan = planOf(report.value(), bench, registry);
    if (!plan)
        return plan.error().within(tr("%1 can not be continued").arg(scan.scanId));
    if (plan.value()->hash != report.value().planHash)
        return Error{
            ErrorCode::Conflict,
            tr("%1 was started with other instrument definitions or limits, so its next point "
               "is not certain. Restore the bench file, or close the scan with \"birchctl scans "
               "close %1\".")
                .arg(scan.scanId)};
    PreparedContinuation prepared;
    prepared.item = itemOf(report.value(), std::move(plan).value());
    prepared.item.pointsPlanned = scan.pointsPlanned;
    prepared.item.points = scan.points;
    prepared.continuation = {scan.uid, scan.scanId, report.value().cursor, scan.startedUs};
    return prepared;
}

Result<QueueItem> prepareLike(const ScanReport &report, const BenchSpecs &bench,
                              const NodeRegistry &registry)
{
    const QString &scanId = report.scan.scanId;
    if (report.tree.isEmpty())
        return Error{ErrorCode::BadInput,
                     tr("The record of %1 holds no tree, so it can not be run again: it came from "
                        "another program")
                         .arg(scanId)};
    auto plan = planOf(report, bench, registry);
    if (!plan)
        return plan.error().within(tr("%1 can not be run again").arg(scanId));
    if (plan.value()->hash != report.planHash)
        return Error{ErrorCode::Conflict,
                     tr("%1 ran with other instrument definitions or limits, so this would be "
                        "another scan. Bring those back, or open its tree and run that")
                         .arg(scanId)};
    QueueItem item = itemOf(report, std::move(plan).value());
    item.details.operatorName.clear();
    item.details.comment.clear(); // on what was seen then
    return item;
}

} // namespace birch
