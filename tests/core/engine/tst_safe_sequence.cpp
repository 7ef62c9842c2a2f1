#include "core/engine/safe_sequence.h"
#include "core/instrument/bench.h"
#include "tests/core/instrument/scripted_instrument.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
const Error kGone{ErrorCode::NotConnected, u"the peer closed"_s};

/// One movement with a safe value.
MovementSpec movement(const QString &name, double safeValue, int order)
{
    MovementSpec spec = scriptedSpec().movements.front();
    spec.name = name;
    spec.safeValue = safeValue;
    spec.safeOrder = order;
    return spec;
}

SafeOutcome outcomeOf(const SafeReport &report, const QString &name)
{
    for (const SafeTarget &entry : report.targets) {
        if (entry.name == name)
            return entry.outcome;
    }
    return SafeOutcome::Waiting;
}
} // namespace

class SafeSequenceTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();

    void drivesByOrderAndProvesIt();
    void settingsAreDrivenAndProven();
    void refusedSettingIsTriedAgain_data();
    void refusedSettingIsTriedAgain();
    void oneOrderGoesTogether();
    void nothingToDriveFinishes();
    void cancelsWhatRunsFirst();
    void hangingOneHoldsUpNobody_data();
    void hangingOneHoldsUpNobody();
    void slowOneIsWaitedFor();
    void failingOneIsTriedAgainUntilDone();
    void lostOneIsOpenedAgain();
    void openedOneIsHaltedFirst();
    void notSettlingIsPending();
    void hopelessOneIsNotTriedAgain();
    void dismissedOneIsLeftAlone();
    void dismissalDuringTheRunLetsItEnd();
    void secondStartChangesNothing();
    void secondStartAddsInstruments();
    void startAfterwardsIsANewRun();
    void unknownInstrumentIsNamed();

private:
    void add(const QString &nickname, const QList<MovementSpec> &movements);
    void addSafeSetting(const QString &nickname, const QVariant &value, int order);
    void openAll();
    void run(const QStringList &nicknames = {});
    InstrumentScript &script(const QString &nickname) { return *m_scripts.at(nickname); }
    QStringList logged(const QString &level) const;

    SystemClock m_clock;
    std::map<QString, std::shared_ptr<InstrumentScript>> m_scripts;
    std::unique_ptr<Bench> m_bench;
    std::unique_ptr<SafeSequence> m_sequence;
    QList<ScanLogEntry> m_log;
    QList<SafeReport> m_finished;
};

void SafeSequenceTest::init()
{
    m_log.clear();
    m_finished.clear();
    m_scripts.clear();
    m_bench = std::make_unique<Bench>();
    const SafeOptions options{.answerTimeout = 150ms, .firstRetry = 10ms, .lastRetry = 40ms};
    m_sequence = std::make_unique<SafeSequence>(*m_bench, m_clock, options);
    connect(m_sequence.get(), &SafeSequence::step, this,
            [this](const ScanLogEntry &entry) { m_log.append(entry); });
    connect(m_sequence.get(), &SafeSequence::finished, this,
            [this](const SafeReport &report) { m_finished.append(report); });
}

void SafeSequenceTest::cleanup()
{
    m_sequence.reset();
    m_bench.reset();
}

void SafeSequenceTest::add(const QString &nickname, const QList<MovementSpec> &movements)
{
    m_scripts[nickname] = std::make_shared<InstrumentScript>();
    InstrumentSpec spec = scriptedSpec();
    spec.movements = movements;
    QVERIFY(m_bench->add(scriptedHost(nickname, m_scripts[nickname], spec)));
}

void SafeSequenceTest::openAll()
{
    int opened = 0;
    for (InstrumentHost *host : m_bench->hosts())
        host->open(1s, this, [&](const Status &status) { opened += bool(status); });
    QTRY_COMPARE(opened, m_bench->hosts().size());
}

void SafeSequenceTest::run(const QStringList &nicknames)
{
    m_sequence->start(nicknames);
    QVERIFY(m_finished.isEmpty()); // never from inside the call
    QTRY_COMPARE(m_finished.size(), 1);
    QVERIFY(!m_sequence->isRunning());
}

