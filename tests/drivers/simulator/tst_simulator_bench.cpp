// Definition -> simulator -> driver, over real loopback sockets and a real pseudo-terminal.
#include "core/engine/move_group.h"
#include "drivers/definition/bench_file.h"
#include "tests/drivers/simulator/simulator_thread.h"

#include <QElapsedTimer>
#include <QTcpSocket>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
const QStringList kMessageAddresses{u"TCPIP0::10.0.0.1::inst0::INSTR"_s,
                                    u"TCPIP0::10.0.0.1::hislip0::INSTR"_s};

Call soon()
{
    return Call::within(5s);
}

QString source(const char *path)
{
    return QString::fromLocal8Bit(qgetenv("BIRCH_SOURCE_DIR") + path);
}

BenchFile demoBench()
{
    const auto load = loadBench(source("/resources/examples/demo.bench.yaml"),
                                {source("/resources/instruments")});
    for (const Problem &p : load.problems)
        qCritical("%d %s: %s", p.line, qPrintable(p.field), qPrintable(p.message));
    return load.bench.value_or(BenchFile());
}

/// Polls state() until the movement rests; every poll is a real exchange.
Result<double> arrive(Instrument &instrument, int movement)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 10'000) {
        const auto state = instrument.state(movement, soon());
        if (!state)
            return state.error();
        if (!state.value().isMoving)
            return state.value().readback;
    }
    return Error{ErrorCode::Timeout, u"it never arrived"_s};
}

Result<std::vector<ColumnValues>> readRow(Instrument &instrument, int measurement)
{
    std::vector<ColumnValues> columns;
    for (const ColumnSpec &c : instrument.spec().measurements[measurement].columns)
        columns.emplace_back(c.type, c.valuesPerRow());
    std::vector<ColumnValues *> pointers;
    for (ColumnValues &c : columns)
        pointers.push_back(&c);
    if (Status done = instrument.read(measurement, pointers, soon()); !done)
        return done.error();
    return columns;
}
} // namespace

class SimulatorBenchTest : public QObject
{
    Q_OBJECT

    BenchFile m_bench;
    std::unique_ptr<SimulatorThread> m_simulator;
    std::map<QString, std::unique_ptr<Instrument>> m_instruments;

    void start(SimulatorOptions options = {}, const QString &smuAddress = {})
    {
        m_instruments.clear();
        BenchFile bench = m_bench;
        for (BenchEntry &entry : bench.entries) {
            if (entry.nickname == u"smu" && !smuAddress.isEmpty())
                entry.address = smuAddress;
        }
        m_simulator = std::make_unique<SimulatorThread>(bench, options);
        QCOMPARE(m_simulator->failure(), QString());
    }
    Instrument &instrument(const QString &nickname)
    {
        auto &made = m_instruments[nickname];
        if (!made) {
            made = makeInstrument(*m_bench.find(nickname), m_simulator->address(nickname));
            if (Status opened = made->open(soon()); !opened)
                qCritical("%s", qPrintable(opened.error().message));
        }
        return *made;
    }
    double set(const QString &nickname, int movement, double target)
    {
        Instrument &moved = instrument(nickname);
        if (Status begun = moved.begin(movement, target, soon()); !begun)
            qCritical("%s", qPrintable(begun.error().message));
        const auto arrived = arrive(moved, movement);
        return arrived ? arrived.value() : qQNaN();
    }

    static void addSmuAddresses()
    {
        QTest::addColumn<QString>("address");
        QTest::newRow("socket") << QString();
        for (const QString &address : kMessageAddresses)
            QTest::newRow(qPrintable(address)) << address;
    }

private slots:
    void initTestCase()
    {
        m_bench = demoBench();
        QCOMPARE(m_bench.entries.size(), 4);
    }
    void init() { start(); }
    void cleanup()
    {
        m_instruments.clear();
        m_simulator.reset();
    }

    void addressesAreOfTheRightKind()
    {
        QVERIFY(m_simulator->address(u"smu"_s).startsWith(u"TCPIP0::127.0.0.1::"));
        QVERIFY(m_simulator->address(u"heater"_s).startsWith(u"ASRL/dev/pts/"));
    }

