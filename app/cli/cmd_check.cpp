#include "app/cli/commands.h"
#include "app/cli/station_setup.h"
#include "app/session/resource_paths.h"
#include "app/session/run_files.h"
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

int check(const Invocation &invocation)
{
    if (invocation.arguments().isEmpty())
        return invocation.usage(tr("Name the scan or queue files to check."));
    const Station station(invocation);
    const NodeRegistry registry = standardNodes();
    const LoadedRun loaded = loadRun(invocation.arguments(), registry);
    const BenchLoad bench = loadBench(station.benchFile(), definitionFolders());
    CompiledRun compiled;
    compiled.problems = loaded.problems + bench.problems;
    if (bench.bench)
        compiled = compileRun(loaded, specsOf(*bench.bench), registry);
    qint64 points = 0;
    bool isBound = false;
    qint64 bytes = 0;
    double seconds = 0;
    for (const QueueItem &item : std::as_const(compiled.items)) {
        points += item.plan->points;
        isBound |= item.plan->isBound;
        bytes += item.plan->bytes;
        seconds += double(item.plan->duration.count()) * 1e-9;
    }
    const DataPlaces places = placesOf(station);
    compiled.problems += spaceProblems(compiled.items, places);
    const QStringList notes = spaceNotes(compiled.items, places);
    const QDateTime ends =
        QDateTime::currentDateTime().addMSecs(qint64(std::min(seconds, kLongestSeconds) * 1e3));
    QJsonArray problems;
    for (const Problem &problem : std::as_const(compiled.problems)) {
        problems.append(problemJson(problem));
        if (!invocation.isJson)
            invocation.print(problemText(problem));
    }
    if (invocation.isJson)
        invocation.printJson({{u"problems"_s, problems},
                              {u"points"_s, points},
                              {u"points_are_bound"_s, isBound},
                              {u"duration_s"_s, seconds},
                              {u"finish"_s, ends.toUTC().toString(Qt::ISODate)},
                              {u"bytes"_s, bytes},
                              {u"notes"_s, QJsonArray::fromStringList(notes)},
                              {u"columns"_s, columnsOf(compiled.items)}});
    else {
        for (const QString &line : notes)
            invocation.note(line);
        invocation.print((isBound
                              ? tr("%1 scan(s), at most %2 points, up to about %3 s, %4 bytes, "
                                   "%5 problem(s)")
                              : tr("%1 scan(s), %2 points, about %3 s, %4 bytes, %5 problem(s)"))
                             .arg(compiled.items.size())
                             .arg(points)
                             .arg(seconds, 0, 'f', 1)
                             .arg(bytes)
                             .arg(compiled.problems.size()));
        if (!compiled.items.isEmpty())
            invocation.print((isBound ? tr("Started now it would end by %1")
                                      : tr("Started now it would end at about %1"))
                                 .arg(QLocale().toString(ends, QLocale::ShortFormat)));
    }
    return compiled.problems.isEmpty() ? kDone : kBadInput;
}

} // namespace

Command checkCommand()
{
    return {.name = u"check"_s,
            .summary = tr("Check scan or queue files against the bench without touching hardware."),
            .synopsis = u"FILE…"_s,
            .help = tr("Says every problem with its node and remedy, and the points, duration, "
                       "bytes and columns."),
            .options = {},
            .run = check};
}

} // namespace birch::cli
