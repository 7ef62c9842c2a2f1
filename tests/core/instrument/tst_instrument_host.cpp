#include "core/instrument/bench.h"
#include "tests/core/instrument/answers.h"
#include "tests/core/instrument/scripted_instrument.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEvent>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <functional>
#include <future>
#include <mutex>
#include <thread>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
const Error kTimeout{ErrorCode::Timeout, u"no answer"_s};
const Error kGone{ErrorCode::NotConnected, u"the peer closed"_s};
} // namespace

class InstrumentHostTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();

    void repliesComeThroughTheEventLoopOnce();
    void failsFastWhileClosed();
    void readsEveryColumn();
    void servesTheMostUrgentFirst();
    void moveArrives_data();
    void moveArrives();
    void moveTimesOutNamingTargetAndReadback();
    void moveLetsOthersIn();
    void anotherTargetEndsTheMove();
    void stopEndsTheMove();
    void refusedTargetLeavesTheMoveAlone();
    void cancelReachesABlockedExchange();
    void cancelHaltsWhatMoves();
    void cancelSparesWhatMakesSafe();
    void safeInterruptsALessUrgentExchange();
    void lostConnectionEndsWhatWaits();
    void opensAgainAfterALoss();
    void requestsWaitForALostConnection();
    void patienceEnds();
    void safeRequestsWaitBriefly();
    void cancelReachesWhatWaitsForAConnection();
    void openFailureIsReported();
    void closeHaltsFirst();
    void snapshotNamesWhatFailed();
    void unknownPositionsAreAnswered();
    void contextMayDie();
    void contextMayDieOnItsOwnThread();
    void replyMayDeleteItsContext();
    void destructionAnswersAndJoins();
    void destructionHaltsWhatMoves();
    void destructionLeavesADeafDriverBehind();
    void lease();
    void historyOfAnOutage();
    void historyOfFailedOpens();
    void pollNoticesWhatIsGone();
    void pollLeavesTheHolderOfTheLeaseAlone();
    void pollWaitsForEverybody();
    void requestsEndAReconnectOfAPoll();
    void inlineRunsOnTheOwnersThread();
    void inlineFollowsItsHost();
    void benchKeepsNicknamesUnique();

private:
    void open();
    /// "fault closed 0" of each change so far.
    QStringList history() const;

    QList<ConnectionEvent> m_history;
    std::shared_ptr<InstrumentScript> m_script;
    std::unique_ptr<InstrumentHost> m_host;
};

void InstrumentHostTest::init()
{
    m_script = std::make_shared<InstrumentScript>();
    m_host = scriptedHost(u"stage"_s, m_script);
    m_history.clear();
    connect(m_host.get(), &InstrumentHost::connectionNoted, this,
            [this](const ConnectionEvent &event) { m_history.append(event); });
}

QStringList InstrumentHostTest::history() const
{
    QStringList lines;
    for (const ConnectionEvent &event : m_history)
        lines << u"%1 %2 %3"_s.arg(connectionStepName(event.step), connectionFaultName(event.fault))
                     .arg(event.attempt);
    return lines;
}

void InstrumentHostTest::cleanup()
{
    m_host.reset();
}

void InstrumentHostTest::open()
{
    Answers<std::monostate> opened;
    m_host->open(1s, opened.context(), opened.reply());
    QTRY_VERIFY(opened.isOk());
}

void InstrumentHostTest::repliesComeThroughTheEventLoopOnce()
{
    QSignalSpy states(m_host.get(), &InstrumentHost::connectionStateChanged);
    Answers<std::monostate> opened;
    m_host->open(1s, opened.context(), opened.reply());
    m_host->open(1s, this, {}); // nobody wants to know
    QVERIFY(opened.results.empty());
    QTRY_VERIFY(opened.isOk());
    QCOMPARE(opened.threads, QList{QThread::currentThread()});
    QCOMPARE(m_host->connectionState(), ConnectionState::Open);
    QCOMPARE(m_host->identity(), u"Scripted,1"_s);
    QTRY_COMPARE(states.size(), 2);
    QCOMPARE(states[0][0].value<ConnectionState>(), ConnectionState::Opening);
    QCOMPARE(states[1][0].value<ConnectionState>(), ConnectionState::Open);

    Answers<QByteArray> raw;
    m_host->raw(Priority::Panel, "*IDN?", true, 1s, raw.context(), raw.reply());
    QTRY_VERIFY(raw.isOk());
    QCOMPARE(raw.results[0].value(), "re: *IDN?");
    QCOMPARE(opened.results.size(), 1u);
    QCOMPARE(m_script->count(u"open"_s), 1);
}