    /// The scan engine's ramp on a real link: halted half-way it stays there, and goes on.
    void rampsInSmallSteps()
    {
        const BenchEntry &entry = *m_bench.find(u"smu"_s);
        const QString address = m_simulator->address(u"smu"_s);
        InstrumentHost host(
            u"smu"_s, entry.spec, [&entry, address] { return makeInstrument(entry, address); },
            InstrumentHost::Placement::OwnThread);
        std::optional<Status> opened;
        host.open(5s, this, [&](const Status &status) { opened = status; });
        QTRY_VERIFY(opened && *opened);

        std::vector<MovementHandle> handles{MovementHandle::of(host, 0, entry.spec.movements[0])};
        SystemClock clock;
        MoveGroup group(handles, clock);
        const auto position = [&] {
            std::optional<double> readback;
            host.state(Priority::Panel, 0, 5s, this, [&](const Result<MovementState> &state) {
                readback = state ? state.value().readback : qQNaN();
            });
            return QTest::qWaitFor([&] { return readback.has_value(); }) ? *readback : qQNaN();
        };
        const double from = position();
        const MoveTarget target{0, from + 1, nullptr, 1.0};
        std::optional<Status> ended;
        QElapsedTimer timer;
        timer.start();
        group.move({&target, 1}, {}, true, [&](const Status &status) { ended = status; });
        double reached = from;
        while (reached < from + 0.3 && timer.elapsed() < 10'000) {
            reached = position();
            QVERIFY(reached - from <= double(timer.nsecsElapsed()) / 1e9);
        }
        QVERIFY(reached > from && group.canHalt() && !ended);
        std::optional<Status> halted;
        group.halt([&](const Status &status) { halted = status; });
        QTRY_VERIFY(halted && *halted);
        reached = position();
        QVERIFY(reached < from + 1);
        QTest::qWait(250); // two intervals: nothing is to come
        QCOMPARE(position(), reached);
        QVERIFY(!ended);

        timer.restart();
        group.move({&target, 1}, {}, true, [&](const Status &status) { ended = status; });
        QTRY_VERIFY(ended && *ended);
        QCOMPARE(handles[0].readback, from + 1);
        QVERIFY(double(timer.nsecsElapsed()) / 1e9 >= from + 1 - reached);
    }

    void identities()
    {
        for (const BenchEntry &entry : m_bench.entries) {
            QVERIFY2(instrument(entry.nickname).isOpen(), qPrintable(entry.nickname));
            QVERIFY(!instrument(entry.nickname).identity().isEmpty());
        }
    }

    void settledValuesAreExact_data()
    {
        QTest::addColumn<QString>("nickname");
        QTest::addColumn<int>("movement");
        QTest::addColumn<double>("target");
        QTest::newRow("bias") << u"smu"_s << 0 << -3.3;
        QTest::newRow("bias, many digits") << u"smu"_s << 0 << 0.1 + 0.2;
        QTest::newRow("x") << u"stage"_s << 0 << 51.3;
        QTest::newRow("y, limit") << u"stage"_s << 1 << 100.0;
        QTest::newRow("temperature up") << u"heater"_s << 0 << 301.7;
        QTest::newRow("temperature down") << u"heater"_s << 0 << 289.1;
        QTest::newRow("where it is") << u"heater"_s << 0 << 295.0;
    }
    void settledValuesAreExact()
    {
        QFETCH(QString, nickname);
        QFETCH(int, movement);
        QFETCH(double, target);
        QCOMPARE(set(nickname, movement, target), target);
    }

    void finiteSpeedAndStop()
    {
        Instrument &stage = instrument(u"stage"_s);
        QVERIFY(stage.begin(0, 100, soon())); // from 50 at 200 mm/s: 250 ms
        const auto moving = stage.state(0, soon());
        QVERIFY(moving && moving.value().isMoving);
        QVERIFY(moving.value().readback < 100);
        QVERIFY(stage.stop(0, soon()));
        const auto stopped = arrive(stage, 0);
        QVERIFY(stopped && stopped.value() < 100);
        QCOMPARE(arrive(stage, 0).value(), stopped.value());
    }