QStringList SafeSequenceTest::logged(const QString &level) const
{
    QStringList messages;
    for (const ScanLogEntry &entry : m_log) {
        if (entry.level == level)
            messages.append(entry.message);
    }
    return messages;
}

void SafeSequenceTest::drivesByOrderAndProvesIt()
{
    add(u"smu"_s, {movement(u"output"_s, 0, 3), movement(u"bias"_s, 0.5, 1)});
    add(u"stage"_s, {movement(u"z"_s, -2, 2)});
    run(); // both are closed: opened first
    QVERIFY(m_finished[0].isSafe());
    const QStringList proof = logged(u"safe"_s);
    QCOMPARE(proof.mid(0, 3), (QStringList{u"smu.bias → 0.5 mm, read back 0.5 mm"_s,
                                           u"stage.z → -2 mm, read back -2 mm"_s,
                                           u"smu.output → 0 mm, read back 0 mm"_s}));
    QCOMPARE(script(u"smu"_s).events().first(), u"open"_s);
    QVERIFY(m_log[0].timeNs > 0);
}

/// "range" of the instrument, to be \a value on make safe.
void SafeSequenceTest::addSafeSetting(const QString &nickname, const QVariant &value, int order)
{
    m_scripts[nickname] = std::make_shared<InstrumentScript>();
    InstrumentSpec spec = scriptedSpec();
    spec.movements = {movement(u"bias"_s, 0, 1)};
    spec.parameters[1].safeValue = value;
    spec.parameters[1].safeOrder = order;
    spec.parameters[1].unit = u"V"_s;
    QVERIFY(m_bench->add(scriptedHost(nickname, m_scripts[nickname], spec)));
}

void SafeSequenceTest::settingsAreDrivenAndProven()
{
    addSafeSetting(u"early"_s, 0.25, 0);
    addSafeSetting(u"late"_s, false, 2);
    run();
    QVERIFY(m_finished[0].isSafe());
    QCOMPARE(logged(u"safe"_s).first(), u"early.range → 0.25 V, read back 0.25 V"_s);
    QCOMPARE(logged(u"safe"_s).mid(3, 1), QStringList{u"late.range → off, read back off"_s});
    const QStringList events = script(u"late"_s).events();
    QVERIFY(events.indexOf(u"begin 0 0"_s) < events.indexOf(u"setParameter range"_s));
    QVERIFY(events.indexOf(u"setParameter range"_s) < events.indexOf(u"parameter range"_s));
    QCOMPARE(script(u"late"_s).count(u"setParameter nplc"_s), 0);
}

void SafeSequenceTest::refusedSettingIsTriedAgain_data()
{
    QTest::addColumn<QString>("call");
    QTest::addColumn<Error>("failure");
    QTest::newRow("refused") << u"setParameter"_s << Error{ErrorCode::Protocol, u"garbled"_s};
    QTest::newRow("not read back") << u"parameter"_s << Error{ErrorCode::Timeout, u"garbled"_s};
    QTest::newRow("gone") << u"setParameter"_s << kGone;
}

void SafeSequenceTest::refusedSettingIsTriedAgain()
{
    QFETCH(QString, call);
    QFETCH(Error, failure);
    addSafeSetting(u"smu"_s, 0.5, 0);
    openAll();
    script(u"smu"_s).fail(call, failure, 1);
    run();
    QCOMPARE(outcomeOf(m_finished[0], u"smu.range"_s), SafeOutcome::Pending);
    QTRY_VERIFY(m_sequence->report().isSafe());
    QCOMPARE(script(u"smu"_s).count(u"setParameter range"_s), 2);
}

