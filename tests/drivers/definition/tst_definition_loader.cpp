#include "drivers/definition/definition_loader.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
/// A small definition that loads; the table below breaks it line by line.
const QByteArray kValid = R"(schema: 1
id: probe
manufacturer: Probe
model: P1
identity: {query: "*IDN?", pattern: '^PROBE,'}
link:
  terminator: "\n"
  reply_timeout: 2 s
errors: {query: "SYST:ERR?", when: each-set}
movements:
  level:
    unit: V
    limits: [-10, 10]
    set: "VOLT {value}"
    get: "VOLT?"
    safe: {value: 0, order: 1}
measurements:
  iv:
    query: "READ?"
    reply: list
    columns:
      - {name: voltage, unit: V}
      - {name: current, unit: A}
parameters:
  nplc:
    type: number
    get: "NPLC?"
    set: "NPLC {value}"
)";

QByteArray resource(const char *name)
{
    return qgetenv("BIRCH_SOURCE_DIR") + "/resources/instruments/" + name;
}

Result<DefinitionFile> findBase(const QString &id)
{
    if (id == u"probe")
        return DefinitionFile{id, kValid};
    if (id == u"broken")
        return DefinitionFile{id, "schema: [1\n"};
    if (id == u"faulty") {
        QByteArray text = kValid;
        return DefinitionFile{id, text.replace("model: P1", "model: P1\ncolour: red")};
    }
    if (id == u"ring")
        return DefinitionFile{id, "id: ring\nmodel: P\nextends: child\n"};
    if (id.startsWith(u"chain")) {
        const QByteArray next = QByteArray::number(id.mid(5).toInt() + 1);
        return DefinitionFile{id, "id: " + id.toLatin1() + "\nmodel: P\nextends: chain" + next};
    }
    return Error{ErrorCode::NotFound, u"put it somewhere"_s};
}

/// Ten times ten times ten … keys in a few lines.
QByteArray anchorBomb()
{
    QByteArray text = "a0: &a0 {k: 1}\n";
    for (int i = 1; i < 9; ++i) {
        text += "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " {";
        for (int k = 0; k < 10; ++k)
            text += QByteArray(k ? ", " : "") + "k" + QByteArray::number(k) + ": *a" +
                    QByteArray::number(i - 1);
        text += "}\n";
    }
    return text;
}

/// output, output_2, …
bool isSwitchName(const QString &key)
{
    static const QRegularExpression kSwitch(u"^output(_[0-9]+)?$"_s);
    return kSwitch.match(key).hasMatch();
}

QString describe(const Problems &problems)
{
    QString text;
    for (const Problem &p : problems)
        text += u"%1: %2: %3 (%4)\n"_s.arg(p.line).arg(p.field, p.message, p.remedy);
    return text;
}
} // namespace

class DefinitionLoaderTest : public QObject
{
    Q_OBJECT
private slots:
    void loadsValidText()
    {
        const DefinitionLoad load = loadDefinitionText(kValid, u"probe.instrument.yaml"_s);
        QVERIFY2(load.definition, qPrintable(describe(load.problems)));
        const Definition &definition = *load.definition;
        QCOMPARE(definition.spec.definitionId, u"probe"_s);
        QCOMPARE(definition.version.size(), 64);
        QCOMPARE(definition.spec.definitionVersion.toLatin1(), definition.version);
        QCOMPARE(definition.replyTimeout, Nanoseconds(std::chrono::seconds(2)));
        const MovementSpec &level = definition.spec.movements.first();
        QCOMPARE(level.limits, (Limits{-10, 10}));
        QCOMPARE(level.safeValue, std::optional(0.0));
        QCOMPARE(level.safeOrder, 1);
        QVERIFY(!level.hasStop);
        QCOMPARE(definition.movements.first().set.filled("1.5"), "VOLT 1.5");
        const MeasurementSpec &iv = definition.spec.measurements.first();
        QCOMPARE(iv.columns.size(), 2);
        QCOMPARE(iv.columns[1].name, u"current"_s);
        QCOMPARE(definition.measurements.first().queries.first().fieldCount, 2);
    }

