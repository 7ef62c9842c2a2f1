// Leases of two programs on one simulated instrument: two hosts that know nothing of each other.
#include "core/instrument/instrument_host.h"
#include "drivers/transport/make_transport.h"
#include "tests/drivers/simulator/simulator_thread.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Call soon()
{
    return Call::within(5s);
}

QString source(const char *path)
{
    return QString::fromLocal8Bit(qgetenv("BIRCH_SOURCE_DIR") + path);
}

} // namespace

class DeviceLocksTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase_data()
    {
        QTest::addColumn<QString>("address");
        QTest::newRow("VXI-11") << u"TCPIP0::10.0.0.1::inst0::INSTR"_s;
        QTest::newRow("HiSLIP") << u"TCPIP0::10.0.0.1::hislip0::INSTR"_s;
    }

    void init()
    {
        QFETCH_GLOBAL(QString, address);
        const auto load = loadBench(source("/resources/examples/demo.bench.yaml"),
                                    {source("/resources/instruments")});
        QVERIFY(load.bench);
        m_bench = *load.bench;
        m_bench.entries.removeIf([](const BenchEntry &entry) { return entry.nickname != u"smu"; });
        m_bench.entries.first().address = address;
        m_simulator = std::make_unique<SimulatorThread>(m_bench, SimulatorOptions());
        QVERIFY2(m_simulator->failure().isEmpty(), qPrintable(m_simulator->failure()));
        m_ours = host();
        m_theirs = host();
    }

    void cleanup()
    {
        m_ours.reset();
        m_theirs.reset();
        m_simulator.reset();
    }

    void twoHostsAtOnce()
    {
        QVERIFY(open(*m_ours));
        QVERIFY(open(*m_theirs));
        QVERIFY(read(*m_ours));
        QVERIFY(read(*m_theirs)); // nobody has a lease yet
        QVERIFY(m_ours->acquireLease(u"scan A"_s));
        QVERIFY(read(*m_ours));
        QVERIFY(m_theirs->acquireLease(u"scan B"_s));
        QElapsedTimer timer;
        timer.start();
        const Status refused = read(*m_theirs);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY2(timer.elapsed() < 2500, qPrintable(QString::number(timer.elapsed())));
        verifyNamed(refused.error().message);
        QVERIFY(read(*m_ours));
        m_ours->releaseLease(u"scan A"_s);
        QVERIFY(read(*m_theirs));
        QCOMPARE(read(*m_ours).error().code, // a panel that only watches is kept out as well
                 isHislip() ? ErrorCode::Timeout : ErrorCode::Conflict);
        m_theirs->releaseLease(u"scan B"_s);
        QTRY_VERIFY(read(*m_ours));
    }

    void lockIsWaitedFor()
    {
        QVERIFY(open(*m_ours));
        QVERIFY(open(*m_theirs));
        QVERIFY(m_theirs->acquireLease(u"console"_s));
        QVERIFY(read(*m_theirs));
        QVERIFY(m_ours->acquireLease(u"scan A"_s));
        std::optional<bool> isRead;
        m_ours->read(Priority::Step, 0, 5s, this,
                     [&](const Result<Reading> &reading) { isRead = bool(reading); });
        QVERIFY(!QTest::qWaitFor([&] { return isRead.has_value(); }, 100));
        m_theirs->releaseLease(u"console"_s);
        QTRY_VERIFY(isRead.has_value());
        QVERIFY(*isRead);
    }

    void openingWhatSomebodyHolds()
    {
        QVERIFY(open(*m_theirs));
        QVERIFY(m_theirs->acquireLease(u"scan B"_s));
        QVERIFY(read(*m_theirs));
        const Status opened = open(*m_ours);
        QVERIFY(!opened);
        QVERIFY2(opened.error().message.contains(u"locked by another client"_s),
                 qPrintable(opened.error().message));
    }

    void cableIsPulledWhileLocked_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::newRow("cut in an answer") << u"cut@1"_s;
        QTest::newRow("reset") << u"reset@1"_s;
        QTest::newRow("power") << u"power@1"_s;
    }
    void cableIsPulledWhileLocked()
    {
        QFETCH(QString, fault);
        QVERIFY(open(*m_ours));
        QVERIFY(m_ours->acquireLease(u"scan A"_s));
        QVERIFY(read(*m_ours));
        m_simulator->setFaults(u"smu"_s, fault);
        QVERIFY(!read(*m_ours));
        QVERIFY(read(*m_ours));
        const auto other = makeTransport(m_simulator->address(u"smu"_s), {});
        QVERIFY(other.value()->open(soon()));
        const Status locked = other.value()->lock(Call::within(100ms));
        QVERIFY(!locked);
        QCOMPARE(locked.error().code, ErrorCode::Conflict);
    }

    void somebodyIsFasterAfterTheCableWasPulled()
    {
        QVERIFY(open(*m_ours));
        QVERIFY(m_ours->acquireLease(u"scan A"_s));
        QVERIFY(read(*m_ours));
        m_simulator->setFaults(u"smu"_s, u"reset@1"_s);
        QVERIFY(!read(*m_ours));
        const auto other = makeTransport(m_simulator->address(u"smu"_s), {});
        QVERIFY(other.value()->open(soon()));
        QVERIFY(other.value()->lock(soon()));
        m_ours->setPatience(1500ms);
        const Status refused = read(*m_ours);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(u"locked by another client"_s),
                 qPrintable(refused.error().message));
        // What makes safe is not held up by it, and tells.
        QElapsedTimer timer;
        timer.start();
        const Status safe = begin(*m_ours, Priority::Safe);
        QVERIFY2(timer.elapsed() < 2500, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(!safe);
        other.value()->close();
        m_ours->setPatience(10s);
        QVERIFY(begin(*m_ours, Priority::Safe));
        QVERIFY(read(*m_ours));
    }

    void lockFalseAsksForNone()
    {
        const auto quiet = std::make_shared<Definition>(*m_bench.entries.first().definition);
        quiet->link.usesLock = false;
        m_bench.entries.first().definition = quiet;
        m_ours = host();
        QVERIFY(open(*m_ours));
        QVERIFY(open(*m_theirs));
        QVERIFY(m_ours->acquireLease(u"scan A"_s));
        QVERIFY(read(*m_ours));
        QVERIFY(read(*m_theirs));
    }

    void programThatDiesLeavesNoLock()
    {
        QVERIFY(open(*m_theirs));
        QVERIFY(m_theirs->acquireLease(u"scan B"_s));
        QVERIFY(read(*m_theirs));
        m_theirs.reset(); // the end of its connection
        QVERIFY(open(*m_ours));
        QVERIFY(m_ours->acquireLease(u"scan A"_s));
        QVERIFY(read(*m_ours));
    }

