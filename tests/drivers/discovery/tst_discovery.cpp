#include "drivers/discovery/discovery_search.h"

#include "drivers/definition/definition_loader.h"
#include "drivers/simulator/portmapper.h"
#include "drivers/simulator/simulator_bench.h"
#include "drivers/transport/vxi11_protocol.h"
#include "tests/support/dns_bytes.h"
#include "tests/support/scripted_server.h"

#include <QDir>
#include <QElapsedTimer>
#include <QNetworkDatagram>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUdpSocket>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

/// Searches among servers of this test on 127.0.0.1: a responder of multicast DNS, portmappers,
/// simulated instruments. The network itself is never asked.
class DiscoveryTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void announcedInstruments();
    void hostileResponder();
    void answersInPieces();
    void broadcast();
    void range();
    void serialIsNotAsked();
    void serialIsAsked();
    void silentInstrument();
    void nothingThere();
    void stopped_data();
    void stopped();
    void goneBeforeItEnds();

private:
    QList<DefinitionPtr> m_definitions;
};

namespace {
using std::chrono::milliseconds;

const QHostAddress kLocal(QHostAddress::LocalHost);
const std::string kLocalBytes("\x7f\x00\x00\x01", 4);

/// Nothing is asked but what a test adds.
DiscoveryOptions quiet(milliseconds limit = milliseconds(3000))
{
    DiscoveryOptions options;
    options.asksMdns = options.asksVxi11 = options.listsSerial = false;
    options.limit = limit;
    options.places.socketPorts.clear();
    return options;
}

/// Answers every datagram with what it is given.
class Responder
{
public:
    explicit Responder(std::function<QByteArrayList(const QByteArray &)> answer)
    {
        if (!m_socket.bind(kLocal, 0))
            qFatal("no port");
        QObject::connect(&m_socket, &QUdpSocket::readyRead, &m_socket, [this, answer] {
            while (m_socket.hasPendingDatagrams()) {
                QNetworkDatagram asked = m_socket.receiveDatagram();
                for (const QByteArray &reply : answer(asked.data()))
                    m_socket.writeDatagram(asked.makeReply(reply));
            }
        });
    }
    quint16 port() const { return m_socket.localPort(); }

private:
    QUdpSocket m_socket;
};

/// "_scpi-raw._tcp" and so on, whole in one message.
QByteArray serviceAnswer(const std::string &type, const std::string &instance, unsigned port)
{
    const std::string name = dnsLabels({instance, type, "_tcp", "local"});
    const std::string host = dnsLabels({"bench", "local"});
    return QByteArray::fromStdString(
        dnsHeader(0x8400, 0, 3) + dnsRecord(dnsLabels({type, "_tcp", "local"}), 12, name) +
        dnsRecord(name, 33, dnsService(port, host)) + dnsRecord(host, 1, kLocalBytes));
}

/// Collects what a search tells, as a window would.
struct Watch {
    explicit Watch(DiscoveryOptions options, const QList<DefinitionPtr> &definitions = {})
        : search(std::move(options), definitions)
    {
        QObject::connect(&search, &DiscoverySearch::found, &search,
                         [this](const FoundInstrument &one) { found.insert(one.id, one); });
        QObject::connect(&search, &DiscoverySearch::gone, &search,
                         [this](int id) { found.remove(id); });
        QObject::connect(&search, &DiscoverySearch::finished, &search,
                         [this](const QStringList &said) {
                             notes = said;
                             ++finished;
                         });
        clock.start();
        search.start();
    }
    const FoundInstrument *withAddress(const QString &address) const
    {
        for (const FoundInstrument &one : found) {
            if (one.addresses.contains(address))
                return &one;
        }
        return nullptr;
    }

    QMap<int, FoundInstrument> found;
    QStringList notes;
    int finished = 0;
    QElapsedTimer clock;
    DiscoverySearch search;
};

std::unique_ptr<SimulatorBench> simulate(const QByteArray &instruments)
{
    const QString folder = qEnvironmentVariable("BIRCH_SOURCE_DIR") + u"/resources/instruments"_s;
    const auto load = loadBenchText("name: B\nsimulate: true\ninstruments:\n" + instruments,
                                    folder + u"/x.bench.yaml"_s, {folder});
    if (!load.bench)
        qFatal("%s", qPrintable(load.problems.first().message));
    auto bench = SimulatorBench::start(*load.bench, {});
    if (!bench)
        qFatal("%s", qPrintable(bench.error().message));
    return std::move(bench).value();
}

quint16 portOf(const QString &address)
{
    return parseResource(address).value().port;
}

const QByteArray kThreePaths = "  raw: {definition: demo-smu, address: 'TCPIP::h::1::SOCKET'}\n"
                               "  lan: {definition: demo-smu, address: 'TCPIP::h::inst0'}\n"
                               "  fast: {definition: demo-smu, address: 'TCPIP::h::hislip0'}\n";
} // namespace

