#include "app/cli/run_like.h"

#include "app/cli/definition_report.h"
#include "app/cli/headless_run.h"
#include "app/cli/run_checks.h"
#include "app/cli/settings_choice.h"
#include "app/cli/station_setup.h"
#include "app/cli/trace_output.h"
#include "app/session/continuation.h"
#include "core/plan/standard_nodes.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

QString versionOf(const QString &file)
{
    QFile bench(file);
    if (!bench.open(QIODevice::ReadOnly))
        return {};
    return QString::fromLatin1(
        QCryptographicHash::hash(bench.readAll(), QCryptographicHash::Sha256).toHex());
}

/// The bench that a scan is run on once more.
struct LikeBench {
    QString file;
    std::unique_ptr<QTemporaryDir> folder; ///< of a file made from the record
};

/// The one asked for; else the one it ran on, from its file while that is unchanged, else as the
/// record has it.
Result<LikeBench> benchOf(const Invocation &invocation, const Station &station,
                          const ScanReport &report)
{
    const QString file = report.bench[u"file"_s].toString();
    const QString version = report.bench[u"version"_s].toString();
    if (!invocation.bench.isEmpty())
        return LikeBench{station.benchFile(), {}};
    if (version.isEmpty()) {
        invocation.note(tr("The record of %1 holds no bench: that of this station is used.")
                            .arg(report.scan.scanId));
        return LikeBench{station.benchFile(), {}};
    }
    if (versionOf(file) == version)
        return LikeBench{file, {}};
    invocation.note(tr("%1 is not what it was when %2 ran: the bench is taken from the record. "
                       "Pass --bench FILE for another one.")
                        .arg(file, report.scan.scanId));
    LikeBench bench{{}, std::make_unique<QTemporaryDir>()};
    bench.file = bench.folder->filePath(u"recorded.bench.yaml"_s);
    QFile recorded(bench.file);
    if (!recorded.open(QIODevice::WriteOnly) ||
        recorded.write(report.bench[u"text"_s].toString().toUtf8()) < 0 || !recorded.flush())
        return Error{ErrorCode::Io,
                     tr("The recorded bench can not be written to %1: %2. Make space there, or "
                        "pass --bench FILE")
                         .arg(bench.file, recorded.errorString())};
    return bench;
}

int runOn(const Invocation &invocation, const Station &station, StationData &data,
          const QString &benchFile, const ScanReport &report, SettingsChoice choice)
{
    Problems problems;
    auto trace = TraceOutput::open(invocation);
    if (!trace)
        return invocation.fail(trace.error(), kBadInput);
    std::unique_ptr<StationBench> bench =
        StationBench::open(benchFile, &problems, trace.value().capacity());
    if (!bench)
        return invocation.fail(problems);
    const auto definitions = scanDefinitions(data.connection(), report.scan.id);
    if (!definitions)
        return invocation.fail(definitions.error());
    tellOtherDefinitions(invocation, report.scan.scanId, report.instruments, definitions.value(),
                         bench->file());
    const BenchTraces traces = bench->traces();
    auto item = prepareLike(report, station.specs(bench->file()), standardNodes());
    if (!item)
        return invocation.fail(item.error(), kBadInput);
    QList<QueueItem> items{std::move(item).value()};
    if (const auto refused = checkItems(invocation, data, &items))
        return *refused;
    takeBenchOver(data, *bench); // before it is asked how it is set
    if (invocation.isSet(u"dry-run"_s))
        return dryRun(invocation, items.first(), *bench, choice);
    if (const int code = meetDemand(invocation, items.first(), *bench, choice); code != kDone)
        return code;
    const std::unique_ptr<BackgroundBackup> backup = data.startBackup();
    HeadlessRun run(invocation, data, std::move(bench));
    run.engine().setName(items.first().name);
    run.engine().add(items.first());
    const int code = run.run();
    trace.value().write(invocation, traces);
    if (backup && code != kInterrupted)
        backup->wait();
    printScans(invocation, data, run.startedItems());
    return code;
}

} // namespace

QList<QCommandLineOption> likeOptions()
{
    return {{u"like"_s,
             tr("Runs a stored scan once more from its record: tree, bench, settings and sample. "
                "Shows first what is set otherwise."),
             u"SCAN"_s},
            {u"dry-run"_s, tr("With --like: shows what is set otherwise, and runs nothing.")},
            settingsOption()};
}

int runLike(const Invocation &invocation)
{
    if (!invocation.arguments().isEmpty())
        return invocation.usage(tr("--like takes a stored scan, so name no files beside it."));
    for (const QString &option : {u"set"_s, u"rehearse"_s, u"no-database"_s}) {
        if (invocation.isSet(option))
            return invocation.usage(
                tr("--%1 would make it another scan than --like asks for.").arg(option));
    }
    const auto choice = settingsChoice(invocation);
    if (!choice)
        return invocation.usage(choice.error().message);
    const Station station(invocation);
    auto data = station.openAndRecover();
    if (!data)
        return invocation.fail(data.error());
    const auto report = ScanRepository(data.value()->connection())
                            .show(data.value()->session(), invocation.value(u"like"_s));
    if (!report)
        return invocation.fail(report.error(), kBadInput);
    const auto bench = benchOf(invocation, station, report.value());
    if (!bench)
        return invocation.fail(bench.error());
    return runOn(invocation, station, *data.value(), bench.value().file, report.value(),
                 choice.value());
}

} // namespace birch::cli
