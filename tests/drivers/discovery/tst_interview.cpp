#include "drivers/discovery/interview.h"

#include "tests/support/scripted_server.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

class InterviewTest : public QObject
{
    Q_OBJECT
private slots:
    void answersAll();
    void knowsItsNameAlone();
    void hangsUpOnWhatItDoesNotKnow();
    void answersNonsense();
    void isNoText();
    void isStopped();
};

namespace {
const std::string kIdentity = "ACME,SOURCE-7,4711,1.0";

Result<Interview> ask(const ScriptedServer &server,
                      std::chrono::seconds limit = std::chrono::seconds(20))
{
    return interview(QString::fromStdString(server.resource()), Call::within(limit));
}

QStringList keys(const Interview &told)
{
    QStringList all;
    for (const Interview::Answer &answer : told.answers)
        all << QString::fromLatin1(answer.probe.key);
    return all;
}
} // namespace

void InterviewTest::answersAll()
{
    ScriptedServer server(Wire::Socket, responder([](const std::string &line) -> std::string {
                              if (line == "*IDN?")
                                  return kIdentity;
                              if (line == "SYST:ERR?")
                                  return "0,\"No error\"";
                              if (line == "SYST:VERS?")
                                  return "1999.0";
                              if (line == "OUTP?")
                                  return "ON";
                              if (line == "FUNC?")
                                  return "\"VOLT\"";
                              return "1";
                          }));
    const auto told = ask(server);
    QVERIFY2(told, told ? "" : qPrintable(told.error().message));
    QCOMPARE(told.value().identity, QString::fromStdString(kIdentity));
    QVERIFY(told.value().hasErrorQueue && told.value().hasStatusByte);
    QCOMPARE(told.value().version, QByteArray("1999.0"));
    QCOMPARE(
        keys(told.value()),
        (QStringList{u"reading"_s, u"voltage_setpoint"_s, u"current_setpoint"_s, u"frequency"_s,
                     u"output"_s, u"configuration"_s, u"function"_s, u"trigger_source"_s}));
    // Queries alone, and none that measures or sets.
    for (const QByteArray &line :
         QByteArray::fromStdString(server.received()).trimmed().split('\n')) {
        QVERIFY2(line.endsWith('?'), line);
        QVERIFY2(!line.contains("MEAS") && !line.contains("READ") && !line.contains("*TST"), line);
    }
}

void InterviewTest::knowsItsNameAlone()
{
    ScriptedServer server(Wire::Socket, responder([](const std::string &line) {
                              return line == "*IDN?" ? kIdentity : std::string();
                          }));
    QElapsedTimer clock;
    clock.start();
    const auto told = ask(server);
    QVERIFY(told);
    QVERIFY(!told.value().hasErrorQueue && !told.value().hasStatusByte);
    QVERIFY(told.value().answers.isEmpty());
    QVERIFY2(clock.elapsed() < 4000,
             QByteArray::number(clock.elapsed())); // it is no SCPI: left alone
}

void InterviewTest::hangsUpOnWhatItDoesNotKnow()
{
    ScriptedServer server(Wire::Socket, [](Peer &peer) {
        for (;;) {
            const std::string line = peer.readLine();
            if (line == "*IDN?")
                peer.write(kIdentity + '\n');
            else if (line == "SYST:ERR?")
                peer.write("0,\"No error\"\n");
            else if (line == "OUTP?")
                peer.write("0\n");
            else
                peer.cut();
        }
    });
    const auto told = ask(server);
    QVERIFY2(told, told ? "" : qPrintable(told.error().message));
    QVERIFY(told.value().hasErrorQueue);
    QCOMPARE(keys(told.value()), QStringList{u"output"_s});
}

void InterviewTest::answersNonsense()
{
    ScriptedServer server(Wire::Socket, responder([](const std::string &line) -> std::string {
                              if (line == "*IDN?")
                                  return kIdentity;
                              if (line == "SYST:ERR?")
                                  return "0,\"No error\"";
                              return "\x01\x02 what?";
                          }));
    const auto told = ask(server);
    QVERIFY(told);
    QVERIFY(told.value().answers.isEmpty());
}

void InterviewTest::isNoText()
{
    ScriptedServer server(Wire::Socket,
                          responder([](const std::string &) { return "\x01\x02\x03"; }));
    const auto told = ask(server);
    QVERIFY(!told);
    QVERIFY(told.error().code == ErrorCode::Protocol);
    QVERIFY2(told.error().message.contains(u"by hand"_s), qPrintable(told.error().message));
}

void InterviewTest::isStopped()
{
    ScriptedServer server(Wire::Socket, [](Peer &peer) { peer.swallow(); });
    QElapsedTimer clock;
    clock.start();
    const auto told = ask(server, std::chrono::seconds(1));
    QVERIFY(!told);
    QVERIFY(told.error().code == ErrorCode::Timeout);
    QVERIFY(clock.elapsed() < 1500);
}

QTEST_GUILESS_MAIN(InterviewTest)
#include "tst_interview.moc"
