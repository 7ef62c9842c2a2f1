// What a simulated instrument understands and answers, without any connection.
#include "drivers/definition/definition_loader.h"
#include "drivers/simulator/simulated_instrument.h"

#include <QDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
const QByteArray kScpi = R"(schema: 1
id: probe
manufacturer: Probe
model: P1
identity: {query: "*IDN?", pattern: '^PROBE,'}
movements:
  level:
    unit: V
    limits: [-10, 10]
    set: "SOURce:VOLTage:LEVel {value}"
    get: "SOURce:VOLTage:LEVel?"
    stop: "ABOR"
    in_motion: {query: "SOURce:VOLTage:RAMP?", moving: "1"}
  line:
    unit: V
    limits: [-1, 1]
    set: "LINE {value};*OPC?"
    get: "LINE?"
    acknowledge: {reply: "1"}
measurements:
  v: {query: "MEAS:VOLT?", columns: [{name: v, unit: V}]}
  frame:
    query: "FRAME?"
    reply: {block: {type: uint16, order: big}}
    columns: [{name: frame, unit: counts, shape: [3]}]
parameters:
  nplc: {type: number, range: [0.01, 10], get: "SENS:NPLC?", set: "SENS:NPLC {value}"}
  function: {type: choice, choices: {volt: "'VOLT'", curr: "'CURR'"}, get: "SENS:FUNC?", set: "SENS:FUNC {value}"}
  output: {type: bool, get: "OUTP?", set: "OUTP {value}"}
simulation:
  identity: "PROBE,P1,0,1"
  movements: {level: {motion: linear, speed: 2, initial: 1}}
  columns: {v.v: level, frame.frame: level}
  replies: {"STAT:QUES?": "16"}
)";

const QByteArray kPlain = R"(schema: 1
id: plain
manufacturer: Probe
model: P2
language: plain
identity: {query: "*IDN?", pattern: '^PROBE'}
movements:
  axis: {unit: mm, limits: [0, 100], set: "1PA{value}", get: "1TP?", in_motion: {query: "1MD?", still: "1"}}
  other: {unit: mm, limits: [0, 100], set: "2PA {value}", get: "2TP?"}
parameters:
  sensitivity: {type: integer, get: "SENS?", set: "SENS {value}"}
simulation: {identity: "PROBE 2", movements: {axis: {motion: linear, speed: 10}}}
)";

BenchEntry entryOf(const QByteArray &text)
{
    const auto load = loadDefinitionText(text, u"probe"_s);
    if (!load.definition)
        qFatal("%s", qPrintable(load.problems.first().message));
    BenchEntry entry;
    entry.nickname = u"probe"_s;
    entry.definition = load.definition;
    entry.spec = load.definition->spec;
    return entry;
}
} // namespace

class SimulatedInstrumentTest : public QObject
{
    Q_OBJECT

    double m_now = 0;
    World m_world{1, {}, [this] { return m_now; }};
    std::unique_ptr<SimulatedInstrument> m_scpi;
    std::unique_ptr<SimulatedInstrument> m_plain;

private slots:
    void init()
    {
        m_now = 0;
        m_scpi = SimulatedInstrument::create(entryOf(kScpi), m_world).value();
        m_plain = SimulatedInstrument::create(entryOf(kPlain), m_world).value();
    }