void InstrumentHostTest::failsFastWhileClosed()
{
    Answers<Reading> read;
    m_host->read(Priority::Step, 0, 1s, read.context(), read.reply());
    QTRY_COMPARE(read.code(), ErrorCode::NotConnected);
    QVERIFY(read.message().startsWith(u"stage"_s));
    QCOMPARE(m_script->events(), QStringList());
}

void InstrumentHostTest::readsEveryColumn()
{
    open();
    Answers<Reading> read;
    m_host->read(Priority::Step, 0, 1s, read.context(), read.reply());
    QTRY_VERIFY(read.isOk());
    const Reading &reading = read.results[0].value();
    QCOMPARE(reading.size(), 2u);
    QCOMPARE(reading[1].rowCount(), 1);

    m_script->fail(u"read"_s, kTimeout, 1);
    Answers<Reading> failed;
    m_host->read(Priority::Step, 0, 1s, failed.context(), failed.reply());
    QTRY_COMPARE(failed.code(), ErrorCode::Timeout);
    QCOMPARE(failed.message(), u"stage: no answer"_s);
    QCOMPARE(m_host->connectionState(), ConnectionState::Open);
}

void InstrumentHostTest::servesTheMostUrgentFirst()
{
    open();
    m_script->hang(u"raw"_s);
    Answers<QByteArray> blocker;
    m_host->raw(Priority::Guard, "block", true, 10s, blocker.context(), blocker.reply());
    QTRY_VERIFY(m_script->isInside(u"raw"_s));
    for (const auto &[priority, key] :
         std::initializer_list<std::pair<Priority, QString>>{{Priority::Panel, u"panel1"_s},
                                                             {Priority::Guard, u"guard1"_s},
                                                             {Priority::Step, u"step1"_s},
                                                             {Priority::Panel, u"panel2"_s},
                                                             {Priority::Step, u"step2"_s},
                                                             {Priority::Guard, u"guard2"_s}})
        m_host->parameter(priority, key, 1s, this, {});
    m_script->release(u"raw"_s);
    QTRY_COMPARE(m_script->events().size(), 8);
    QCOMPARE(m_script->events().mid(2),
             (QStringList{u"parameter step1"_s, u"parameter step2"_s, u"parameter guard1"_s,
                          u"parameter guard2"_s, u"parameter panel1"_s, u"parameter panel2"_s}));
    QTRY_VERIFY(blocker.isOk());
}

void InstrumentHostTest::moveArrives_data()
{
    QTest::addColumn<int>("polls");
    QTest::addColumn<int>("dwellMs");
    QTest::newRow("at once") << 0 << 0;
    QTest::newRow("on its way for a while") << 3 << 0;
    QTest::newRow("has to dwell") << 2 << 15;
}

void InstrumentHostTest::moveArrives()
{
    QFETCH(int, polls);
    QFETCH(int, dwellMs);
    open();
    m_script->arriveAfter(polls);
    SettleRule rule = m_host->spec().movements[0].settle;
    rule.dwell = std::chrono::milliseconds(dwellMs);
    QElapsedTimer timer;
    timer.start();
    Answers<Arrival> moved;
    m_host->move(Priority::Step, 0, 5.0, rule, moved.context(), moved.reply());
    QTRY_VERIFY(moved.isOk());
    QCOMPARE(moved.results[0].value().readback, 5.0);
    QCOMPARE_GE(moved.results[0].value().took, moved.results[0].value().standing);
    QVERIFY(timer.elapsed() >= dwellMs);
    if (dwellMs == 0)
        QCOMPARE(m_script->count(u"state 0"_s), polls + 1);
    QCOMPARE(m_script->count(u"stop 0"_s), 0);
}

void InstrumentHostTest::moveTimesOutNamingTargetAndReadback()
{
    open();
    m_script->setOffset(0.5);
    SettleRule rule = m_host->spec().movements[0].settle;
    rule.timeout = 30ms;
    Answers<Arrival> moved;
    m_host->move(Priority::Step, 0, 5.0, rule, moved.context(), moved.reply());
    QTRY_COMPARE(moved.code(), ErrorCode::Timeout);
    QVERIFY2(moved.message().contains(u"stage.x"_s), qPrintable(moved.message()));
    QVERIFY(moved.message().contains(u"5 mm"_s));
    QVERIFY(moved.message().contains(u"5.5 mm"_s));
}

void InstrumentHostTest::moveLetsOthersIn()
{
    open();
    m_script->arriveAfter(1'000'000);
    Answers<Arrival> moved;
    m_host->move(Priority::Step, 0, 5.0, m_host->spec().movements[0].settle, moved.context(),
                 moved.reply());
    QTRY_VERIFY(m_script->count(u"state 0"_s) > 1);
    Answers<Reading> read;
    m_host->read(Priority::Panel, 0, 1s, read.context(), read.reply());
    QTRY_VERIFY(read.isOk());
    QVERIFY(moved.results.empty());
}

