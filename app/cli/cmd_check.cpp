#include "app/cli/commands.h"
#include "app/cli/station_setup.h"
#include "app/session/calibration_check.h"
#include "app/session/live_check.h"
#include "app/session/resource_paths.h"
#include "app/session/run_files.h"
#include "app/session/workstation.h"
#include "core/engine/lease_check.h"
#include "core/engine/space_check.h"
#include "core/plan/standard_nodes.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>
#include <QJsonArray>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
constexpr double kLongestSeconds = 100.0 * 365 * 86'400; // beyond that no clock time is told

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

QJsonArray columnsOf(const QList<QueueItem> &items)
{
    QJsonArray columns;
    for (const QueueItem &item : items) {
        for (const PlanObject &object : item.plan->objects) {
            for (const ColumnSpec &column : object.columns) {
                QJsonArray shape;
                for (const qint64 extent : column.shape)
                    shape.append(extent);
                columns.append(QJsonObject{{u"scan"_s, item.name},
                                           {u"measurement"_s, object.name},
                                           {u"name"_s, column.name},
                                           {u"unit"_s, column.unit},
                                           {u"type"_s, columnTypeName(column.type)},
                                           {u"shape"_s, shape}});
            }
        }
    }
    return columns;
}

/// Of the database that would be opened; nothing is opened for a check.
DataPlaces placesOf(const Station &station)
{
    DataPlaces places;
    places.spoolFolder = station.settings().text(Setting::SpoolPath);
    places.reserveBytes = station.settings().integer(Setting::SpoolReserveBytes);
    StationOptions options = station.options();
    options.completePassword = {}; // nobody is asked
    const auto url = StationData::databaseUrl(options, station.settings());
    if (url && url.value().engine() == Engine::Sqlite)
        places.databaseFolder = QFileInfo(url.value().path()).absolutePath();
    return places;
}

/// Whether the instruments of \a items are there, and are what the bench file says.
Problems askLive(const QString &benchFile, const QList<QueueItem> &items)
{
    const QStringList used = usedInstruments(items);
    if (used.isEmpty())
        return {};
    Problems problems;
    const auto bench = StationBench::open(benchFile, &problems);
    if (!bench)
        return problems;
    const auto live = identifyInstruments(*bench, used, rampedMovements(items));
    return liveProblems(live, benchFile) + rampProblems(items, live);
}

/// Those of the table of calibrations; where there is no database yet it has none.
Problems storedWarnings(const Station &station, const BenchFile &bench,
                        const QList<QueueItem> &items, QStringList *notes)
{
    StationOptions options = station.options();
    options.completePassword = {}; // nobody is asked
    options.askLogin = {};
    const auto url = StationData::databaseUrl(options, station.settings());
    const bool isThere =
        url && (url.value().engine() != Engine::Sqlite || QFileInfo::exists(url.value().path()));
    if (!isThere || items.isEmpty())
        return {};
    const auto data = StationData::open(options, station.settings());
    const auto warnings =
        data ? storedCalibrationWarnings(data.value()->connection(), data.value()->session(),
                                         stationName(*data.value(), bench), usedInstruments(items),
                                         specsOf(bench), QDate::currentDate())
             : Result<Problems>(data.error());
    if (warnings)
        return warnings.value();
    *notes
        << tr("Calibrations of the database were not looked at: %1").arg(warnings.error().message);
    return {};
}

void addDisabled(const ScanNode &node, const QString &scan, QStringList *notes)
{
    if (!node.isEnabled) {
        *notes << tr("%1: %2 is switched off, with all below it.")
                      .arg(scan, node.label.isEmpty() ? node.kind : node.label);
        return;
    }
    for (int row = 0; row < node.childCount(); ++row)
        addDisabled(*node.child(row), scan, notes);
}

/// What is switched off is easily forgotten.
QStringList disabledNotes(const LoadedRun &run)
{
    QStringList notes;
    for (const LoadedScan &scan : run.scans)
        addDisabled(*scan.tree.root(), scan.tree.name, &notes);
    return notes;
}

/// Scans that a queue for several at once would run one after the other all the same.
QStringList leaseNotes(const QList<QueueItem> &items)
{
    QStringList notes;
    for (const LeaseConflict &conflict : leaseConflicts(items))
        notes << conflict.text;
    return notes;
}

/// What running \a items would come to.
struct Outlook {
    qint64 points = 0;
    bool isBound = false;
    qint64 bytes = 0;
    double seconds = 0;
    QDateTime ends = {};
    Problems warnings = {};
    QStringList notes = {};
};