    void settingsHaveSafeAndPauseValues()
    {
        const DefinitionLoad load = loadDefinitionText(
            kValid + "  output:\n    type: bool\n    get: \"OUTP?\"\n    set: \"OUTP {value}\"\n"
                     "    safe: {value: false, order: 3}\n"
                     "  range:\n    type: choice\n    choices: {low: \"0\", high: \"1\"}\n"
                     "    get: \"RANG?\"\n    set: \"RANG {value}\"\n    pause: {value: low}\n",
            u"probe.instrument.yaml"_s);
        QVERIFY2(load.definition, qPrintable(describe(load.problems)));
        const auto &parameters = load.definition->spec.parameters;
        QVERIFY(parameters[0].safeValue.isNull() && parameters[0].pauseValue.isNull());
        QCOMPARE(parameters[1].safeValue, QVariant(false));
        QCOMPARE(parameters[1].safeOrder, 3);
        QCOMPARE(parameters[2].pauseValue, QVariant(u"low"_s));
    }

    /// One entry for all channels, with the words of each, and what differs for one laid over it.
    void channelsAreSaidOnce()
    {
        QByteArray text = kValid;
        text.replace("movements:\n  level:",
                     "channels: {1: {input: A}, 2: {input: B}, 3: {input: C}}\n"
                     "movements:\n  level_{channel}:");
        text.replace("VOLT {value}", "VOLT{channel} {value}")
            .replace("\"VOLT?\"", "\"VOLT? {input}\"");
        text.replace(
            "measurements:\n",
            "  level_3: {limits: [0, 5]}\nmeasurements:\n"
            "  heater_{channel}:\n    channels: [1, 3]\n    query: \"HTR? {channel}\"\n"
            "    columns: [{name: \"heater_{channel}\", unit: W}]\n"
            "  all:\n    queries:\n      - {channels: all, query: \"T? {input}\", columns: "
            "[{name: \"t_{input}\", unit: K}]}\n");
        text += "simulation:\n  movements:\n    level_{channel}: {initial: 1}\n"
                "    level_2: {initial: 2}\n"
                "  columns: {\"all.t_{input}\": \"level_{channel}\", all.t_C: noise}\n";
        const DefinitionLoad load = loadDefinitionText(text, u"probe.instrument.yaml"_s);
        QVERIFY2(load.definition, qPrintable(describe(load.problems)));
        const Definition &definition = *load.definition;
        QStringList names;
        for (const MovementSpec &movement : definition.spec.movements)
            names.append(movement.name);
        QCOMPARE(names, (QStringList{u"level_1"_s, u"level_2"_s, u"level_3"_s}));
        QCOMPARE(definition.movements[1].set.filled("5"), "VOLT2 5");
        QCOMPARE(definition.movements[1].get, "VOLT? B");
        QCOMPARE(definition.spec.movements[1].limits, (Limits{-10, 10}));
        QCOMPARE(definition.spec.movements[2].limits, (Limits{0, 5}));
        QVERIFY(definition.spec.measurementIndex(u"heater_1"_s) >= 0);
        QVERIFY(definition.spec.measurementIndex(u"heater_2"_s) < 0);
        const int all = definition.spec.measurementIndex(u"all"_s);
        QCOMPARE(definition.spec.measurements[all].columns.size(), 3);
        QCOMPARE(definition.spec.measurements[all].columns[2].name, u"t_C"_s);
        QCOMPARE(definition.measurements[all].queries[1].query, "T? B");
        QCOMPARE(definition.behaviour.movements[u"level_3"_s].initial, 1.0);
        QCOMPARE(definition.behaviour.movements[u"level_2"_s].initial, 2.0);
        QCOMPARE(definition.behaviour.columns[u"all.t_B"_s], u"level_2"_s);
        QCOMPARE(definition.behaviour.columns[u"all.t_C"_s], u"noise"_s);
    }

    void versionFollowsText()
    {
        const auto a = loadDefinitionText(kValid, u"a"_s);
        const auto b = loadDefinitionText(kValid + "# remark\n", u"a"_s);
        QVERIFY(a.definition && b.definition);
        QVERIFY(a.definition->version != b.definition->version);
    }

