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