void InstrumentHostTest::anotherTargetEndsTheMove()
{
    open();
    m_script->arriveAfter(1'000'000);
    Answers<Arrival> first;
    m_host->move(Priority::Step, 0, 5.0, m_host->spec().movements[0].settle, first.context(),
                 first.reply());
    QTRY_VERIFY(m_script->count(u"state 0"_s) > 1);
    m_script->arriveAfter(0);
    Answers<Arrival> second;
    m_host->move(Priority::Step, 0, 7.0, m_host->spec().movements[0].settle, second.context(),
                 second.reply());
    QTRY_VERIFY(second.isOk());
    QCOMPARE(first.code(), ErrorCode::Cancelled);
    QCOMPARE(m_script->count(u"stop 0"_s), 0);
}

void InstrumentHostTest::stopEndsTheMove()
{
    open();
    m_script->arriveAfter(1'000'000);
    Answers<Arrival> moved;
    Answers<Arrival> other;
    m_host->move(Priority::Step, 0, 5.0, m_host->spec().movements[0].settle, moved.context(),
                 moved.reply());
    m_host->move(Priority::Step, 1, 5.0, m_host->spec().movements[1].settle, other.context(),
                 other.reply());
    QTRY_VERIFY(m_script->count(u"state 1"_s) > 1);
    Answers<std::monostate> stopped;
    m_host->stop(Priority::Panel, 0, 1s, stopped.context(), stopped.reply());
    QTRY_VERIFY(stopped.isOk());
    QCOMPARE(moved.code(), ErrorCode::Cancelled);
    QVERIFY(other.results.empty());
}

void InstrumentHostTest::refusedTargetLeavesTheMoveAlone()
{
    open();
    m_script->arriveAfter(20);
    Answers<Arrival> moved;
    m_host->move(Priority::Step, 0, 5.0, m_host->spec().movements[0].settle, moved.context(),
                 moved.reply());
    Answers<std::monostate> begun;
    m_host->begin(Priority::Panel, 0, 1000.0, 1s, begun.context(), begun.reply());
    QTRY_COMPARE(begun.code(), ErrorCode::OutOfRange);
    QTRY_VERIFY(moved.isOk());
}

void InstrumentHostTest::cancelReachesABlockedExchange()
{
    open();
    m_script->hang(u"read"_s);
    Answers<Reading> running;
    Answers<QVariant> waiting;
    m_host->read(Priority::Step, 0, 60s, running.context(), running.reply());
    m_host->parameter(Priority::Panel, u"nplc"_s, 60s, waiting.context(), waiting.reply());
    QTRY_VERIFY(m_script->isInside(u"read"_s));
    QElapsedTimer timer;
    timer.start();
    m_host->cancel();
    QTRY_COMPARE(running.code(), ErrorCode::Cancelled);
    QTRY_COMPARE(waiting.code(), ErrorCode::Cancelled);
    QVERIFY2(timer.elapsed() < 100, QByteArray::number(timer.elapsed()).constData());
    QCOMPARE(m_script->count(u"parameter nplc"_s), 0);

    m_script->release(u"read"_s);
    Answers<Reading> again;
    m_host->read(Priority::Step, 0, 1s, again.context(), again.reply());
    QTRY_VERIFY(again.isOk());
}

void InstrumentHostTest::cancelHaltsWhatMoves()
{
    open();
    m_script->arriveAfter(1'000'000);
    Answers<Arrival> watched;
    Answers<std::monostate> begun;
    m_host->move(Priority::Step, 0, 5.0, m_host->spec().movements[0].settle, watched.context(),
                 watched.reply());
    m_host->begin(Priority::Step, 1, 5.0, 1s, begun.context(), begun.reply());
    QTRY_VERIFY(begun.isOk() && m_script->count(u"state 0"_s) > 1);
    m_host->cancel();
    QTRY_COMPARE(watched.code(), ErrorCode::Cancelled);
    QTRY_COMPARE(m_script->count(u"stop 1"_s), 1);
    QCOMPARE(m_script->count(u"stop 0"_s), 1);
    m_host->cancel(); // nothing moves any more
    Answers<QVariant> after;
    m_host->parameter(Priority::Panel, u"nplc"_s, 1s, after.context(), after.reply());
    QTRY_VERIFY(after.isOk());
    QCOMPARE(m_script->count(u"stop 0"_s), 1);
    QCOMPARE(m_script->count(u"stop 1"_s), 1);
}