    void shippedDefinitionsLoad()
    {
        const QDir folder(QString::fromLocal8Bit(resource("")));
        const QStringList files = folder.entryList({u"*.instrument.yaml"_s}, QDir::Files);
        QVERIFY(!files.isEmpty());
        for (const QString &file : files) {
            const DefinitionLoad load = loadDefinitionFile(folder.filePath(file));
            QVERIFY2(load.definition, qPrintable(file + u'\n' + describe(load.problems)));
            QCOMPARE(load.definition->spec.definitionId + u".instrument.yaml"_s, file);
        }
    }

    /// Settings are restored in the order of the file: what limits an output must hold before it
    /// is switched on.
    void outputsAreSwitchedLast()
    {
        const QDir folder(QString::fromLocal8Bit(resource("")));
        for (const QString &file : folder.entryList({u"*.instrument.yaml"_s}, QDir::Files)) {
            const DefinitionLoad load = loadDefinitionFile(folder.filePath(file));
            QVERIFY(load.definition);
            QString switched;
            for (const ParameterSpec &parameter : load.definition->spec.parameters) {
                const bool isOutput =
                    parameter.type == ParameterType::Bool && isSwitchName(parameter.key);
                if (isOutput && !parameter.isReadOnly)
                    switched = parameter.key;
                const bool isLimit = !isOutput && !parameter.isReadOnly;
                QVERIFY2(switched.isEmpty() || !isLimit,
                         qPrintable(
                             u"%1: %2 is restored after %3"_s.arg(file, parameter.key, switched)));
            }
        }
    }

    void example()
    {
        const auto load =
            findDefinition(u"example"_s, {u"/nonexistent"_s, QString::fromLocal8Bit(resource(""))});
        QVERIFY2(load.definition, qPrintable(describe(load.problems)));
        const Definition &definition = *load.definition;
        const MeasurementSpec &trace =
            definition.spec.measurements[definition.spec.measurementIndex(u"trace"_s)];
        QCOMPARE(trace.columns[0].axes[0].values.size(), 256);
        QCOMPARE(trace.columns[0].axes[0].values.last(), 25.5);
        QCOMPARE(trace.columns[1].type, ColumnType::Int64);
        QCOMPARE(definition.spec.parameter(u"coupling"_s)->choices,
                 (QStringList{u"AC"_s, u"DC"_s}));
        QVERIFY(definition.spec.movements.first().hasStop);
        QCOMPARE(definition.init.size(), 2);
        QVERIFY(definition.init[1].reply == QByteArray("1"));
    }