    void manners_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("reply"); // "-": none, and a complaint
        const auto row = [](const char *message, const char *reply) {
            QTest::newRow(message) << QByteArray(message) << QByteArray(reply);
        };
        row("*IDN?", "PROBE,P1,0,1");
        row("*idn?", "PROBE,P1,0,1");
        row("*OPC?", "1");
        row("*TST?", "0");
        row("SOUR:VOLT:LEV?", "1");
        row(":SOUR:VOLT:LEV?", "1");
        row("source:voltage:level?", "1");
        row("Sour:VOLTAGE:Lev?", "1");
        row("SOUR1:VOLT:LEV1?", "1");
        row("SOUR2:VOLT:LEV?", "-");
        row("SOURC:VOLT:LEV?", "-");
        row("SOUR:VOLT?", "-");
        row("MEASURE:VOLTAGE?", "1");
        row("MEAS:VOLT?", "1");
        row("  MEAS:VOLT?  ", "1");
        row("MEAS:VOLT? ;", "1");
        row("MEAS:VOLT?;*OPC?", "1;1");
        row("SOUR:VOLT:LEV?;RAMP?", "-"); // RAMP? lies beside LEV: it answers 0
        row("SENS:NPLC 5;NPLC?", "5");
        row("SENS:NPLC 5;:OUTP 1;:SENS:NPLC?;:OUTP?", "5;1");
        row("SENS:NPLC 5e-1;*OPC?;NPLC?", "1;0.5"); // common commands leave the path alone
        row("SENS:NPLC MAX;NPLC?", "10");
        row("SENS:NPLC MIN;NPLC?", "0.01");
        row("SENS:FUNC \"CURR\";FUNC?", "'CURR'");
        row("SENS:FUNC 'CURR';FUNC?", "'CURR'");
        row("OUTP ON;OUTP?", "1");
        row("OUTP off;OUTP?", "0");
        row("LINE 0.5;*OPC?", "1");
        row("STAT:QUES?", "16");
        row("BOGUS?", "-");
        row("SENS:NPLC?;BOGUS", "-");
    }
    void manners()
    {
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, reply);
        const QByteArray got = m_scpi->respond(message).join('|');
        if (message.contains("RAMP?")) {
            QCOMPARE(got, "1;0");
            return;
        }
        const QByteArray error = m_scpi->respond("SYST:ERR?").value(0);
        QCOMPARE(error.startsWith("-113"), reply == "-");
        if (reply != "-")
            QCOMPARE(got, reply);
    }

    void errorQueue()
    {
        (void)m_scpi->respond("FOO:BAR 1");
        (void)m_scpi->respond("SOUR:VOLT:LEV 11");
        (void)m_scpi->respond("SOUR:VOLT:LEV high");
        (void)m_scpi->respond("SENS:FUNC 'OHM'");
        QCOMPARE(m_scpi->respond("*STB?"), QList<QByteArray>{"4"});
        QCOMPARE(m_scpi->respond("SYST:ERR?"),
                 QList<QByteArray>{"-113,\"Undefined header;FOO:BAR 1\""});
        QCOMPARE(m_scpi->respond(":system:error:next?"),
                 QList<QByteArray>{"-222,\"Data out of range\""});
        QCOMPARE(m_scpi->respond("SYST:ERR?"), QList<QByteArray>{"-104,\"Data type error\""});
        QCOMPARE(m_scpi->respond("SYST:ERR?"),
                 QList<QByteArray>{"-224,\"Illegal parameter value\""});
        QCOMPARE(m_scpi->respond("SYST:ERR?"), QList<QByteArray>{"0,\"No error\""});
        for (int i = 0; i < 100; ++i)
            (void)m_scpi->respond("FOO");
        int entries = 0;
        QByteArray last;
        for (QByteArray e = m_scpi->respond("SYST:ERR?").first(); !e.startsWith("0,");
             e = m_scpi->respond("SYST:ERR?").first(), ++entries)
            last = e;
        QCOMPARE(entries, 20);
        QVERIFY(last.startsWith("-350"));
        (void)m_scpi->respond("FOO");
        (void)m_scpi->respond("*CLS");
        QCOMPARE(m_scpi->respond("SYST:ERR?"), QList<QByteArray>{"0,\"No error\""});
    }

    void motionInTime()
    {
        QVERIFY(m_scpi->respond("SOUR:VOLT:LEV 5").isEmpty()); // from 1 at 2 V/s
        QCOMPARE(m_scpi->respond("SOUR:VOLT:RAMP?"), QList<QByteArray>{"1"});
        m_now = 1;
        QCOMPARE(m_scpi->respond("SOUR:VOLT:LEV?"), QList<QByteArray>{"3"});
        m_now = 2;
        QCOMPARE(m_scpi->respond("SOUR:VOLT:RAMP?"), QList<QByteArray>{"0"});
        QCOMPARE(m_scpi->respond("SOUR:VOLT:LEV?"), QList<QByteArray>{"5"});
        (void)m_scpi->respond("SOUR:VOLT:LEV 100 mV");
        m_now = 3;
        (void)m_scpi->respond("ABOR");
        m_now = 10;
        QCOMPARE(m_scpi->respond("SOUR:VOLT:LEV?"), QList<QByteArray>{"3"});
        (void)m_scpi->respond("*RST");
        m_now = 20;
        QCOMPARE(m_scpi->respond("SOUR:VOLT:LEV?"), QList<QByteArray>{"1"});
    }

    void blocks()
    {
        QCOMPARE(m_scpi->respond("FRAME?"), QList<QByteArray>{QByteArray("#16\0\1\0\1\0\1", 9)});
    }

    void plainCommands()
    {
        QCOMPARE(m_plain->respond("*IDN?"), QList<QByteArray>{"PROBE 2"});
        QVERIFY(m_plain->respond("1PA2.5").isEmpty());
        QVERIFY(m_plain->respond("2PA 7").isEmpty());
        QCOMPARE(m_plain->respond("1MD?"), QList<QByteArray>{"0"});
        m_now = 10;
        QCOMPARE(m_plain->respond("1md?"), QList<QByteArray>{"1"});
        QCOMPARE(m_plain->respond("1TP?;2TP?"), (QList<QByteArray>{"2.5", "7"}));
        QVERIFY(m_plain->respond("SENS17").isEmpty());
        QCOMPARE(m_plain->respond("SENS?"), QList<QByteArray>{"17"});
        QVERIFY(m_plain->respond("XX?").isEmpty());
    }

    void shippedDefinitionsCanBeSimulated()
    {
        QDir folder(QString::fromLocal8Bit(qgetenv("BIRCH_SOURCE_DIR") + "/resources/instruments"));
        for (const QString &file : folder.entryList({u"*.instrument.yaml"_s})) {
            BenchEntry entry;
            entry.nickname = u"probe"_s;
            entry.definition = loadDefinitionFile(folder.filePath(file)).definition;
            QVERIFY(entry.definition);
            const auto made = SimulatedInstrument::create(entry, m_world);
            QVERIFY2(made, made ? "" : qPrintable(made.error().message));
            for (const MeasurementCommands &commands : entry.definition->measurements) {
                for (const MeasurementQuery &query : commands.queries)
                    QCOMPARE(made.value()->respond(query.query).size(), 1);
            }
        }
    }

    void unknownModelsAndOutputs()
    {
        QByteArray text = kScpi;
        text.replace("simulation:", "simulation:\n  model: telescope");
        const auto model = SimulatedInstrument::create(entryOf(text), m_world);
        QVERIFY(!model && model.error().message.contains(u"telescope"));
        text = kScpi;
        text.replace("simulation:", "simulation:\n  model: diode")
            .replace("v.v: level", "v.v: colour");
        const auto output = SimulatedInstrument::create(entryOf(text), m_world);
        QVERIFY(!output && output.error().message.contains(u"v.v"));
    }
};

QTEST_GUILESS_MAIN(SimulatedInstrumentTest)
#include "tst_simulated_instrument.moc"
