#include "core/base/fake_clock.h"
#include "core/data/point_clock.h"
#include "core/data/run_state.h"

#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class TestRunState : public QObject
{
    Q_OBJECT

private slots:
    /// Written from the states' meaning, not from the table under test: row = from, column = to.
    void scanTransitions()
    {
        using S = ScanState;
        //                       Q  R  P  C  A  F  I
        const bool allowed[7][7] = {{0, 1, 0, 0, 1, 1, 0},  // queued
                                    {0, 0, 1, 1, 1, 1, 1},  // running
                                    {0, 1, 0, 1, 1, 1, 1},  // paused
                                    {0, 0, 0, 0, 0, 0, 0},  // completed
                                    {0, 0, 0, 0, 0, 0, 0},  // aborted
                                    {0, 0, 0, 0, 0, 0, 0},  // failed
                                    {0, 1, 0, 0, 1, 0, 0}}; // interrupted: continued or closed
        for (int from = 0; from < 7; ++from) {
            for (int to = 0; to < 7; ++to)
                QCOMPARE(isAllowed(S(from), S(to)), allowed[from][to]);
            QCOMPARE(scanStateFromName(scanStateName(S(from))), std::optional(S(from)));
            QCOMPARE(isFinal(S(from)),
                     S(from) == S::Completed || S(from) == S::Aborted || S(from) == S::Failed);
        }
        QVERIFY(!scanStateFromName(u"Running"_s));
    }

    void queueTransitions()
    {
        using Q = QueueState;
        //                       I  R  P  S
        const bool allowed[4][4] = {{0, 1, 0, 0}, {1, 0, 1, 1}, {1, 1, 0, 1}, {1, 0, 0, 0}};
        for (int from = 0; from < 4; ++from) {
            for (int to = 0; to < 4; ++to)
                QCOMPARE(isAllowed(Q(from), Q(to)), allowed[from][to]);
            QCOMPARE(queueStateFromName(queueStateName(Q(from))), std::optional(Q(from)));
        }
        QVERIFY(!queueStateFromName(u""_s));
    }

    void clockStepsDoNotReorderPoints_data()
    {
        QTest::addColumn<qint64>("stepNs");
        QTest::newRow("back an hour") << qint64(-3'600'000'000'000);
        QTest::newRow("forward an hour") << qint64(3'600'000'000'000);
        QTest::newRow("back a nanosecond") << qint64(-1);
    }
    void clockStepsDoNotReorderPoints()
    {
        QFETCH(qint64, stepNs);
        FakeClock clock(1'000'000'000'000);
        PointClock points(clock);
        QCOMPARE(points.next(), 1'000'000'000'000);
        clock.advance(std::chrono::seconds(1));
        clock.stepWall(Nanoseconds(stepNs));
        QCOMPARE(points.next(), 1'001'000'000'000); // the interval is what passed
        QCOMPARE(points.next(), 1'001'000'000'001); // two points in one tick keep their order
        QCOMPARE(points.now(), 1'001'000'000'001);
    }

    void continuationIsNeverBeforeWhatIsStored()
    {
        FakeClock clock(1'000);
        PointClock points(clock, 5'000); // the wall clock was set back since
        QVERIFY(points.now() >= 5'000);
        QCOMPARE(points.next(), 5'001);
        clock.advance(Nanoseconds(10));
        QCOMPARE(points.next(), 5'010);
    }
};

QTEST_GUILESS_MAIN(TestRunState)
#include "tst_run_state.moc"
