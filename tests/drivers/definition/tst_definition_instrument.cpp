#include "drivers/definition/definition_instrument.h"
#include "drivers/definition/definition_loader.h"
#include "tests/drivers/definition/scripted_transport.h"

#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
const QByteArray kProbe = R"(schema: 1
id: probe
manufacturer: Probe
model: P1
identity: {query: "*IDN?", pattern: '^PROBE,'}
init: ["*CLS", {query: "*OPC?", reply: "1"}]
shutdown: ["SYST:LOC"]
errors: {query: "SYST:ERR?", when: each-set}
movements:
  level:
    unit: V
    limits: [-10, 10]
    set: "VOLT {value}"
    get: "VOLT?"
    stop: "ABOR"
    in_motion: {query: "MOV?", moving: "1"}
  field:
    unit: T
    limits: [-1, 1]
    set: "FIELD {value}"
    get: "FIELD?"
    reply: {template: "{value} T"}
    acknowledge: {reply: "ok"}
    in_motion: {query: "STAT?", moving_mask: 4}
  oven:
    unit: K
    limits: [0, 400]
    set: "SETP {value}"
    get: "TEMP?"
    stop: "HOLD"
    ramp_rate: 2
    ramp: {set: "RATE {value}", per: min}
actions:
  home: {send: ["ORG"], movement: level}
  zero: {label: Zero, send: ["ZERO"], busy: {query: "CAL?", still: "0"}}
  clear: {send: ["CLR", {query: "*OPC?", reply: "1"}]}
measurements:
  iv:
    before: ["INIT"]
    query: "READ?"
    reply: list
    fields: 3
    overload: ["OL"]
    columns:
      - {name: voltage, unit: V}
      - {name: current, unit: A, field: 3}
  spectrum:
    query: "SPEC?"
    reply: {block: {type: float32, order: big}}
    columns:
      - {name: intensity, unit: counts, shape: [2], axis: {name: wl, unit: nm, query: "WAV?"}}
  mixed:
    queries:
      - {query: "N?", columns: [{name: n, unit: "", type: int64}]}
      - {query: "T?", reply: text, columns: [{name: text, unit: "", type: utf8}]}
      - {query: "B?", columns: [{name: on, unit: "", type: bool}]}
parameters:
  nplc: {type: number, range: [0.01, 10], get: "NPLC?", set: "NPLC {value}"}
  count: {type: integer, get: "COUN?", set: "COUN {value}"}
  output: {type: bool, get: "OUTP?", set: "OUTP {value}", tokens: {false: "OFF", true: "ON"}}
  mode: {type: choice, choices: {fast: "0", slow: "1"}, get: "MODE?", set: "MODE {value}"}
  serial: {type: text, get: "SER?"}
)";

Call soon()
{
    return Call::within(2s);
}
} // namespace

class DefinitionInstrumentTest : public QObject
{
    Q_OBJECT

    ScriptedTransport::Shared m_wire;
    std::unique_ptr<DefinitionInstrument> m_instrument;

    void answer(const char *query, const QByteArray &reply) { m_wire.replies[query] = {reply}; }

    Result<std::vector<ColumnValues>> read(int index)
    {
        std::vector<ColumnValues> columns;
        for (const ColumnSpec &c : m_instrument->spec().measurements[index].columns)
            columns.emplace_back(c.type, c.valuesPerRow());
        std::vector<ColumnValues *> pointers;
        for (ColumnValues &c : columns)
            pointers.push_back(&c);
        if (Status done = m_instrument->read(index, pointers, soon()); !done) {
            for (const ColumnValues &c : columns)
                if (!c.isEmpty())
                    return Error{ErrorCode::Internal, u"a column changed on an error"_s};
            return done.error();
        }
        return columns;
    }

private slots:
    void init()
    {
        const auto load = loadDefinitionText(kProbe, u"probe"_s);
        QVERIFY2(load.definition, qPrintable(load.problems.value(0).message));
        m_wire = {};
        answer("*IDN?", "PROBE,P1,0,1");
        answer("*OPC?", "1");
        answer("SYST:ERR?", "0,\"No error\"");
        answer("WAV?", "400,800");
        m_instrument = std::make_unique<DefinitionInstrument>(
            load.definition, load.definition->spec, std::make_unique<ScriptedTransport>(m_wire));
        QVERIFY(m_instrument->open(soon()));
    }

