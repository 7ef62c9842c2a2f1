// Every shipped definition against its own simulator, over a real socket: what it can read is read,
// what it can set is set and read back, what moves arrives. A new file is covered by being there.
#include "drivers/definition/bench_file.h"
#include "tests/drivers/simulator/simulator_thread.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTest>

#include <cmath>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
constexpr double kTimeFactor = 10'000; // a field that ramps for an hour arrives in half a second

Call soon()
{
    return Call::within(5s);
}

QString definitionFolder()
{
    return QString::fromLocal8Bit(qgetenv("BIRCH_SOURCE_DIR") + "/resources/instruments");
}

BenchFile benchOf(const QString &id)
{
    const QByteArray text =
        "name: One\nsimulate: true\ninstruments:\n  one: {definition: " + id.toLatin1() +
        ", address: 'TCPIP::127.0.0.1::1::SOCKET'}\n";
    const auto load = loadBenchText(text, u"one.bench.yaml"_s, {definitionFolder()});
    for (const Problem &p : load.problems)
        qCritical("%s:%d %s: %s", qPrintable(p.file), p.line, qPrintable(p.field),
                  qPrintable(p.message));
    return load.bench.value_or(BenchFile());
}

QString complaint(const Status &status)
{
    return status ? QString() : status.error().message;
}

/// A place within the limits, on the movement's own grid and not where it is.
double placeWithin(const Limits &limits, double part)
{
    const double place = limits.low + part * (limits.high - limits.low);
    return limits.high - limits.low >= 2 ? std::round(place) : place;
}

Status arriveAt(Instrument &instrument, int index, double target)
{
    const MovementSpec &spec = instrument.spec().movements[index];
    if (Status begun = instrument.begin(index, target, soon()); !begun)
        return begun;
    const double slack =
        std::max(spec.settle.tolerance, 1e-6 * (spec.limits.high - spec.limits.low));
    QElapsedTimer timer;
    timer.start();
    for (;;) {
        const auto state = instrument.state(index, soon());
        if (!state)
            return state.error();
        if (!state.value().isMoving && std::abs(state.value().readback - target) <= slack)
            return ok();
        if (timer.elapsed() > 5000)
            return Error{ErrorCode::Timeout, u"%1 is at %2 instead of %3"_s.arg(spec.name)
                                                 .arg(state.value().readback)
                                                 .arg(target)};
    }
}

/// Narrowed by the setting that they depend on, as it stands.
Limits limitsNow(Instrument &instrument, const Definition &definition, int index)
{
    const DependentLimits &by = definition.movements[index].limitsBy;
    if (by.parameter.isEmpty())
        return instrument.spec().movements[index].limits;
    const auto setting = instrument.parameter(by.parameter, soon());
    for (const auto &[value, limits] : by.rows) {
        if (setting && setting.value().toString() == value)
            return limits;
    }
    return instrument.spec().movements[index].limits;
}

Status move(Instrument &instrument, const Definition &definition, int index)
{
    const MovementSpec &spec = instrument.spec().movements[index];
    const Limits limits = limitsNow(instrument, definition, index);
    for (const double part : {0.25, 0.5}) {
        if (Status done = arriveAt(instrument, index, placeWithin(limits, part)); !done)
            return done;
    }
    if (spec.hasRamp) {
        if (Status done = instrument.ramp(index, placeWithin(limits, 0.25), *spec.rampRate, soon());
            !done)
            return done;
    }
    if (spec.hasStop) {
        if (Status done = instrument.stop(index, soon()); !done)
            return done;
    }
    for (const auto value : {spec.safeValue, spec.pauseValue}) {
        if (Status done = value ? arriveAt(instrument, index, *value) : ok(); !done)
            return done;
    }
    return ok();
}

Status writeBack(Instrument &instrument, const ParameterSpec &spec)
{
    const auto value = instrument.parameter(spec.key, soon());
    if (!value || spec.isReadOnly)
        return value ? ok() : Status(value.error());
    if (Status set = instrument.setParameter(spec.key, value.value(), soon()); !set)
        return set;
    const auto again = instrument.parameter(spec.key, soon());
    if (!again)
        return again.error();
    return again.value() == value.value()
               ? ok()
               : Status(Error{ErrorCode::Protocol,
                              u"%1 reads %2 after %3"_s.arg(spec.key, again.value().toString(),
                                                            value.value().toString())});
}

Status readOnce(Instrument &instrument, int index)
{
    std::vector<ColumnValues> columns;
    for (const ColumnSpec &c : instrument.spec().measurements[index].columns)
        columns.emplace_back(c.type, c.valuesPerRow());
    std::vector<ColumnValues *> pointers;
    for (ColumnValues &c : columns)
        pointers.push_back(&c);
    return instrument.read(index, pointers, soon());
}
} // namespace

class ShippedSimulatedTest : public QObject
{
    Q_OBJECT
private slots:
    void everything_data()
    {
        QTest::addColumn<QString>("id");
        for (const QString &file :
             QDir(definitionFolder()).entryList({u"*.instrument.yaml"_s}, QDir::Files)) {
            const QString id = file.section(u'.', 0, 0);
            if (id != u"example")
                QTest::newRow(qPrintable(id)) << id;
        }
    }

    void everything()
    {
        QFETCH(QString, id);
        const BenchFile bench = benchOf(id);
        QCOMPARE(bench.entries.size(), 1);
        SimulatorOptions options;
        options.timeFactor = kTimeFactor;
        const SimulatorThread simulator(bench, options);
        QVERIFY2(simulator.failure().isEmpty(), qPrintable(simulator.failure()));
        const auto instrument = makeInstrument(bench.entries.first(), simulator.address(u"one"_s));
        const Status opened = instrument->open(soon());
        QVERIFY2(opened, qPrintable(complaint(opened)));
        const InstrumentSpec spec = instrument->spec();
        for (const ParameterSpec &parameter : spec.parameters) {
            const Status done = writeBack(*instrument, parameter);
            QVERIFY2(done, qPrintable(parameter.key + u": "_s + complaint(done)));
        }
        for (int i = 0; i < spec.movements.size(); ++i) {
            const Status done = move(*instrument, *bench.entries.first().definition, i);
            QVERIFY2(done, qPrintable(complaint(done)));
        }
        for (int i = 0; i < spec.measurements.size(); ++i) {
            const Status done = readOnce(*instrument, i);
            QVERIFY2(done, qPrintable(complaint(done)));
        }
        instrument->close();
    }
};

QTEST_GUILESS_MAIN(ShippedSimulatedTest)
#include "tst_shipped_simulated.moc"
