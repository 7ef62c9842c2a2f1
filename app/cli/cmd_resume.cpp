#include "app/cli/commands.h"
#include "app/cli/headless_run.h"
#include "app/cli/prompt_answers.h"
#include "app/cli/settings_choice.h"
#include "app/cli/station_setup.h"
#include "app/cli/trace_output.h"
#include "app/session/continuation.h"
#include "core/plan/standard_nodes.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

int listInterrupted(const Invocation &invocation, const QList<ScanRecord> &scans)
{
    QJsonArray list;
    for (const ScanRecord &scan : scans) {
        list.append(scan.toJson());
        if (!invocation.isJson)
            invocation.print(tr("%1  %2: %3 of %4 points")
                                 .arg(scan.scanId, scan.details.name)
                                 .arg(scan.points)
                                 .arg(scan.pointsPlanned));
    }
    if (invocation.isJson)
        invocation.printJson({{u"scans"_s, list}});
    else if (scans.isEmpty())
        invocation.print(tr("Nothing to continue."));
    else
        invocation.print(
            tr("Continue one with \"birchctl resume SCAN\", all with \"birchctl resume --all\"."));
    return kDone;
}

int continueScans(const Invocation &invocation, const Station &station, StationData &data,
                  const QStringList &keys)
{
    const NodeRegistry registry = standardNodes();
    auto trace = TraceOutput::open(invocation);
    if (!trace)
        return invocation.fail(trace.error(), kBadInput);
    Problems problems;
    std::unique_ptr<StationBench> bench =
        StationBench::open(station.benchFile(), &problems, trace.value().capacity());
    if (!bench)
        return invocation.fail(problems);
    const BenchTraces traces = bench->traces();
    std::vector<PreparedContinuation> prepared;
    for (const QString &key : keys) {
        auto one =
            prepareContinuation(data.connection(), data.session(), key, station.specs(bench->file()), registry);
        if (!one)
            return invocation.fail(one.error(), kBadInput);
        prepared.push_back(std::move(one).value());
    }
    const auto choice = settingsChoice(invocation);
    if (!choice)
        return invocation.fail(choice.error());
    takeBenchOver(data, *bench); // before it is asked how it is set
    for (PreparedContinuation &one : prepared) {
        if (const int code = meetDemand(invocation, one.item, *bench, choice.value());
            code != kDone)
            return code;
    }
    HeadlessRun run(invocation, data, std::move(bench));
    for (const PreparedContinuation &one : prepared)
        run.engine().resumeScan(one.item, one.continuation);
    const int code = run.run();
    trace.value().write(invocation, traces);
    printScans(invocation, data, run.startedItems());
    return code;
}

int resume(const Invocation &invocation)
{
    const QStringList arguments = invocation.arguments();
    const bool isAll = invocation.isSet(u"all"_s);
    if (arguments.size() > 1 || (isAll && !arguments.isEmpty()))
        return invocation.usage(tr("Give one scan, or --all, or nothing to list them."));
    const Station station(invocation);
    RecoveryOutcome recovery;
    auto data = station.openAndRecover(&recovery);
    if (!data)
        return invocation.fail(data.error());
    for (const QString &running : std::as_const(recovery.running))
        invocation.note(running);
    ScanRepository repository(data.value()->connection());
    const auto interrupted = repository.interrupted(data.value()->session());
    if (!interrupted)
        return invocation.fail(interrupted.error());
    if (!isAll && arguments.isEmpty())
        return listInterrupted(invocation, interrupted.value());
    QStringList keys = arguments;
    for (const ScanRecord &scan : interrupted.value()) {
        if (isAll)
            keys.prepend(scan.scanId); // oldest first
    }
    if (keys.isEmpty())
        return listInterrupted(invocation, {});
    return continueScans(invocation, station, *data.value(), keys);
}

} // namespace

Command resumeCommand()
{
    return {.name = u"resume"_s,
            .summary = tr("Recover spools; list or continue interrupted scans."),
            .synopsis = u"[SCAN]"_s,
            .help =
                tr("Without an argument: brings spooled points into the database, also those "
                   "recorded with "
                   "run --no-database, and lists what can be continued. With a scan: continues "
                   "it at its exact next point, after its instruments were compared with what its "
                   "record says; where they are set otherwise, --settings says what to do."),
            .options = {{u"all"_s, tr("Continue every interrupted scan, oldest first.")},
                        answerOption(),
                        settingsOption(),
                        traceOption()},
            .run = resume};
}

} // namespace birch::cli
