#include "core/engine/pace.h"

#include <QTest>

using namespace birch;

namespace {
constexpr qint64 kSecond = 1'000'000'000;
}

class PaceTest : public QObject
{
    Q_OBJECT
private slots:
    void remaining_data()
    {
        QTest::addColumn<qint64>("plannedS");
        QTest::addColumn<qint64>("points");
        QTest::addColumn<qint64>("before"); // points of an earlier run
        QTest::addColumn<qint64>("afterS");
        QTest::addColumn<qint64>("done");
        QTest::addColumn<double>("remainingS"); // -1: unknown
        using Row = qint64;
        QTest::newRow("nothing yet: the plan")
            << Row(100) << Row(100) << Row(0) << Row(10) << Row(0) << 90.0;
        QTest::newRow("late before the first point: never negative")
            << Row(100) << Row(100) << Row(0) << Row(500) << Row(0) << 0.0;
        QTest::newRow("twice as slow as planned")
            << Row(100) << Row(100) << Row(0) << Row(100) << Row(50) << 100.0;
        QTest::newRow("the first points: mostly the plan")
            << Row(100) << Row(100) << Row(0) << Row(2) << Row(1) << 0.1 * 198 + 0.9 * 99;
        QTest::newRow("all points are there")
            << Row(100) << Row(100) << Row(0) << Row(70) << Row(100) << 0.0;
        QTest::newRow("more than planned")
            << Row(100) << Row(100) << Row(0) << Row(70) << Row(101) << 0.0;
        QTest::newRow("continued: only this run's pace counts")
            << Row(100) << Row(100) << Row(50) << Row(25) << Row(75) << 25.0;
        QTest::newRow("no estimate, a pace")
            << Row(0) << Row(10) << Row(0) << Row(10) << Row(5) << 10.0;
        QTest::newRow("no estimate, no pace")
            << Row(0) << Row(10) << Row(0) << Row(10) << Row(0) << -1.0;
        QTest::newRow("no points, only time")
            << Row(60) << Row(0) << Row(0) << Row(20) << Row(0) << 40.0;
    }
    void remaining()
    {
        QFETCH(qint64, plannedS);
        QFETCH(qint64, points);
        QFETCH(qint64, before);
        QFETCH(qint64, afterS);
        QFETCH(qint64, done);
        QFETCH(double, remainingS);
        const Pace pace(std::chrono::seconds(plannedS), points, before, 5 * kSecond);
        const auto left = pace.remaining((5 + afterS) * kSecond, done);
        QCOMPARE(bool(left), remainingS >= 0);
        if (left)
            QVERIFY(std::abs(double(left->count()) / 1e9 - remainingS) < 1e-6);
    }

    void whatIsToldGrowsOnlyWithAReason()
    {
        const auto s = [](double seconds) { return Nanoseconds(qint64(seconds * 1e9)); };
        struct Step {
            double atS, estimateS, toldS;
            bool hasGrown;
        };
        RemainingTime told;
        QVERIFY(!told.left());
        for (const Step &step : std::initializer_list<Step>{{0, 100, 100, false},
                                                            {1, 90, 90, false},
                                                            {2, 94, 90, false},    // held back
                                                            {3, 94.6, 94.6, true}, // clearly later
                                                            {4, 50, 50, true},
                                                            {33, 20, 20, false}, // told long enough
                                                            {34, 22, 20, false},
                                                            {35, 22.1, 22.1, true},
                                                            {36, 0, 0, true}}) {
            told.update(s(step.estimateS), qint64(step.atS * kSecond));
            QCOMPARE(told.left(), std::optional(s(step.toldS)));
            QCOMPARE(told.hasGrown(), step.hasGrown);
        }
        told.update({}, 40 * kSecond);
        QVERIFY(!told.left());
    }

    void pausesDoNotSlowThePace()
    {
        Pace pace(std::chrono::seconds(100), 100, 0, 0);
        pace.pause(50 * kSecond);
        QCOMPARE(pace.remaining(1000 * kSecond, 50)->count(), 50 * kSecond);
        pace.resume(1000 * kSecond);
        QCOMPARE(pace.remaining(1000 * kSecond, 50)->count(), 50 * kSecond);
        QCOMPARE(pace.elapsed(1000 * kSecond).count(), 1000 * kSecond);
    }
};

QTEST_GUILESS_MAIN(PaceTest)
#include "tst_pace.moc"
