// A serial instrument whose cable is pulled, and which comes back under another number: the name in
// the bench is a link, as those of /dev/serial/by-id are.
#include "core/instrument/instrument_host.h"
#include "drivers/definition/bench_file.h"
#include "drivers/definition/definition_loader.h"
#include "drivers/transport/resource.h"
#include "tests/support/scripted_server.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
const QByteArray kMeter = R"(schema: 1
id: meter
manufacturer: ACME
model: M1
link:
  terminator: "\n"
  reply_timeout: 1 s
  resync: {quiet: 20 ms, query: "*IDN?", reply: '^ACME'}
identity: {query: "*IDN?", pattern: '^ACME,'}
measurements:
  value:
    query: "READ?"
    columns: [{name: value, unit: V}]
parameters:
  range: {type: number, get: "RANG?", set: "RANG {value}"}
)";

/// A meter with a range, which a switched-off one forgets.
ScriptedServer::Script meter(const std::string &identity, std::function<void(Peer &)> onRead = {})
{
    return [=](Peer &peer) {
        std::string range = "1";
        for (;;) {
            const std::string line = peer.readLine();
            if (line == "*IDN?")
                peer.write(identity + "\n");
            else if (line == "RANG?")
                peer.write(range + "\n");
            else if (line.starts_with("RANG "))
                range = line.substr(5);
            else if (line == "READ?") {
                if (onRead)
                    onRead(peer);
                peer.write("1." + range + "\n");
            }
        }
    };
}
} // namespace

class RepluggedPortTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(QDir(m_folder->path()).mkpath(u"dev/serial/by-id"_s));
        m_port =
            m_folder->filePath(u"dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A9007UX1-if00-port0"_s);
    }
    void cleanup() { m_host.reset(); }

    void pulledInTheMiddleOfAQuery()
    {
        const ScriptedServer second(Wire::Pty, meter("ACME,M1,1"));
        const ScriptedServer first(Wire::Pty, meter("ACME,M1,1", [&](Peer &peer) {
                                       peer.writePart("1.");
                                       plugIn(second);
                                       peer.cut();
                                   }));
        plugIn(first);
        connect();
        QVERIFY(m_host->acquireLease(u"scan"_s));
        setRange(7);
        QSignalSpy states(m_host.get(), &InstrumentHost::connectionStateChanged);
        const auto lost = read();
        QVERIFY(!lost);
        QCOMPARE(lost.error().code, ErrorCode::NotConnected);
        QVERIFY2(lost.error().message.contains(m_port), qPrintable(lost.error().message));
        QVERIFY2(lost.error().message.contains(u"check cable and power"_s),
                 qPrintable(lost.error().message));
        const auto again = read();
        QVERIFY2(bool(again), again ? "" : qPrintable(again.error().message));
        QCOMPARE(again.value(), 1.7); // it was told its range again
        QCOMPARE(second.connections(), 1);
        QTRY_COMPARE(states.size(), 2);
        QCOMPARE(states[0][0].value<ConnectionState>(), ConnectionState::Lost);
        QCOMPARE(states[1][0].value<ConnectionState>(), ConnectionState::Open);
    }

    /// Somebody else may have it by then. The settings wait for who wants to use it here.
    void pulledWhileNobodyHoldsIt()
    {
        auto first = std::make_unique<ScriptedServer>(Wire::Pty, meter("ACME,M1,1"));
        plugIn(*first);
        connect();
        QVERIFY(m_host->acquireLease(u"panel"_s));
        setRange(7);
        m_host->releaseLease(u"panel"_s);
        const ScriptedServer second(Wire::Pty, meter("ACME,M1,1"));
        first.reset();
        plugIn(second);
        QCOMPARE(read().value(), 1.1);
        std::optional<double> range;
        m_host->parameter(Priority::Panel, u"range"_s, 2s, this,
                          [&](const Result<QVariant> &value) { range = value.value().toDouble(); });
        QTRY_VERIFY(range.has_value());
        QCOMPARE(*range, 1.0); // the truth, which is not what it was left at
        QVERIFY(second.received().find("RANG ") == std::string::npos);
        QVERIFY(m_host->acquireLease(u"scan"_s));
        QCOMPARE(read().value(), 1.7);
    }

    void comesBackLater()
    {
        const ScriptedServer first(Wire::Pty, meter("ACME,M1,1", [&](Peer &peer) {
                                       QFile::remove(m_port);
                                       peer.cut();
                                   }));
        plugIn(first);
        connect();
        QVERIFY(!read());
        std::optional<Result<Reading>> reading;
        m_host->read(Priority::Step, 0, 2s, this, [&](const auto &result) { reading = result; });
        QVERIFY(!QTest::qWaitFor([&] { return reading.has_value(); }, 300));
        const ScriptedServer second(Wire::Pty, meter("ACME,M1,1"));
        plugIn(second);
        QTRY_VERIFY(reading.has_value());
        QVERIFY2(bool(*reading), *reading ? "" : qPrintable(reading->error().message));
    }

    void staysAway()
    {
        const ScriptedServer first(Wire::Pty, meter("ACME,M1,1", [&](Peer &peer) {
                                       QFile::remove(m_port);
                                       peer.cut();
                                   }));
        plugIn(first);
        connect();
        m_host->setPatience(300ms);
        QVERIFY(!read());
        const auto gone = read();
        QVERIFY(!gone);
        QCOMPARE(gone.error().code, ErrorCode::NotConnected);
        QVERIFY2(gone.error().message.contains(u"There is no serial port "_s + m_port),
                 qPrintable(gone.error().message));
    }

    void anotherInstrumentComesBack()
    {
        const ScriptedServer second(Wire::Pty, meter("ACME,M1,2"));
        const ScriptedServer first(Wire::Pty, meter("ACME,M1,1", [&](Peer &peer) {
                                       plugIn(second);
                                       peer.cut();
                                   }));
        plugIn(first);
        connect();
        m_host->setPatience(300ms);
        QVERIFY(!read());
        const auto other = read();
        QVERIFY(!other);
        QVERIFY2(other.error().message.contains(u"Another instrument answers"_s),
                 qPrintable(other.error().message));
        QVERIFY(second.received().find("READ?") == std::string::npos);
    }

    void pulledWhileIdle()
    {
        auto first = std::make_unique<ScriptedServer>(Wire::Pty, meter("ACME,M1,1"));
        plugIn(*first);
        connect();
        QVERIFY(read());
        const ScriptedServer second(Wire::Pty, meter("ACME,M1,1"));
        first.reset();
        plugIn(second);
        QVERIFY(read()); // nobody need hear of it
    }

