// What single models ask of the format: values in the middle of replies, limits that depend on
// other settings, grids, starts, blocks in raw units, pauses.
#include "drivers/definition/definition_instrument.h"
#include "drivers/definition/definition_loader.h"
#include "drivers/simulator/simulated_instrument.h"
#include "tests/drivers/definition/scripted_transport.h"

#include <QElapsedTimer>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
const QByteArray kProbe = R"(schema: 1
id: probe
manufacturer: Probe
model: P1
language: plain
numbers: fixed
identity: {query: "ID", pattern: '^PROBE'}
errors: {query: "ERR?", when: batch, ignore: [10]}
movements:
  field:
    unit: T
    limits: [-9, 9]
    limits_by: {parameter: lambda, limits: {on: [-9, 9], off: [-8, 8]}}
    set: "J{value}"
    get: "R7"
    reply: {pattern: '^R([-+0-9.]+)$', example: "R+0.0"}
    acknowledge: {reply: "J"}
    go: [{query: "A1", reply: "A"}]
    stop: "A0"
    in_motion: {query: "X", pattern: 'M.[123]', moving: "X00M11", still: "X00M10"}
  heater:
    unit: ""
    limits: [0, 3]
    step: 1
    set: "RANGE 1,{value}"
    get: "RANGE? 1"
    acknowledge: {pattern: ':VALID$', example: "STAT:SET:RANGE:VALID"}
  sweep:
    unit: kG
    limits: [-90, 90]
    set: "ULIM {value}"
    go: ["SWEEP UP"]
    down: {set: "LLIM {value}", go: ["SWEEP DOWN"]}
    get: "IMAG?"
measurements:
  trace:
    query: "CURVE?"
    reply: {block: {type: uint8}}
    scale: {query: "PRE?", fields: 4, factor: 1, offset: 2, references: [3, 4]}
    columns: [{name: trace, unit: V, shape: [3]}]
  temperature:
    query: "T?"
    reply: {pattern: 'TEMP:([-+.0-9]+)K', example: "STAT:TEMP:4.2K"}
    columns: [{name: temperature, unit: K}]
parameters:
  lambda: {type: choice, choices: {on: "1", off: "0"}, get: "LAM?", set: "LAM {value}"}
  range: {type: number, get: "RNG?", set: "RNG {value}"}
  level:
    type: number
    range: [-30, 30]
    range_by: {parameter: range, limits: {1: [-1.2, 1.2], 10: [-12, 12]}}
    step: 0.1
    settle: 50 ms
    get: "LEV?"
    set: "LEV {value}"
  gain: {type: number, get: "PID?", reply: {pattern: '^([^,]+),', example: "+50.0,+20.0"}, set: "P {value}"}
  reset: {type: number, get: "PID?", reply: {pattern: '^[^,]+,(.+)$', example: "+50.0,+20.0"}, set: "I {value}"}
  options: {type: text, get: "OPT?", once: true}
  drift: {type: number, volatile: true, get: "DRI?", set: "DRI {value}"}
  coarse: {type: number, tolerance: 0.5, get: "COA?", set: "COA {value}"}
simulation:
  identity: PROBE
  columns: {trace.trace: field}
  replies: {"PRE?": "0.5,1,2,3"}
)";

Call soon()
{
    return Call::within(2s);
}
} // namespace

class DefinitionQuirksTest : public QObject
{
    Q_OBJECT

    ScriptedTransport::Shared m_wire;
    DefinitionPtr m_definition;
    std::unique_ptr<DefinitionInstrument> m_instrument;

    void answer(const char *query, const QByteArray &reply) { m_wire.replies[query] = {reply}; }
    Status set(const char *key, const QVariant &value)
    {
        return m_instrument->setParameter(QString::fromLatin1(key), value, soon());
    }
    QVariant get(const char *key)
    {
        const auto value = m_instrument->parameter(QString::fromLatin1(key), soon());
        return value ? value.value() : QVariant(value.error().message);
    }
    Result<QList<double>> read(int index)
    {
        const ColumnSpec &spec = m_instrument->spec().measurements[index].columns.first();
        ColumnValues column(spec.type, spec.valuesPerRow());
        ColumnValues *pointer = &column;
        if (Status done = m_instrument->read(index, {&pointer, 1}, soon()); !done)
            return done.error();
        QList<double> values;
        for (qint64 i = 0; i < spec.valuesPerRow(); ++i)
            values.append(column.doubleAt(i));
        return values;
    }

private slots:
    void init()
    {
        const auto load = loadDefinitionText(kProbe, u"probe"_s);
        QVERIFY2(load.definition, qPrintable(load.problems.value(0).field + u": "_s +
                                             load.problems.value(0).message));
        m_definition = load.definition;
        m_wire = {};
        answer("ID", "PROBE");
        answer("ERR?", "0");
        answer("LAM?", "0");
        answer("RNG?", "1");
        m_instrument = std::make_unique<DefinitionInstrument>(
            load.definition, load.definition->spec, std::make_unique<ScriptedTransport>(m_wire));
        QVERIFY(m_instrument->open(soon()));
        m_wire.sent.clear();
    }

