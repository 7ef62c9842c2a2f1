#include "core/engine/ramp_line.h"
#include "tests/core/engine/engine_fixture.h"

using namespace birch;
using namespace birch::test;
using namespace std::chrono_literals;

namespace {

constexpr SliceLimits kStepwise{5ms, 1, 4096, 1 << 18};

struct Sent {
    double atSeconds;
    double value;
};

/// \a movement through \a values at \a rate, smu.iv at each.
std::unique_ptr<ScanNode> ramped(const QString &movement, const QStringList &values,
                                 const QString &rate)
{
    QJsonObject fields = axis(movement, listOf(values));
    fields.insert(u"ramp"_s, rate);
    auto sweep = makeNode(u"sweep"_s, {{u"axes"_s, QJsonArray{fields}}});
    sweep->appendChild(measureOf({u"smu.iv"_s}));
    return sweep;
}

/// At the end of the queue nothing moves any more.
void keepValues(EngineFixture &at)
{
    for (MovementSpec &movement : at.specs[u"smu"_s].movements)
        movement.safeValue.reset();
}

/// What \a movement was sent, and when.
class Tape
{
public:
    Tape(EngineFixture &at, QString movement)
        : m_at(at)
        , m_start(u"begin "_s + movement + u' ')
    {
        at.script->answer = [this](const QString &event) {
            if (event.startsWith(m_start))
                sent.push_back({seconds(), event.sliced(m_start.size()).toDouble()});
            return ok();
        };
    }
    double seconds() const { return double(m_at.clock.bootNs()) / 1e9; }

    /// Whether nothing was ever further from \a from, at \a sinceSeconds, than the rate allows, nor
    /// two setpoints further apart than two tenths of a second make.
    bool keeps(double rate, double from, double sinceSeconds) const
    {
        constexpr double kRounding = 1e-9;
        double last = from, then = sinceSeconds;
        for (const Sent &one : sent) {
            const double step = std::abs(one.value - last);
            if (step > rate * (one.atSeconds - then) + kRounding || step > 0.2 * rate + kRounding)
                return false;
            last = one.value;
            then = one.atSeconds;
        }
        return true;
    }

    std::vector<Sent> sent;

private:
    EngineFixture &m_at;
    QString m_start;
};

} // namespace

/// Ramps of the plan: never faster than asked, halted where they are, gone on from there.
class RampTest : public QObject
{
    Q_OBJECT
private slots:
    void line_data()
    {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        QTest::addColumn<QList<int>>("lateMs"); // by how much each call comes too late
        QTest::addColumn<int>("setpoints");
        QTest::newRow("up") << 0.0 << 1.0 << QList<int>{} << 10;
        QTest::newRow("down") << 2.5 << -1.0 << QList<int>{} << 35;
        QTest::newRow("less than a step") << 0.0 << 0.01 << QList<int>{} << 1;
        QTest::newRow("no way") << 1.0 << 1.0 << QList<int>{} << 0;
        QTest::newRow("a little late") << 0.0 << 1.0 << QList<int>{30, 60, 10, 0, 90} << 9;
        QTest::newRow("a link that hung") << 0.0 << 1.0 << QList<int>{0, 5000} << 9;
        QTest::newRow("always late") << 0.0 << 1.0 << QList<int>(50, 1000) << 5;
    }
    void line()
    {
        QFETCH(double, from);
        QFETCH(double, to);
        QFETCH(QList<int>, lateMs);
        QFETCH(int, setpoints);
        qint64 now = 7'000'000'000;
        RampLine line(from, to, 1.0, now, 100ms);
        double last = from;
        qint64 then = now;
        int count = 0;
        while (!line.isAtEnd()) {
            QVERIFY(line.delay() > Nanoseconds::zero() && line.delay() <= 100ms);
            now += line.delay().count() + qint64(lateMs.value(count)) * 1'000'000;
            const double value = line.next(now);
            QVERIFY(std::abs(value - last) <= double(now - then) / 1e9 + 1e-9);
            QVERIFY(std::abs(value - last) <= 0.2 + 1e-9);
            QVERIFY((value - last) * (to - from) > 0);
            last = value;
            then = now;
            QVERIFY(++count < 1000);
        }
        QCOMPARE(last, to);
        QCOMPARE(count, setpoints);
    }