void DiscoveryTest::initTestCase()
{
    Problems problems;
    m_definitions = loadDefinitions(
        {qEnvironmentVariable("BIRCH_SOURCE_DIR") + u"/resources/instruments"_s}, &problems);
    QVERIFY(problems.isEmpty() && !m_definitions.isEmpty());
}

void DiscoveryTest::announcedInstruments()
{
    const auto bench = simulate(kThreePaths + "  meter: {definition: keithley-2000, "
                                              "address: 'TCPIP::h::2::SOCKET'}\n");
    const auto addresses = bench->addresses();
    Responder responder([&](const QByteArray &query) {
        QByteArrayList answers;
        if (query.contains("_hislip"))
            answers << serviceAnswer("_hislip", "SMU", portOf(addresses[u"fast"_s]));
        if (query.contains("_vxi-11"))
            answers << serviceAnswer("_vxi-11", "SMU", portOf(addresses[u"lan"_s]));
        if (query.contains("_scpi-raw"))
            answers << serviceAnswer("_scpi-raw", "SMU", portOf(addresses[u"raw"_s]))
                    << serviceAnswer("_scpi-raw", "Meter", portOf(addresses[u"meter"_s]));
        return answers;
    });
    DiscoveryOptions options = quiet();
    options.asksMdns = true;
    options.places.mdns = QList{kLocal};
    options.places.mdnsPort = responder.port();
    Watch watch(options, m_definitions);
    // Long before the end: what is found is told at once.
    QTRY_COMPARE_WITH_TIMEOUT(watch.found.size(), 2, 1900);
    QCOMPARE(watch.finished, 0);
    const FoundInstrument *smu = watch.withAddress(addresses[u"fast"_s]);
    QVERIFY(smu);
    QCOMPARE(smu->addresses,
             (QStringList{addresses[u"fast"_s], addresses[u"lan"_s], addresses[u"raw"_s]}));
    QCOMPARE(smu->definition, u"demo-smu"_s);
    QCOMPARE(smu->serialNumber, u"0001"_s);
    QCOMPARE(smu->name, u"SMU"_s);
    const FoundInstrument *meter = watch.withAddress(addresses[u"meter"_s]);
    QVERIFY(meter);
    QCOMPARE(meter->definition, u"keithley-2000"_s);
    QTRY_COMPARE(watch.finished, 1);
    QVERIFY(watch.notes.isEmpty());
}

void DiscoveryTest::hostileResponder()
{
    const auto bench = simulate("  raw: {definition: demo-smu, address: 'TCPIP::h::1::SOCKET'}\n");
    const QString address = bench->addresses()[u"raw"_s];
    Responder responder([&](const QByteArray &query) {
        const QByteArray good = serviceAnswer("_scpi-raw", "SMU", portOf(address));
        QByteArrayList answers{
            {}, "x", query, good.first(20), QByteArray(8000, '\xc0'), QByteArray(12, '\xff')};
        for (qsizetype i = 12; i < good.size(); i += 3) {
            QByteArray damaged = good;
            damaged[i] = char(damaged[i] ^ 0x55);
            answers << damaged;
        }
        for (int i = 0; i < 200; ++i) // instruments that are none: nobody listens at port 1
            answers << serviceAnswer("_scpi-raw", "made up " + std::to_string(i), 1);
        return answers << good;
    });
    DiscoveryOptions options = quiet();
    options.asksMdns = true;
    options.places.mdns = QList{kLocal};
    options.places.mdnsPort = responder.port();
    Watch watch(options, m_definitions);
    QTRY_VERIFY(watch.withAddress(address) &&
                watch.withAddress(address)->definition == u"demo-smu");
    QTRY_COMPARE(watch.finished, 1);
    QVERIFY2(watch.clock.elapsed() < 4000, QByteArray::number(watch.clock.elapsed()));
    QVERIFY(!watch.withAddress(u"TCPIP0::127.0.0.1::1::SOCKET"_s) ||
            watch.withAddress(u"TCPIP0::127.0.0.1::1::SOCKET"_s)->identity.isEmpty());
}