void InstrumentHostTest::cancelSparesWhatMakesSafe()
{
    open();
    m_script->arriveAfter(20);
    m_script->hang(u"begin"_s);
    Answers<Arrival> safe;
    m_host->move(Priority::Safe, 0, 0.0, m_host->spec().movements[0].settle, safe.context(),
                 safe.reply());
    QTRY_VERIFY(m_script->isInside(u"begin"_s));
    m_host->cancel(); // while its command is on the wire
    m_script->release(u"begin"_s);
    QTRY_VERIFY(m_script->count(u"state 0"_s) > 1);
    m_host->cancel(); // while it travels
    QTRY_VERIFY(safe.isOk());
    QCOMPARE(m_script->count(u"stop 0"_s), 0);
}

void InstrumentHostTest::safeInterruptsALessUrgentExchange()
{
    open();
    m_script->hang(u"read"_s);
    Answers<Reading> read;
    m_host->read(Priority::Step, 0, 60s, read.context(), read.reply());
    QTRY_VERIFY(m_script->isInside(u"read"_s));
    QElapsedTimer timer;
    timer.start();
    Answers<Arrival> safe;
    m_host->move(Priority::Safe, 0, 0.0, m_host->spec().movements[0].settle, safe.context(),
                 safe.reply());
    QTRY_VERIFY(safe.isOk());
    QVERIFY2(timer.elapsed() < 200, QByteArray::number(timer.elapsed()).constData());
    QCOMPARE(read.code(), ErrorCode::Cancelled);
}

void InstrumentHostTest::lostConnectionEndsWhatWaits()
{
    open();
    QSignalSpy states(m_host.get(), &InstrumentHost::connectionStateChanged);
    m_script->arriveAfter(1'000'000);
    Answers<Arrival> moving;
    m_host->move(Priority::Step, 0, 5.0, m_host->spec().movements[0].settle, moving.context(),
                 moving.reply());
    QTRY_VERIFY(m_script->count(u"state 0"_s) > 0);
    m_script->fail(u"read"_s, kGone);
    Answers<Reading> read;
    m_host->read(Priority::Step, 0, 1s, read.context(), read.reply());
    QTRY_COMPARE(read.code(), ErrorCode::NotConnected);
    QCOMPARE(m_host->connectionState(), ConnectionState::Lost);
    QTRY_COMPARE(moving.code(), ErrorCode::NotConnected);
    QTRY_COMPARE(states.size(), 1);
    QCOMPARE(states[0][0].value<ConnectionState>(), ConnectionState::Lost);
    QCOMPARE(states[0][1].toString(), u"the peer closed"_s);

    m_script->fail(u"open"_s, kGone);
    m_host->setPatience(0s);
    Answers<QVariant> after;
    m_host->parameter(Priority::Step, u"nplc"_s, 1s, after.context(), after.reply());
    QTRY_COMPARE(after.code(), ErrorCode::NotConnected);
    QVERIFY(after.message().contains(u"the peer closed"_s));
    QCOMPARE(m_script->count(u"parameter nplc"_s), 0);
}

void InstrumentHostTest::opensAgainAfterALoss()
{
    lostConnectionEndsWhatWaits();
    m_script->release(u"read"_s);
    m_script->release(u"open"_s);
    open();
    Answers<Reading> read;
    m_host->read(Priority::Step, 0, 1s, read.context(), read.reply());
    QTRY_VERIFY(read.isOk());
}

void InstrumentHostTest::requestsWaitForALostConnection()
{
    open();
    QSignalSpy states(m_host.get(), &InstrumentHost::connectionStateChanged);
    const quint64 before = m_host->disruptions();
    m_script->fail(u"read"_s, kGone, 1);
    m_script->fail(u"open"_s, kGone, 3);
    Answers<Reading> lost;
    m_host->read(Priority::Step, 0, 1s, lost.context(), lost.reply());
    QTRY_COMPARE(lost.code(), ErrorCode::NotConnected);
    QVERIFY(m_host->disruptions() > before);
    Answers<Reading> first, second;
    m_host->read(Priority::Step, 0, 1s, first.context(), first.reply());
    m_host->read(Priority::Panel, 0, 1s, second.context(), second.reply());
    QTRY_VERIFY(first.isOk());
    QTRY_VERIFY(second.isOk());
    QCOMPARE(m_script->count(u"open"_s), 1 + 3 + 1);
    QCOMPARE(m_host->connectionState(), ConnectionState::Open);
    QTRY_COMPARE(states.last()[0].value<ConnectionState>(), ConnectionState::Open);
}

void InstrumentHostTest::patienceEnds()
{
    open();
    m_host->setPatience(120ms);
    m_script->fail(u"read"_s, kGone);
    m_script->fail(u"open"_s, kGone);
    Answers<Reading> lost;
    m_host->read(Priority::Step, 0, 1s, lost.context(), lost.reply());
    QTRY_COMPARE(lost.code(), ErrorCode::NotConnected);
    Answers<Reading> waiting[3];
    for (auto &one : waiting)
        m_host->read(Priority::Step, 0, 1s, one.context(), one.reply());
    for (auto &one : waiting)
        QTRY_COMPARE(one.code(), ErrorCode::NotConnected);
    QVERIFY(m_script->count(u"open"_s) >= 3);
    QCOMPARE(m_script->count(u"read 0"_s), 1); // nothing but the one that was lost
}

