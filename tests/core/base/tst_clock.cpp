#include "core/base/fake_clock.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace birch;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class ClockTest : public QObject
{
    Q_OBJECT

private slots:
    void fakeRunsInOrderOfTimeThenRequest()
    {
        FakeClock clock;
        QObject context;
        QStringList ran;
        const auto note = [&](const QString &what) {
            return [&ran, &clock, start = clock.bootNs(), what] {
                ran.append(what + QString::number((clock.bootNs() - start) / 1'000'000));
            };
        };
        clock.after(20ms, &context, note(u"b"_s));
        clock.after(10ms, &context, note(u"a"_s));
        clock.after(20ms, &context, note(u"c"_s));
        clock.after(30ms, &context, note(u"d"_s));
        clock.advance(20ms);
        QCOMPARE(ran, (QStringList{u"a10"_s, u"b20"_s, u"c20"_s}));
        QVERIFY(clock.advanceToNext());
        QCOMPARE(ran.last(), u"d30"_s);
        QVERIFY(!clock.advanceToNext());
    }

    void fakeRunsWhatActionsAsk()
    {
        FakeClock clock;
        QObject context;
        int ticks = 0;
        std::function<void()> tick = [&] {
            if (++ticks < 100)
                clock.after(1ms, &context, tick);
        };
        clock.after(1ms, &context, tick);
        clock.advance(50ms);
        QCOMPARE(ticks, 50);
        clock.advance(1s);
        QCOMPARE(ticks, 100);
    }

    void fakeDropsWithTheContext()
    {
        FakeClock clock;
        auto context = std::make_unique<QObject>();
        bool hasRun = false;
        clock.after(1ms, context.get(), [&] { hasRun = true; });
        context.reset();
        clock.advance(1s);
        QVERIFY(!hasRun);
    }

    void fakeWallStepsAlone()
    {
        FakeClock clock(1'000'000'000);
        const qint64 boot = clock.bootNs();
        clock.stepWall(-500ms);
        QCOMPARE(clock.wallNs(), 500'000'000);
        QCOMPARE(clock.bootNs(), boot);
        clock.advance(1s);
        QCOMPARE(clock.wallNs(), 1'500'000'000);
        QCOMPARE(clock.bootNs(), boot + 1'000'000'000);
    }

    void systemNeverEndsEarly()
    {
        SystemClock clock;
        QObject context;
        const qint64 start = clock.bootNs();
        qint64 end = 0;
        clock.after(1500us, &context, [&] { end = clock.bootNs(); });
        QTRY_VERIFY(end != 0);
        QVERIFY(end - start >= 1'500'000);
        QVERIFY(clock.wallNs() > 1'700'000'000'000'000'000);
    }

    void systemDropsWithTheContext()
    {
        SystemClock clock;
        auto context = std::make_unique<QObject>();
        QObject other;
        bool hasRun = false;
        bool isLater = false;
        clock.after(1ms, context.get(), [&] { hasRun = true; });
        clock.after(5ms, &other, [&] { isLater = true; });
        context.reset();
        QTRY_VERIFY(isLater);
        QVERIFY(!hasRun);
    }

    void deadlines()
    {
        const Deadline past = Deadline::in(-1s);
        QVERIFY(past.hasPassed());
        QCOMPARE(past.remaining().count(), 0);
        const Deadline far = Deadline::in(1h);
        QVERIFY(!far.hasPassed());
        QVERIFY(far.remaining() > 59min);
        QVERIFY(far.atMost(1min).remaining() <= 1min);
        QVERIFY(far.atMost(2h).remaining() <= 1h);
        QVERIFY(past.atMost(1h).hasPassed());
    }
};

QTEST_GUILESS_MAIN(ClockTest)
#include "tst_clock.moc"