    void neverFasterThanAsked_data()
    {
        QTest::addColumn<QString>("rate");
        QTest::addColumn<double>("perSecond");
        QTest::newRow("10 mV/s") << u"10 mV/s"_s << 0.01;
        QTest::newRow("6 V/min") << u"6 V/min"_s << 0.1;
        QTest::newRow("1 kV/s") << u"1 kV/s"_s << 1000.0;
    }
    void neverFasterThanAsked()
    {
        QFETCH(QString, rate);
        QFETCH(double, perSecond);
        EngineFixture at;
        keepValues(at);
        at.makeBench();
        at.makeWorker();
        const Tape tape(at, u"smu.gate"_s);
        const double start = tape.seconds();
        const auto plan = at.compile(ramped(u"smu.gate"_s, {u"0.3"_s, u"-0.2"_s}, rate));
        QVERIFY(plan);
        at.add(plan);
        at.worker->start();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QVERIFY(tape.keeps(perSecond, 0, start));
        QCOMPARE(tape.sent.back().value, -0.2);
        const double took = tape.sent.back().atSeconds - start;
        QVERIFY2(took >= 0.8 / perSecond && took < 0.8 / perSecond + 0.2,
                 qPrintable(QString::number(took)));
        QVERIFY(double(tape.sent.size()) >= 0.8 / perSecond / 0.1 - 2);
        QCOMPARE(at.stored().rows(), 2);
        const auto &setpoints = at.stored().objects[0][2];
        QCOMPARE(setpoints.doubleAt(0), 0.3); // what was asked, not what it passed
    }

