#include "core/engine/motion_stop.h"

#include "core/instrument/bench.h"
#include "tests/core/instrument/scripted_instrument.h"

#include <QSignalSpy>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

/// What another program left on its way is halted, where it can be.
class MotionStopTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { m_bench = std::make_unique<Bench>(); }
    void haltsWhatHasAStopAndNoSafeValue()
    {
        InstrumentSpec stage = scriptedSpec(); // x, y
        stage.movements[0].hasStop = true;
        stage.movements[1].hasStop = false;
        for (MovementSpec &movement : stage.movements)
            movement.safeValue.reset();
        InstrumentSpec source = stage; // SafeSequence sees to it
        source.movements[1].safeValue = 0;
        InstrumentSpec lamp = stage;
        lamp.movements[0].hasStop = false;
        add(u"stage"_s, stage);
        add(u"other"_s, stage);
        add(u"source"_s, source);
        add(u"lamp"_s, lamp);
        MotionStop stop(*m_bench, m_clock);
        QSignalSpy done(&stop, &MotionStop::done);
        stop.start({u"stage"_s, u"source"_s, u"lamp"_s});
        QVERIFY(!stop.isDone());
        QTRY_COMPARE(done.size(), 1);
        QVERIFY(stop.isDone());
        QCOMPARE(m_scripts[u"stage"_s]->events(), (QStringList{u"open"_s, u"stop 0"_s}));
        for (const QString &untouched : {u"other"_s, u"source"_s, u"lamp"_s})
            QCOMPARE(m_scripts[untouched]->events(), QStringList());
    }

    void nothingToHaltIsDone()
    {
        MotionStop stop(*m_bench, m_clock);
        QSignalSpy done(&stop, &MotionStop::done);
        stop.start({});
        QTRY_COMPARE(done.size(), 1);
    }

    void triesAgain()
    {
        InstrumentSpec stage = scriptedSpec();
        for (MovementSpec &movement : stage.movements) {
            movement.safeValue.reset();
            movement.hasStop = true;
        }
        add(u"stage"_s, stage);
        m_scripts[u"stage"_s]->fail(u"open"_s, {ErrorCode::NotConnected, u"busy"_s}, 1);
        m_scripts[u"stage"_s]->fail(u"stop"_s, {ErrorCode::Timeout, u"silent"_s}, 1);
        MotionStop stop(*m_bench, m_clock);
        QSignalSpy done(&stop, &MotionStop::done);
        QSignalSpy steps(&stop, &MotionStop::step);
        stop.start({});
        QTRY_COMPARE(done.size(), 1);
        QCOMPARE(m_scripts[u"stage"_s]->count(u"open"_s), 2);
        QCOMPARE(m_scripts[u"stage"_s]->count(u"stop 0"_s), 2);
        QCOMPARE(steps.size(), 2); // the failure once, the success
    }

    void cleanup()
    {
        m_bench.reset();
        m_scripts.clear();
    }

private:
    void add(const QString &nickname, const InstrumentSpec &spec)
    {
        m_scripts[nickname] = std::make_shared<InstrumentScript>();
        QVERIFY(m_bench->add(scriptedHost(nickname, m_scripts[nickname], spec)));
    }

    SystemClock m_clock;
    std::unique_ptr<Bench> m_bench;
    QMap<QString, std::shared_ptr<InstrumentScript>> m_scripts;
};

QTEST_GUILESS_MAIN(MotionStopTest)
#include "tst_motion_stop.moc"