    void diode()
    {
        Instrument &smu = instrument(u"smu"_s);
        set(u"smu"_s, 0, 0.8);
        const auto warm = readRow(smu, 0);
        QVERIFY(warm);
        QCOMPARE(warm.value()[0].doubleAt(0), 0.8);
        set(u"heater"_s, 0, 200);
        const auto cold = readRow(smu, 0);
        QVERIFY(cold.value()[1].doubleAt(0) < warm.value()[1].doubleAt(0));
        set(u"smu"_s, 0, -5);
        QVERIFY(readRow(smu, 0).value()[1].doubleAt(0) < 0);
        QVERIFY(smu.setParameter(u"compliance"_s, 1e-3, soon()));
        set(u"smu"_s, 0, 10);
        const auto limited = readRow(smu, 0);
        QVERIFY(limited.value()[0].doubleAt(0) < 9);
        QVERIFY(std::abs(limited.value()[1].doubleAt(0) - 1e-3) < 1e-5);
        QVERIFY(smu.setParameter(u"output"_s, false, soon()));
        QVERIFY(std::abs(readRow(smu, 0).value()[1].doubleAt(0)) < 1e-6);
    }

    void spectrum()
    {
        Instrument &spectrometer = instrument(u"spectrometer"_s);
        const ColumnSpec &column = spectrometer.spec().measurements[0].columns[0];
        QCOMPARE(column.axes[0].values.size(), 1024);
        const auto peak = [&] {
            const auto row = readRow(spectrometer, 0).value();
            qint64 best = 300; // around 600 nm, the line that moves with x
            for (qint64 i = 300; i < 700; ++i)
                best = row[0].doubleAt(i) > row[0].doubleAt(best) ? i : best;
            return column.axes[0].values[best];
        };
        set(u"stage"_s, 0, 50);
        QVERIFY(std::abs(peak() - 600) < 2);
        set(u"stage"_s, 0, 90);
        QVERIFY(std::abs(peak() - 612) < 2);
    }

    void monitor()
    {
        set(u"heater"_s, 0, 310);
        const auto row = readRow(instrument(u"heater"_s), 0);
        QVERIFY(row);
        QCOMPARE(row.value()[0].doubleAt(0), 310.0);
        QVERIFY(row.value()[1].doubleAt(0) > 20);
    }

    void everyParameterIsReadAndWritten()
    {
        for (const BenchEntry &entry : m_bench.entries) {
            for (const ParameterSpec &spec : entry.spec.parameters) {
                const auto value = instrument(entry.nickname).parameter(spec.key, soon());
                QVERIFY2(value, qPrintable(spec.key));
                QVERIFY(instrument(entry.nickname).setParameter(spec.key, value.value(), soon()));
                QCOMPARE(instrument(entry.nickname).parameter(spec.key, soon()).value(),
                         value.value());
            }
        }
    }

    void noiseFollowsFromSetpointsAndOrdinal()
    {
        const auto run = [this](double detour) {
            Instrument &smu = instrument(u"smu"_s);
            set(u"smu"_s, 0, detour);
            (void)readRow(smu, 0);
            set(u"smu"_s, 0, 1);
            std::vector<std::vector<ColumnValues>> rows;
            for (int i = 0; i < 3; ++i)
                rows.push_back(readRow(smu, 0).value());
            return rows;
        };
        const auto first = run(0.5);
        const auto again = run(-2.5); // what was done before does not matter
        QVERIFY(first == again);
        QVERIFY(first[0] != first[1]);                     // but it is noise
        QVERIFY(instrument(u"smu"_s).begin(0, 1, soon())); // the same again counts anew
        QVERIFY(readRow(instrument(u"smu"_s), 0).value() == first[0]);
        set(u"stage"_s, 0, 20); // another setpoint of the bench
        QVERIFY(readRow(instrument(u"smu"_s), 0).value() != first[0]);

        start(); // another process, as it were
        QVERIFY(run(3) == first);
        SimulatorOptions other;
        other.seed = 2;
        start(other);
        QVERIFY(run(3) != first);
    }