    void abortLeavesItWhereItIs()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        const Tape tape(at, u"stage.x"_s);
        at.add(at.compile(ramped(u"stage.x"_s, {u"10"_s}, u"1 V/s"_s)));
        at.worker->start();
        QVERIFY(at.pump([&] { return tape.sent.size() == 20; }));
        at.worker->abort();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Aborted);
        at.clock.advance(1h);
        at.drain();
        QCOMPARE(tape.sent.size(), size_t(20));
        QVERIFY(std::abs(tape.sent.back().value - 2.0) < 1e-6);
    }

    /// One ramp that fails takes the other with it, where it is.
    void aFailureEndsTheOtherRamps()
    {
        EngineFixture at;
        at.makeBench();
        at.makeWorker();
        auto tree = makeNode(u"set"_s);
        QJsonArray targets;
        for (const QString &movement : {u"stage.x"_s, u"smu.gate"_s})
            targets.append(QJsonObject{
                {u"movement"_s, movement}, {u"value"_s, u"10 V"_s}, {u"ramp"_s, u"1 V/s"_s}});
        tree->fields.insert(u"targets"_s, targets);
        auto root = makeNode(u"sequence"_s);
        root->appendChild(std::move(tree));
        root->appendChild(measureOf({u"smu.iv"_s}));
        at.script->answer = [count = 0](const QString &event) mutable -> Status {
            if (event.startsWith(u"begin smu.gate"_s) && ++count == 5)
                return Error{ErrorCode::Protocol, u"garbled"_s};
            return ok();
        };
        at.add(at.compile(std::move(root)));
        at.worker->start();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Failed);
        QVERIFY(at.events(u"begin stage.x"_s).size() <= 5);
        QCOMPARE(at.stored().rows(), 0);
    }

    void pausesHaltItAndResumeGoesOn_data()
    {
        QTest::addColumn<bool>("hasStop");
        QTest::newRow("with a stop") << true;
        QTest::newRow("without a stop") << false;
    }
    void pausesHaltItAndResumeGoesOn()
    {
        QFETCH(bool, hasStop);
        EngineFixture at;
        keepValues(at);
        at.specs[u"smu"_s].movements[0].hasStop = hasStop;
        at.makeBench();
        at.makeWorker();
        const Tape tape(at, u"smu.bias"_s);
        const double start = tape.seconds();
        at.add(at.compile(ramped(u"smu.bias"_s, {u"2"_s, u"3"_s}, u"0.5 V/s"_s)));
        at.worker->start();
        QVERIFY(at.pump([&] { return tape.sent.size() == 8; }));
        at.worker->pause(PauseKind::Now);
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        QVERIFY2(at.items.first().pauseNote.contains(u"goes on from where it was halted"_s),
                 qPrintable(at.items.first().pauseNote));
        at.drain();
        at.clock.advance(1h);
        at.drain();
        QCOMPARE(tape.sent.size(), size_t(8));
        QCOMPARE(at.events(u"stop smu.bias"_s).size(), hasStop ? 1 : 0);
        const double resumed = tape.seconds();
        at.worker->resume();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QCOMPARE(tape.sent.back().value, 3.0);
        QVERIFY(tape.keeps(0.5, 0, start));
        // Not made up for: what was missing takes its time from here on.
        QVERIFY(tape.sent.back().atSeconds - resumed >= (3 - tape.sent[7].value) / 0.5 - 1e-9);
        QCOMPARE(at.stored().rows(), 2);
    }

    /// From a room's temperature below what the setpoint may be.
    void nothingIsSentOutsideTheLimits()
    {
        EngineFixture at;
        at.specs[u"stage"_s].movements[0].limits = {4, 10};
        at.makeBench();
        at.makeWorker();
        const Tape tape(at, u"stage.x"_s);
        const double start = tape.seconds();
        at.add(at.compile(ramped(u"stage.x"_s, {u"8"_s}, u"1 V/s"_s)));
        at.worker->start();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QVERIFY(tape.sent.front().value >= 4 && tape.sent.front().value < 4.2);
        QVERIFY(tape.sent.front().atSeconds - start >= 4 - 1e-9);
        QCOMPARE(tape.sent.back().value, 8.0);
    }

    void theInstrumentsOwnRampIsUsed()
    {
        EngineFixture at;
        at.specs[u"stage"_s].movements[0].hasRamp = true;
        at.specs[u"stage"_s].movements[0].hasStop = true;
        at.makeBench();
        at.makeWorker();
        auto root = makeNode(u"sequence"_s);
        root->appendChild(ramped(u"stage.x"_s, {u"8"_s}, u"30 V/min"_s));
        root->appendChild(setOf(u"stage.x"_s, u"9"_s));
        at.add(at.compile(std::move(root)));
        at.worker->start();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        const QStringList asked = at.script->events.filter(u"stage.x"_s);
        QCOMPARE(asked,
                 (QStringList{u"rate stage.x 0.5"_s, u"begin stage.x 8"_s, u"begin stage.x 9"_s}));
    }

    /// An own ramp has the time that its way takes, on top of the settling.
    void anOwnRampHasTheTimeOfItsWay()
    {
        EngineFixture at;
        MovementSpec &movement = at.specs[u"stage"_s].movements[0];
        movement.hasRamp = movement.hasStop = true;
        movement.settle.timeout = 1s;
        at.script->pollsToArrive = 750; // of 20 ms: 15 s
        at.makeBench();
        at.makeWorker();
        at.add(at.compile(ramped(u"stage.x"_s, {u"8"_s}, u"0.5 V/s"_s)));
        at.worker->start();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
    }

    void goesBackToItsStartAtTheSlowestRate()
    {
        EngineFixture at;
        at.specs[u"stage"_s].movements[0].after = AfterScan::Start;
        at.makeBench();
        at.makeWorker();
        const Tape tape(at, u"stage.x"_s);
        const double start = tape.seconds();
        auto root = makeNode(u"sequence"_s);
        root->appendChild(ramped(u"stage.x"_s, {u"1"_s}, u"2 V/s"_s));
        root->appendChild(ramped(u"stage.x"_s, {u"1.2"_s}, u"0.5 V/s"_s));
        at.add(at.compile(std::move(root)));
        at.worker->start();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(tape.sent.back().value, 0.0);
        QVERIFY(tape.keeps(2, 0, start));
        QVERIFY(tape.sent.back().atSeconds - start >= 0.5 + 0.4 + 2.4 - 1e-9);
    }

    void quietOutputsComeBackAtTheirRate()
    {
        EngineFixture at;
        keepValues(at);
        at.specs[u"smu"_s].movements[0].pauseValue = 0;
        at.makeBench();
        at.makeWorker(kStepwise);
        Tape tape(at, u"smu.bias"_s);
        at.add(at.compile(ramped(u"smu.bias"_s, {u"1"_s, u"2"_s}, u"0.5 V/s"_s)));
        at.worker->start();
        QVERIFY(at.pump([&] { return !at.archive.scans.empty() && at.stored().rows() == 1; }));
        at.worker->pause(PauseKind::AfterPoint);
        QVERIFY(at.pump([&] { return at.state == QueueState::Paused; }));
        QCOMPARE(tape.sent.back().value, 0.0);
        tape.sent.clear();
        const double resumed = tape.seconds();
        at.worker->resume();
        QVERIFY(at.pumpToIdle());
        QCOMPARE(at.stored().states.last(), ScanState::Completed);
        QVERIFY(tape.keeps(0.5, 0, resumed));
        QVERIFY(tape.sent.back().atSeconds - resumed >= 4 - 1e-9);
    }

    /// Killed on the way; the instrument has lost its setpoint meanwhile.
    void continuationBringsItBackAtItsRate()
    {
        const auto tree = ramped(u"smu.bias"_s, {u"2"_s, u"3"_s}, u"0.5 V/s"_s);
        EngineFixture killed;
        killed.makeBench();
        killed.makeWorker(kStepwise);
        const Tape before(killed, u"smu.bias"_s);
        const auto plan = killed.compile(tree->clone());
        killed.add(plan);
        killed.worker->start();
        QVERIFY(
            killed.pump([&] { return !before.sent.empty() && before.sent.back().value > 2.4; }));
        killed.worker.reset();
        const auto stored = killed.archive.scans.front();
        stored->states.append(ScanState::Interrupted);

        EngineFixture next;
        keepValues(next);
        next.archive.scans = killed.archive.scans;
        next.archive.byUid = killed.archive.byUid;
        next.makeBench();
        next.makeWorker();
        const Tape after(next, u"smu.bias"_s);
        const double start = after.seconds();
        next.worker->add(next.item(plan), Continuation{stored->scan.uid, {}, {}, 0});
        next.worker->start();
        QVERIFY(next.pump([&] { return stored->endings > 0; }));
        QCOMPARE(stored->states.last(), ScanState::Completed);
        QCOMPARE(stored->rows(), 2);
        QVERIFY(after.keeps(0.5, 0, start));
        QCOMPARE(after.sent.back().value, 3.0);
    }
};

QTEST_GUILESS_MAIN(RampTest)
#include "tst_ramps.moc"