    void movesBegin()
    {
        answer("J2.5", "J");
        answer("A1", "A");
        answer("R7", "R+2.5000");
        answer("X", "X00M12");
        QVERIFY(m_instrument->begin(0, 2.5, soon()));
        QCOMPARE(m_wire.sent,
                 (QList<QByteArray>{"J2.5", "A1"})); // within any limits: nothing asked
        QCOMPARE(m_instrument->state(0, soon()).value().readback, 2.5);
        QVERIFY(m_instrument->state(0, soon()).value().isMoving);
        answer("X", "X00M10");
        QVERIFY(!m_instrument->state(0, soon()).value().isMoving);
        answer("R7", "?R7");
        QVERIFY(m_instrument->state(0, soon()).error().message.contains(u"R+0.0"));
        answer("A1", "?A1");
        QVERIFY(!m_instrument->begin(0, 2.5, soon()));
    }

    void upAndDown()
    {
        answer("IMAG?", "5");
        QVERIFY(m_instrument->begin(2, 7, soon()));
        QVERIFY(m_instrument->begin(2, 3, soon()));
        QCOMPARE(m_wire.sent, (QList<QByteArray>{"IMAG?", "ULIM 7", "SWEEP UP", "IMAG?", "LLIM 3",
                                                 "SWEEP DOWN"}));
    }

    void complaintsThatAreNone()
    {
        answer("IMAG?", "5");
        m_wire.replies["ERR?"] = {QByteArray("10"), QByteArray("0")};
        QVERIFY(m_instrument->begin(2, 7, soon()));
        QVERIFY(m_instrument->state(2, soon()));
        m_wire.replies["ERR?"] = {QByteArray("10"), QByteArray("7"), QByteArray("0")};
        QVERIFY(m_instrument->begin(2, 7, soon()));
        QVERIFY(m_instrument->state(2, soon()).error().message.contains(u"reports 7"));
    }

    void limitsFollowAnotherSetting()
    {
        answer("J8.5", "J");
        answer("A1", "A");
        const Status refused = m_instrument->begin(0, 8.5, soon());
        QCOMPARE(refused.error().code, ErrorCode::OutOfRange);
        QVERIFY2(refused.error().message.contains(u"lambda is off"),
                 qPrintable(refused.error().message));
        QCOMPARE(m_wire.sent, QList<QByteArray>{"LAM?"}); // asked, nothing set
        QVERIFY(set("lambda", u"on"_s));
        QVERIFY(m_instrument->begin(0, 8.5, soon()));
        QCOMPARE(set("level", 5.0).error().code, ErrorCode::OutOfRange);
        QVERIFY(set("range", 10.0));
        QVERIFY(set("level", 5.0));
        QVERIFY(set("range", 100.0)); // says nothing about it: the general range holds
        QVERIFY(set("level", 25.0));
        QCOMPARE(set("level", 31.0).error().code, ErrorCode::OutOfRange);
    }

    void grids()
    {
        answer("RANGE 1,2", "STAT:SET:RANGE:VALID");
        QVERIFY(m_instrument->begin(1, 2, soon()));
        QCOMPARE(m_instrument->begin(1, 1.5, soon()).error().code, ErrorCode::OutOfRange);
        QVERIFY(set("level", 0.3)); // three times 0.1, if not in doubles
        QCOMPARE(set("level", 0.35).error().code, ErrorCode::OutOfRange);
    }

    void numbersWithoutExponents()
    {
        QVERIFY(set("range", 1e-5));
        QVERIFY(set("range", -1234567.5));
        answer("J0.00025", "J");
        answer("A1", "A");
        QVERIFY(m_instrument->begin(0, 2.5e-4, soon()));
        QCOMPARE(m_wire.sent.mid(0, 2), (QList<QByteArray>{"RNG 0.00001", "RNG -1234567.5"}));
    }

    void acknowledgementsByPattern()
    {
        answer("RANGE 1,2", "STAT:SET:RANGE:INVALID");
        const Status refused = m_instrument->begin(1, 2, soon());
        QVERIFY(!refused && refused.error().message.contains(u"INVALID"));
    }

    void valuesWithinReplies()
    {
        answer("PID?", "+0010.0,+0.25");
        QCOMPARE(get("gain"), QVariant(10.0));
        QCOMPARE(get("reset"), QVariant(0.25));
        answer("T?", "STAT:TEMP:293.4320K");
        QCOMPARE(read(1).value(), QList<double>{293.432});
        answer("T?", "STAT:TEMP:N/A");
        QVERIFY(read(1).error().message.contains(u"N/A"));
    }