    void faults_data()
    {
        QTest::addColumn<QString>("nickname");
        QTest::addColumn<QString>("script");
        QTest::addColumn<int>("code"); // of the state() that meets it; -1: it succeeds
        QTest::addColumn<QString>("address");
        const auto number = [](ErrorCode code) { return int(code); };
        const auto rows = [&](const QString &nickname, const QString &address) {
            const auto row = [&](const char *name, const QString &script, int code) {
                const QString title = nickname + u' ' + QLatin1String(name) + u' ' + address;
                QTest::newRow(qPrintable(title)) << nickname << script << code << address;
            };
            row("split", u"split=1ms"_s, -1);
            row("short delay", u"delay=50ms@1"_s, -1);
            row("hang", u"hang@1"_s, number(ErrorCode::Timeout));
            row("late", u"late=600ms@1"_s, number(ErrorCode::Timeout));
            row("garble", u"garble@1-2"_s, number(ErrorCode::Protocol));
            if (nickname == u"smu") {
                row("cut", u"cut@1"_s, number(ErrorCode::NotConnected));
                row("reset", u"reset@1"_s, number(ErrorCode::NotConnected));
            }
        };
        rows(u"smu"_s, {});
        rows(u"heater"_s, {});
        for (const QString &address : kMessageAddresses)
            rows(u"smu"_s, address);
    }
    void faults()
    {
        QFETCH(QString, nickname);
        QFETCH(QString, script);
        QFETCH(int, code);
        QFETCH(QString, address);
        start({}, address);
        Instrument &device = instrument(nickname);
        const auto good = device.state(0, soon());
        QVERIFY(good);
        m_simulator->setFaults(nickname, script);
        const auto state = device.state(0, Call::within(300ms));
        if (code < 0) {
            QVERIFY(state);
            QCOMPARE(state.value().readback, good.value().readback);
            return;
        }
        // heater: a garbled answer to "still moving?" is not "1", so that the readback must tell
        QVERIFY(!state);
        QCOMPARE(int(state.error().code), code);
        m_simulator->setFaults(nickname, {});
        if (state.error().code == ErrorCode::NotConnected)
            QVERIFY(device.open(soon()));
        for (int i = 0; i < 3; ++i) { // a late answer is never taken for the next one
            const auto after = device.state(0, soon());
            QVERIFY2(after, qPrintable(after ? QString() : after.error().message));
            QCOMPARE(after.value().readback, good.value().readback);
        }
    }

    void switchedOffInstrumentGetsItsSettingsBack_data() { addSmuAddresses(); }
    void switchedOffInstrumentGetsItsSettingsBack()
    {
        QFETCH(QString, address);
        start({}, address);
        Instrument &smu = instrument(u"smu"_s);
        QVERIFY(smu.setParameter(u"compliance"_s, 0.02, soon()));
        QVERIFY(smu.parameter(u"nplc"_s, soon()));
        m_simulator->setFaults(u"smu"_s, u"power@1"_s);
        const auto lost = smu.state(0, soon());
        QCOMPARE(lost ? ErrorCode::Internal : lost.error().code, ErrorCode::NotConnected);
        const auto restored = smu.reopen(Instrument::Check::Settings, soon());
        QVERIFY2(restored, restored ? "" : qPrintable(restored.error().message));
        QVERIFY(!restored.value().isEmpty());
        QCOMPARE(smu.parameter(u"compliance"_s, soon()).value().toDouble(), 0.02);
        QCOMPARE(smu.doubt(), Instrument::Doubt::None);

        m_simulator->setFaults(u"smu"_s, u"reset@1"_s); // only the connection
        QVERIFY(!smu.state(0, soon()));
        const auto kept = smu.reopen(Instrument::Check::Settings, soon());
        QVERIFY(kept && kept.value().isEmpty());
    }

    void settingsStayInDoubtAfterABriefLook()
    {
        Instrument &smu = instrument(u"smu"_s);
        QVERIFY(smu.setParameter(u"compliance"_s, 0.02, soon()));
        m_simulator->setFaults(u"smu"_s, u"power@1"_s);
        QVERIFY(!smu.state(0, soon()));
        QVERIFY(smu.reopen(Instrument::Check::Identity, soon()));
        QCOMPARE(smu.doubt(), Instrument::Doubt::Settings);
        QVERIFY(smu.begin(0, 0, soon())); // to safety
        QVERIFY(smu.reopen(Instrument::Check::Settings, soon()));
        QCOMPARE(smu.parameter(u"compliance"_s, soon()).value().toDouble(), 0.02);
        QCOMPARE(smu.doubt(), Instrument::Doubt::None);
    }