    void actionTravels()
    {
        m_wire.sent.clear();
        QVERIFY(m_instrument->act(0, soon()));
        QCOMPARE(m_wire.sent, (QList<QByteArray>{"ORG", "SYST:ERR?"}));
        answer("MOV?", "1");
        QCOMPARE(m_instrument->isActing(0, soon()).value(), true);
        answer("MOV?", "0");
        QCOMPARE(m_instrument->isActing(0, soon()).value(), false);
        QCOMPARE(m_wire.sent.last(), "SYST:ERR?");
    }

    /// At rest is not the same as done.
    void actionFails()
    {
        QVERIFY(m_instrument->act(1, soon()));
        answer("CAL?", "1");
        QCOMPARE(m_instrument->isActing(1, soon()).value(), true);
        answer("CAL?", "0");
        m_wire.replies["SYST:ERR?"] = {QByteArray("-300,\"field too high\""), QByteArray("0")};
        const auto failed = m_instrument->isActing(1, soon());
        QVERIFY(!failed);
        QVERIFY2(failed.error().message.contains(u"Zero"_s) &&
                     failed.error().message.contains(u"field too high"_s),
                 qPrintable(failed.error().message));
    }

    void actionIsOverOnceItWasSent()
    {
        m_wire.sent.clear();
        QVERIFY(m_instrument->act(2, soon()));
        QCOMPARE(m_instrument->isActing(2, soon()).value(), false);
        QCOMPARE(m_wire.sent, (QList<QByteArray>{"CLR", "*OPC?", "SYST:ERR?"}));
        answer("*OPC?", "0");
        QVERIFY(!m_instrument->act(2, soon()));
    }

    void cancelledActionHaltsWhatTravels()
    {
        std::stop_source stop;
        stop.request_stop();
        const Status stopped = m_instrument->act(0, Call::within(2s, stop.get_token()));
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(m_wire.sent.last(), "ABOR");
    }

    /// Neither the init nor the shutdown sequence is sent: somebody may only look who is there.
    void identifyingSetsNothing()
    {
        QCOMPARE(m_instrument->identify(soon()).value(), u"PROBE,P1,0,1"_s); // open: known
        m_instrument->close();
        m_wire.sent.clear();
        QCOMPARE(m_instrument->identify(soon()).value(), u"PROBE,P1,0,1"_s);
        QCOMPARE(m_wire.sent, QList<QByteArray>{"*IDN?"});
        QVERIFY(!m_instrument->isOpen());
        answer("*IDN?", "OTHER,X");
        const auto other = m_instrument->identify(soon());
        QVERIFY(!other && other.error().message.contains(u"OTHER,X"_s));
    }

    void opening()
    {
        QCOMPARE(m_wire.sent, (QList<QByteArray>{"*IDN?", "*CLS", "*OPC?", "SYST:ERR?", "WAV?"}));
        QCOMPARE(m_instrument->identity(), u"PROBE,P1,0,1"_s);
        QCOMPARE(m_instrument->spec().measurements[1].columns[0].axes[0].values,
                 (QList<double>{400, 800}));
        m_wire.sent.clear();
        m_instrument->close();
        QCOMPARE(m_wire.sent, QList<QByteArray>{"SYST:LOC"});
        QVERIFY(!m_instrument->isOpen());
    }

