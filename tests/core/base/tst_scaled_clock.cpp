#include "core/base/scaled_clock.h"

#include "core/base/fake_clock.h"

#include <QTest>

using namespace birch;
using namespace std::chrono_literals;

class ScaledClockTest : public QObject
{
    Q_OBJECT

private slots:
    void runsAsFastAsItIsTold_data()
    {
        QTest::addColumn<double>("speed");
        QTest::newRow("real") << 1.0;
        QTest::newRow("fast") << 100.0;
        QTest::newRow("slow") << 0.25;
    }
    void runsAsFastAsItIsTold()
    {
        QFETCH(double, speed);
        FakeClock real;
        real.advance(5s);
        ScaledClock clock(real, speed);
        const qint64 boot = clock.bootNs();
        const qint64 wall = clock.wallNs();
        QCOMPARE(boot, real.bootNs());
        QCOMPARE(wall, real.wallNs());
        int calls = 0;
        clock.after(Nanoseconds(qint64(2e9 * speed)), this, [&calls] { ++calls; });
        real.advance(1999ms);
        QCoreApplication::processEvents();
        QCOMPARE(calls, 0);
        real.advance(1ms);
        QCoreApplication::processEvents();
        QCOMPARE(calls, 1);
        QCOMPARE(clock.bootNs() - boot, qint64(2e9 * speed));
        QCOMPARE(clock.wallNs() - wall, qint64(2e9 * speed));
    }
};

QTEST_GUILESS_MAIN(ScaledClockTest)
#include "tst_scaled_clock.moc"
