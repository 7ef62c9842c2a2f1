#include "drivers/discovery/definition_draft.h"

#include "drivers/definition/definition_loader.h"
#include "drivers/simulator/simulator_bench.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;

class DefinitionDraftTest : public QObject
{
    Q_OBJECT
private slots:
    void loads_data();
    void loads();
    void fitsItsModelAlone_data();
    void fitsItsModelAlone();
    void ids_data();
    void ids();
    void setsNothing();
    void canBeSimulated();
};

namespace {
Interview whole()
{
    Interview told;
    told.address = u"TCPIP0::192.0.2.7::5025::SOCKET"_s;
    told.identity = u"ACME Instruments,SOURCE-7,4711,1.0"_s;
    told.hasErrorQueue = told.hasStatusByte = true;
    told.version = "1999.0";
    told.options = "B7,\"none\"";
    using Kind = Probe::Kind;
    told.answers = {{{"FETC?", Kind::Numbers, "reading", "Reading", ""}, "1.5E-3,+9.91E37"},
                    {{"SOUR:VOLT?", Kind::Number, "voltage_setpoint", "Voltage", "V"}, "2.5"},
                    {{"SOUR:CURR?", Kind::Number, "current_setpoint", "Current", "A"}, "0.1"},
                    {{"OUTP?", Kind::Switch, "output", "Output", ""}, "OFF"},
                    {{"CONF?", Kind::Text, "configuration", "Configuration", ""},
                     "\"VOLT +1.0E+01,\\x\" # {a}"}};
    return told;
}
} // namespace

void DefinitionDraftTest::loads_data()
{
    QTest::addColumn<QString>("identity");
    QTest::addColumn<bool>("isScpi");
    QTest::addColumn<bool>("hasAnswers");
    for (const char *identity :
         {"ACME,M1,1,1.0", "ACME,M1", "ACME", "IDN:OXFORD INSTRUMENTS:MERCURY ITC:1:2",
          "\"A\", 'b\\c' ,{value}: #x,1", "a: b # c, - [d], & *e ,%f", "A*C+M(E)|?,M[1]^$.,7,8",
          ",,,", "0,1,2,3", "yes,null,~,!x"}) {
        for (const bool isScpi : {true, false}) {
            for (const bool hasAnswers : {true, false})
                QTest::addRow("%s, SCPI %d, answers %d", identity, isScpi, hasAnswers)
                    << QString::fromLatin1(identity) << isScpi << hasAnswers;
        }
    }
}

void DefinitionDraftTest::loads()
{
    QFETCH(QString, identity);
    QFETCH(bool, isScpi);
    QFETCH(bool, hasAnswers);
    Interview told = whole();
    told.identity = identity;
    told.hasErrorQueue = told.hasStatusByte = isScpi;
    if (!hasAnswers) {
        told.answers.clear();
        told.options.clear();
    }
    const QByteArray text = draftDefinition(told, draftId(identity));
    const DefinitionLoad load = loadDefinitionText(text, u"x"_s);
    QVERIFY2(load.definition, load.definition ? ""
                                              : qPrintable(load.problems.first().message + u'\n' +
                                                           QString::fromUtf8(text)));
    QVERIFY(load.definition->isUnverified);
    QVERIFY(!load.definition->spec.measurements.isEmpty()); // it can be read from at once
    QVERIFY(load.definition->identity.pattern.match(identity).hasMatch());
}

void DefinitionDraftTest::fitsItsModelAlone_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<QString>("other");
    QTest::addColumn<bool>("fits");
    QTest::newRow("the next of the model") << u"ACME,M1,1,1.0"_s << u"ACME,M1,2,3.0"_s << true;
    QTest::newRow("another model") << u"ACME,M1,1,1.0"_s << u"ACME,M12,1,1.0"_s << false;
    QTest::newRow("a dot is a dot") << u"A.C,M1,1,1"_s << u"ABC,M1,1,1"_s << false;
    QTest::newRow("Oxford's next") << u"IDN:OXFORD INSTRUMENTS:MERCURY IPS:1:2"_s
                                   << u"IDN:OXFORD INSTRUMENTS:MERCURY IPS:7:2"_s << true;
    QTest::newRow("Oxford's other") << u"IDN:OXFORD INSTRUMENTS:MERCURY IPS:1:2"_s
                                    << u"IDN:OXFORD INSTRUMENTS:MERCURY ITC:1:2"_s << false;
}

void DefinitionDraftTest::fitsItsModelAlone()
{
    QFETCH(QString, asked);
    QFETCH(QString, other);
    Interview told = whole();
    told.identity = asked;
    const DefinitionLoad load = loadDefinitionText(draftDefinition(told, u"x"_s), u"x"_s);
    QVERIFY(load.definition);
    QTEST(load.definition->identity.pattern.match(other).hasMatch(), "fits");
}

void DefinitionDraftTest::ids_data()
{
    QTest::addColumn<QString>("identity");
    QTest::addColumn<QString>("id");
    QTest::newRow("usual") << u"ACME Instruments,SOURCE-7,1,1"_s << u"acme-source-7"_s;
    QTest::newRow("says model") << u"KEITHLEY INSTRUMENTS INC.,MODEL 2450,1,1"_s
                                << u"keithley-2450"_s;
    QTest::newRow("underscores") << u"Stanford_Research_Systems,SR844,s/n1,ver1"_s
                                 << u"stanford-sr844"_s;
    QTest::newRow("one word") << u"ESP300 Version 3"_s << u"esp300-version-3"_s;
    QTest::newRow("nothing to use") << u"…,…"_s << u"my-instrument"_s;
}

void DefinitionDraftTest::ids()
{
    QFETCH(QString, identity);
    QTEST(draftId(identity), "id");
}

void DefinitionDraftTest::setsNothing()
{
    const DefinitionLoad load = loadDefinitionText(draftDefinition(whole(), u"x"_s), u"x"_s);
    QVERIFY(load.definition);
    QVERIFY(load.definition->spec.movements.isEmpty());
    QVERIFY(load.definition->init.isEmpty() && load.definition->shutdown.isEmpty());
    for (const ParameterSpec &parameter : load.definition->spec.parameters)
        QVERIFY(parameter.isReadOnly);
}

void DefinitionDraftTest::canBeSimulated()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"x.instrument.yaml"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(draftDefinition(whole(), u"x"_s));
    file.close();
    const BenchLoad load =
        loadBenchText("name: B\nsimulate: true\ninstruments:\n  a: {definition: x, address: "
                      "'TCPIP::h::1::SOCKET'}\n",
                      folder.filePath(u"b.bench.yaml"_s), {});
    QVERIFY2(load.bench, load.bench ? "" : qPrintable(load.problems.first().message));
    const auto bench = SimulatorBench::start(*load.bench, {});
    QVERIFY2(bench, bench ? "" : qPrintable(bench.error().message));
}

QTEST_GUILESS_MAIN(DefinitionDraftTest)
#include "tst_definition_draft.moc"