    void openingFails_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("another instrument") << "*IDN?"_ba
                                            << "ACME,X"_ba << u"ACME,X"_s;
        QTest::newRow("wrong step reply") << "*OPC?"_ba
                                          << "0"_ba << u"*OPC?"_s;
        QTest::newRow("complaint") << "SYST:ERR?"_ba
                                   << "-113,\"Undefined header\""_ba << u"-113"_s;
        QTest::newRow("short axis") << "WAV?"_ba
                                    << "400"_ba << u"1 values"_s;
    }
    void openingFails()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, reply);
        QFETCH(QString, mentions);
        m_instrument->close();
        m_wire.replies[query] = {reply};
        const Status opened = m_instrument->open(soon());
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Protocol);
        QVERIFY2(opened.error().message.contains(mentions), qPrintable(opened.error().message));
        QVERIFY(!m_wire.isOpen);
    }

    void beginSendsShortestText_data()
    {
        QTest::addColumn<double>("target");
        QTest::addColumn<QByteArray>("command");
        QTest::newRow("plain") << 1.5 << "VOLT 1.5"_ba;
        QTest::newRow("tenth") << 0.1 << "VOLT 0.1"_ba;
        QTest::newRow("sum") << 0.1 + 0.2 << "VOLT 0.30000000000000004"_ba;
        QTest::newRow("small") << 1e-7 << "VOLT 1e-07"_ba;
    }
    void beginSendsShortestText()
    {
        QFETCH(double, target);
        QFETCH(QByteArray, command);
        m_wire.sent.clear();
        QVERIFY(m_instrument->begin(0, target, soon()));
        QCOMPARE(m_wire.sent, (QList<QByteArray>{command, "SYST:ERR?"}));
    }

    void beginChecksLimits()
    {
        m_wire.sent.clear();
        for (const double target : {10.5, -11.0, qQNaN()}) {
            const Status done = m_instrument->begin(0, target, soon());
            QVERIFY(!done);
            QCOMPARE(done.error().code, ErrorCode::OutOfRange);
        }
        QVERIFY(m_wire.sent.isEmpty());
    }

    void beginReportsComplaint()
    {
        m_wire.replies["SYST:ERR?"] = {QByteArray("-222,\"Data out of range\""),
                                       QByteArray("5,\"More\""), QByteArray("0,\"No error\"")};
        const Status done = m_instrument->begin(0, 1, soon());
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Protocol);
        QVERIFY(done.error().message.contains(u"-222") && done.error().message.contains(u"More"));
    }

    /// Where it stands, without the init sequence: nothing is set.
    void surveys()
    {
        answer("VOLT?", "3.5");
        m_instrument->close();
        m_wire.sent.clear();
        const auto found = m_instrument->survey({0}, soon());
        QVERIFY2(found, found ? "" : qPrintable(found.error().message));
        QCOMPARE(found.value().identity, u"PROBE,P1,0,1"_s);
        QCOMPARE(found.value().positions, (QMap<int, double>{{0, 3.5}}));
        QCOMPARE(m_wire.sent, (QList<QByteArray>{"*IDN?", "VOLT?"}));
        QVERIFY(!m_instrument->isOpen());
        answer("VOLT?", "nonsense");
        QVERIFY(!m_instrument->survey({0}, soon()));
        answer("*IDN?", "OTHER,X");
        m_wire.sent.clear();
        QVERIFY(m_instrument->survey({0}, soon()).error().message.contains(u"OTHER,X"_s));
        QCOMPARE(m_wire.sent, QList<QByteArray>{"*IDN?"});
    }

    /// Every move is told its rate: the one before may have had another.
    void ramps()
    {
        m_wire.sent.clear();
        QVERIFY(m_instrument->ramp(2, 300, 0.25, soon()));
        QVERIFY(m_instrument->begin(2, 310, soon()));
        QCOMPARE(m_wire.sent,
                 (QList<QByteArray>{"RATE 15", "SYST:ERR?", "SETP 300", "SYST:ERR?", "RATE 120",
                                    "SYST:ERR?", "SETP 310", "SYST:ERR?"}));
        m_wire.sent.clear();
        QCOMPARE(m_instrument->ramp(2, 500, 0.25, soon()).error().code, ErrorCode::OutOfRange);
        QCOMPARE(m_instrument->ramp(0, 1, 0.25, soon()).error().code, ErrorCode::NotFound);
        QVERIFY(m_wire.sent.isEmpty());
        QVERIFY(m_instrument->spec().movements[2].hasRamp);
        QVERIFY(!m_instrument->spec().movements[0].hasRamp);
    }

    void acknowledgement()
    {
        answer("FIELD 0.5", "ok");
        QVERIFY(m_instrument->begin(1, 0.5, soon()));
        answer("FIELD 0.5", "?");
        const Status done = m_instrument->begin(1, 0.5, soon());
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Protocol);
    }

    void cancelledBeginSendsStop()
    {
        std::stop_source source;
        source.request_stop();
        m_wire.sent.clear();
        const Status done = m_instrument->begin(0, 1, Call::within(2s, source.get_token()));
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Cancelled);
        QCOMPARE(m_wire.sent.last(), "ABOR");
    }

    void stops()
    {
        m_wire.sent.clear();
        QVERIFY(m_instrument->stop(0, soon()));
        QVERIFY(m_instrument->stop(1, soon())); // has none: nothing is sent
        QCOMPARE(m_wire.sent, QList<QByteArray>{"ABOR"});
    }

    void states_data()
    {
        QTest::addColumn<int>("index");
        QTest::addColumn<QByteArray>("motion");
        QTest::addColumn<QByteArray>("position");
        QTest::addColumn<bool>("isMoving");
        QTest::addColumn<double>("readback"); // NaN: the reply must be refused
        QTest::newRow("moving") << 0 << "1"_ba
                                << "2.5"_ba << true << 2.5;
        QTest::newRow("moving, another spelling") << 0 << "+1\r"_ba
                                                  << "+2.5E+00"_ba << true << 2.5;
        QTest::newRow("still") << 0 << "0"_ba
                               << "2.5"_ba << false << 2.5;
        QTest::newRow("template, mask set") << 1 << "6"_ba
                                            << "0.25 T"_ba << true << 0.25;
        QTest::newRow("template, mask clear") << 1 << "3"_ba
                                              << "-0.25T"_ba << false << -0.25;
        QTest::newRow("no number") << 0 << "0"_ba
                                   << "ready"_ba << false << qQNaN();
        QTest::newRow("overload") << 0 << "0"_ba
                                  << "9.9E37"_ba << false << qQNaN();
        QTest::newRow("other unit") << 1 << "0"_ba
                                    << "0.25 kG"_ba << false << qQNaN();
        QTest::newRow("garbled status") << 1 << "x"_ba
                                        << "0.25 T"_ba << false << qQNaN();
    }
    void states()
    {
        QFETCH(int, index);
        QFETCH(QByteArray, motion);
        QFETCH(QByteArray, position);
        QFETCH(bool, isMoving);
        QFETCH(double, readback);
        answer(index == 0 ? "MOV?" : "STAT?", motion);
        answer(index == 0 ? "VOLT?" : "FIELD?", position);
        const auto state = m_instrument->state(index, soon());
        QCOMPARE(bool(state), !qIsNaN(readback));
        if (state) {
            QCOMPARE(state.value().readback, readback);
            QCOMPARE(state.value().isMoving, isMoving);
        } else {
            QCOMPARE(state.error().code, ErrorCode::Protocol);
        }
    }

    void readings_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<double>("current");
        QTest::addColumn<int>("flag"); // -1: refused
        QTest::newRow("plain") << "1,2,3e-6"_ba << 3e-6 << int(ValueState::Ok);
        QTest::newRow("overload") << "1,2,9.9E37"_ba << 0.0 << int(ValueState::Overload);
        QTest::newRow("negative overload") << "1,2,-9.9E+37"_ba << 0.0 << int(ValueState::Overload);
        QTest::newRow("not a number")
            << "1,2,+9.910000E+37"_ba << 0.0 << int(ValueState::NotANumber);
        QTest::newRow("token") << "1,2, OL"_ba << 0.0 << int(ValueState::Overload);
        QTest::newRow("too few") << "1,2"_ba << 0.0 << -1;
        QTest::newRow("too many") << "1,2,3,4"_ba << 0.0 << -1;
        QTest::newRow("garbled") << "1,2,3x"_ba << 0.0 << -1;
        QTest::newRow("empty") << ""_ba << 0.0 << -1;
    }
    void readings()
    {
        QFETCH(QByteArray, reply);
        QFETCH(double, current);
        QFETCH(int, flag);
        answer("READ?", reply);
        m_wire.sent.clear();
        const auto row = read(0);
        QCOMPARE(bool(row), flag >= 0);
        if (!row) {
            QCOMPARE(row.error().code, ErrorCode::Protocol);
            return;
        }
        QCOMPARE(m_wire.sent, (QList<QByteArray>{"INIT", "READ?"}));
        QCOMPARE(row.value()[0].doubleAt(0), 1.0);
        QCOMPARE(int(row.value()[1].stateAt(0)), flag);
        if (ValueState(flag) == ValueState::Ok)
            QCOMPARE(row.value()[1].doubleAt(0), current);
    }

    /// What is flagged stays what the instrument said: a factor makes no sense of it.
    void calibrated()
    {
        auto load = loadDefinitionText(kProbe, u"probe"_s);
        InstrumentSpec spec = load.definition->spec;
        spec.measurements[0].columns[1].calibration = ColumnCalibration{1.5, -0.25};
        spec.measurements[1].columns[0].calibration = ColumnCalibration{-2, 1};
        m_instrument = std::make_unique<DefinitionInstrument>(
            load.definition, spec, std::make_unique<ScriptedTransport>(m_wire));
        QVERIFY(m_instrument->open(soon()));
        answer("READ?", "1,2,3");
        auto row = read(0);
        QVERIFY(row);
        QCOMPARE(row.value()[0].doubleAt(0), 1.0);
        QCOMPARE(row.value()[1].doubleAt(0), 4.25); // 1.5 * 3 - 0.25
        answer("READ?", "1,2,9.9E37");
        row = read(0);
        QVERIFY(row);
        QCOMPARE(row.value()[1].stateAt(0), ValueState::Overload);
        QCOMPARE(row.value()[1].doubleAt(0), 0.0);
        answer("SPEC?", QByteArray::fromHex("23313840000000bf800000")); // 2, -1
        row = read(1);
        QVERIFY2(row, row ? "" : qPrintable(row.error().message));
        QCOMPARE(row.value()[0].doubleAt(0), -3.0);
        QCOMPARE(row.value()[0].doubleAt(1), 3.0);
    }

    void blocks()
    {
        answer("SPEC?", QByteArray("#18\x3f\xc0\x00\x00\xc0\x00\x00\x00", 11)); // 1.5, -2
        const auto row = read(1);
        QVERIFY(row);
        QCOMPARE(row.value()[0].doubleAt(0), 1.5);
        QCOMPARE(row.value()[0].doubleAt(1), -2.0);
        answer("SPEC?", QByteArray("#14\x3f\xc0\x00\x00", 7));
        QVERIFY(!read(1));
        answer("SPEC?", "1.5,-2");
        QVERIFY(!read(1));
    }

    void otherTypes()
    {
        answer("N?", "+1.200000E+01");
        answer("T?", "\"hello\"");
        answer("B?", "ON");
        const auto row = read(2);
        QVERIFY(row);
        QCOMPARE(row.value()[0].intAt(0), 12);
        QCOMPARE(row.value()[1].textAt(0), u"hello"_s);
        QVERIFY(row.value()[2].boolAt(0));
        answer("N?", "1.5");
        QVERIFY(!read(2));
    }

    void silenceIsExplainedByTheErrorQueue()
    {
        m_wire.replies.erase("READ?");
        auto row = read(0);
        QVERIFY(!row);
        QCOMPARE(row.error().code, ErrorCode::Timeout);
        m_wire.replies["SYST:ERR?"] = {QByteArray("-113,\"Undefined header\""),
                                       QByteArray("0,\"\"")};
        row = read(0);
        QVERIFY(!row);
        QCOMPARE(row.error().code, ErrorCode::Protocol);
        QVERIFY(row.error().message.contains(u"-113"));
    }

    void parameters_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QVariant>("value");
        QTest::addColumn<QByteArray>("command");
        QTest::addColumn<int>("error"); // -1: accepted
        const auto code = [](ErrorCode c) { return int(c); };
        QTest::newRow("number") << u"nplc"_s << QVariant(0.5) << "NPLC 0.5"_ba << -1;
        QTest::newRow("number out of range")
            << u"nplc"_s << QVariant(20.0) << ""_ba << code(ErrorCode::OutOfRange);
        QTest::newRow("no number")
            << u"nplc"_s << QVariant(u"fast"_s) << ""_ba << code(ErrorCode::BadInput);
        QTest::newRow("integer") << u"count"_s << QVariant(qlonglong(7)) << "COUN 7"_ba << -1;
        QTest::newRow("half an integer")
            << u"count"_s << QVariant(7.5) << ""_ba << code(ErrorCode::BadInput);
        QTest::newRow("bool") << u"output"_s << QVariant(true) << "OUTP ON"_ba << -1;
        QTest::newRow("choice") << u"mode"_s << QVariant(u"slow"_s) << "MODE 1"_ba << -1;
        QTest::newRow("no such choice")
            << u"mode"_s << QVariant(u"1"_s) << ""_ba << code(ErrorCode::BadInput);
        QTest::newRow("read-only")
            << u"serial"_s << QVariant(u"x"_s) << ""_ba << code(ErrorCode::BadInput);
        QTest::newRow("unknown") << u"colour"_s << QVariant(1) << ""_ba
                                 << code(ErrorCode::NotFound);
    }
    void parameters()
    {
        QFETCH(QString, key);
        QFETCH(QVariant, value);
        QFETCH(QByteArray, command);
        QFETCH(int, error);
        m_wire.sent.clear();
        const Status done = m_instrument->setParameter(key, value, soon());
        QCOMPARE(done ? -1 : int(done.error().code), error);
        if (done)
            QCOMPARE(m_wire.sent.first(), command);
        else
            QVERIFY(m_wire.sent.isEmpty());
    }

    void readsParameters()
    {
        answer("NPLC?", "+1.00E+00");
        answer("COUN?", "7");
        answer("OUTP?", "1");
        answer("MODE?", "+1");
        answer("SER?", "\"A-1\"");
        QCOMPARE(m_instrument->parameter(u"nplc"_s, soon()).value(), QVariant(1.0));
        QCOMPARE(m_instrument->parameter(u"count"_s, soon()).value(), QVariant(qlonglong(7)));
        QCOMPARE(m_instrument->parameter(u"output"_s, soon()).value(), QVariant(true));
        QCOMPARE(m_instrument->parameter(u"mode"_s, soon()).value(), QVariant(u"slow"_s));
        QCOMPARE(m_instrument->parameter(u"serial"_s, soon()).value(), QVariant(u"A-1"_s));
        answer("MODE?", "9");
        QVERIFY(!m_instrument->parameter(u"mode"_s, soon()));
    }

    void rawExchanges()
    {
        answer("HELLO?", "there");
        QCOMPARE(m_instrument->raw("HELLO?", true, soon()).value(), "there");
        QCOMPARE(m_instrument->raw("BEEP", false, soon()).value(), QByteArray());
        m_instrument->close();
        QCOMPARE(m_instrument->raw("HELLO?", true, soon()).error().code, ErrorCode::NotConnected);
    }
};

QTEST_GUILESS_MAIN(DefinitionInstrumentTest)
#include "tst_definition_instrument.moc"
