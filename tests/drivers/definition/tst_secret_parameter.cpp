// The password of an instrument: it can be set, and nobody reads it again.
#include "core/instrument/instrument_host.h"
#include "drivers/definition/bench_file.h"
#include "drivers/definition/definition_loader.h"
#include "drivers/transport/trace_text.h"
#include "tests/support/scripted_server.h"

#include <QSignalSpy>
#include <QTest>

#include <optional>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
const QByteArray kSource = R"(schema: 1
id: source
manufacturer: ACME
model: S1
link: {terminator: "\n", reply_timeout: 300 ms}
identity: {query: "*IDN?", pattern: '^ACME,'}
errors: {query: "SYST:ERR?", when: each-set}
measurements:
  value:
    query: "READ?"
    columns: [{name: value, unit: V}]
parameters:
  password:
    type: text
    secret: true
    set: 'SYST:PASS "{value}"'
  range: {type: number, get: "RANG?", set: "RANG {value}"}
)";

const QString kSecret = u"correct horse"_s;

QString linesOf(const QList<QString> &lines)
{
    return lines.join(u'\n');
}

QList<QString> logged;

void keepLog(QtMsgType, const QMessageLogContext &, const QString &message)
{
    logged << message;
}
} // namespace

Q_DECLARE_METATYPE(std::string)

class SecretParameterTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        logged.clear();
        m_before = qInstallMessageHandler(keepLog);
    }
    void cleanup()
    {
        m_host.reset();
        qInstallMessageHandler(m_before);
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("field");
        const auto row = [](const char *name, const char *from, const char *to, const char *field) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QString::fromLatin1(field);
        };
        row("asked for", "secret: true", "secret: true\n    get: \"SYST:PASS?\"",
            "parameters.password.get");
        row("read-only", "    set: 'SYST:PASS \"{value}\"'\n", "", "parameters.password.secret");
        row("number", "type: text", "type: number", "parameters.password.secret");
        row("nothing before it", "SYST:PASS \"{value}\"", "{value}", "parameters.password.set");
        row("in clear in init", "errors:", "init: ['SYST:PASS \"abc\"']\nerrors:", "init");
        row("in clear in shutdown",
            "errors:", "shutdown: ['*CLS;syst:pass \"abc\"']\nerrors:", "shutdown");
        row("in clear in a trigger", "query: \"READ?\"",
            "query: \"READ?\"\n    before: ['SYST:PASS \"a\"']", "measurements");
        row("simulated", "parameters:\n",
            "simulation: {parameters: {password: abc}}\nparameters:\n", "simulation.parameters");
    }
    void refused()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, field);
        QByteArray text = kSource;
        QVERIFY(text.contains(from));
        text.replace(text.indexOf(from), from.size(), to);
        const auto load = loadDefinitionText(text, u"source"_s);
        QVERIFY(!load.definition);
        QStringList fields;
        for (const Problem &problem : load.problems)
            fields << problem.field;
        QVERIFY2(fields.contains(field), qPrintable(fields.join(u' ')));
    }

    void neverComesBack_data()
    {
        QTest::addColumn<std::string>("complaint");
        QTest::newRow("taken") << std::string("0,\"No error\"");
        QTest::newRow("refused, quoting it")
            << "-113,\"Undefined header;SYST:PASS " + kSecret.toStdString() + '"';
        QTest::newRow("refused, quoting the value")
            << "-224,\"Illegal " + kSecret.toStdString() + '"';
        QTest::newRow("in pieces") << std::string();
        QTest::newRow("no answer") << std::string("-");
    }
    void neverComesBack()
    {
        QFETCH(std::string, complaint);
        bool hasComplained = false;
        ScriptedServer server(Wire::Socket, [&](Peer &peer) {
            for (;;) {
                const std::string line = peer.readLine();
                if (line == "*IDN?")
                    peer.write("ACME,S1\n");
                else if (line == "RANG?")
                    peer.write("1\n");
                else if (line == "SYST:ERR?" &&
                         (hasComplained || server.received().find("PASS") == std::string::npos))
                    peer.write("0,\"No error\"\n");
                else if (line == "SYST:ERR?" && complaint != "-") {
                    hasComplained = true;
                    peer.write(complaint.empty() ? "-1,\"" + kSecret.toStdString() + "\"\n"
                                                 : complaint + '\n',
                               complaint.empty() ? 3 : 1000, 1ms);
                }
            }
        });
        open(server);
        const Status set = this->set(u"password"_s, kSecret);
        QCOMPARE(bool(set), complaint == "0,\"No error\"");
        QVERIFY(server.received().find("SYST:PASS \"" + kSecret.toStdString() + "\"\n") !=
                std::string::npos);
        const QString said = set ? QString() : set.error().message;
        QVERIFY2(!said.contains(kSecret), qPrintable(said));
        QVERIFY(said.isEmpty() || said.contains(u"password"_s));
        verifyNowhere();
    }

    void typedIntoTheConsole()
    {
        ScriptedServer server(Wire::Socket, [&](Peer &peer) {
            for (;;) {
                const std::string line = peer.readLine();
                if (line == "*IDN?")
                    peer.write("ACME,S1\n");
                else if (line == "SYST:ERR?")
                    peer.write("0,\"No error\"\n");
            }
        });
        open(server);
        std::optional<Result<QByteArray>> reply;
        m_host->raw(Priority::Panel, "syst:pass  \"" + kSecret.toLatin1() + "\";*OPC?", true, 200ms,
                    this, [&](const auto &result) { reply = result; });
        QTRY_VERIFY(reply.has_value());
        QVERIFY(!*reply); // nobody answers
        QVERIFY2(!reply->error().message.contains(kSecret), qPrintable(reply->error().message));
        verifyNowhere();
    }

    void isNotAskedFor()
    {
        ScriptedServer server(Wire::Socket, responder([](const std::string &line) -> std::string {
                                  return line == "*IDN?"       ? "ACME,S1"
                                         : line == "SYST:ERR?" ? "0,\"No error\""
                                         : line == "RANG?"     ? "1"
                                                               : "";
                              }));
        open(server);
        QVERIFY(set(u"password"_s, kSecret));
        std::optional<Result<QVariant>> value;
        m_host->parameter(Priority::Panel, u"password"_s, 1s, this,
                          [&](const auto &result) { value = result; });
        QTRY_VERIFY(value.has_value());
        QVERIFY(!*value);
        QCOMPARE(value->error().code, ErrorCode::NotFound);
        std::optional<Result<QVariantMap>> settings;
        m_host->snapshot(Priority::Panel, 1s, this, [&](const auto &result) { settings = result; });
        QTRY_VERIFY(settings.has_value());
        QVERIFY(*settings);
        QCOMPARE(settings->value().keys(), QStringList{u"range"_s});
    }