void InstrumentHostTest::safeRequestsWaitBriefly()
{
    open();
    m_host->setPatience(3600s);
    m_script->fail(u"read"_s, kGone);
    m_script->fail(u"open"_s, kGone);
    Answers<Reading> lost;
    m_host->read(Priority::Step, 0, 1s, lost.context(), lost.reply());
    QTRY_COMPARE(lost.code(), ErrorCode::NotConnected);
    Answers<Reading> waiting;
    m_host->read(Priority::Step, 0, 1s, waiting.context(), waiting.reply());
    QElapsedTimer timer;
    timer.start();
    Answers<std::monostate> safe;
    m_host->begin(Priority::Safe, 0, 0.0, 1s, safe.context(), safe.reply());
    QTRY_COMPARE_WITH_TIMEOUT(safe.code(), ErrorCode::NotConnected, 20'000);
    QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(waiting.results.empty());
}

void InstrumentHostTest::cancelReachesWhatWaitsForAConnection()
{
    open();
    m_script->fail(u"read"_s, kGone);
    Answers<Reading> lost;
    m_host->read(Priority::Step, 0, 1s, lost.context(), lost.reply());
    QTRY_COMPARE(lost.code(), ErrorCode::NotConnected);
    m_script->hang(u"open"_s);
    Answers<Reading> connecting, waiting;
    m_host->read(Priority::Step, 0, 1s, connecting.context(), connecting.reply());
    m_host->read(Priority::Step, 0, 1s, waiting.context(), waiting.reply());
    QTRY_VERIFY(m_script->isInside(u"open"_s));
    m_host->cancel();
    QTRY_COMPARE(connecting.code(), ErrorCode::Cancelled);
    QTRY_COMPARE(waiting.code(), ErrorCode::Cancelled);
}

void InstrumentHostTest::openFailureIsReported()
{
    m_script->fail(u"open"_s, {ErrorCode::Protocol, u"another instrument answers"_s}, 1);
    Answers<std::monostate> opened;
    m_host->open(1s, opened.context(), opened.reply());
    QTRY_COMPARE(opened.code(), ErrorCode::Protocol);
    QCOMPARE(opened.message(), u"stage: another instrument answers"_s);
    QCOMPARE(m_host->connectionState(), ConnectionState::Closed);

    m_script->hang(u"open"_s);
    Answers<std::monostate> hanging;
    m_host->open(60s, hanging.context(), hanging.reply());
    QTRY_VERIFY(m_script->isInside(u"open"_s));
    m_host->cancel();
    QTRY_COMPARE(hanging.code(), ErrorCode::Cancelled);
}

void InstrumentHostTest::closeHaltsFirst()
{
    open();
    m_script->arriveAfter(1'000'000);
    Answers<Arrival> moved;
    m_host->move(Priority::Step, 0, 5.0, m_host->spec().movements[0].settle, moved.context(),
                 moved.reply());
    QTRY_VERIFY(m_script->count(u"state 0"_s) > 0);
    m_host->close();
    QTRY_COMPARE(m_host->connectionState(), ConnectionState::Closed);
    QTRY_COMPARE(moved.code(), ErrorCode::Cancelled);
    QVERIFY(m_script->events().indexOf(u"stop 0"_s) < m_script->events().indexOf(u"close"_s));
    open();
}

void InstrumentHostTest::snapshotNamesWhatFailed()
{
    open();
    Answers<std::monostate> set;
    m_host->setParameter(Priority::Panel, u"nplc"_s, 10.0, 1s, set.context(), set.reply());
    m_script->fail(u"parameter"_s, kTimeout, 1);
    Answers<QVariantMap> snapshot;
    m_host->snapshot(Priority::Step, 1s, snapshot.context(), snapshot.reply());
    QTRY_VERIFY(snapshot.isOk());
    const QVariantMap first = snapshot.results[0].value();
    QTRY_VERIFY(set.isOk());
    QCOMPARE(first.keys(), (QStringList{u"_errors"_s, u"range"_s}));
    QCOMPARE(first[u"_errors"_s].toStringList().size(), 1);

    Answers<QVariantMap> whole;
    m_host->snapshot(Priority::Step, 1s, whole.context(), whole.reply());
    QTRY_VERIFY(whole.isOk());
    QCOMPARE(whole.results[0].value(), (QVariantMap{{u"nplc"_s, 10.0}, {u"range"_s, 1.0}}));
}

void InstrumentHostTest::unknownPositionsAreAnswered()
{
    Answers<Arrival> move;
    m_host->move(Priority::Step, 9, 0, {}, move.context(), move.reply());
    Answers<Reading> read;
    m_host->read(Priority::Step, -1, 1s, read.context(), read.reply());
    QTRY_COMPARE(move.code(), ErrorCode::NotFound);
    QTRY_COMPARE(read.code(), ErrorCode::NotFound);
}

void InstrumentHostTest::contextMayDie()
{
    open();
    Answers<Reading> read;
    {
        QObject context;
        m_script->hang(u"read"_s);
        m_host->read(Priority::Step, 0, 10s, &context, read.reply());
        QTRY_VERIFY(m_script->isInside(u"read"_s));
    }
    m_script->release(u"read"_s);
    Answers<QVariant> later;
    m_host->parameter(Priority::Step, u"nplc"_s, 1s, later.context(), later.reply());
    QTRY_VERIFY(later.isOk());
    QVERIFY(read.results.empty());
}

/// Contexts come and go on another thread while replies are on their way to them.
void InstrumentHostTest::contextMayDieOnItsOwnThread()
{
    open();
    std::atomic<int> answered = 0;
    std::thread thread([&] {
        for (int i = 0; i < 2000; ++i) {
            QObject context;
            m_host->parameter(Priority::Panel, u"nplc"_s, 1s, &context,
                              [&](const Result<QVariant> &) { ++answered; });
            if (i % 2 == 0)
                QCoreApplication::processEvents();
        }
    });
    thread.join();
    Answers<QVariant> last;
    m_host->parameter(Priority::Panel, u"nplc"_s, 1s, last.context(), last.reply());
    QTRY_VERIFY(last.isOk());
    QVERIFY(answered <= 2000);
}

void InstrumentHostTest::replyMayDeleteItsContext()
{
    open();
    auto *context = new QObject;
    bool isAnswered = false;
    m_host->parameter(Priority::Step, u"nplc"_s, 1s, context, [&](const Result<QVariant> &) {
        delete context;
        isAnswered = true;
    });
    QTRY_VERIFY(isAnswered);
}

void InstrumentHostTest::destructionAnswersAndJoins()
{
    open();
    m_script->hang(u"read"_s);
    Answers<Reading> running;
    Answers<QVariant> waiting;
    m_host->read(Priority::Safe, 0, 60s, running.context(), running.reply());
    m_host->parameter(Priority::Safe, u"nplc"_s, 1s, waiting.context(), waiting.reply());
    QTRY_VERIFY(m_script->isInside(u"read"_s));
    QElapsedTimer timer;
    timer.start();
    m_host.reset();
    QVERIFY(timer.elapsed() < 1000);
    QTRY_COMPARE(running.code(), ErrorCode::Cancelled);
    QTRY_COMPARE(waiting.code(), ErrorCode::Cancelled);
    QCOMPARE(m_script->events().last(), u"close"_s);
}

void InstrumentHostTest::destructionHaltsWhatMoves()
{
    open();
    m_script->arriveAfter(1'000'000);
    Answers<Arrival> moved;
    m_host->move(Priority::Step, 0, 5.0, m_host->spec().movements[0].settle, moved.context(),
                 moved.reply());
    QTRY_VERIFY(m_script->count(u"state 0"_s) > 0);
    m_host.reset();
    QTRY_COMPARE(moved.code(), ErrorCode::Cancelled);
    QCOMPARE(m_script->events().mid(m_script->events().size() - 2),
             (QStringList{u"stop 0"_s, u"close"_s}));
}

void InstrumentHostTest::destructionLeavesADeafDriverBehind()
{
    open();
    m_script->hangDeaf(u"read"_s);
    m_host->read(Priority::Step, 0, 1s, this, {});
    QTRY_VERIFY(m_script->isInside(u"read"_s));
    QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"stage does not return"_s));
    QElapsedTimer timer;
    timer.start();
    m_host.reset();
    QVERIFY(timer.elapsed() < 10'000);
    m_script->release(u"read"_s);
    QTRY_COMPARE(m_script->events().last(), u"close"_s); // what was left behind ends by itself
}

