#include "app/cli/await.h"
#include "app/cli/commands.h"
#include "app/cli/instrument_verbs.h"
#include "app/cli/trace_output.h"
#include "app/session/live_check.h"
#include "app/session/resource_paths.h"
#include "app/session/termination.h"
#include "drivers/definition/definition_loader.h"
#include "drivers/simulator/simulator_bench.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QJsonArray>
#include <QSocketNotifier>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

constexpr std::chrono::seconds kOpen{10};
constexpr std::chrono::seconds kExchange{5};

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

Result<std::monostate> open(InstrumentHost &host, QObject *context)
{
    return await<std::monostate>([&](auto reply) { host.open(kOpen, context, reply); });
}

QJsonObject describe(const BenchEntry &entry, const QString &address)
{
    QJsonArray movements;
    for (const MovementSpec &movement : entry.spec.movements)
        movements.append(QJsonObject{{u"name"_s, entry.nickname + u'.' + movement.name},
                                     {u"unit"_s, movement.unit},
                                     {u"low"_s, movement.limits.low},
                                     {u"high"_s, movement.limits.high}});
    QJsonArray measurements;
    for (const MeasurementSpec &measurement : entry.spec.measurements) {
        QJsonArray columns;
        for (const ColumnSpec &column : measurement.columns)
            columns.append(QJsonObject{{u"name"_s, column.name}, {u"unit"_s, column.unit}});
        measurements.append(QJsonObject{{u"name"_s, entry.nickname + u'.' + measurement.name},
                                        {u"columns"_s, columns}});
    }
    return {{u"nickname"_s, entry.nickname},
            {u"address"_s, address},
            {u"definition"_s, entry.spec.definitionId},
            {u"model"_s, entry.spec.model},
            {u"manufacturer"_s, entry.spec.manufacturer},
            {u"unverified"_s, entry.definition->isUnverified},
            {u"movements"_s, movements},
            {u"measurements"_s, measurements}};
}

QString markOf(const Definition &definition)
{
    return definition.isUnverified ? u" "_s + tr("(unverified)") : QString();
}

/// What can be named in a bench file: the definitions that come with the program.
int listDefinitions(const Invocation &invocation)
{
    QJsonArray definitions;
    Problems problems;
    const QList<DefinitionPtr> loaded = loadDefinitions(definitionFolders(), &problems);
    for (const DefinitionPtr &definition : loaded) {
        const InstrumentSpec &spec = definition->spec;
        definitions.append(QJsonObject{{u"definition"_s, spec.definitionId},
                                       {u"manufacturer"_s, spec.manufacturer},
                                       {u"model"_s, spec.model},
                                       {u"category"_s, definition->category},
                                       {u"unverified"_s, definition->isUnverified},
                                       {u"version"_s, spec.definitionVersion}});
        if (!invocation.isJson)
            invocation.print(u"%1  %2 %3%4"_s.arg(spec.definitionId, -22)
                                 .arg(spec.manufacturer, spec.model, markOf(*definition)));
    }
    if (!problems.isEmpty())
        return invocation.fail(problems);
    if (invocation.isJson)
        invocation.printJson({{u"definitions"_s, definitions}});
    return kDone;
}

int list(const Invocation &invocation, const BenchFile &bench)
{
    QJsonArray instruments;
    for (const BenchEntry &entry : bench.entries) {
        instruments.append(describe(entry, entry.address));
        if (!invocation.isJson)
            invocation.print(
                u"%1  %2  %3 %4%5"_s.arg(entry.nickname, -14)
                    .arg(entry.address, -40)
                    .arg(entry.spec.manufacturer, entry.spec.model, markOf(*entry.definition)));
    }
    if (invocation.isJson)
        invocation.printJson({{u"instruments"_s, instruments}});
    return kDone;
}

int identify(const Invocation &invocation, const StationBench &station,
             const QStringList &nicknames)
{
    for (const QString &nickname : nicknames) {
        if (!station.bench().find(nickname))
            return invocation.usage(tr("The bench has no instrument \"%1\".").arg(nickname));
    }
    QJsonArray instruments;
    int code = kDone;
    for (const LiveInstrument &one : identifyInstruments(station, nicknames, {}, kOpen)) {
        instruments.append(QJsonObject{{u"nickname"_s, one.nickname},
                                       {u"address"_s, station.addresses().value(one.nickname)},
                                       {u"identity"_s, one.identity},
                                       {u"error"_s, one.problem}});
        if (!one.problem.isEmpty())
            code = kRanAndFailed;
        if (!invocation.isJson)
            invocation.print(u"%1  %2"_s.arg(one.nickname, -14).arg(one.identity + one.problem));
    }
    if (invocation.isJson)
        invocation.printJson({{u"instruments"_s, instruments}});
    return code;
}

