#include "drivers/definition/bench_file.h"

#include "drivers/definition/calibration_section.h"
#include "drivers/definition/definition_loader.h"
#include "drivers/definition/definition_sections.h"
#include "drivers/transport/resource.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QHash>

#include <algorithm>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::BenchFile)
};

constexpr qint64 kLongestFile = 1 << 20;
constexpr Nanoseconds kShortestBeat = std::chrono::milliseconds(20);
constexpr Nanoseconds kLongestBeat = std::chrono::minutes(1);
constexpr int kMostMissed = 1000;

void overrideLimits(YamlReader &reader, MovementSpec *spec)
{
    const auto limits = reader.limits(u"limits"_s);
    if (!limits)
        return;
    if (!spec->limits.contain(limits->low) || !spec->limits.contain(limits->high)) {
        reader.problem(u"limits"_s, Text::tr("These limits are wider than the instrument's own"),
                       Text::tr("Stay within the limits of its definition"));
        return;
    }
    spec->limits = *limits;
}

void overrideMovement(YamlReader &reader, MovementSpec *spec)
{
    overrideLimits(reader, spec);
    readTarget(reader, u"safe"_s, spec->limits, &spec->safeValue, &spec->safeOrder);
    readTarget(reader, u"pause"_s, spec->limits, &spec->pauseValue, &spec->pauseOrder);
    for (const auto &[key, value] :
         {std::pair(u"safe"_s, spec->safeValue), std::pair(u"pause"_s, spec->pauseValue)}) {
        if (value && !spec->limits.contain(*value))
            reader.problem(key, Text::tr("The %1 value lies outside the limits").arg(key),
                           Text::tr("Give %1 a value within the limits of this bench").arg(key));
        if (value && !isOnGrid(*value, spec->step))
            reader.problem(
                key, Text::tr("The %1 value is no multiple of the instrument's step").arg(key),
                Text::tr("Give %1 a value that the instrument takes").arg(key));
    }
    SettleRule &rule = spec->settle;
    rule.tolerance = std::max(0.0, reader.number(u"tolerance"_s).value_or(rule.tolerance));
    rule.dwell = reader.duration(u"dwell"_s).value_or(rule.dwell);
    rule.timeout = reader.duration(u"settle_timeout"_s).value_or(rule.timeout);
    if (rule.timeout <= rule.dwell)
        reader.problem(u"settle_timeout"_s,
                       Text::tr("The settle timeout is not longer than the dwell time"),
                       Text::tr("Allow for the travel and the dwell time"));
    if (const auto rate = reader.number(u"ramp_rate"_s)) {
        spec->rampRate = rate;
        if (*rate <= 0)
            reader.problem(u"ramp_rate"_s, Text::tr("A ramp rate must be positive"),
                           Text::tr("Write it in the movement's unit per second"));
    }
    const auto after = reader.choice(u"after"_s, {u"hold"_s, u"safe"_s, u"start"_s});
    spec->after = AfterScan(after.value_or(int(spec->after)));
    if (spec->after == AfterScan::Safe && !spec->safeValue)
        reader.problem(u"after"_s, Text::tr("after: safe needs a safe value"),
                       Text::tr("Add for example safe: {value: 0, order: 1}"));
    reader.finish();
}

void readOverrides(YamlReader &reader, const Definition &definition, InstrumentSpec *spec)
{
    for (auto &[name, movement] : reader.entries(u"movements"_s)) {
        const int index = spec->movementIndex(name);
        if (index < 0) {
            movement.problem({}, Text::tr("%1 has no movement \"%2\"").arg(spec->model, name),
                             Text::tr("Name a movement of its definition"));
            continue;
        }
        overrideMovement(movement, &spec->movements[index]);
    }
    for (auto &[key, setting] : reader.entries(u"parameters"_s)) {
        const auto found = std::ranges::find(spec->parameters, key, &ParameterSpec::key);
        if (found == spec->parameters.end()) {
            setting.problem({}, Text::tr("%1 has no parameter \"%2\"").arg(spec->model, key),
                            Text::tr("Name a parameter of its definition"));
            continue;
        }
        readSettingTargets(setting, definition.parameters[found - spec->parameters.begin()],
                           &*found);
        setting.finish();
    }
}

QString readAddress(YamlReader &reader)
{
    const QString text = reader.requiredText(u"address"_s, u"TCPIP::192.168.0.5::5025::SOCKET"_s);
    if (text.isEmpty())
        return {};
    const auto resource = parseResource(text);
    if (resource)
        return resource.value().canonical();
    reader.problem(u"address"_s, Text::tr("The address \"%1\" can not be used").arg(text),
                   resource.error().message);
    return {};
}