void SafeSequenceTest::oneOrderGoesTogether()
{
    add(u"a"_s, {movement(u"x"_s, 0, 1), movement(u"y"_s, 0, 1)});
    add(u"b"_s, {movement(u"x"_s, 0, 1)});
    openAll();
    script(u"a"_s).arriveAfter(30);
    script(u"b"_s).hang(u"begin"_s);
    m_sequence->start();
    QTRY_VERIFY(script(u"a"_s).count(u"state 1"_s) > 0 && script(u"b"_s).isInside(u"begin"_s));
    QCOMPARE(script(u"a"_s).events().mid(1, 2), (QStringList{u"begin 0 0"_s, u"begin 1 0"_s}));
    script(u"b"_s).release(u"begin"_s);
    QTRY_COMPARE(m_finished.size(), 1);
    QVERIFY(m_finished[0].isSafe());
}

void SafeSequenceTest::nothingToDriveFinishes()
{
    MovementSpec free = movement(u"x"_s, 0, 0);
    free.safeValue.reset();
    add(u"meter"_s, {free});
    run();
    QVERIFY(m_finished[0].isSafe());
    QVERIFY(m_finished[0].targets.isEmpty());
}

void SafeSequenceTest::cancelsWhatRunsFirst()
{
    add(u"smu"_s, {movement(u"bias"_s, 0, 1)});
    openAll();
    script(u"smu"_s).hang(u"read"_s);
    std::optional<ErrorCode> code;
    m_bench->find(u"smu"_s)->read(Priority::Step, 0, 60s, this, [&](const Result<Reading> &read) {
        code = read ? ErrorCode::Internal : read.error().code;
    });
    QTRY_VERIFY(script(u"smu"_s).isInside(u"read"_s));
    QElapsedTimer timer;
    timer.start();
    run();
    QVERIFY(m_finished[0].isSafe());
    QVERIFY2(timer.elapsed() < 200, QByteArray::number(timer.elapsed()).constData());
    QCOMPARE(code, ErrorCode::Cancelled);
}

void SafeSequenceTest::hangingOneHoldsUpNobody_data()
{
    QTest::addColumn<QString>("call");
    QTest::addColumn<bool>("isDeaf");
    QTest::newRow("does not open") << u"open"_s << false;
    QTest::newRow("does not accept") << u"begin"_s << false;
    QTest::newRow("does not read back") << u"state"_s << false;
    QTest::newRow("driver obeys no deadline") << u"begin"_s << true;
}

void SafeSequenceTest::hangingOneHoldsUpNobody()
{
    QFETCH(QString, call);
    QFETCH(bool, isDeaf);
    add(u"bad"_s, {movement(u"x"_s, 0, 1), movement(u"y"_s, 0, 3)});
    add(u"good"_s, {movement(u"x"_s, 0, 1), movement(u"y"_s, 0, 2)});
    if (isDeaf)
        script(u"bad"_s).hangDeaf(call);
    else
        script(u"bad"_s).hang(call);
    QElapsedTimer timer;
    timer.start();
    run();
    QVERIFY2(timer.elapsed() < 1000, QByteArray::number(timer.elapsed()).constData());
    QCOMPARE(outcomeOf(m_finished[0], u"good.x"_s), SafeOutcome::Done);
    QCOMPARE(outcomeOf(m_finished[0], u"good.y"_s), SafeOutcome::Done);
    QCOMPARE(m_finished[0].pendingInstruments(), QStringList{u"bad"_s});
    QVERIFY(!m_finished[0].isSafe());
    QVERIFY(logged(u"error"_s).first().startsWith(u"bad.x"_s));

    script(u"bad"_s).release(call);
    QTRY_VERIFY(m_sequence->report().isSafe());
    QCOMPARE(m_finished.size(), 1);
    const QStringList proof = logged(u"safe"_s);
    QVERIFY(proof.contains(u"bad.x → 0 mm, read back 0 mm"_s));
    QVERIFY(proof.indexOf(u"bad.x → 0 mm, read back 0 mm"_s) <
            proof.indexOf(u"bad.y → 0 mm, read back 0 mm"_s));
}

void SafeSequenceTest::slowOneIsWaitedFor()
{
    MovementSpec slow = movement(u"field"_s, 0, 1);
    slow.settle.poll = 5ms;
    add(u"magnet"_s, {slow});
    add(u"supply"_s, {movement(u"output"_s, 0, 2)});
    openAll();
    script(u"magnet"_s).arriveAfter(60); // longer than the answer timeout, but it answers
    run();
    QVERIFY(m_finished[0].isSafe());
    QCOMPARE(logged(u"safe"_s).first(), u"magnet.field → 0 mm, read back 0 mm"_s);
}

