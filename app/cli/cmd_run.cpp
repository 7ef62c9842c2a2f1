#include "app/cli/commands.h"
#include "app/cli/headless_run.h"
#include "app/cli/prompt_answers.h"
#include "app/cli/rehearse.h"
#include "app/cli/run_checks.h"
#include "app/cli/run_like.h"
#include "app/cli/run_options.h"
#include "app/cli/station_setup.h"
#include "app/cli/trace_output.h"
#include "app/session/resource_paths.h"
#include "app/session/run_files.h"
#include "core/plan/standard_nodes.h"

#include <QCoreApplication>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// A scan behind a closed gate would wait for somebody who is not there.
Status dropUnready(const Invocation &invocation, QList<QueueItem> *items)
{
    const auto isUnready = [](const QueueItem &item) { return !item.turn.isReady; };
    QStringList names;
    for (const QueueItem &item : std::as_const(*items)) {
        if (isUnready(item))
            names << item.name;
    }
    items->removeIf(isUnready);
    if (items->isEmpty())
        return Error{ErrorCode::BadInput,
                     tr("None of these scans is ready: take \"ready\": false out of the file.")};
    if (!names.isEmpty())
        invocation.note(
            tr("Not run, since the file says that it is not ready: %1").arg(names.join(u", "_s)));
    return ok();
}

/// What runs in a program of its own.
struct RunRequest {
    QStringList files;
    bool hasDatabase = true;
};

/// \a shown: told after the scans were printed, with the human ids.
int runFiles(const Invocation &invocation, const RunRequest &request,
             const std::function<void(StationData &, const QStringList &)> &shown = {})
{
    if (request.files.isEmpty())
        return invocation.usage(tr("Name the scan or queue files to run."));
    const Station station(invocation);
    const NodeRegistry registry = standardNodes();
    LoadedRun loaded = loadRun(request.files, registry);
    loaded.problems += applyOverrides(invocation, &loaded, registry);
    const QString benchFile = station.benchFile();
    const BenchLoad bench = loadBench(benchFile, definitionFolders());
    loaded.problems += bench.problems;
    if (!bench.bench)
        return invocation.fail(loaded.problems);
    TreeLibrary library;
    if (request.hasDatabase)
        library = station.libraryFor(loaded, registry);
    else
        library.absence = tr("Stored trees are in the database, and this run uses none");
    CompiledRun compiled = compileRun(loaded, station.specs(*bench.bench), registry, library);
    if (!compiled.problems.isEmpty())
        return invocation.fail(compiled.problems);

    for (const Problem &warning : std::as_const(compiled.warnings))
        invocation.note(problemText(warning));
    if (invocation.isSet(u"speed"_s) && !invocation.isSet(u"rehearse"_s))
        return invocation.usage(tr("--speed is of a rehearsal: add --rehearse."));
    if (invocation.isSet(u"rehearse"_s) && invocation.isSet(u"trace"_s))
        return invocation.usage(tr("A rehearsal reaches no instrument: leave --trace out."));
    if (invocation.isSet(u"rehearse"_s))
        return rehearse(invocation, benchFile, compiled.items,
                        loaded.settings.onFailure != FailedScan::Stop);

    auto trace = TraceOutput::open(invocation);
    if (!trace)
        return invocation.fail(trace.error(), kBadInput);
    if (const Status ready = dropUnready(invocation, &compiled.items); !ready)
        return invocation.fail(ready.error(), kBadInput);
    auto data = request.hasDatabase ? station.openForRun() : station.withoutDatabase();
    if (!data)
        return invocation.fail(data.error());
    if (const auto refused = checkItems(invocation, *data.value(), &compiled.items))
        return *refused;
    if (data.value()->isConnected())
        noteCalibrations(invocation, *data.value(), *bench.bench, compiled.items);
    Problems problems;
    auto stationBench = StationBench::open(benchFile, &problems, trace.value().capacity());
    if (!stationBench)
        return invocation.fail(problems);
    const BenchTraces traces = stationBench->traces();
    const std::unique_ptr<BackgroundBackup> backup = data.value()->startBackup();
    HeadlessRun run(invocation, *data.value(), std::move(stationBench));
    run.engine().setName(loaded.name);
    run.engine().setFailedScanPolicy(loaded.settings.onFailure);
    run.engine().setParallel(loaded.settings.parallel);
    for (const QueueItem &item : std::as_const(compiled.items))
        run.engine().add(item);
    const int code = run.run();
    trace.value().write(invocation, traces);
    if (backup && code != kInterrupted) // short runs would never have one
        backup->wait();
    QStringList scanIds;
    printScans(invocation, *data.value(), run.startedItems(), &scanIds);
    if (shown)
        shown(*data.value(), scanIds);
    return code;
}