void DiscoveryTest::answersInPieces()
{
    const auto bench = simulate("  raw: {definition: demo-smu, address: 'TCPIP::h::1::SOCKET'}\n");
    const QString address = bench->addresses()[u"raw"_s];
    const std::string name = dnsLabels({"SMU", "_scpi-raw", "_tcp", "local"});
    const std::string host = dnsLabels({"bench", "local"});
    Responder responder([&](const QByteArray &query) -> QByteArrayList {
        const auto one = [](const std::string &record) {
            return QByteArrayList{QByteArray::fromStdString(dnsHeader(0x8400, 0, 1) + record)};
        };
        if (query.contains(QByteArray::fromStdString(host)))
            return one(dnsRecord(host, 1, kLocalBytes));
        if (query.contains(QByteArray::fromStdString(name)))
            return one(dnsRecord(name, 33, dnsService(portOf(address), host)));
        return one(dnsRecord(dnsLabels({"_scpi-raw", "_tcp", "local"}), 12, name));
    });
    DiscoveryOptions options = quiet();
    options.asksMdns = true;
    options.places.mdns = QList{kLocal};
    options.places.mdnsPort = responder.port();
    Watch watch(options, m_definitions);
    QTRY_VERIFY(watch.withAddress(address) && !watch.withAddress(address)->identity.isEmpty());
}

void DiscoveryTest::broadcast()
{
    const auto bench = simulate("  lan: {definition: demo-smu, address: 'TCPIP::h::inst0'}\n");
    const QString address = bench->addresses()[u"lan"_s];
    const auto portmapper =
        Portmapper::create(vxi11::kCoreProgram, vxi11::kVersion, portOf(address), 0);
    QVERIFY(portmapper);
    DiscoveryOptions options = quiet();
    options.asksVxi11 = true;
    options.places.broadcasts = QList{kLocal};
    options.places.portmapperPort = portmapper.value()->port();
    Watch watch(options, m_definitions);
    QTRY_VERIFY(watch.withAddress(address) &&
                watch.withAddress(address)->definition == u"demo-smu");
    QCOMPARE(watch.withAddress(address)->ways, QStringList{u"vxi11"_s});
    QTRY_COMPARE(watch.finished, 1);
    QCOMPARE(watch.found.size(), 1);
}

void DiscoveryTest::range()
{
    const auto bench = simulate(kThreePaths);
    const auto addresses = bench->addresses();
    const auto portmapper =
        Portmapper::create(vxi11::kCoreProgram, vxi11::kVersion, portOf(addresses[u"lan"_s]), 0);
    QVERIFY(portmapper);
    DiscoveryOptions options = quiet();
    options.hosts = {kLocal, QHostAddress(u"127.0.0.2"_s)}; // nobody listens at the second
    options.places.socketPorts = {portOf(addresses[u"raw"_s])};
    options.places.hislipPort = portOf(addresses[u"fast"_s]);
    options.places.portmapperPort = portmapper.value()->port();
    Watch watch(options, m_definitions);
    QTRY_COMPARE(watch.finished, 1);
    QCOMPARE(watch.found.size(), 1);
    QCOMPARE(watch.found.first().addresses,
             (QStringList{addresses[u"fast"_s], addresses[u"lan"_s], addresses[u"raw"_s]}));
    QCOMPARE(watch.found.first().ways, QStringList{u"range"_s});
}

namespace {
/// A serial port as the system shows it, which leads to \a device.
DiscoveryPlaces withSerialPort(const QTemporaryDir &folder, const QString &device)
{
    const QDir at(folder.path());
    if (!at.mkpath(u"sys/ttyUSB0"_s) || !at.mkpath(u"usb"_s) || !at.mkpath(u"dev"_s) ||
        !QFile::link(at.filePath(u"usb"_s), at.filePath(u"sys/ttyUSB0/device"_s)) ||
        !QFile::link(device, at.filePath(u"dev/ttyUSB0"_s)))
        qFatal("no folder");
    DiscoveryPlaces places;
    places.serial = {at.filePath(u"sys"_s), at.filePath(u"dev"_s), at.filePath(u"by-id"_s)};
    return places;
}
} // namespace