void InstrumentHostTest::lease()
{
    QSignalSpy leases(m_host.get(), &InstrumentHost::leaseChanged);
    QVERIFY(m_host->acquireLease(u"scan A"_s));
    QVERIFY(m_host->acquireLease(u"scan A"_s));
    const Status refused = m_host->acquireLease(u"panel"_s);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QVERIFY(refused.error().message.contains(u"scan A"_s));
    m_host->releaseLease(u"panel"_s); // not his
    QCOMPARE(m_host->leaseOwner(), u"scan A"_s);
    m_host->releaseLease(u"scan A"_s);
    QCOMPARE(m_host->leaseOwner(), QString());
    QVERIFY(m_host->acquireLease(u"panel"_s));
    QTRY_COMPARE(leases.size(), 3);
    QCOMPARE(leases[2][0].toString(), u"panel"_s);
}

void InstrumentHostTest::historyOfAnOutage()
{
    open();
    m_script->fail(u"parameter"_s, kGone, 1);
    m_script->fail(u"open"_s, {ErrorCode::NotConnected, u"refused"_s}, 5);
    Answers<QVariant> lost;
    m_host->parameter(Priority::Panel, u"nplc"_s, 1s, lost.context(), lost.reply());
    QTRY_COMPARE(lost.code(), ErrorCode::NotConnected);
    Answers<QVariant> again; // waits until it is back
    m_host->parameter(Priority::Panel, u"nplc"_s, 1s, again.context(), again.reply());
    QTRY_VERIFY(again.isOk());
    m_host->close();
    QTRY_COMPARE(m_host->connectionState(), ConnectionState::Closed);
    const QStringList expected{
        u"connecting none 0"_s,      u"ready none 0"_s,    u"fault closed 0"_s,
        u"reconnecting closed 1"_s,  u"fault refused 1"_s, u"reconnecting refused 2"_s,
        u"reconnecting refused 4"_s, u"back refused 6"_s,  u"offline none 0"_s};
    QTRY_COMPARE(history(), expected);
    QVERIFY(m_history[2].reason.contains(u"the peer closed"_s));
    QCOMPARE(m_history[1].identity, u"Scripted,1"_s);
    QCOMPARE(m_history[7].identity, u"Scripted,1"_s);
    for (int i = 1; i < m_history.size(); ++i)
        QVERIFY(m_history[i].atUs >= m_history[i - 1].atUs && m_history[i].atUs > 0);
}