    void strangerIsSentNothing_data() { addSmuAddresses(); }
    void strangerIsSentNothing()
    {
        QFETCH(QString, address);
        start({}, address);
        Instrument &smu = instrument(u"smu"_s);
        m_simulator->setFaults(u"smu"_s, u"stranger@1"_s);
        QVERIFY(!smu.state(0, soon()));
        const auto again = smu.reopen(Instrument::Check::Settings, soon());
        QCOMPARE(again ? ErrorCode::Internal : again.error().code, ErrorCode::Protocol);
        QVERIFY2(again.error().message.contains(u"STRANGER"_s), qPrintable(again.error().message));
        QVERIFY(!smu.isOpen());
        QVERIFY(smu.reopen(Instrument::Check::Settings, soon())); // the right one is back
    }

    void vanishedPortIsOneErrorAndStaysOne()
    {
        Instrument &heater = instrument(u"heater"_s);
        m_simulator->setFaults(u"heater"_s, u"cut"_s);
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 3; ++i) {
            const auto state = heater.state(0, soon());
            QVERIFY(!state);
            QCOMPARE(state.error().code, ErrorCode::NotConnected);
        }
        QVERIFY(timer.elapsed() < 4000);
        QVERIFY(!heater.isOpen());
        QVERIFY(!heater.open(Call::within(300ms)));
    }

    void stopReachesAHungInstrument_data()
    {
        QTest::addColumn<QString>("nickname");
        QTest::addColumn<QString>("address");
        QTest::newRow("socket") << u"stage"_s << QString();
        QTest::newRow("serial") << u"heater"_s << QString();
        for (const QString &address : kMessageAddresses)
            QTest::newRow(qPrintable(address)) << u"smu"_s << address;
    }
    void stopReachesAHungInstrument()
    {
        QFETCH(QString, nickname);
        QFETCH(QString, address);
        start({}, address);
        Instrument &device = instrument(nickname);
        m_simulator->setFaults(nickname, u"hang@1"_s); // the first answer after the set
        std::stop_source source;
        QElapsedTimer sinceStop;
        const auto stopper = std::unique_ptr<QThread>(QThread::create([&] {
            QThread::msleep(50); // while begin() waits for what never comes
            sinceStop.start();
            source.request_stop();
        }));
        stopper->start();
        const double target = nickname == u"smu" ? 1 : 100;
        const Status begun = device.begin(0, target, Call::within(5s, source.get_token()));
        const qint64 elapsed = sinceStop.elapsed();
        stopper->wait();
        QVERIFY(!begun);
        QCOMPARE(begun.error().code, ErrorCode::Cancelled);
        QVERIFY2(elapsed < 150, qPrintable(QString::number(elapsed))); // 100 ms and a busy machine
        if (nickname == u"stage") { // anew connected, and halted on its way
            const auto halted = arrive(device, 0);
            QVERIFY(halted && halted.value() < 100);
        }
    }

    void controlChannel()
    {
        SimulatorOptions options;
        options.hasControl = true;
        start(options);
        const QStringList parts = m_simulator->control().split(u"::"_s);
        QTcpSocket control;
        control.connectToHost(parts[1], parts[2].toUShort());
        QVERIFY(control.waitForConnected(5000));
        const auto ask = [&](const QByteArray &line) {
            control.write(line + '\n');
            while (!control.canReadLine() && control.waitForReadyRead(5000)) {
            }
            return control.readLine().trimmed();
        };
        QCOMPARE(ask("faults smu hang"), "ok");
        QVERIFY(ask("faults nobody hang").startsWith("error: "));
        QVERIFY(ask("faults smu explode").startsWith("error: "));
        QVERIFY(ask("hello").startsWith("error: "));
        auto made = makeInstrument(*m_bench.find(u"smu"_s), m_simulator->address(u"smu"_s));
        QCOMPARE(made->open(Call::within(300ms)).error().code, ErrorCode::Timeout);
        QCOMPARE(ask("faults smu"), "ok");
        QVERIFY(made->open(soon()));
    }

    void timeFactor()
    {
        SimulatorOptions options;
        options.timeFactor = 1e5;
        start(options);
        QVERIFY(instrument(u"heater"_s).begin(0, 4, soon())); // 2.9 s of physics, 29 µs here
        const auto state = instrument(u"heater"_s).state(0, soon());
        QVERIFY(state && !state.value().isMoving);
        QCOMPARE(state.value().readback, 4.0);
    }
};

QTEST_GUILESS_MAIN(SimulatorBenchTest)
#include "tst_simulator_bench.moc"
