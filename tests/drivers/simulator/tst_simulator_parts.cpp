// Motion, noise, fault scripts and message cutting, each by itself.
#include "drivers/simulator/endpoint.h"
#include "drivers/simulator/fault_script.h"
#include "drivers/simulator/motion.h"
#include "drivers/simulator/physics_model.h"

#include <QTest>

#include <cmath>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class SimulatorPartsTest : public QObject
{
    Q_OBJECT

private slots:
    void motions_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<double>("target");
        QTest::addColumn<double>("duration"); // s
        QTest::newRow("instant") << int(Motion::Kind::Instant) << 7.3 << 0.0;
        QTest::newRow("linear up") << int(Motion::Kind::Linear) << 20.1 << 2.01;
        QTest::newRow("linear down") << int(Motion::Kind::Linear) << -5.0 << 0.5;
        QTest::newRow("linear, already there") << int(Motion::Kind::Linear) << 0.0 << 0.0;
        QTest::newRow("lag up") << int(Motion::Kind::Lag) << 30.0 << 3.0 + 6 * 0.5;
        QTest::newRow("lag down") << int(Motion::Kind::Lag) << -0.1 << 0.01 + 6 * 0.5;
        QTest::newRow("lag, already there") << int(Motion::Kind::Lag) << 0.0 << 0.0;
    }
    void motions()
    {
        QFETCH(int, kind);
        QFETCH(double, target);
        QFETCH(double, duration);
        Motion motion(Motion::Kind(kind), 10, 0.5, 0); // 10 units/s from 0
        motion.begin(target, 100);
        double before = 0;
        for (double t = 0; t < duration; t += duration / 50) {
            const double position = motion.position(100 + t);
            QVERIFY(std::abs(position) >= std::abs(before) - 1e-12); // never back
            QVERIFY(std::abs(position) <= std::abs(target));
            before = position;
        }
        if (duration > 0) {
            QVERIFY(motion.isMoving(100 + duration * 0.999));
            QVERIFY(std::abs(motion.position(100 + duration * 0.999) - target) <
                    std::max(0.02, std::abs(target) * 0.002));
        }
        QVERIFY(!motion.isMoving(100 + duration + 1e-9));
        QVERIFY(motion.position(100 + duration + 1e-9) == target); // exactly
    }

    void lagIsContinuous()
    {
        Motion motion(Motion::Kind::Lag, 10, 0.5, 0);
        motion.begin(30, 0);
        for (double t = 0; t < 6; t += 0.01)
            QVERIFY(std::abs(motion.position(t + 0.01) - motion.position(t)) < 0.11);
        motion.begin(0, 1.5); // turned round on its way
        QVERIFY(motion.position(1.5) > 5);
        QVERIFY(motion.position(20) == 0);
    }

    void stopping()
    {
        Motion motion(Motion::Kind::Linear, 10, 0, 0);
        motion.begin(100, 0);
        motion.stop(3);
        QVERIFY(!motion.isMoving(3.1));
        QCOMPARE(motion.position(50), 30.0);
    }

    void noiseIsNormal()
    {
        Noise noise(42);
        double sum = 0;
        double squares = 0;
        constexpr int kCount = 20'000;
        for (int i = 0; i < kCount; ++i) {
            const double value = noise.normal();
            QVERIFY(std::isfinite(value));
            sum += value;
            squares += value * value;
        }
        QVERIFY(std::abs(sum / kCount) < 0.03);
        QVERIFY(std::abs(squares / kCount - 1) < 0.05);
    }

    void noiseFollowsFromItsKey()
    {
        const auto world = [](quint64 seed) { return World(seed, {}, [] { return 0.0; }); };
        World a = world(1);
        World b = world(1);
        World c = world(2);
        a.noteSetpoint(u"smu.bias"_s, 1);
        a.noteSetpoint(u"stage.x"_s, 2);
        b.noteSetpoint(u"stage.x"_s, 2); // another order of the same setpoints
        (void)b.nextRead(u"iv"_s);
        b.noteSetpoint(u"smu.bias"_s, 1);
        c.noteSetpoint(u"smu.bias"_s, 1);
        c.noteSetpoint(u"stage.x"_s, 2);
        const double first = a.nextRead(u"iv"_s).normal();
        QCOMPARE(b.nextRead(u"iv"_s).normal(), first);
        QVERIFY(c.nextRead(u"iv"_s).normal() != first);
        QVERIFY(a.nextRead(u"iv"_s).normal() != first);       // second read
        QVERIFY(a.nextRead(u"spectrum"_s).normal() != first); // another measurement
        a.noteSetpoint(u"smu.bias"_s, 1);                     // the same again
        QCOMPARE(a.nextRead(u"iv"_s).normal(), first);
        a.noteSetpoint(u"smu.bias"_s, 0.0);
        const double zero = a.nextRead(u"iv"_s).normal();
        a.noteSetpoint(u"smu.bias"_s, -0.0);
        QCOMPARE(a.nextRead(u"iv"_s).normal(), zero);
    }

    void signalsComeFromTheirPublisher()
    {
        World world(1, {{u"x"_s, 5.0}}, [] { return 0.0; });
        QCOMPARE(world.signal(u"temperature"_s), 295.0);
        QCOMPARE(world.signal(u"x"_s), 5.0);
        QCOMPARE(world.signal(u"bias"_s), 0.0);
        world.publish(u"x"_s, this, [] { return 7.0; });
        QCOMPARE(world.signal(u"x"_s), 7.0);
        world.withdraw(this);
        QCOMPARE(world.signal(u"x"_s), 5.0);
    }

    void faultScripts_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<QString>("expected"); // faults of replies 1 to 5; "!": refused
        QTest::newRow("none") << u""_s << u"- - - - -"_s;
        QTest::newRow("all") << u"garble"_s << u"g g g g g"_s;
        QTest::newRow("third") << u"hang@3"_s << u"- - h - -"_s;
        QTest::newRow("from") << u"delay=200ms@4+"_s << u"- - - d d"_s;
        QTest::newRow("range") << u"split=2 ms@2-3"_s << u"!"_s; // the blank separates
        QTest::newRow("range, tight") << u"split=2ms@2-3"_s << u"- s s - -"_s;
        QTest::newRow("several") << u"late=1s@1, cut@5 hang@5"_s << u"l - - - ch"_s;
        QTest::newRow("unknown") << u"explode"_s << u"!"_s;
        QTest::newRow("time missing") << u"delay"_s << u"!"_s;
        QTest::newRow("time too much") << u"hang=3s"_s << u"!"_s;
        QTest::newRow("no time") << u"delay=3V"_s << u"!"_s;
        QTest::newRow("bad count") << u"hang@x"_s << u"!"_s;
    }
    void faultScripts()
    {
        QFETCH(QString, script);
        QFETCH(QString, expected);
        auto parsed = FaultScript::parse(script);
        QCOMPARE(bool(parsed), expected != u"!");
        if (!parsed)
            return;
        QStringList replies;
        for (int i = 0; i < 5; ++i) {
            QString letters;
            for (const Fault &fault : parsed.value().next())
                letters += QChar::fromLatin1("dsgchl"[int(fault.kind)]);
            replies.append(letters.isEmpty() ? u"-"_s : letters);
        }
        QCOMPARE(replies.join(u' '), expected);
    }

    void messages_data()
    {
        QTest::addColumn<QByteArray>("terminator");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("messages");
        QTest::newRow("LF") << QByteArray("\n") << QByteArray("A?\nB 1\n") << QByteArray("A?|B 1");
        QTest::newRow("CR LF sent") << QByteArray("\n") << QByteArray("A?\r\n") << QByteArray("A?");
        QTest::newRow("CR") << QByteArray("\r") << QByteArray("A\rB\r") << QByteArray("A|B");
        QTest::newRow("CR LF") << QByteArray("\r\n") << QByteArray("A\r\nB\r\n")
                               << QByteArray("A|B");
        QTest::newRow("unfinished") << QByteArray("\n") << QByteArray("A\nB") << QByteArray("A");
    }
    void messages()
    {
        QFETCH(QByteArray, terminator);
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, messages);
        QCOMPARE(MessageBuffer(terminator).add(bytes).join('|'), messages);
        MessageBuffer bytewise(terminator);
        QList<QByteArray> collected;
        for (const char c : bytes)
            collected += bytewise.add(QByteArray(1, c));
        QCOMPARE(collected.join('|'), messages);
    }
};

QTEST_GUILESS_MAIN(SimulatorPartsTest)
#include "tst_simulator_parts.moc"
