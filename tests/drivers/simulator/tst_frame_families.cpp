// Instruments that speak in frames, against their simulators over a socket and a pseudo-terminal:
// moves, settings, and what goes wrong on the line.
#include "drivers/definition/bench_file.h"
#include "tests/drivers/simulator/simulator_thread.h"

#include <QElapsedTimer>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
Call soon()
{
    return Call::within(5s);
}

BenchFile benchOf(const QString &id, bool isSerial)
{
    const QByteArray address = isSerial ? "ASRL/dev/ttyS99::INSTR" : "TCPIP::127.0.0.1::1::SOCKET";
    const QByteArray text =
        "name: One\nsimulate: true\ninstruments:\n  one: {definition: " + id.toLatin1() +
        ", address: '" + address + "', link: {reply_timeout: 600 ms, resync: {quiet: 300 ms}}}\n";
    const auto load = loadBenchText(
        text, u"one.bench.yaml"_s,
        {QString::fromLocal8Bit(qgetenv("BIRCH_SOURCE_DIR") + "/resources/instruments")});
    for (const Problem &p : load.problems)
        qCritical("%d %s: %s", p.line, qPrintable(p.field), qPrintable(p.message));
    return load.bench.value_or(BenchFile());
}

const auto kIds = {u"eurotherm-2400"_s, u"thorlabs-kdc101"_s};
/// A parameter of each.
QString settingOf(const QString &id)
{
    return id == u"eurotherm-2400" ? u"ramp_rate"_s : u"speed"_s;
}
} // namespace

class FrameFamiliesTest : public QObject
{
    Q_OBJECT
private slots:
    void movesOverBothLinks_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<bool>("isSerial");
        for (const QString &id : kIds) {
            QTest::newRow(qPrintable(id + u" socket"_s)) << id << false;
            QTest::newRow(qPrintable(id + u" serial"_s)) << id << true;
        }
    }
    void movesOverBothLinks()
    {
        QFETCH(QString, id);
        QFETCH(bool, isSerial);
        const BenchFile bench = benchOf(id, isSerial);
        SimulatorOptions options;
        options.timeFactor = 1000;
        const SimulatorThread simulator(bench, options);
        QVERIFY2(simulator.failure().isEmpty(), qPrintable(simulator.failure()));
        const auto instrument = makeInstrument(bench.entries.first(), simulator.address(u"one"_s));
        const Status opened = instrument->open(soon());
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().message));
        QVERIFY(instrument->begin(0, 7.5, soon()));
        const auto isThere = [&] {
            const auto state = instrument->state(0, soon());
            return state && !state.value().isMoving &&
                   std::abs(state.value().readback - 7.5) < 0.01;
        };
        QTRY_VERIFY(isThere());
        const QString key = settingOf(id);
        QVERIFY(instrument->setParameter(key, 1.25, soon()));
        const auto value = instrument->parameter(key, soon());
        QVERIFY(value);
        QVERIFY(std::abs(value.value().toDouble() - 1.25) < 1e-4);
        instrument->close();
    }

    void faultsAreToldApart_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<bool>("isSerial");
        QTest::addColumn<QString>("fault");
        QTest::addColumn<ErrorCode>("code");
        const auto row = [](const QString &id, bool isSerial, const char *fault, ErrorCode code) {
            QTest::addRow("%s %s %s", qPrintable(id), isSerial ? "serial" : "socket", fault)
                << id << isSerial << QString::fromLatin1(fault) << code;
        };
        for (const QString &id : kIds) {
            for (const bool isSerial : {false, true}) {
                row(id, isSerial, "hang@1", ErrorCode::Timeout);
                row(id, isSerial, "late=750ms@1", ErrorCode::Timeout);
                row(id, isSerial, "garble@1", ErrorCode::Protocol);
            }
            row(id, false, "cut@1", ErrorCode::NotConnected);
            row(id, false, "reset@1", ErrorCode::NotConnected);
        }
    }
    /// The late answer comes while the line is listened to for silence. The fault is told by its
    /// kind, and the next question gets its own answer.
    void faultsAreToldApart()
    {
        QFETCH(QString, id);
        QFETCH(bool, isSerial);
        QFETCH(QString, fault);
        QFETCH(ErrorCode, code);
        const BenchFile bench = benchOf(id, isSerial);
        SimulatorThread simulator(bench, {});
        const auto instrument = makeInstrument(bench.entries.first(), simulator.address(u"one"_s));
        QVERIFY(instrument->open(soon()));
        const QString key = settingOf(id);
        QVERIFY(instrument->setParameter(key, 2.0, soon()));
        simulator.setFaults(u"one"_s, fault);
        const auto failed = instrument->parameter(key, soon());
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, code);
        if (!instrument->isOpen())
            QVERIFY(instrument->open(soon()));
        const auto state = instrument->state(0, soon());
        QVERIFY2(state, state ? "" : qPrintable(state.error().message));
        const auto value = instrument->parameter(key, soon());
        QVERIFY2(value, value ? "" : qPrintable(value.error().message));
        QVERIFY(std::abs(value.value().toDouble() - 2.0) < 1e-4);
    }

    void splitFramesArePutTogether()
    {
        const BenchFile bench = benchOf(u"eurotherm-2400"_s, true);
        SimulatorThread simulator(bench, {});
        const auto instrument = makeInstrument(bench.entries.first(), simulator.address(u"one"_s));
        QVERIFY(instrument->open(soon()));
        simulator.setFaults(u"one"_s, u"split=2ms"_s);
        const auto value = instrument->parameter(u"ramp_rate"_s, soon());
        QVERIFY(value);
        QCOMPARE(value.value().toDouble(), 10.0);
    }

    void stopEndsTheWait()
    {
        const BenchFile bench = benchOf(u"thorlabs-kdc101"_s, false);
        SimulatorThread simulator(bench, {});
        const auto instrument = makeInstrument(bench.entries.first(), simulator.address(u"one"_s));
        QVERIFY(instrument->open(soon()));
        simulator.setFaults(u"one"_s, u"hang"_s);
        std::stop_source stop;
        stop.request_stop();
        QElapsedTimer timer;
        timer.start();
        const auto failed =
            instrument->state(0, {Deadline::in(std::chrono::seconds(5)), stop.get_token()});
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, ErrorCode::Cancelled);
        QVERIFY(timer.elapsed() < 250);
    }

    /// The console speaks the same text; what the slave refuses is told with its meaning.
    void consoleReadsAnyRegister()
    {
        const BenchFile bench = benchOf(u"eurotherm-2400"_s, false);
        SimulatorThread simulator(bench, {});
        const auto instrument = makeInstrument(bench.entries.first(), simulator.address(u"one"_s));
        QVERIFY(instrument->open(soon()));
        QCOMPARE(instrument->raw("read 122 uint16", true, soon()).value(), "9250"_ba);
        const auto absent = instrument->raw("read 999 int16", true, soon());
        QVERIFY(!absent);
        QVERIFY(absent.error().message.contains(u"no such register"_s));
        const auto nonsense = instrument->raw("*IDN?", true, soon());
        QVERIFY(!nonsense);
        QCOMPARE(nonsense.error().code, ErrorCode::BadInput);
    }
};

QTEST_GUILESS_MAIN(FrameFamiliesTest)
#include "tst_frame_families.moc"