QList<QCommandLineOption> runOptions()
{
    return detailOptions() + QList<QCommandLineOption>{answerOption(), rehearseOption(),
                                                       speedOption(), traceOption()};
}

/// So that a shell takes it as one word.
QString shellWord(const QString &word)
{
    static const QRegularExpression plain(u"^[A-Za-z0-9_./:@%+=,-]+$"_s);
    if (plain.match(word).hasMatch())
        return word;
    return u'\'' + QString(word).replace(u'\'', u"'\\''"_s) + u'\'';
}

/// As one would type it here: the program as it was called, the database where it is not the usual.
QString exportLine(const Invocation &invocation, const QString &scanId)
{
    QStringList words{QCoreApplication::arguments().value(0, invocation.program),
                      u"export"_s,
                      scanId,
                      u"--format"_s,
                      u"csv"_s,
                      u"--output"_s,
                      scanId + u".csv"_s};
    if (!invocation.database.isEmpty())
        words << u"--database"_s << invocation.database;
    for (QString &word : words)
        word = shellWord(word);
    return words.join(u' ');
}

int runDemo(const Invocation &given)
{
    if (!given.arguments().isEmpty())
        return given.usage(tr("The demo takes no files; birchctl run does."));
    Invocation invocation = given;
    if (invocation.bench.isEmpty())
        invocation.bench = exampleFile(u"demo.bench.yaml"_s);
    return runFiles(
        invocation, {{exampleFile(u"demo.queue.json"_s)}},
        [&](StationData &data, const QStringList &scanIds) {
            if (invocation.isJson || scanIds.isEmpty() || !data.isConnected())
                return;
            invocation.print(tr("Database: %1").arg(data.database().url().text()));
            invocation.print(
                tr("Export the first scan with: %1").arg(exportLine(invocation, scanIds.first())));
        });
}

} // namespace

Command runCommand()
{
    return {.name = u"run"_s,
            .summary = tr("Run scan or queue files as one queue."),
            .synopsis = u"FILE… | --like SCAN"_s,
            .help = tr(
                "Spools of scans whose program died are recovered first. While a PostgreSQL server "
                "that was used before is away, scans are recorded into the spool. Ends with the "
                "scans' ids. "
                "Exit code: 0 all completed, 1 one failed, 2 bad input and nothing done, "
                "3 interrupted and continuable with \"birchctl resume\"."),
            .options = runOptions() + likeOptions() +
                       QList<QCommandLineOption>{
                           {u"no-database"_s,
                            tr("Record into the spool alone; \"birchctl resume --database URL\" "
                               "brings the scans into a database later.")}},
            .run = [](const Invocation &invocation) {
                if (invocation.isSet(u"like"_s))
                    return runLike(invocation);
                for (const QString &option : {u"dry-run"_s, u"settings"_s}) {
                    if (invocation.isSet(option))
                        return invocation.usage(tr("--%1 is for --like.").arg(option));
                }
                return runFiles(invocation,
                                {invocation.arguments(), !invocation.isSet(u"no-database"_s)});
            }};
}

Command demoCommand()
{
    return {.name = u"demo"_s,
            .summary = tr("Run the demo queue on the simulated demo bench."),
            .synopsis = {},
            .help = tr("Ends with the scans' ids, the database and the command that exports the "
                       "first scan."),
            .options = runOptions(),
            .run = runDemo};
}

} // namespace birch::cli