    void blocksInRawUnits()
    {
        answer("PRE?", "0.5,1,2,3");
        answer("CURVE?", QByteArray("#13\x05\x07\x00", 6));
        QCOMPARE(read(0).value(), (QList<double>{1, 2, -1.5})); // (raw - 5) * 0.5 + 1
        answer("PRE?", "0.5,1,2");
        QVERIFY(!read(0));
    }

    void constantsAreAskedOnce()
    {
        answer("OPT?", "3");
        QCOMPARE(get("options"), QVariant(u"3"_s));
        QCOMPARE(get("options"), QVariant(u"3"_s));
        QCOMPARE(m_wire.sent, QList<QByteArray>{"OPT?"});
        m_instrument->close();
        QVERIFY(m_instrument->open(soon()));
        answer("OPT?", "4");
        QCOMPARE(get("options"), QVariant(u"4"_s));
    }

    /// What changes by itself, or is told coarsely, does not mean that it was switched off.
    void comingBack()
    {
        answer("DRI?", "1");
        answer("COA?", "10");
        QCOMPARE(get("drift"), QVariant(1.0));
        QCOMPARE(get("coarse"), QVariant(10.0));
        answer("DRI?", "7");
        answer("COA?", "10.4");
        m_wire.sent.clear();
        const auto kept = m_instrument->reopen(Instrument::Check::Settings, soon());
        QVERIFY2(kept, kept ? "" : qPrintable(kept.error().message));
        QCOMPARE(kept.value(), QString());
        QCOMPARE(m_wire.sent, (QList<QByteArray>{"ID", "COA?"}));
        answer("COA?", "10.6");
        m_wire.replies["COA?"] = {QByteArray("10.6"), QByteArray("10")};
        const auto restored = m_instrument->reopen(Instrument::Check::Settings, soon());
        QVERIFY(restored && restored.value().contains(u"lost its settings"));
        QVERIFY(m_wire.sent.contains("COA 10"));
    }

    void echoes()
    {
        QByteArray text = kProbe;
        text.replace("language: plain\n", "language: plain\nlink: {echo: true}\n");
        const auto load = loadDefinitionText(text, u"probe"_s);
        QVERIFY2(load.definition, qPrintable(load.problems.value(0).message));
        m_wire.echoes = true;
        DefinitionInstrument instrument(load.definition, load.definition->spec,
                                        std::make_unique<ScriptedTransport>(m_wire));
        const Status opened = instrument.open(soon());
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().message));
        QVERIFY(instrument.setParameter(u"range"_s, 10.0, soon()));
        QCOMPARE(instrument.parameter(u"range"_s, soon()).value(), QVariant(1.0));
        m_wire.echoes = false;
        const Status refused = instrument.setParameter(u"range"_s, 10.0, soon());
        QVERIFY(!refused);

        World world(1, {}, [] { return 0.0; });
        BenchEntry entry;
        entry.nickname = u"probe"_s;
        entry.definition = load.definition;
        const auto simulated = SimulatedInstrument::create(entry, world);
        QCOMPARE(simulated.value()->respond("ID"), (QList<QByteArray>{"ID", "PROBE"}));
        QCOMPARE(simulated.value()->respond("RNG 1"), QList<QByteArray>{"RNG 1"});
    }

    void settingsSettle()
    {
        QElapsedTimer timer;
        timer.start();
        QVERIFY(set("level", 0.5));
        QVERIFY(timer.elapsed() >= 49);
        QCOMPARE(m_instrument->setParameter(u"level"_s, 0.5, Call::within(10ms)).error().code,
                 ErrorCode::Timeout);
    }

    void simulated()
    {
        World world(1, {}, [] { return 0.0; });
        BenchEntry entry;
        entry.nickname = u"probe"_s;
        entry.definition = m_definition;
        const auto made = SimulatedInstrument::create(entry, world);
        QVERIFY2(made, made ? "" : qPrintable(made.error().message));
        SimulatedInstrument &instrument = *made.value();
        QCOMPARE(instrument.respond("J2.5"), QList<QByteArray>{"J"});
        QCOMPARE(instrument.respond("A1"), QList<QByteArray>{"A"});
        QCOMPARE(instrument.respond("R7"), QList<QByteArray>{"R2.5"});
        QCOMPARE(instrument.respond("X"), QList<QByteArray>{"X00M10"});
        QCOMPARE(instrument.respond("RANGE 1,2"), QList<QByteArray>{"STAT:SET:RANGE:VALID"});
        QCOMPARE(instrument.respond("PID?"), QList<QByteArray>{"+50.0,+20.0"});
        QVERIFY(instrument.respond("I 3").isEmpty());
        QCOMPARE(instrument.respond("PID?"), QList<QByteArray>{"+50.0,3"});
        // 2.5 V is (2.5 - 1) / 0.5 + 5 = 8 raw units.
        QCOMPARE(instrument.respond("CURVE?"), QList<QByteArray>{QByteArray("#13\x08\x08\x08", 6)});
    }
};

QTEST_GUILESS_MAIN(DefinitionQuirksTest)
#include "tst_definition_quirks.moc"