void SafeSequenceTest::failingOneIsTriedAgainUntilDone()
{
    add(u"smu"_s, {movement(u"bias"_s, 0, 1)});
    openAll();
    QSignalSpy changed(m_sequence.get(), &SafeSequence::changed);
    script(u"smu"_s).fail(u"begin"_s, {ErrorCode::Protocol, u"garbled"_s}, 3);
    run();
    QCOMPARE(outcomeOf(m_finished[0], u"smu.bias"_s), SafeOutcome::Pending);
    QTRY_VERIFY(m_sequence->report().isSafe());
    QCOMPARE(script(u"smu"_s).count(u"begin 0 0"_s), 4);
    QVERIFY(changed.last()[0].value<SafeReport>().isSafe());
    QCOMPARE(logged(u"error"_s).filter(u"garbled"_s).size(), 1); // the same news once
}

void SafeSequenceTest::lostOneIsOpenedAgain()
{
    add(u"smu"_s, {movement(u"bias"_s, 0, 1)});
    openAll();
    script(u"smu"_s).fail(u"begin"_s, kGone, 1);
    run();
    QTRY_VERIFY(m_sequence->report().isSafe());
    QCOMPARE(script(u"smu"_s).count(u"open"_s), 2);
}

void SafeSequenceTest::openedOneIsHaltedFirst()
{
    MovementSpec stoppable = movement(u"x"_s, 0, 1);
    stoppable.hasStop = true;
    MovementSpec unsafe = movement(u"y"_s, 0, 1);
    unsafe.hasStop = true;
    unsafe.safeValue.reset();
    MovementSpec unstoppable = movement(u"z"_s, 0, 1);
    unstoppable.hasStop = false;
    add(u"stage"_s, {stoppable, unsafe, unstoppable});
    run(); // it was closed: nobody knows what it did
    const QStringList events = script(u"stage"_s).events();
    QVERIFY(events.indexOf(u"open"_s) < events.indexOf(u"stop 0"_s));
    QVERIFY(events.indexOf(u"stop 0"_s) < events.indexOf(u"begin 0 0"_s));
    QVERIFY(events.indexOf(u"stop 1"_s) < events.indexOf(u"begin 0 0"_s));
    QCOMPARE(script(u"stage"_s).count(u"stop 1"_s), 1);
    QCOMPARE(script(u"stage"_s).count(u"stop 2"_s), 0);
}

void SafeSequenceTest::notSettlingIsPending()
{
    MovementSpec stuck = movement(u"bias"_s, 0, 1);
    stuck.settle.timeout = 30ms;
    add(u"smu"_s, {stuck});
    openAll();
    script(u"smu"_s).setOffset(3);
    run();
    QCOMPARE(outcomeOf(m_finished[0], u"smu.bias"_s), SafeOutcome::Pending);
    QVERIFY(logged(u"error"_s).first().contains(u"still at 3 mm"_s));
    script(u"smu"_s).setOffset(0);
    QTRY_VERIFY(m_sequence->report().isSafe());
}

void SafeSequenceTest::hopelessOneIsNotTriedAgain()
{
    add(u"smu"_s, {movement(u"bias"_s, 1000, 1)}); // outside its own limits
    run();
    QCOMPARE(outcomeOf(m_finished[0], u"smu.bias"_s), SafeOutcome::Failed);
    QVERIFY(m_finished[0].isOver());
    QVERIFY(!m_finished[0].isSafe());
}