/// Whoever tries again and again to open one that is off fills no history.
void InstrumentHostTest::historyOfFailedOpens()
{
    m_script->fail(u"open"_s, {ErrorCode::NotConnected, u"refused"_s}, 3);
    for (int i = 0; i < 3; ++i) {
        Answers<std::monostate> refused;
        m_host->open(1s, refused.context(), refused.reply());
        QTRY_COMPARE(refused.results.size(), 1U);
    }
    open();
    QTRY_COMPARE(history(),
                 (QStringList{u"connecting none 0"_s, u"fault refused 0"_s, u"ready none 0"_s}));
}

void InstrumentHostTest::pollNoticesWhatIsGone()
{
    Answers<std::monostate> closed;
    m_host->poll(1s, closed.context(), closed.reply());
    QTRY_COMPARE(closed.code(), ErrorCode::NotConnected); // nobody has connected it
    QVERIFY(m_script->events().isEmpty());
    open();
    Answers<std::monostate> fine;
    m_host->poll(1s, fine.context(), fine.reply());
    QTRY_VERIFY(fine.isOk());
    m_script->fail(u"poll"_s, kGone, 1);
    m_script->fail(u"open"_s, kGone, 1);
    Answers<std::monostate> gone;
    m_host->poll(1s, gone.context(), gone.reply());
    QTRY_COMPARE(gone.code(), ErrorCode::NotConnected);
    QCOMPARE(m_host->connectionState(), ConnectionState::Lost);
    QElapsedTimer timer;
    timer.start();
    Answers<std::monostate> still; // one attempt, no waiting
    m_host->poll(1s, still.context(), still.reply());
    QTRY_COMPARE(still.code(), ErrorCode::NotConnected);
    QVERIFY(timer.elapsed() < 2000);
    QTRY_COMPARE(history().last(), u"fault refused 1"_s);
    const auto isBack = [&] {
        Answers<std::monostate> back;
        m_host->poll(1s, back.context(), back.reply());
        return QTest::qWaitFor([&] { return back.results.size() == 1; }) && back.isOk();
    };
    QTRY_VERIFY(isBack());
    QTRY_COMPARE(history().last(), u"back refused 2"_s);
}

void InstrumentHostTest::pollLeavesTheHolderOfTheLeaseAlone()
{
    open();
    QVERIFY(m_host->acquireLease(u"scan 7"_s));
    Answers<std::monostate> polled;
    m_host->poll(1s, polled.context(), polled.reply());
    QTRY_COMPARE(polled.code(), ErrorCode::Cancelled);
    QCOMPARE(m_script->count(u"poll"_s), 0);
}