int query(const Invocation &invocation, StationBench &station, const QString &nickname,
          const QString &text)
{
    InstrumentHost *host = station.bench().find(nickname);
    if (!host)
        return invocation.usage(tr("The bench has no instrument \"%1\".").arg(nickname));
    QObject context;
    if (const auto opened = open(*host, &context); !opened)
        return invocation.fail(opened.error(), kRanAndFailed);
    // Whatever is sent may set something: not while somebody works with it.
    if (const Status leased = host->acquireLease(tr("birchctl instruments query")); !leased)
        return invocation.fail(leased.error(), kRanAndFailed);
    const bool expectsReply = !invocation.isSet(u"no-reply"_s);
    const auto reply = await<QByteArray>([&](auto done) {
        host->raw(Priority::Panel, text.toUtf8(), expectsReply, kExchange, &context, done);
    });
    if (!reply)
        return invocation.fail(reply.error(), kRanAndFailed);
    const QString shown = QString::fromUtf8(reply.value());
    if (invocation.isJson)
        invocation.printJson({{u"nickname"_s, nickname}, {u"query"_s, text}, {u"reply"_s, shown}});
    else
        invocation.print(shown);
    return kDone;
}

int simulate(const Invocation &invocation, const QString &benchFile)
{
    const BenchLoad load = loadBench(benchFile, definitionFolders());
    if (!load.bench)
        return invocation.fail(load.problems);
    SimulatorOptions options;
    options.hasControl = invocation.isSet(u"control"_s);
    for (const QString &fault : invocation.values(u"fault"_s))
        options.faults.insert(fault.section(u'=', 0, 0), fault.section(u'=', 1));
    if (invocation.isSet(u"seed"_s))
        options.seed = invocation.value(u"seed"_s).toULongLong();
    if (invocation.isSet(u"speed"_s))
        options.timeFactor = invocation.value(u"speed"_s).toDouble();
    if (invocation.isSet(u"portmapper"_s)) {
        bool isNumber = false;
        const ushort port = invocation.value(u"portmapper"_s).toUShort(&isNumber);
        if (!isNumber || port == 0)
            return invocation.usage(tr("--portmapper takes a port from 1 to 65535, e.g. 111."));
        options.portmapperPort = port;
    }
    const auto bench = SimulatorBench::start(*load.bench, options);
    if (!bench)
        return invocation.fail(bench.error());
    QJsonArray instruments;
    const QMap<QString, QString> addresses = bench.value()->addresses();
    for (auto it = addresses.begin(); it != addresses.end(); ++it)
        instruments.append(QJsonObject{{u"nickname"_s, it.key()}, {u"address"_s, it.value()}});
    QJsonObject line{{u"instruments"_s, instruments}};
    if (options.hasControl)
        line[u"control"_s] = bench.value()->controlAddress();
    invocation.printJson(line);

    QEventLoop loop;
    Termination termination;
    QObject::connect(&termination, &Termination::requested, &loop, &QEventLoop::quit);
    // A parent that dies closes our standard input: then nobody needs these instruments any more.
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &loop, [&] {
        char bytes[256];
        if (::read(STDIN_FILENO, bytes, sizeof bytes) > 0)
            return;
        input.setEnabled(false);
        if (!invocation.isSet(u"detached"_s))
            loop.quit();
    });
    loop.exec();
    return kDone;
}