Outlook outlookOf(const QList<QueueItem> &items)
{
    Outlook outlook;
    for (const QueueItem &item : items) {
        outlook.points += item.plan->points;
        outlook.isBound |= item.plan->isBound;
        outlook.bytes += item.plan->bytes;
        outlook.seconds += double(item.plan->duration.count()) * 1e-9;
    }
    outlook.ends = QDateTime::currentDateTime().addMSecs(
        qint64(std::min(outlook.seconds, kLongestSeconds) * 1e3));
    return outlook;
}

void printJson(const Invocation &invocation, const CompiledRun &run, const Outlook &outlook)
{
    QJsonArray problems;
    for (const Problem &problem : run.problems)
        problems.append(problemJson(problem));
    QJsonArray warnings;
    for (const Problem &warning : outlook.warnings)
        warnings.append(problemJson(warning));
    invocation.printJson({{u"problems"_s, problems},
                          {u"warnings"_s, warnings},
                          {u"points"_s, outlook.points},
                          {u"points_are_bound"_s, outlook.isBound},
                          {u"duration_s"_s, outlook.seconds},
                          {u"finish"_s, outlook.ends.toUTC().toString(Qt::ISODate)},
                          {u"bytes"_s, outlook.bytes},
                          {u"notes"_s, QJsonArray::fromStringList(outlook.notes)},
                          {u"columns"_s, columnsOf(run.items)}});
}

void printText(const Invocation &invocation, const CompiledRun &run, const Outlook &outlook)
{
    for (const Problem &problem : run.problems)
        invocation.print(problemText(problem));
    for (const Problem &warning : outlook.warnings)
        invocation.note(problemText(warning));
    for (const QString &line : outlook.notes)
        invocation.note(line);
    invocation.print((outlook.isBound
                          ? tr("%1 scan(s), at most %2 points, up to about %3 s, %4 bytes, "
                               "%5 problem(s)")
                          : tr("%1 scan(s), %2 points, about %3 s, %4 bytes, %5 problem(s)"))
                         .arg(run.items.size())
                         .arg(outlook.points)
                         .arg(outlook.seconds, 0, 'f', 1)
                         .arg(outlook.bytes)
                         .arg(run.problems.size()));
    if (!run.items.isEmpty())
        invocation.print((outlook.isBound ? tr("Started now it would end by %1")
                                          : tr("Started now it would end at about %1"))
                             .arg(QLocale().toString(outlook.ends, QLocale::ShortFormat)));
}

int check(const Invocation &invocation)
{
    if (invocation.arguments().isEmpty())
        return invocation.usage(tr("Name the scan or queue files to check."));
    const Station station(invocation);
    const NodeRegistry registry = standardNodes();
    const LoadedRun loaded = loadRun(invocation.arguments(), registry);
    const BenchLoad bench = loadBench(station.benchFile(), definitionFolders());
    CompiledRun run;
    run.problems = loaded.problems + bench.problems;
    if (bench.bench)
        run = compileRun(loaded, station.specs(*bench.bench), registry,
                         station.libraryFor(loaded, registry));
    if (invocation.isSet(u"live"_s) && bench.bench)
        run.problems += askLive(station.benchFile(), run.items);
    const DataPlaces places = placesOf(station);
    run.problems += spaceProblems(run.items, places);
    Outlook outlook = outlookOf(run.items);
    outlook.notes = disabledNotes(loaded) + run.notes + spaceNotes(run.items, places);
    outlook.warnings = run.warnings;
    if (bench.bench)
        outlook.warnings += storedWarnings(station, *bench.bench, run.items, &outlook.notes);
    if (invocation.isSet(u"parallel"_s) || loaded.settings.parallel > 1)
        outlook.notes += leaseNotes(run.items);
    if (invocation.isJson)
        printJson(invocation, run, outlook);
    else
        printText(invocation, run, outlook);
    return run.problems.isEmpty() ? kDone : kBadInput;
}

} // namespace

Command checkCommand()
{
    return {
        .name = u"check"_s,
        .summary = tr("Check scan or queue files against the bench without touching hardware."),
        .synopsis = u"FILE…"_s,
        .help = tr("Says every problem with its node and remedy, and the points, duration, "
                   "bytes and columns."),
        .options = {{u"live"_s, tr("Also ask the instruments who they are, and where those on "
                                   "ramps stand; nothing is set.")},
                    {u"parallel"_s, tr("Also say which scans could not run at once; said by itself "
                                       "of a queue file that runs several at once.")}},
        .run = check};
}

} // namespace birch::cli