    void brokenText_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("field");
        const auto row = [](const char *name, const char *from, const char *to, int line,
                            const char *field) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << line
                                << QString::fromLatin1(field);
        };
        row("unknown top key", "model: P1", "model: P1\ncolour: red", 5, "colour");
        row("unknown movement key", "    unit: V\n", "    unit: V\n    limit: 3\n", 13,
            "movements.level.limit");
        row("unknown column key", "{name: voltage, unit: V}", "{name: voltage, unit: V, range: 1}",
            22, "measurements.iv.columns[0].range");
        row("unknown link key", "  reply_timeout: 2 s", "  timeout: 2 s", 8, "link.timeout");
        row("no schema", "schema: 1\n", "", 1, "schema");
        row("schema of the future", "schema: 1", "schema: 7", 1, "schema");
        row("no id", "id: probe\n", "", 1, "id");
        row("id with blanks", "id: probe", "id: my probe", 2, "id");
        row("no manufacturer", "manufacturer: Probe\n", "", 1, "manufacturer");
        row("no model", "model: P1\n", "", 1, "model");
        row("no identity", "identity: {query: \"*IDN?\", pattern: '^PROBE,'}\n", "", 1, "identity");
        row("bad expression", "'^PROBE,'", "'^PROBE(,'", 5, "identity.pattern");
        row("identity without pattern", ", pattern: '^PROBE,'", "", 5, "identity.pattern");
        row("terminator too long", "\"\\n\"", "\"\\r\\n\\r\"", 7, "link.terminator");
        row("no read terminator", "\"\\n\"", "\"\"", 7, "link.read_terminator");
        row("duration without sense", "2 s", "soon", 8, "link.reply_timeout");
        row("duration in volts", "2 s", "2 V", 8, "link.reply_timeout");
        row("negative duration", "2 s", "-2 s", 8, "link.reply_timeout");
        row("zero timeout", "2 s", "0 s", 8, "link.reply_timeout");
        row("quiet as long as an answer may take", "  reply_timeout: 2 s",
            "  reply_timeout: 2 s\n  resync: {quiet: 2 s}", 9, "link.resync.quiet");
        row("action without commands",
            "movements:", "actions:\n  home: {label: Home}\nmovements:", 11, "actions.home.send");
        row("action of a movement that is not there",
            "movements:", "actions:\n  home: {send: [\"ORG\"], movement: far}\nmovements:", 11,
            "actions.home.movement");
        row("action that is busy nobody knows when", "movements:",
            "actions:\n  home: {send: [\"ORG\"], busy: {query: \"B?\"}}\nmovements:", 11,
            "actions.home.busy");
        row("action with a value",
            "movements:", "actions:\n  home: {send: [\"ORG {value}\"]}\nmovements:", 11,
            "actions.home.send[0]");
        row("unknown when", "each-set", "sometimes", 9, "errors.when");
        row("no unit", "    unit: V\n", "", 12, "movements.level.unit");
        row("no limits", "    limits: [-10, 10]\n", "", 12, "movements.level.limits");
        row("limits reversed", "[-10, 10]", "[10, -10]", 13, "movements.level.limits");
        row("limits not finite", "[-10, 10]", "[-10, .inf]", 13, "movements.level.limits");
        row("three limits", "[-10, 10]", "[-10, 0, 10]", 13, "movements.level.limits");
        row("no set", "    set: \"VOLT {value}\"\n", "", 12, "movements.level.set");
        row("set without value", "VOLT {value}", "VOLT 5", 14, "movements.level.set");
        row("unknown placeholder", "VOLT {value}", "VOLT {volts}", 14, "movements.level.set");
        row("value twice", "VOLT {value}", "VOLT {value},{value}", 14, "movements.level.set");
        row("open brace", "VOLT {value}", "VOLT {value", 14, "movements.level.set");
        row("closing brace", "VOLT {value}", "VOLT value}", 14, "movements.level.set");
        row("line end in command", "VOLT {value}", "VOLT {value}\\n", 14, "movements.level.set");
        row("not Latin-1", "VOLT {value}", "VOLT {value} \xE2\x82\xAC", 14, "movements.level.set");
        row("value in get", "\"VOLT?\"", "\"VOLT? {value}\"", 15, "movements.level.get");
        row("empty get", "\"VOLT?\"", "\"\"", 15, "movements.level.get");
        row("safe outside limits", "{value: 0, order: 1}", "{value: 20, order: 1}", 16,
            "movements.level.safe.value");
        row("after safe, no safe", "    safe: {value: 0, order: 1}", "    after: safe", 16,
            "movements.level.after");
        row("safe setting without a value", "    set: \"NPLC {value}\"\n",
            "    set: \"NPLC {value}\"\n    safe: {order: 1}\n", 29, "parameters.nplc.safe.value");
        row("safe setting of another kind", "    set: \"NPLC {value}\"\n",
            "    set: \"NPLC {value}\"\n    safe: {value: off}\n", 29,
            "parameters.nplc.safe.value");
        row("safe setting outside its range", "    set: \"NPLC {value}\"\n",
            "    set: \"NPLC {value}\"\n    range: [1, 2]\n    pause: {value: 3}\n", 30,
            "parameters.nplc.pause.value");
        row("safe setting that is only read", "    set: \"NPLC {value}\"\n",
            "    safe: {value: 1}\n", 28, "parameters.nplc.safe.value");
        row("channel name without channels", "  level:", "  level_{channel}:", 11,
            "movements.level_{channel}");
        row("unknown channel", "movements:\n  level:\n",
            "channels: [1, 2]\nmovements:\n  level_{channel}:\n    channels: [1, 4]\n", 13,
            "movements.channels");
        row("unknown word of a channel", "movements:\n  level:\n",
            "channels: [1, 2]\nmovements:\n  level_{input}:\n", 12, "movements.level_{input}");
        row("frames with a terminator",
            "  terminator: ", "  protocol: modbus-rtu\n  terminator: ", 8, "link.terminator");
        row("text over frames", "  terminator: \"\\n\"\n", "  protocol: modbus-rtu\n", 5,
            "identity");
        row("unit out of range", "  terminator: \"\\n\"\n", "  protocol: modbus-rtu\n  unit: 300\n",
            8, "link.unit");
        row("movement not a mapping", "measurements:", "  other: 5\nmeasurements:", 17,
            "movements.other");
        row("movement with a bad name", "  level:", "  out-level:", 11, "movements.out-level");
        row("in-motion without rule", "    safe:", "    in_motion: {query: \"M?\"}\n    safe:", 16,
            "movements.level.in_motion");
        row("ramp without its rate",
            "    safe:", "    stop: \"A\"\n    ramp: {set: \"R {value}\"}\n    safe:", 17,
            "movements.level.ramp");
        row("ramp without a stop",
            "    safe:", "    ramp_rate: 1\n    ramp: {set: \"R {value}\"}\n    safe:", 17,
            "movements.level.ramp");
        row("ramp without a value",
            "    safe:", "    stop: \"A\"\n    ramp_rate: 1\n    ramp: {set: \"R\"}\n    safe:", 18,
            "movements.level.ramp.set");
        row("ramp per year", "    safe:",
            "    stop: \"A\"\n    ramp_rate: 1\n    ramp: {set: \"R {value}\", per: year}\n    "
            "safe:",
            18, "movements.level.ramp.per");
        row("in-motion pattern without sense", "    unit: V\n",
            "    unit: V\n    in_motion: {query: \"X\", pattern: 'M', moving: \"M1\", still: "
            "\"M0\"}\n",
            13, "movements.level.in_motion.pattern");
        row("in-motion pattern without examples", "    unit: V\n",
            "    unit: V\n    in_motion: {query: \"X\", pattern: 'M'}\n", 13,
            "movements.level.in_motion.moving");
        row("error number in words", "when: each-set", "when: each-set, ignore: [stopped]", 9,
            "errors.ignore");
        row("down without a set", "    unit: V\n", "    unit: V\n    down: {go: [\"D\"]}\n", 13,
            "movements.level.down.set");
        row("safe value beside the grid", "{value: 0, order: 1}",
            "{value: 0.5, order: 1}\n    step: 1", 17, "movements.level.step");
        row("safe value outside the limits of a setting", "    unit: V\n",
            "    unit: V\n    limits_by: {parameter: nplc, limits: {1: [1, 2]}}\n", 13,
            "movements.level.limits_by.limits");
        row("step of nothing", "    unit: V\n", "    unit: V\n    step: 0\n", 13,
            "movements.level.step");
        row("pattern without a group", "    get: \"VOLT?\"\n",
            "    get: \"VOLT?\"\n    reply: {pattern: 'V', example: \"V\"}\n", 16,
            "movements.level.reply.pattern");
        row("pattern without an example", "    get: \"VOLT?\"\n",
            "    get: \"VOLT?\"\n    reply: {pattern: '(V)'}\n", 16,
            "movements.level.reply.example");
        row("example that does not fit", "    get: \"VOLT?\"\n",
            "    get: \"VOLT?\"\n    reply: {pattern: '(V)', example: \"A\"}\n", 16,
            "movements.level.reply.example");
        row("broken pattern", "    get: \"VOLT?\"\n",
            "    get: \"VOLT?\"\n    reply: {pattern: '(V', example: \"V\"}\n", 16,
            "movements.level.reply.pattern");
        row("limits by nothing", "    unit: V\n",
            "    unit: V\n    limits_by: {parameter: colour, limits: {red: [0, 1]}}\n", 13,
            "movements.level.limits_by.parameter");
        row("limits by no such value", "    unit: V\n",
            "    unit: V\n    limits_by: {parameter: nplc, limits: {red: [0, 1]}}\n", 13,
            "movements.level.limits_by.limits.red");
        row("limits by, too wide", "    unit: V\n",
            "    unit: V\n    limits_by: {parameter: nplc, limits: {1: [0, 11]}}\n", 13,
            "movements.level.limits_by.limits.1");
        row("limits by, no limits", "    unit: V\n",
            "    unit: V\n    limits_by: {parameter: nplc}\n", 13,
            "movements.level.limits_by.limits");
        row("secret that is asked for", "    type: number\n", "    type: text\n    secret: true\n",
            28, "parameters.nplc.get");
        row("control line", "  reply_timeout: 2 s", "  serial: {dtr: yes}", 8, "link.serial.dtr");
        row("lock", "  reply_timeout: 2 s", "  lock: maybe", 8, "link.lock");
        row("constant that can be set", "    type: number\n", "    type: number\n    once: true\n",
            27, "parameters.nplc.once");
        row("scale of a list", "reply: list", "reply: list\n    scale: {query: \"P?\", factor: 1}",
            21, "measurements.iv.scale");
        row("scale without a factor", "reply: list", "reply: list\n    scale: {query: \"P?\"}", 21,
            "measurements.iv.scale.factor");
        row("start that takes a value", "    unit: V\n", "    unit: V\n    go: [\"A{value}\"]\n",
            13, "movements.level.go[0]");
        row("name collision", "name: voltage", "name: level", 22, "measurements.iv.columns");
        row("column name twice", "name: current", "name: voltage", 23,
            "measurements.iv.columns[1].name");
        row("unknown column type", "{name: voltage, unit: V}",
            "{name: voltage, unit: V, type: float16}", 22, "measurements.iv.columns[0].type");
        row("number for two columns", "reply: list", "reply: number", 20, "measurements.iv.reply");
        row("unknown reply", "reply: list", "reply: xml", 20, "measurements.iv.reply");
        row("block without type", "reply: list", "reply: {block: {order: big}}", 20,
            "measurements.iv.reply.block.type");
        row("fewer fields than columns", "reply: list", "reply: list\n    fields: 1", 21,
            "measurements.iv.fields");
        row("broken shape", "{name: voltage, unit: V}", "{name: voltage, unit: V, shape: [0]}", 22,
            "measurements.iv.columns[0].shape");
        row("axis without shape", "{name: voltage, unit: V}",
            "{name: voltage, unit: V, axis: {name: t, start: 0, stop: 1}}", 22,
            "measurements.iv.columns[0].axis");
        row("axis of another length", "{name: voltage, unit: V}",
            "{name: voltage, unit: V, shape: [3], axis: {name: t, values: [1, 2]}}", 22,
            "measurements.iv.columns[0].axis.values");
        row("choice without choices", "type: number", "type: choice", 26,
            "parameters.nplc.choices");
        row("unknown parameter type", "type: number", "type: complex", 26, "parameters.nplc.type");
        row("parameter without get", "    get: \"NPLC?\"\n", "", 26, "parameters.nplc.get");
        row("key given twice", "    type: number\n", "    type: number\n    type: text\n", 27,
            "parameters.nplc.type");
        row("simulation of no movement",
            "parameters:", "simulation: {movements: {bias: {motion: instant}}}\nparameters:", 24,
            "simulation.movements.bias");
        row("not YAML", "schema: 1", "schema: [1", 2, "");
        row("tab as indentation", "  level:", "\tlevel:", 11, "");
    }

    void brokenText()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(int, line);
        QFETCH(QString, field);
        QByteArray text = kValid;
        const qsizetype at = text.indexOf(from);
        QVERIFY(at >= 0);
        text.replace(at, from.size(), to);

        const DefinitionLoad load = loadDefinitionText(text, u"probe.instrument.yaml"_s);
        QVERIFY(!load.definition);
        QVERIFY(!load.problems.isEmpty());
        const Problem &first = load.problems.first();
        QVERIFY2(first.line == line && first.field == field, qPrintable(describe(load.problems)));
        for (const Problem &problem : load.problems) {
            QCOMPARE(problem.file, u"probe.instrument.yaml"_s);
            QVERIFY(!problem.message.isEmpty());
            QVERIFY(!problem.remedy.isEmpty());
        }
    }

    void allProblemsAtOnce()
    {
        QByteArray text = kValid;
        text.replace("[-10, 10]", "[10, -10]").replace("\"VOLT?\"", "\"\"").replace("list", "xml");
        QStringList fields;
        for (const Problem &problem : loadDefinitionText(text, u"p"_s).problems)
            fields.append(problem.field);
        QVERIFY(fields.contains(u"movements.level.limits"));
        QVERIFY(fields.contains(u"movements.level.get"));
        QVERIFY(fields.contains(u"measurements.iv.reply"));
    }

    void extending_data()
    {
        QTest::addColumn<QByteArray>("own");
        QTest::addColumn<QString>("problem"); // "file:line:field" of the first; empty: none
        const auto row = [](const char *name, const QByteArray &own, const char *problem) {
            QTest::newRow(name) << own << QString::fromLatin1(problem);
        };
        const QByteArray head = "id: child\nmodel: P2\nextends: probe\n";
        row("as it is", head, "");
        row("other limits", head + "movements: {level: {limits: [-1, 1]}}\n", "");
        row("one more", head + "parameters: {range: {get: \"RANG?\", set: \"RANG {value}\"}}\n",
            "");
        row("one less", head + "remove: parameters.nplc\n", "");
        row("a key less", head + "remove: [movements.level.safe, errors]\n", "");
        row("no id", "model: P2\nextends: probe\n", "child:1:id");
        row("no model", "id: child\nextends: probe\n", "child:1:model");
        row("unknown base", "id: child\nmodel: P2\nextends: nobody\n", "child:3:extends");
        row("itself", "id: child\nmodel: P2\nextends: child\n", "child:3:extends");
        row("a circle", "id: child\nmodel: P2\nextends: ring\n", "ring:3:extends");
        row("a chain without end", "id: child\nmodel: P2\nextends: chain1\n", "chain5:3:extends");
        row("nothing to remove", head + "remove: parameters.colour\n", "child:4:remove");
        row("unknown key", head + "colour: red\n", "child:4:colour");
        row("a key twice", head + "model: P3\n", "child:4:model");
        row("own part broken", head + "movements:\n  level: {limits: [1, -1]}\n",
            "child:5:movements.level.limits");
        row("base no longer fits", head + "movements:\n  level: {limits: [1, 2]}\n",
            "probe:16:movements.level.safe.value");
        row("base broken", "id: child\nmodel: P2\nextends: broken\n", "broken:2:");
        row("base with an error", "id: child\nmodel: P2\nextends: faulty\n", "faulty:5:colour");
    }
    void extending()
    {
        QFETCH(QByteArray, own);
        QFETCH(QString, problem);
        const DefinitionLoad load = loadDefinitionText(own, u"child"_s, findBase);
        const Problem first = load.problems.value(0);
        const QString found = load.definition
                                  ? QString()
                                  : u"%1:%2:%3"_s.arg(first.file).arg(first.line).arg(first.field);
        QVERIFY2(found == problem, qPrintable(found + u'\n' + describe(load.problems)));
    }

    void extendedDefinition()
    {
        const QByteArray own = "id: child\nmodel: P2\nextends: probe\n"
                               "remove: parameters.nplc\n"
                               "movements: {level: {limits: [-1, 1], label: Level}}\n"
                               "parameters:\n"
                               "  fast: {type: bool, get: \"FAST?\", set: \"FAST {value}\"}\n"
                               "  nplc: {type: integer, get: \"NPLC?\", set: \"NPLC {value}\"}\n";
        const auto load = loadDefinitionText(own, u"child"_s, findBase);
        QVERIFY2(load.definition, qPrintable(describe(load.problems)));
        const InstrumentSpec &spec = load.definition->spec;
        QCOMPARE(spec.definitionId, u"child"_s);
        QCOMPARE(spec.model, u"P2"_s);
        QCOMPARE(spec.manufacturer, u"Probe"_s);
        QCOMPARE(spec.movements[0].limits, (Limits{-1, 1}));
        QCOMPARE(spec.movements[0].label, u"Level"_s);
        QCOMPARE(load.definition->movements[0].set.filled("1"), "VOLT 1");
        // What is removed and given again comes where it stands now: an output after its limits.
        QCOMPARE(spec.parameters[0].key, u"fast"_s);
        QCOMPARE(spec.parameters[1].type, ParameterType::Integer);
        // What is kept of it is enough to have it back.
        const QList<DefinitionText> texts = load.definition->texts;
        QCOMPARE(texts.size(), 2);
        QCOMPARE(texts[0].text, own);
        QCOMPARE(texts[0].name, u"Probe P2"_s);
        QCOMPARE(texts[0].version, load.definition->version);
        QCOMPARE(texts[0].base, texts[1].version);
        const auto alone = loadDefinitionText(kValid, u"probe"_s);
        QCOMPARE(QList<DefinitionText>{texts[1]}, alone.definition->texts);
        const auto rebuilt = birch::loadDefinition(texts);
        QVERIFY2(rebuilt.definition, qPrintable(describe(rebuilt.problems)));
        QCOMPARE(rebuilt.definition->version, load.definition->version);
        QCOMPARE(rebuilt.definition->parameters.size(), load.definition->parameters.size());
        QVERIFY(!birch::loadDefinition({texts[0]}).definition); // its base is missing
        // A record of the scan tells the base as well.
        const auto other = loadDefinitionText(own, u"child"_s, [](const QString &id) {
            DefinitionFile base = findBase(id).value();
            base.text += "# remark\n";
            return Result<DefinitionFile>(base);
        });
        QVERIFY(other.definition);
        QVERIFY(other.definition->version != load.definition->version);
    }

    void basesAreFoundInFolders()
    {
        QTemporaryDir shipped, own;
        const auto write = [](const QString &path, const QByteArray &text) {
            QFile file(path);
            return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
        };
        const QString child = own.filePath(u"child.instrument.yaml"_s);
        QVERIFY(write(child, "id: child\nmodel: P2\nextends: probe\n"));
        QVERIFY(loadDefinitionFile(child).problems.value(0).remedy.contains(own.path()));
        QVERIFY(write(shipped.filePath(u"probe.instrument.yaml"_s), kValid));
        QVERIFY(loadDefinitionFile(child, {shipped.path()}).definition);
        QVERIFY(findDefinition(u"child"_s, {own.path(), shipped.path()}).definition);
        QVERIFY(write(own.filePath(u"probe.instrument.yaml"_s), "schema: 1\n"));
        QVERIFY(!loadDefinitionFile(child, {shipped.path()}).definition); // its own folder first
    }

    void anchorsDoNotExplode()
    {
        QByteArray text = "id: child\nmodel: P2\nextends: bomb\n";
        const QByteArray bomb = anchorBomb();
        const auto load = loadDefinitionText(text + bomb, u"child"_s, [&](const QString &id) {
            return Result<DefinitionFile>(DefinitionFile{id, "schema: 1\n" + bomb});
        });
        QVERIFY(!load.definition);
    }

    void missingFiles()
    {
        const auto none = findDefinition(u"nobody"_s, {u"/nonexistent"_s});
        QVERIFY(!none.definition);
        QVERIFY(none.problems.first().remedy.contains(u"/nonexistent"));
        const auto path = findDefinition(u"/nonexistent/x.instrument.yaml"_s, {});
        QVERIFY(!path.definition);
    }

    void oddInput_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("a scalar") << QByteArray("hello");
        QTest::newRow("a list") << QByteArray("- 1\n- 2\n");
        QTest::newRow("an anchor to itself") << QByteArray("&a schema: *a\n");
        QTest::newRow("a list as a key") << QByteArray("? [a, b]\n: 1\n");
        QTest::newRow("binary") << QByteArray("\x00\xff\xfe\x01", 4);
        QTest::newRow("deep") << QByteArray(20'000, '[');
    }
    void oddInput()
    {
        QFETCH(QByteArray, text);
        const DefinitionLoad load = loadDefinitionText(text, u"odd"_s);
        QVERIFY(!load.definition);
        QVERIFY(!load.problems.isEmpty());
    }
};

QTEST_GUILESS_MAIN(DefinitionLoaderTest)
#include "tst_definition_loader.moc"