void DiscoveryTest::serialIsNotAsked()
{
    ScriptedServer server(Wire::Pty, [](Peer &peer) { peer.expectEnd(); });
    QTemporaryDir folder;
    DiscoveryOptions options = quiet();
    options.places = withSerialPort(folder, QString::fromStdString(server.path()));
    options.listsSerial = true;
    Watch watch(options, m_definitions);
    QTRY_COMPARE(watch.finished, 1);
    QVERIFY(watch.clock.elapsed() < 1500); // nothing to wait for
    QCOMPARE(watch.found.size(), 1);
    QCOMPARE(watch.found.first().ways, QStringList{u"serial"_s});
    QVERIFY(watch.found.first().identity.isEmpty());
    QVERIFY(watch.found.first().problem.isEmpty());
    QVERIFY(server.received().empty());
}

void DiscoveryTest::serialIsAsked()
{
    ScriptedServer server(Wire::Pty,
                          responder([](const std::string &) { return "LSCI,MODEL335,77,1"; }));
    QTemporaryDir folder;
    DiscoveryOptions options = quiet();
    options.places = withSerialPort(folder, QString::fromStdString(server.path()));
    options.listsSerial = options.identifiesSerial = true;
    Watch watch(options, m_definitions);
    QTRY_COMPARE(watch.finished, 1);
    QCOMPARE(watch.found.size(), 1);
    QCOMPARE(watch.found.first().definition, u"lakeshore-335"_s);
    QCOMPARE(server.received(), std::string("*IDN?\n"));
}

void DiscoveryTest::silentInstrument()
{
    ScriptedServer server(Wire::Socket, [](Peer &peer) { peer.hang(); });
    DiscoveryOptions options = quiet(milliseconds(1200));
    options.hosts = {kLocal};
    options.places.socketPorts = {quint16(server.port())};
    options.places.hislipPort = 1;
    options.places.portmapperPort = 1;
    Watch watch(options, m_definitions);
    QTRY_COMPARE(watch.finished, 1);
    QVERIFY2(watch.clock.elapsed() < 1200 + 600, QByteArray::number(watch.clock.elapsed()));
    const FoundInstrument *silent = watch.withAddress(QString::fromStdString(server.resource()));
    QVERIFY(silent);
    QVERIFY(silent->identity.isEmpty());
    QVERIFY2(silent->problem.contains(u"did not answer in time"_s), qPrintable(silent->problem));
}

void DiscoveryTest::nothingThere()
{
    DiscoveryOptions options = quiet(milliseconds(500));
    options.asksMdns = options.asksVxi11 = true;
    options.places.mdns = QList<QHostAddress>();
    options.places.broadcasts = QList<QHostAddress>();
    Watch watch(options, m_definitions);
    QTRY_COMPARE(watch.finished, 1);
    QVERIFY(watch.found.isEmpty());
    QCOMPARE(watch.notes.size(), 2);
}

void DiscoveryTest::stopped_data()
{
    QTest::addColumn<bool>("isAsking");
    QTest::newRow("while it listens") << false;
    QTest::newRow("while an instrument is silent") << true;
}

void DiscoveryTest::stopped()
{
    QFETCH(bool, isAsking);
    ScriptedServer server(Wire::Socket, [](Peer &peer) { peer.swallow(); });
    DiscoveryOptions options = quiet(milliseconds(60000));
    options.hosts = {kLocal};
    options.places.socketPorts = {quint16(isAsking ? server.port() : 1)};
    options.places.hislipPort = 1;
    options.places.portmapperPort = 1;
    Watch watch(options, m_definitions);
    if (isAsking)
        QTRY_VERIFY(server.waitForReceived("*IDN?", milliseconds(0)));
    QElapsedTimer clock;
    clock.start();
    watch.search.stop();
    QTRY_COMPARE(watch.finished, 1);
    QVERIFY2(clock.elapsed() < 400, QByteArray::number(clock.elapsed()));
    QCOMPARE(watch.found.size(), isAsking ? 1 : 0);
}

void DiscoveryTest::goneBeforeItEnds()
{
    ScriptedServer server(Wire::Socket, [](Peer &peer) { peer.swallow(); });
    DiscoveryOptions options = quiet(milliseconds(60000));
    options.hosts = {kLocal};
    options.places.socketPorts = {quint16(server.port())};
    auto watch = std::make_unique<Watch>(options, m_definitions);
    QTRY_VERIFY(server.waitForReceived("*IDN?", milliseconds(0)));
    QElapsedTimer clock;
    clock.start();
    watch.reset();
    QVERIFY2(clock.elapsed() < 400, QByteArray::number(clock.elapsed()));
}

QTEST_GUILESS_MAIN(DiscoveryTest)
#include "tst_discovery.moc"
