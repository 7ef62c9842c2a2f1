// Two shipped definitions against dialogues written from the instruments' public command sets, byte
// by byte, on a server that shares no code with ours: definition and simulator can not agree on a
// mistake. SR830: manual, pages 5-2 (terminators, separate answers), 5-15 and 5-16 (SNAP?, OUTP?).
// 2400: user's manual, chapter 14 (terminators), page 18-51 (data elements, NAN, overflow).
#include "drivers/definition/definition_instrument.h"
#include "drivers/definition/definition_loader.h"
#include "drivers/transport/make_transport.h"
#include "tests/support/scripted_server.h"

#include <QTest>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
Call soon()
{
    return Call::within(5s);
}

QString failuresOf(const ScriptedServer &server)
{
    QStringList failures;
    for (const std::string &failure : server.failures())
        failures.append(QString::fromStdString(failure));
    return failures.join(u'\n');
}

const std::string kSr830 = "Stanford_Research_Systems,SR830,s/n12345,ver1.07";
const std::string kK2400 =
    "KEITHLEY INSTRUMENTS INC.,MODEL 2400,1234567,C30   Mar 17 2006 /A02  /K/J";
const std::string kNoError = "0,\"No error\"";

std::vector<Exchange> sr830(std::vector<Exchange> rest)
{
    std::vector<Exchange> all{{"*IDN?", kSr830}, // the link finds the beginning of an answer
                              {"*IDN?", kSr830},
                              {"OUTX 0", ""},
                              {"*CLS", ""},
                              {"ERRS?", "0"}};
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
}

std::vector<Exchange> k2400(std::vector<Exchange> rest)
{
    std::vector<Exchange> all{{"*IDN?", kK2400},
                              {"*CLS", ""},
                              {":FORM:ELEM VOLT,CURR,RES,TIME,STAT", ""},
                              {":SYST:ERR?", kNoError}};
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
}
} // namespace

class CommandDialoguesTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<ScriptedServer> m_server;
    std::unique_ptr<DefinitionInstrument> m_instrument;

    void start(const QString &id, Wire wire, const std::vector<Exchange> &exchanges,
               const std::string &terminator)
    {
        m_instrument.reset();
        m_server = std::make_unique<ScriptedServer>(wire, dialogue(exchanges, terminator));
        const auto load = findDefinition(
            id, {QString::fromLocal8Bit(qgetenv("BIRCH_SOURCE_DIR") + "/resources/instruments")});
        QVERIFY2(load.definition, qPrintable(load.problems.value(0).message));
        auto transport =
            makeTransport(QString::fromStdString(m_server->resource()), load.definition->link);
        QVERIFY2(transport, transport ? "" : qPrintable(transport.error().message));
        m_instrument = std::make_unique<DefinitionInstrument>(
            load.definition, load.definition->spec, std::move(transport).value());
    }
    void startSr830(const std::vector<Exchange> &rest)
    {
        start(u"srs-sr830"_s, Wire::Pty, sr830(rest), "\r");
        const Status opened = m_instrument->open(soon());
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().message + failuresOf(*m_server)));
    }
    void start2400(const std::vector<Exchange> &rest)
    {
        start(u"keithley-2400"_s, Wire::Socket, k2400(rest), "\r\n");
        const Status opened = m_instrument->open(soon());
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().message + failuresOf(*m_server)));
    }
    int movement(const QString &name) { return m_instrument->spec().movementIndex(name); }
    Result<std::vector<ColumnValues>> read(const QString &name)
    {
        const int index = m_instrument->spec().measurementIndex(name);
        std::vector<ColumnValues> columns;
        for (const ColumnSpec &c : m_instrument->spec().measurements[index].columns)
            columns.emplace_back(c.type, c.valuesPerRow());
        std::vector<ColumnValues *> pointers;
        for (ColumnValues &c : columns)
            pointers.push_back(&c);
        if (Status done = m_instrument->read(index, pointers, soon()); !done)
            return done.error();
        return columns;
    }

