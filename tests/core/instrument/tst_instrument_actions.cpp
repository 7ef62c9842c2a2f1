#include "tests/core/instrument/answers.h"
#include "tests/core/instrument/scripted_instrument.h"

#include <QTest>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
constexpr int kHome = 0; // the movement x travels by it
constexpr int kZero = 1;

InstrumentSpec spec()
{
    InstrumentSpec spec = scriptedSpec();
    spec.movements[0].hasStop = true;
    ActionSpec home;
    home.name = u"home"_s;
    home.label = u"Home"_s;
    home.movement = u"x"_s;
    ActionSpec zero;
    zero.name = u"zero"_s;
    zero.label = u"Zero"_s;
    zero.timeout = 150ms;
    spec.actions = {home, zero};
    return spec;
}
} // namespace

/// What a host makes of actions: told once, then asked until they are over.
class InstrumentActionsTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_script = std::make_shared<InstrumentScript>();
        m_host = scriptedHost(u"stage"_s, m_script, spec());
        Answers<std::monostate> opened;
        m_host->open(10s, opened.context(), opened.reply());
        QTRY_VERIFY(opened.isOk());
    }
    void cleanup() { m_host.reset(); }

    void isToldOnceAndWatched()
    {
        m_script->arriveAfter(3);
        Answers<std::monostate> done;
        m_host->act(Priority::Panel, kHome, done.context(), done.reply());
        QTRY_VERIFY(done.isOk());
        QCOMPARE(m_script->count(u"act 0"_s), 1);
        QCOMPARE(m_script->count(u"isActing 0"_s), 4);
    }

    void othersComeInBetween()
    {
        m_script->arriveAfter(1'000'000);
        Answers<std::monostate> done;
        m_host->act(Priority::Panel, kHome, done.context(), done.reply());
        QTRY_VERIFY(m_script->count(u"isActing 0"_s) > 0);
        Answers<QVariant> value;
        m_host->parameter(Priority::Panel, u"nplc"_s, 1s, value.context(), value.reply());
        QTRY_VERIFY(value.isOk());
        QVERIFY(done.results.empty());
    }

    void timeoutIsNamed()
    {
        m_script->arriveAfter(1'000'000);
        Answers<std::monostate> done;
        m_host->act(Priority::Panel, kZero, done.context(), done.reply());
        QTRY_COMPARE(done.code(), ErrorCode::Timeout);
        QVERIFY2(done.message().contains(u"stage: Zero was not done within 0.15 s"_s),
                 qPrintable(done.message()));
    }

    void refusedIsToldAtOnce()
    {
        m_script->fail(u"act"_s, {ErrorCode::Protocol, u"not now"_s}, 1);
        Answers<std::monostate> done;
        m_host->act(Priority::Panel, kHome, done.context(), done.reply());
        QTRY_COMPARE(done.code(), ErrorCode::Protocol);
        QVERIFY(done.message().contains(u"stage"_s) && done.message().contains(u"not now"_s));
        QCOMPARE(m_script->count(u"isActing 0"_s), 0);
    }

    void cancelHaltsWhatTravels()
    {
        m_script->arriveAfter(1'000'000);
        Answers<std::monostate> done;
        m_host->act(Priority::Panel, kHome, done.context(), done.reply());
        QTRY_VERIFY(m_script->count(u"isActing 0"_s) > 0);
        m_host->cancel();
        QTRY_COMPARE(done.code(), ErrorCode::Cancelled);
        QVERIFY(m_script->count(u"stop 0"_s) >= 1);
    }

    void cancelEndsWhatDoesNotTravel()
    {
        m_script->hang(u"isActing"_s);
        Answers<std::monostate> done;
        m_host->act(Priority::Panel, kZero, done.context(), done.reply());
        QTRY_VERIFY(m_script->isInside(u"isActing"_s));
        m_host->cancel();
        QTRY_COMPARE(done.code(), ErrorCode::Cancelled);
        QCOMPARE(m_script->count(u"stop 0"_s), 0);
    }

    void stopOfItsMovementEndsIt()
    {
        m_script->arriveAfter(1'000'000);
        Answers<std::monostate> done;
        m_host->act(Priority::Panel, kHome, done.context(), done.reply());
        QTRY_VERIFY(m_script->count(u"isActing 0"_s) > 0);
        Answers<std::monostate> stopped;
        m_host->stop(Priority::Safe, 0, 1s, stopped.context(), stopped.reply());
        QTRY_VERIFY(stopped.isOk());
        QTRY_COMPARE(done.code(), ErrorCode::Cancelled);
    }

    void anotherTargetEndsIt()
    {
        m_script->arriveAfter(1'000'000);
        Answers<std::monostate> done;
        m_host->act(Priority::Panel, kHome, done.context(), done.reply());
        QTRY_VERIFY(m_script->count(u"isActing 0"_s) > 0);
        Answers<std::monostate> begun;
        m_host->begin(Priority::Panel, 0, 3, 1s, begun.context(), begun.reply());
        QTRY_VERIFY(begun.isOk());
        QTRY_COMPARE(done.code(), ErrorCode::Cancelled);
    }

    void lostOnTheWay()
    {
        m_script->fail(u"isActing"_s, {ErrorCode::NotConnected, u"the peer closed"_s}, 1);
        Answers<std::monostate> done;
        m_host->act(Priority::Panel, kHome, done.context(), done.reply());
        QTRY_COMPARE(done.code(), ErrorCode::NotConnected);
    }

    void unknownIsAnswered()
    {
        Answers<std::monostate> done;
        m_host->act(Priority::Panel, 2, done.context(), done.reply());
        QTRY_COMPARE(done.code(), ErrorCode::NotFound);
    }

private:
    std::shared_ptr<InstrumentScript> m_script;
    std::unique_ptr<InstrumentHost> m_host;
};

QTEST_GUILESS_MAIN(InstrumentActionsTest)
#include "tst_instrument_actions.moc"