int instruments(const Invocation &invocation)
{
    const QStringList arguments = invocation.arguments();
    const QString verb = arguments.value(0);
    if (verb == u"simulate") {
        if (arguments.size() != 2)
            return invocation.usage(tr("Name the bench file to simulate."));
        return simulate(invocation, arguments[1]);
    }
    if (verb == u"definitions")
        return listDefinitions(invocation);
    if (verb == u"find")
        return findInstruments(Station(invocation), invocation);
    if (verb == u"new")
        return newInstrument(Station(invocation), invocation, arguments.mid(1));
    if (verb == u"add")
        return addInstrument(Station(invocation), invocation, arguments.mid(1));
    if (verb == u"move")
        return moveInstrument(Station(invocation), invocation, arguments.mid(1));
    if (verb == u"status")
        return instrumentStatus(Station(invocation), invocation, arguments.mid(1));
    if (verb == u"presets")
        return instrumentPresets(Station(invocation), invocation, arguments.mid(1));
    if (verb == u"last-settings")
        return lastInstrumentSettings(Station(invocation), invocation, arguments.mid(1));
    if (verb != u"list" && verb != u"identify" && verb != u"query" && verb != u"act")
        return invocation.usage(
            tr("Say find, new, add, move, list, definitions, identify, query, act, status, "
               "presets, last-settings or simulate."));
    const Station station(invocation);
    const QString benchFile = station.benchFile();
    if (verb == u"list") {
        const BenchLoad load = loadBench(benchFile, definitionFolders());
        return load.bench ? list(invocation, *load.bench) : invocation.fail(load.problems);
    }
    if (verb == u"query" && arguments.size() != 3)
        return invocation.usage(tr("Give a nickname and what to send, e.g. query smu \"*IDN?\"."));
    if (verb == u"act" && (arguments.size() < 2 || arguments.size() > 3))
        return invocation.usage(tr("Give a nickname and an action, e.g. act stage home."));
    auto trace = TraceOutput::open(invocation);
    if (!trace)
        return invocation.fail(trace.error(), kBadInput);
    Problems problems;
    const std::unique_ptr<StationBench> bench =
        StationBench::open(benchFile, &problems, trace.value().capacity());
    if (!bench)
        return invocation.fail(problems);
    const int code = verb == u"query" ? query(invocation, *bench, arguments[1], arguments[2])
                     : verb == u"act" ? actInstrument(invocation, *bench, arguments.mid(1))
                                      : identify(invocation, *bench, arguments.mid(1));
    trace.value().write(invocation, bench->traces());
    return code;
}

} // namespace

Command instrumentsCommand()
{
    return {
        .name = u"instruments"_s,
        .summary =
            tr("Find, list, identify, query, act on or simulate the instruments of a bench."),
        .synopsis =
            u"find | new --identify ADDRESS | add ADDRESS --name NICKNAME | move NICKNAME ADDRESS | list | definitions | identify [NICKNAME…] | query NICKNAME TEXT | act NICKNAME [ACTION] | status NICKNAME [--history] | presets list|save|show|apply|delete NICKNAME [NAME] | last-settings NICKNAME [--apply] | simulate BENCH.yaml"_s,
        .help = tr(
            "find asks the network (multicast DNS, VXI-11 broadcast), lists serial ports, and says "
            "which definition fits. add and move change the bench file and leave its comments. "
            "definitions lists what a bench file can name; unverified ones could not be checked "
            "whole against a manual or two drivers. act does what a definition lists under "
            "actions, such as home, and waits for its end. status tells what became of a "
            "connection; presets are settings of a "
            "model under a name, last-settings those that an instrument was left with: both show "
            "what would change before they set it. simulate prints one JSON line with the "
            "addresses once all are "
            "listening, and serves "
            "until interrupted or until its standard input closes."),
        .options = {{u"range"_s,
                     tr("find: also these hosts, one by one, e.g. 192.168.1.0/24 or "
                        "192.168.1.10-30."),
                     u"HOSTS"_s},
                    {u"serial"_s,
                     tr("find: ask serial ports who they are, too; only where nothing listens that "
                        "bytes could move.")},
                    {u"seconds"_s, tr("find: how long (5, or 10 with --range)."), u"N"_s},
                    {u"name"_s, tr("add: the nickname that trees use."), u"NICKNAME"_s},
                    {u"definition"_s,
                     tr("add: which definition describes it; without, the instrument is asked."),
                     u"ID"_s},
                    {u"identify"_s, tr("new: write a first definition from what answers here."),
                     u"ADDRESS"_s},
                    {u"output"_s, tr("new: the file, e.g. acme-7.instrument.yaml."), u"FILE"_s},
                    traceOption(),
                    {u"history"_s, tr("status: all changes, not the last one alone.")},
                    {u"since"_s, tr("status: none before this time."), u"TIME"_s},
                    {u"replace"_s, tr("presets save: in place of the one of that name.")},
                    {u"apply"_s, tr("last-settings: set them.")},
                    {u"yes"_s, tr("act, presets apply, last-settings: without asking.")},
                    {u"no-reply"_s, tr("query: send only.")},
                    {u"seed"_s, tr("simulate: seed of the noise."), u"N"_s},
                    {u"speed"_s, tr("simulate: seconds of physics per second."), u"X"_s},
                    {u"fault"_s, tr("simulate: fault script of one instrument."),
                     u"NICKNAME=SCRIPT"_s},
                    {u"portmapper"_s,
                     tr("simulate: open a portmapper that knows the first VXI-11 instrument, for "
                        "programs that ask port 111."),
                     u"PORT"_s},
                    {u"control"_s, tr("simulate: open a control port for fault scripts.")},
                    {u"detached"_s, tr("simulate: go on when standard input closes.")}},
        .run = instruments};
}

} // namespace birch::cli