private slots:
    void cleanup()
    {
        if (m_server)
            QCOMPARE(failuresOf(*m_server), QString());
        m_instrument.reset();
        m_server.reset();
    }

    void sr830Readings()
    {
        startSr830({{"SNAP?1,2,3,4,9", "0.951359,0.0253297,0.951696,1.52512,1000.00"},
                    {"LIAS?", "0"},
                    {"SNAP?1,2,3,4,9", "-4.17234e-007,1.2e-008,4.17406e-007,178.353,1000.00"},
                    {"LIAS?", "9"},
                    {"SNAP?5,6,7,8", "0.000333,-0.001,1.234,10.5"}});
        const auto row = read(u"signal"_s);
        QVERIFY2(row, row ? "" : qPrintable(row.error().message));
        QCOMPARE(row.value()[0].doubleAt(0), 0.951359);
        QCOMPARE(row.value()[1].doubleAt(0), 0.0253297);
        QCOMPARE(row.value()[4].doubleAt(0), 1000.0);
        QCOMPARE(row.value()[5].intAt(0), 0);
        const auto small = read(u"signal"_s); // three digits of exponent
        QVERIFY(small);
        QCOMPARE(small.value()[0].doubleAt(0), -4.17234e-7);
        QCOMPARE(small.value()[5].intAt(0), 9); // input overload and unlocked
        QCOMPARE(read(u"aux_inputs"_s).value()[2].doubleAt(0), 1.234);
    }

    void sr830Movements()
    {
        startSr830({{"FREQ 1234.5", ""},
                    {"ERRS?", "0"},
                    {"FREQ?", "1234.5"},
                    {"SLVL 0.05", ""},
                    {"ERRS?", "0"},
                    {"SLVL?", "0.050"},
                    {"PHAS -90", ""},
                    {"AUXV 1,-2.5", ""},
                    {"ERRS?", "0"},
                    {"AUXV? 1", "-2.500"}});
        QVERIFY(m_instrument->begin(movement(u"frequency"_s), 1234.5, soon()));
        QCOMPARE(m_instrument->state(movement(u"frequency"_s), soon()).value().readback, 1234.5);
        QVERIFY(m_instrument->begin(movement(u"amplitude"_s), 0.05, soon()));
        QCOMPARE(m_instrument->state(movement(u"amplitude"_s), soon()).value().readback, 0.05);
        QVERIFY(m_instrument->begin(movement(u"phase"_s), -90, soon()));
        QVERIFY(m_instrument->begin(movement(u"aux_output_1"_s), -2.5, soon()));
        QCOMPARE(m_instrument->state(movement(u"aux_output_1"_s), soon()).value().readback, -2.5);
        QCOMPARE(m_instrument->begin(movement(u"amplitude"_s), 6, soon()).error().code,
                 ErrorCode::OutOfRange);
    }

    void sr830Settings()
    {
        startSr830({{"SENS 26", ""},
                    {"SENS?", "26"},
                    {"OFLT 10", ""},
                    {"OFLT?", "8"},
                    {"HARM 2", ""},
                    {"HARM?", "2"},
                    {"SYNC 1", ""},
                    {"SYNC?", "1"},
                    {"ISRC?", "1"}});
        QVERIFY(m_instrument->setParameter(u"sensitivity"_s, u"1 V"_s, soon()));
        QCOMPARE(m_instrument->parameter(u"sensitivity"_s, soon()).value(), QVariant(u"1 V"_s));
        QVERIFY(m_instrument->setParameter(u"time_constant"_s, u"1 s"_s, soon()));
        QCOMPARE(m_instrument->parameter(u"time_constant"_s, soon()).value(),
                 QVariant(u"100 ms"_s));
        QVERIFY(m_instrument->setParameter(u"harmonic"_s, 2, soon()));
        QCOMPARE(m_instrument->parameter(u"harmonic"_s, soon()).value(), QVariant(qlonglong(2)));
        QVERIFY(m_instrument->setParameter(u"synchronous_filter"_s, true, soon()));
        QCOMPARE(m_instrument->parameter(u"synchronous_filter"_s, soon()).value(), QVariant(true));
        QCOMPARE(m_instrument->parameter(u"input"_s, soon()).value(), QVariant(u"A-B"_s));
    }

    void sr830TablesAreComplete()
    {
        startSr830({});
        const ParameterSpec *sensitivity = m_instrument->spec().parameter(u"sensitivity"_s);
        QCOMPARE(sensitivity->choices.size(), 27); // 0 is 2 nV, 26 is 1 V
        QCOMPARE(sensitivity->choices[17], u"1 mV"_s);
        const ParameterSpec *constant = m_instrument->spec().parameter(u"time_constant"_s);
        QCOMPARE(constant->choices.size(), 20); // 0 is 10 µs, 19 is 30 ks
        QCOMPARE(constant->choices[10], u"1 s"_s);
    }

    void k2400Readings()
    {
        start2400({{":READ?", "+1.000000E+00,+1.234500E-06,+9.910000E+37,+3.25E+02,+1.2E+04"},
                   {":READ?", "+1.000000E+00,+9.900000E+37,+9.910000E+37,+3.26E+02,+2.1517E+04"}});
        const auto row = read(u"reading"_s);
        QVERIFY2(row, row ? "" : qPrintable(row.error().message));
        QCOMPARE(row.value()[0].doubleAt(0), 1.0);
        QCOMPARE(row.value()[1].doubleAt(0), 1.2345e-6);
        QCOMPARE(row.value()[2].stateAt(0), ValueState::NotANumber);
        QCOMPARE(row.value()[3].intAt(0), 12000);
        QCOMPARE(read(u"reading"_s).value()[1].stateAt(0), ValueState::Overload);
    }

    void k2400Movements()
    {
        start2400({{":SOUR:VOLT -1.5", ""},
                   {":SYST:ERR?", kNoError},
                   {":SOUR:VOLT?", "-1.500000E+00"},
                   {":SOUR:CURR 1e-06", ""},
                   {":SYST:ERR?", kNoError},
                   {":SOUR:CURR?", "1.000000E-06"},
                   {":SOUR:VOLT 200", ""},
                   {":SYST:ERR?", "+802,\"OUTPUT blocked by output enable\""},
                   {":SYST:ERR?", kNoError}});
        QVERIFY(m_instrument->begin(0, -1.5, soon()));
        QCOMPARE(m_instrument->state(0, soon()).value().readback, -1.5);
        QVERIFY(m_instrument->begin(1, 1e-6, soon()));
        QCOMPARE(m_instrument->state(1, soon()).value().readback, 1e-6);
        const Status refused = m_instrument->begin(0, 200, soon());
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(u"802"), qPrintable(refused.error().message));
    }

    void k2400Settings()
    {
        start2400({{":SOUR:FUNC CURR", ""},
                   {":SYST:ERR?", kNoError},
                   {":SOUR:FUNC?", "CURR"},
                   {":SENS:CURR:PROT 0.1", ""},
                   {":SYST:ERR?", kNoError},
                   {":SENS:CURR:PROT?", "1.000000E-01"},
                   {":OUTP 1", ""},
                   {":SYST:ERR?", kNoError},
                   {":OUTP?", "1"},
                   {":SYST:RSEN?", "0"}});
        QVERIFY(m_instrument->setParameter(u"source_function"_s, u"current"_s, soon()));
        QCOMPARE(m_instrument->parameter(u"source_function"_s, soon()).value(),
                 QVariant(u"current"_s));
        QVERIFY(m_instrument->setParameter(u"current_compliance"_s, 0.1, soon()));
        QCOMPARE(m_instrument->parameter(u"current_compliance"_s, soon()).value(), QVariant(0.1));
        QVERIFY(m_instrument->setParameter(u"output"_s, true, soon()));
        QCOMPARE(m_instrument->parameter(u"output"_s, soon()).value(), QVariant(true));
        QCOMPARE(m_instrument->parameter(u"four_wire"_s, soon()).value(), QVariant(false));
    }

    void anotherInstrumentIsRefused()
    {
        start(u"keithley-2400"_s, Wire::Socket,
              {{"*IDN?", "KEITHLEY INSTRUMENTS INC.,MODEL 2000,1234567,A20  /A02"}}, "\r\n");
        const Status opened = m_instrument->open(soon());
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Protocol);
        QVERIFY(opened.error().message.contains(u"MODEL 2000"));
    }
};

QTEST_GUILESS_MAIN(CommandDialoguesTest)
#include "tst_command_dialogues.moc"
