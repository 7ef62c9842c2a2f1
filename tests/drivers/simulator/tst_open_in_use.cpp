// A second program connects to an instrument that the first one works with: what it would send of
// its own accord (init, shutdown, restored settings) may be a *RST.
#include "drivers/transport/make_transport.h"
#include "tests/drivers/simulator/simulator_thread.h"

#include "core/instrument/instrument_host.h"

#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kBias = 0;

Call soon()
{
    return Call::within(5s);
}

QString source(const char *path)
{
    return QString::fromLocal8Bit(qgetenv("BIRCH_SOURCE_DIR") + path);
}

} // namespace

class OpenInUseTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        const auto load = loadBench(source("/resources/examples/demo.bench.yaml"),
                                    {source("/resources/instruments")});
        QVERIFY(load.bench);
        BenchFile bench = *load.bench;
        bench.entries.removeIf([](const BenchEntry &entry) { return entry.nickname != u"smu"; });
        m_simulator = std::make_unique<SimulatorThread>(bench, SimulatorOptions());
        QVERIFY2(m_simulator->failure().isEmpty(), qPrintable(m_simulator->failure()));
        m_entry = bench.entries.first();
        m_theirs = makeInstrument(m_entry, m_simulator->address(u"smu"_s));
        const auto meddling = std::make_shared<Definition>(*m_entry.definition);
        meddling->init = {{"*RST", {}, 0}, {"SOUR:VOLT 1", {}, 0}};
        meddling->shutdown = {{"SOUR:VOLT 2", {}, 0}};
        m_entry.definition = meddling;
        m_ours = makeInstrument(m_entry, m_simulator->address(u"smu"_s));
        QVERIFY(m_theirs->open(soon()));
        QVERIFY(m_theirs->begin(kBias, 5, soon()));
    }

    void freeIsSetUpAndShutDown()
    {
        QVERIFY(m_ours->open(soon()));
        QCOMPARE(bias(), 1.0);
        m_ours->close();
        QCOMPARE(bias(), 2.0);
    }

    void inUseIsLeftAsItIs()
    {
        QVERIFY(m_theirs->lock(soon()));
        QVERIFY(m_ours->open(soon()));
        const auto seen = m_ours->state(kBias, soon());
        QVERIFY(seen);
        QCOMPARE(seen.value().readback, 5.0); // looking is free
        QVERIFY(!m_ours->lock(Call::within(100ms)));
        m_ours->close();
        QCOMPARE(bias(), 5.0);
    }

    void setUpOnceItIsFree()
    {
        QVERIFY(m_theirs->lock(soon()));
        QVERIFY(m_ours->open(soon()));
        QVERIFY(m_theirs->unlock(soon()));
        QVERIFY(m_ours->lock(soon()));
        QVERIFY(m_ours->initialise(soon()));
        QCOMPARE(bias(), 1.0);
        QVERIFY(m_theirs->begin(kBias, 5, soon()));
        QVERIFY(m_ours->initialise(soon()));
        QCOMPARE(bias(), 5.0); // once
    }

    /// The same by the host: with the first request under a lease, and before it.
    void leaseSetsItUp()
    {
        QVERIFY(m_theirs->lock(soon()));
        InstrumentHost host(
            u"smu"_s, m_entry.spec,
            [entry = m_entry, address = m_simulator->address(u"smu"_s)] {
                return makeInstrument(entry, address);
            },
            InstrumentHost::Placement::OwnThread);
        bool isOpen = false;
        host.open(5s, this, [&](const auto &opened) { isOpen = bool(opened); });
        QTRY_VERIFY(isOpen);
        QCOMPARE(stateAt(host), 5.0);
        QVERIFY(m_theirs->unlock(soon()));
        QCOMPARE(stateAt(host), 5.0); // nobody said that it wants to set something
        QVERIFY(host.acquireLease(u"panel"_s));
        QCOMPARE(stateAt(host), 1.0);
        host.releaseLease(u"panel"_s);
    }

private:
    double bias() const
    {
        const auto state = m_theirs->state(kBias, soon());
        return state ? state.value().readback : qQNaN();
    }
    double stateAt(InstrumentHost &host)
    {
        std::optional<double> at;
        host.state(Priority::Panel, kBias, 5s, this,
                   [&](const auto &state) { at = state ? state.value().readback : qQNaN(); });
        return QTest::qWaitFor([&] { return at.has_value(); }, 10'000) ? *at : qQNaN();
    }

    BenchEntry m_entry;
    std::unique_ptr<SimulatorThread> m_simulator;
    std::unique_ptr<Instrument> m_theirs;
    std::unique_ptr<Instrument> m_ours;
};

QTEST_GUILESS_MAIN(OpenInUseTest)
#include "tst_open_in_use.moc"