private:
    /// As udev does: the name leads to the port that it has now.
    void plugIn(const ScriptedServer &server)
    {
        const QString real = QFile::symLinkTarget(QString::fromStdString(server.path()));
        QFile::remove(m_port);
        QFile::link(real, m_port);
    }

    void connect()
    {
        const auto load = loadDefinitionText(kMeter, u"meter"_s);
        QVERIFY2(load.definition, load.definition ? "" : qPrintable(load.problems.first().message));
        const auto resource = parseResource(u"ASRL%1::INSTR"_s.arg(m_port));
        QVERIFY(resource);
        BenchEntry entry{
            u"meter"_s, load.definition, resource.value().canonical(), load.definition->spec, {}};
        m_host = std::make_unique<InstrumentHost>(
            u"meter"_s, entry.spec, [entry] { return makeInstrument(entry, entry.address); },
            InstrumentHost::Placement::OwnThread);
        std::optional<Status> opened;
        m_host->open(5s, this, [&](const Status &status) { opened = status; });
        QTRY_VERIFY(opened.has_value());
        QVERIFY2(bool(*opened), *opened ? "" : qPrintable(opened->error().message));
    }

    void setRange(double range)
    {
        std::optional<bool> isSet;
        m_host->setParameter(Priority::Step, u"range"_s, range, 2s, this,
                             [&](const Status &set) { isSet = bool(set); });
        QTRY_VERIFY(isSet && *isSet);
    }

    Result<double> read()
    {
        std::optional<Result<Reading>> answer;
        m_host->read(Priority::Step, 0, 2s, this, [&](const auto &result) { answer = result; });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 20'000))
            return Error{ErrorCode::Internal, u"not answered"_s};
        return *answer ? Result<double>(answer->value().front().doubleAt(0)) : answer->error();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_port;
    std::unique_ptr<InstrumentHost> m_host;
};

QTEST_GUILESS_MAIN(RepluggedPortTest)
#include "tst_replugged_port.moc"