void InstrumentHostTest::pollWaitsForEverybody()
{
    open();
    m_script->hang(u"read"_s);
    Answers<Reading> first;
    m_host->read(Priority::Panel, 0, 5s, first.context(), first.reply());
    QTRY_VERIFY(m_script->isInside(u"read"_s));
    Answers<std::monostate> polled;
    m_host->poll(1s, polled.context(), polled.reply());
    Answers<QVariant> panel;
    m_host->parameter(Priority::Panel, u"nplc"_s, 1s, panel.context(), panel.reply());
    m_script->release(u"read"_s);
    QTRY_VERIFY(polled.isOk());
    QVERIFY(panel.isOk());
    const QStringList events = m_script->events();
    QVERIFY(events.indexOf(u"poll"_s) > events.indexOf(u"parameter nplc"_s));
}

/// The connect of an instrument that is off takes seconds: nobody waits for one that a poll began.
void InstrumentHostTest::requestsEndAReconnectOfAPoll()
{
    open();
    m_script->fail(u"poll"_s, kGone, 1);
    m_script->fail(u"open"_s, kGone, 1);
    Answers<std::monostate> gone;
    m_host->poll(1s, gone.context(), gone.reply());
    QTRY_COMPARE(m_host->connectionState(), ConnectionState::Lost);
    QTRY_COMPARE(gone.results.size(), 1U);
    m_script->hang(u"open"_s);
    Answers<std::monostate> polled;
    m_host->poll(1s, polled.context(), polled.reply());
    QTRY_VERIFY(m_script->isInside(u"open"_s));
    Answers<QVariant> panel;
    m_host->parameter(Priority::Panel, u"nplc"_s, 1s, panel.context(), panel.reply());
    QTRY_COMPARE(polled.results.size(), 1U);
    m_script->release(u"open"_s);
    QTRY_VERIFY(panel.isOk());
}

void InstrumentHostTest::inlineRunsOnTheOwnersThread()
{
    auto host =
        scriptedHost(u"fake"_s, m_script, scriptedSpec(), InstrumentHost::Placement::Inline);
    QVERIFY(host->inlineInstrument());
    QVERIFY(!m_host->inlineInstrument());
    Answers<std::monostate> opened;
    host->open(1s, opened.context(), opened.reply());
    QCOMPARE(m_script->events(), QStringList()); // not from inside the request
    QTRY_VERIFY(opened.isOk());
    Answers<Arrival> moved;
    m_script->arriveAfter(2);
    host->move(Priority::Step, 0, 5.0, host->spec().movements[0].settle, moved.context(),
               moved.reply());
    QTRY_VERIFY(moved.isOk());
    host.reset();
    QCOMPARE(m_script->events().last(), u"close"_s);
}

namespace {
/// Runs work on the thread that it lives on and waits for it; by means that the thread sanitizer
/// can follow, unlike a queued functor.
class Errand final : public QObject
{
public:
    void run(std::function<void()> work)
    {
        m_work = std::move(work);
        std::unique_lock lock(m_mutex);
        QCoreApplication::postEvent(this, new QEvent(QEvent::User));
        lock.unlock();
        m_done.get_future().wait();
    }

private:
    void customEvent(QEvent *) override
    {
        m_mutex.lock();
        m_mutex.unlock();
        m_work();
        m_done.set_value();
    }

    std::mutex m_mutex;
    std::function<void()> m_work;
    std::promise<void> m_done;
};
} // namespace

void InstrumentHostTest::inlineFollowsItsHost()
{
    QThread thread;
    auto host =
        scriptedHost(u"fake"_s, m_script, scriptedSpec(), InstrumentHost::Placement::Inline);
    host->moveToThread(&thread);
    Errand on;
    on.moveToThread(&thread);
    thread.start();
    Answers<std::monostate> opened;
    host->open(1s, opened.context(), opened.reply());
    QTRY_VERIFY(opened.isOk());
    QCOMPARE(opened.threads, QList{QThread::currentThread()});
    QThread *home = QThread::currentThread();
    on.run([&] {
        host->moveToThread(home);
        on.moveToThread(home);
        thread.quit();
    });
    thread.wait();
    Answers<Reading> read;
    host->read(Priority::Step, 0, 1s, read.context(), read.reply());
    QTRY_VERIFY(read.isOk());
}

void InstrumentHostTest::benchKeepsNicknamesUnique()
{
    Bench bench;
    QVERIFY(bench.add(scriptedHost(u"b"_s, m_script)));
    QVERIFY(bench.add(scriptedHost(u"a"_s, m_script)));
    const Status refused = bench.add(scriptedHost(u"a"_s, m_script));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QVERIFY(bench.find(u"a"_s));
    QVERIFY(!bench.find(u"c"_s));
    QCOMPARE(bench.hosts().size(), 2);
    QCOMPARE(bench.hosts()[0]->nickname(), u"a"_s);
}

QTEST_GUILESS_MAIN(InstrumentHostTest)
#include "tst_instrument_host.moc"