private:
    bool isHislip() const { return m_simulator->address(u"smu"_s).contains(u"hislip"_s); }

    std::unique_ptr<InstrumentHost> host() const
    {
        const BenchEntry entry = m_bench.entries.first();
        return std::make_unique<InstrumentHost>(
            u"smu"_s, entry.spec,
            [entry, address = m_simulator->address(u"smu"_s)] {
                return makeInstrument(entry, address);
            },
            InstrumentHost::Placement::OwnThread);
    }

    void verifyNamed(const QString &message) const
    {
        QVERIFY2(message.startsWith(u"smu: "_s), qPrintable(message));
        QVERIFY2(message.contains(m_simulator->address(u"smu"_s)), qPrintable(message));
        QVERIFY2(message.contains(u"locked by another client (a computer or a program"_s),
                 qPrintable(message));
        QVERIFY2(message.contains(u"wait until it lets go"_s), qPrintable(message));
        QCOMPARE(message.contains(u"counts 1"_s), isHislip());
    }

    template<typename T>
    Status wait(const std::optional<Result<T>> &answer)
    {
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 20'000))
            return Error{ErrorCode::Internal, u"not answered"_s};
        return *answer ? ok() : Status(answer->error());
    }
    Status open(InstrumentHost &host)
    {
        std::optional<Result<std::monostate>> answer;
        host.open(3s, this, [&](const auto &result) { answer = result; });
        return wait(answer);
    }
    Status read(InstrumentHost &host)
    {
        std::optional<Result<Reading>> answer;
        host.read(Priority::Step, 0, 3s, this, [&](const auto &result) { answer = result; });
        return wait(answer);
    }
    Status begin(InstrumentHost &host, Priority priority)
    {
        std::optional<Result<std::monostate>> answer;
        host.begin(priority, 0, 0.0, 1s, this, [&](const auto &result) { answer = result; });
        return wait(answer);
    }

    BenchFile m_bench;
    std::unique_ptr<SimulatorThread> m_simulator;
    std::unique_ptr<InstrumentHost> m_ours;
    std::unique_ptr<InstrumentHost> m_theirs;
};

QTEST_GUILESS_MAIN(DeviceLocksTest)
#include "tst_device_locks.moc"
