#include "tests/core/instrument/scripted_instrument.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <optional>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
const Error kLockedOut{ErrorCode::Conflict, u"locked by another client"_s};
}

/// The device's own lock, which a host holds for as long as it is leased.
class DeviceLeaseTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_script = std::make_shared<InstrumentScript>();
        m_host = scriptedHost(u"stage"_s, m_script);
        m_host->setPatience(0ns);
        std::optional<bool> isOpen;
        m_host->open(10s, this, [&](const Status &opened) { isOpen = bool(opened); });
        QTRY_VERIFY(isOpen && *isOpen);
    }

    void lockedFromTheFirstRequestToTheEndOfTheLease()
    {
        QVERIFY(ask(Priority::Panel)); // nobody has it: nobody is kept out
        QVERIFY(m_host->acquireLease(u"scan A"_s));
        QVERIFY(ask(Priority::Step));
        QVERIFY(ask(Priority::Panel));
        m_host->releaseLease(u"scan A"_s);
        QVERIFY(ask(Priority::Panel));
        QCOMPARE(m_script->events(),
                 (QStringList{u"open"_s, u"parameter nplc"_s, u"lock"_s, u"parameter nplc"_s,
                              u"parameter nplc"_s, u"unlock"_s, u"parameter nplc"_s}));
    }

    void leaseWithoutRequestsLocksNothing()
    {
        QVERIFY(m_host->acquireLease(u"scan A"_s));
        m_host->releaseLease(u"scan A"_s);
        QVERIFY(ask(Priority::Step));
        QCOMPARE(m_script->events(), (QStringList{u"open"_s, u"parameter nplc"_s}));
    }

    void nextLeaseLocksAgain()
    {
        for (int i = 0; i < 2; ++i) {
            QVERIFY(m_host->acquireLease(u"scan A"_s));
            QVERIFY(ask(Priority::Step));
            m_host->releaseLease(u"scan A"_s);
            QTRY_COMPARE(m_script->count(u"unlock"_s), i + 1);
            QCOMPARE(m_script->count(u"lock"_s), i + 1);
        }
    }

    void leaseThatIsTakenAgainStaysLocked()
    {
        QVERIFY(m_host->acquireLease(u"scan A"_s));
        m_script->take(u"parameter"_s, 50ms);
        std::optional<bool> isDone;
        m_host->parameter(Priority::Step, u"nplc"_s, 5s, this,
                          [&](const Result<QVariant> &value) { isDone = bool(value); });
        QTRY_COMPARE(m_script->count(u"parameter nplc"_s), 1);
        m_host->releaseLease(u"scan A"_s);
        QVERIFY(m_host->acquireLease(u"scan B"_s)); // before its turn to unlock
        QTRY_VERIFY(isDone);
        QVERIFY(ask(Priority::Step));
        QCOMPARE(m_script->count(u"unlock"_s), 0);
        m_host->releaseLease(u"scan B"_s);
        QTRY_COMPARE(m_script->count(u"unlock"_s), 1);
    }

    void anotherClientIsNamed()
    {
        m_script->fail(u"lock"_s, kLockedOut);
        QVERIFY(m_host->acquireLease(u"scan A"_s));
        const Status refused = ask(Priority::Step);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QCOMPARE(refused.error().message, u"stage: locked by another client"_s);
        QCOMPARE(m_script->count(u"parameter nplc"_s), 0);
        m_script->release(u"lock"_s); // it has let go meanwhile
        QVERIFY(ask(Priority::Step));
    }

    void lostLockIsTakenAgain()
    {
        QVERIFY(m_host->acquireLease(u"scan A"_s));
        QVERIFY(ask(Priority::Step));
        m_script->loseLock();
        QVERIFY(ask(Priority::Step));
        QCOMPARE(m_script->count(u"lock"_s), 2);
        m_script->loseLock();
        m_script->fail(u"lock"_s, kLockedOut);
        QCOMPARE(ask(Priority::Step).error().code, ErrorCode::Conflict);
        QVERIFY(m_host->connectionState() == ConnectionState::Open);
    }

    void safeGoesOnWithoutAndSaysSo_data()
    {
        QTest::addColumn<bool>("isLost");
        QTest::newRow("never got it") << false;
        QTest::newRow("lost it") << true;
    }
    void safeGoesOnWithoutAndSaysSo()
    {
        QFETCH(bool, isLost);
        QSignalSpy states(m_host.get(), &InstrumentHost::connectionStateChanged);
        QVERIFY(m_host->acquireLease(u"scan A"_s));
        if (isLost) {
            QVERIFY(ask(Priority::Step));
            m_script->loseLock();
        }
        m_script->hang(u"lock"_s); // obeys its deadline
        QElapsedTimer timer;
        timer.start();
        QVERIFY(ask(Priority::Safe));
        QVERIFY2(timer.elapsed() < 400, qPrintable(QString::number(timer.elapsed())));
        const int tries = m_script->count(u"lock"_s);
        for (int i = 0; i < 3; ++i)
            QVERIFY(ask(Priority::Safe));
        QCOMPARE(m_script->count(u"lock"_s), tries); // once is enough
        QTRY_COMPARE(states.size(), 1);
        QVERIFY(states[0][1].toString().contains(u"Made safe without the lock"_s));
    }

    void safeInterruptsTheWaitForALock()
    {
        m_script->hang(u"lock"_s);
        QVERIFY(m_host->acquireLease(u"scan A"_s));
        std::optional<ErrorCode> step;
        m_host->parameter(Priority::Step, u"nplc"_s, 60s, this, [&](const Result<QVariant> &value) {
            step = value ? ErrorCode::Internal : value.error().code;
        });
        QTRY_VERIFY(m_script->isInside(u"lock"_s));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(ask(Priority::Safe));
        QVERIFY2(timer.elapsed() < 400, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(step, ErrorCode::Cancelled);
    }

    void unlockGivesUpInTime()
    {
        QVERIFY(m_host->acquireLease(u"scan A"_s));
        QVERIFY(ask(Priority::Step));
        m_script->hang(u"unlock"_s);
        QElapsedTimer timer;
        timer.start();
        m_host->releaseLease(u"scan A"_s);
        QVERIFY2(timer.elapsed() < 50, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(ask(Priority::Panel));
        QVERIFY2(timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
    }

    void destructionDoesNotWaitForTheUnlock()
    {
        QVERIFY(m_host->acquireLease(u"scan A"_s));
        QVERIFY(ask(Priority::Step));
        m_script->hang(u"unlock"_s);
        m_host->releaseLease(u"scan A"_s);
        QTRY_VERIFY(m_script->isInside(u"unlock"_s));
        QElapsedTimer timer;
        timer.start();
        m_host.reset();
        QVERIFY2(timer.elapsed() < 400, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(m_script->events().last(), u"close"_s);
    }

    void lossWhileLockingIsALoss()
    {
        m_script->fail(u"lock"_s, {ErrorCode::NotConnected, u"the peer closed"_s}, 1);
        QVERIFY(m_host->acquireLease(u"scan A"_s));
        QCOMPARE(ask(Priority::Step).error().code, ErrorCode::NotConnected);
        QCOMPARE(m_host->connectionState(), ConnectionState::Lost);
        QVERIFY(ask(Priority::Step)); // connected and locked again
        QCOMPARE(m_script->count(u"lock"_s), 2);
    }

private:
    /// One exchange.
    Status ask(Priority priority)
    {
        std::optional<Status> answer;
        m_host->parameter(priority, u"nplc"_s, 5s, this, [&](const Result<QVariant> &value) {
            answer = value ? ok() : Status(value.error());
        });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 10'000))
            return Error{ErrorCode::Internal, u"not answered"_s};
        return *answer;
    }

    std::shared_ptr<InstrumentScript> m_script;
    std::unique_ptr<InstrumentHost> m_host;
};

QTEST_GUILESS_MAIN(DeviceLeaseTest)
#include "tst_device_lease.moc"
