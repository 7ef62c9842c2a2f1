#include "core/instrument/settle_watch.h"

#include <QTest>

using namespace birch;
using namespace std::chrono_literals;

namespace {
struct Poll {
    int atMs;
    double readback;
    bool isMoving;
};
} // namespace
Q_DECLARE_METATYPE(Poll)

class SettleWatchTest : public QObject
{
    Q_OBJECT
private slots:
    void arrival_data();
    void arrival();
    void polls();
};

void SettleWatchTest::arrival_data()
{
    QTest::addColumn<double>("tolerance");
    QTest::addColumn<int>("dwellMs");
    QTest::addColumn<QList<Poll>>("states");
    QTest::addColumn<int>("arrivesAt"); // position in states; -1: never

    using Polls = QList<Poll>;
    QTest::newRow("at once") << 0.1 << 0 << Polls{{0, 5.0, false}} << 0;
    QTest::newRow("no tolerance: rest counts")
        << 0.0 << 0 << Polls{{0, 1.0, true}, {1, 1.0, false}} << 1;
    QTest::newRow("resting too far away")
        << 0.1 << 0 << Polls{{0, 4.0, false}, {9, 4.0, false}} << -1;
    QTest::newRow("inside but moving") << 0.1 << 0 << Polls{{0, 5.0, true}, {1, 5.0, false}} << 1;
    QTest::newRow("edge of tolerance") << 0.5 << 0 << Polls{{0, 4.5, false}} << 0;
    QTest::newRow("dwell") << 0.1 << 10 << Polls{{0, 5, false}, {9, 5, false}, {10, 5, false}} << 2;
    QTest::newRow("dwell starts over after an excursion")
        << 0.1 << 10
        << Polls{{0, 5, false}, {9, 6, false}, {12, 5, false}, {21, 5, false}, {22, 5, false}} << 4;
    QTest::newRow("not a number never arrives") << 0.1 << 0 << Polls{{0, qQNaN(), false}} << -1;
}

void SettleWatchTest::arrival()
{
    QFETCH(double, tolerance);
    QFETCH(int, dwellMs);
    QFETCH(QList<Poll>, states);
    QFETCH(int, arrivesAt);

    SettleWatch watch(5.0, {.tolerance = tolerance, .dwell = std::chrono::milliseconds(dwellMs)});
    int arrived = -1;
    for (int i = 0; i < states.size() && arrived < 0; ++i) {
        const auto now = SettleWatch::Time() + std::chrono::milliseconds(states[i].atMs);
        if (watch.hasArrived({states[i].readback, states[i].isMoving}, now))
            arrived = i;
    }
    QCOMPARE(arrived, arrivesAt);
}

void SettleWatchTest::polls()
{
    const SettleWatch::Time start;
    SettleWatch watch(5.0, {.tolerance = 0.1, .dwell = 7ms, .poll = 5ms});
    QVERIFY(!watch.hasArrived({0, true}, start));
    QCOMPARE(watch.nextPoll(start), start + 5ms);
    QVERIFY(!watch.hasArrived({5, false}, start + 5ms));
    QCOMPARE(watch.nextPoll(start + 10ms), start + 12ms); // the end of the dwell, not 15 ms

    SettleWatch eager(5.0, {.poll = 0ms});
    QVERIFY(eager.nextPoll(start) > start); // never a busy loop
}

QTEST_APPLESS_MAIN(SettleWatchTest)
#include "tst_settle_watch.moc"