void SafeSequenceTest::dismissedOneIsLeftAlone()
{
    add(u"smu"_s, {movement(u"bias"_s, 0, 1)});
    openAll();
    script(u"smu"_s).fail(u"begin"_s, {ErrorCode::Protocol, u"garbled"_s});
    run();
    m_sequence->dismiss(u"smu"_s);
    QCOMPARE(outcomeOf(m_sequence->report(), u"smu.bias"_s), SafeOutcome::Dismissed);
    QVERIFY(m_sequence->report().isOver());
    // A marker through the same connection, twice the longest back-off later: nothing came before
    // it.
    bool isPassed = false;
    m_clock.after(100ms, this, [&] { isPassed = true; });
    const int tries = script(u"smu"_s).count(u"begin 0 0"_s);
    QTRY_VERIFY(isPassed);
    QCOMPARE(script(u"smu"_s).count(u"begin 0 0"_s), tries);
}

void SafeSequenceTest::dismissalDuringTheRunLetsItEnd()
{
    add(u"bad"_s, {movement(u"x"_s, 0, 1)});
    add(u"good"_s, {movement(u"x"_s, 0, 2)});
    openAll();
    script(u"bad"_s).arriveAfter(1'000'000); // answers, never arrives
    m_sequence->start();
    QTRY_VERIFY(script(u"bad"_s).count(u"state 0"_s) > 0);
    m_sequence->dismiss(u"bad"_s);
    QTRY_COMPARE(m_finished.size(), 1);
    QCOMPARE(outcomeOf(m_finished[0], u"good.x"_s), SafeOutcome::Done);
    QCOMPARE(outcomeOf(m_finished[0], u"bad.x"_s), SafeOutcome::Dismissed);
}

void SafeSequenceTest::secondStartChangesNothing()
{
    add(u"smu"_s, {movement(u"bias"_s, 0, 1)});
    openAll();
    script(u"smu"_s).arriveAfter(30);
    m_sequence->start();
    QTRY_VERIFY(script(u"smu"_s).count(u"state 0"_s) > 0);
    m_sequence->start();
    m_sequence->start({u"smu"_s});
    QTRY_COMPARE(m_finished.size(), 1);
    QVERIFY(m_finished[0].isSafe());
    QCOMPARE(script(u"smu"_s).count(u"begin 0 0"_s), 1);
    QCOMPARE(script(u"smu"_s).count(u"stop 0"_s), 0);
}

void SafeSequenceTest::secondStartAddsInstruments()
{
    add(u"a"_s, {movement(u"x"_s, 0, 5)});
    add(u"b"_s, {movement(u"x"_s, 0, 1)});
    openAll();
    script(u"a"_s).arriveAfter(30);
    m_sequence->start({u"a"_s});
    QTRY_VERIFY(script(u"a"_s).count(u"state 0"_s) > 0);
    m_sequence->start(); // the whole bench
    QTRY_COMPARE(m_finished.size(), 1);
    QVERIFY(m_finished[0].isSafe());
    QCOMPARE(m_finished[0].targets.size(), 2);
    QCOMPARE(script(u"a"_s).count(u"begin 0 0"_s), 1);
}

void SafeSequenceTest::startAfterwardsIsANewRun()
{
    add(u"a"_s, {movement(u"x"_s, 0, 1)});
    add(u"b"_s, {movement(u"x"_s, 0, 1)});
    openAll();
    script(u"b"_s).fail(u"begin"_s, {ErrorCode::Protocol, u"garbled"_s});
    run();
    QCOMPARE(m_finished[0].pendingInstruments(), QStringList{u"b"_s});
    m_finished.clear();
    run({u"a"_s});
    QCOMPARE(m_finished[0].targets.size(), 2); // what was pending is not forgotten
    QCOMPARE(outcomeOf(m_finished[0], u"a.x"_s), SafeOutcome::Done);
    script(u"b"_s).release(u"begin"_s);
    QTRY_VERIFY(m_sequence->report().isSafe());
    QCOMPARE(script(u"a"_s).count(u"begin 0 0"_s), 2);
}

void SafeSequenceTest::unknownInstrumentIsNamed()
{
    add(u"a"_s, {movement(u"x"_s, 0, 1)});
    run({u"a"_s, u"ghost"_s});
    QVERIFY(logged(u"error"_s).first().contains(u"ghost"_s));
    QVERIFY(m_finished[0].isSafe());
}

QTEST_GUILESS_MAIN(SafeSequenceTest)
#include "tst_safe_sequence.moc"