private:
    void open(const ScriptedServer &server)
    {
        const auto load = loadDefinitionText(kSource, u"source"_s);
        QVERIFY2(load.definition, load.definition ? "" : qPrintable(load.problems.first().message));
        BenchEntry entry{u"source"_s,
                         load.definition,
                         QString::fromStdString(server.resource()),
                         load.definition->spec,
                         {}};
        m_trace = std::make_shared<TraceRing>();
        m_host = std::make_unique<InstrumentHost>(
            u"source"_s, entry.spec,
            [entry, trace = m_trace] { return makeInstrument(entry, entry.address, trace); },
            InstrumentHost::Placement::OwnThread);
        std::optional<Status> opened;
        m_host->open(5s, this, [&](const Status &status) { opened = status; });
        QTRY_VERIFY(opened.has_value());
        QVERIFY2(bool(*opened), *opened ? "" : qPrintable(opened->error().message));
    }
    Status set(const QString &key, const QVariant &value)
    {
        std::optional<Status> answer;
        m_host->setParameter(Priority::Panel, key, value, 2s, this,
                             [&](const Status &status) { answer = status; });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 10'000))
            return Error{ErrorCode::Internal, u"not answered"_s};
        return *answer;
    }
    /// Neither in the trace, however it was cut into records, nor in the log.
    void verifyNowhere()
    {
        const LinkTrace trace = m_trace->snapshot(u"source"_s, {});
        QByteArray sent, received;
        for (const TraceRecord &record : trace.records)
            (record.kind == TraceRecord::Kind::Send ? sent : received) += record.bytes;
        QVERIFY(sent.toUpper().contains("SYST:PASS"));
        QVERIFY2(!sent.contains(kSecret.toLatin1()), sent.constData());
        QVERIFY2(!received.contains(kSecret.toLatin1()), received.constData());
        QVERIFY(!traceToText({trace}).contains(kSecret.toUtf8()));
        m_host.reset(); // logs what was latest
        QVERIFY2(!linesOf(logged).contains(kSecret), qPrintable(linesOf(logged)));
    }

    QtMessageHandler m_before = nullptr;
    std::shared_ptr<TraceRing> m_trace;
    std::unique_ptr<InstrumentHost> m_host;
};

QTEST_GUILESS_MAIN(SecretParameterTest)
#include "tst_secret_parameter.moc"
