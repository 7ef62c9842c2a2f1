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
    const ReadTree read = readTree(report.value().tree, registry, scan.scanId);
    Problems problems = read.problems;
    CompiledPlan compiled;
    if (read.tree) {
        compiled = compilePlan(*read.tree, bench, registry, scan.scanId);
        problems += compiled.problems;
    }
    if (!compiled.plan)
        return Error{ErrorCode::BadInput,
                     tr("%1 can not be continued on this bench: %2 %3")
                         .arg(scan.scanId, problems.value(0).message, problems.value(0).remedy)};
    if (compiled.plan->hash != report.value().planHash)
        return Error{
            ErrorCode::Conflict,
            tr("%1 was started with other instrument definitions or limits, so its next point "
               "is not certain. Restore the bench file, or close the scan with \"birchctl scans "
               "close %1\".")
                .arg(scan.scanId)};
    PreparedContinuation prepared;
    prepared.item.id = newUid();
    prepared.item.name = scan.details.name;
    prepared.item.plan = std::move(compiled.plan);
    prepared.item.tree = report.value().tree;
    prepared.item.details = scan.details;
    prepared.item.pointsPlanned = scan.pointsPlanned;
    prepared.item.points = scan.points;
    prepared.continuation = {scan.uid, scan.scanId, report.value().cursor, scan.startedUs};
    return prepared;
}

} // namespace birch