std::optional<BenchEntry> readEntry(const QString &nickname, YamlReader &reader,
                                    const QStringList &folders, Problems *definitionProblems)
{
    BenchEntry entry;
    entry.nickname = nickname;
    entry.address = readAddress(reader);
    const QString id = reader.requiredText(u"definition"_s, u"keithley-2400"_s);
    entry.faults = reader.texts(u"faults"_s).value_or(QStringList());
    if (id.isEmpty())
        return std::nullopt;
    DefinitionLoad load = findDefinition(id, folders);
    if (!load.definition) {
        const Problem &first = load.problems.first();
        reader.problem(u"definition"_s,
                       Text::tr("The definition \"%1\" can not be used: %2").arg(id, first.message),
                       first.remedy);
        definitionProblems->append(load.problems);
        return std::nullopt;
    }
    entry.definition = load.definition;
    if (auto link = reader.map(u"link"_s)) { // how this very instrument is set: baud, terminators
        const auto changed = std::make_shared<Definition>(*load.definition);
        readLink(*link, changed.get());
        entry.definition = changed;
    }
    entry.spec = load.definition->spec;
    entry.faults = load.definition->behaviour.faults + entry.faults;
    readOverrides(reader, *load.definition, &entry.spec);
    readCalibration(reader, &entry.spec);
    reader.finish();
    return entry;
}

void readInstruments(YamlReader &root, const QStringList &folders, BenchFile *bench,
                     Problems *definitionProblems)
{
    QHash<QString, QString> nicknameAt;
    for (auto &[nickname, reader] : root.entries(u"instruments"_s)) {
        auto entry = readEntry(nickname, reader, folders, definitionProblems);
        if (!entry)
            continue;
        if (nicknameAt.contains(entry->address) && !entry->address.isEmpty())
            reader.problem(u"address"_s,
                           Text::tr("%1 and %2 have the same address")
                               .arg(nicknameAt.value(entry->address), nickname),
                           Text::tr("Give each its own, or describe both as one instrument"));
        nicknameAt.insert(entry->address, nickname);
        bench->entries.append(*std::move(entry));
    }
    if (!root.has(u"instruments"_s)) // an empty one waits for its first
        root.problem(u"instruments"_s, Text::tr("This is no bench: it has no instruments"),
                     Text::tr("Add instruments: with a nickname, a definition and an address"));
}

void readWorld(YamlReader world, BenchFile *bench)
{
    for (const QString &signal : {u"temperature"_s, u"x"_s, u"y"_s, u"bias"_s}) {
        if (const auto value = world.number(signal))
            bench->world.insert(signal, *value);
    }
    world.finish();
}

void readSentinel(YamlReader reader, SentinelRule *rule)
{
    rule->isEnabled = reader.flag(u"enabled"_s);
    rule->beat = reader.duration(u"beat"_s).value_or(rule->beat);
    rule->missed = int(reader.integer(u"missed"_s, 0, kMostMissed).value_or(rule->missed));
    if (rule->beat < kShortestBeat || rule->beat > kLongestBeat)
        reader.problem(u"beat"_s, Text::tr("A beat lies between 20 ms and 1 min"),
                       Text::tr("Write for example beat: 1 s"));
    reader.finish();
}

void readBench(YamlReader &root, const QStringList &folders, BenchFile *bench,
               Problems *definitionProblems)
{
    bench->name = root.requiredText(u"name"_s, u"Cryostat bench"_s);
    bench->station = root.text(u"station"_s).value_or(QString());
    bench->isSimulated = root.flag(u"simulate"_s).value_or(false);
    bench->seed = quint64(root.integer(u"seed"_s, 0, 0x7fffffffffffffff).value_or(1));
    bench->timeFactor = root.number(u"time_factor"_s).value_or(1);
    if (!(bench->timeFactor > 0 && bench->timeFactor <= 1e6))
        root.problem(u"time_factor"_s, Text::tr("The time factor must be positive"),
                     Text::tr("Write 1 for real time, 10 for ten times as fast"));
    if (auto world = root.map(u"world"_s))
        readWorld(*world, bench);
    if (auto sentinel = root.map(u"sentinel"_s))
        readSentinel(*sentinel, &bench->sentinel);
    readInstruments(root, folders, bench, definitionProblems);
    root.finish();
}
} // namespace

const BenchEntry *BenchFile::find(const QString &nickname) const
{
    for (const BenchEntry &entry : entries) {
        if (entry.nickname == nickname)
            return &entry;
    }
    return nullptr;
}

BenchLoad loadBenchText(const QByteArray &text, const QString &path,
                        const QStringList &definitionFolders)
{
    ProblemSink sink(path);
    Problems definitionProblems;
    BenchFile bench;
    bench.path = path;
    const QStringList folders = QStringList{QFileInfo(path).absolutePath()} + definitionFolders;
    try {
        if (const auto node = parseYamlMap(text, sink)) {
            YamlReader root(*node, {}, sink);
            readBench(root, folders, &bench, &definitionProblems);
        }
    } catch (const std::exception &e) { // the YAML library's own: its nodes throw on misuse
        sink.addAtLine(0, {},
                       Text::tr("The file can not be read: %1").arg(QString::fromUtf8(e.what())),
                       Text::tr("Compare it with demo.bench.yaml"));
    }
    if (!sink.isEmpty())
        return {std::nullopt, sink.problems() + definitionProblems};
    bench.text = text;
    bench.version = QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
    return {std::move(bench), {}};
}

BenchLoad loadBench(const QString &path, const QStringList &definitionFolders)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kLongestFile)
        return {
            std::nullopt,
            {{path,
              {},
              {},
              0,
              Text::tr("The bench file can not be read: %1")
                  .arg(file.isOpen() ? Text::tr("it is longer than 1 MiB") : file.errorString()),
              Text::tr("Check the path and its permissions")}}};
    return loadBenchText(file.readAll(), path, definitionFolders);
}

} // namespace birch
