#include "tests/app/test_bench.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch::test;

/// `birchctl safe`: from outside, with nothing but the bench.
class SafeCommandTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_station = std::make_unique<TestStation>();
        m_bench = std::make_unique<TestBench>(*m_station);
        QVERIFY2(m_bench->problem().isEmpty(), qPrintable(m_bench->problem()));
    }

    void drivesAndReadsBack()
    {
        setBoth();
        const Outcome safe =
            m_station->run({u"safe"_s, u"--bench"_s, m_bench->file(), u"--json"_s});
        QVERIFY2(safe.exitCode == 0, safe.messages);
        QVERIFY(safe.json()[u"safe"].toBool());
        for (const auto &movement : safe.json()[u"movements"].toArray()) {
            QCOMPARE(movement[u"outcome"].toString(), u"done"_s);
            QCOMPARE(movement[u"readback"].toDouble(-1), movement[u"target"].toDouble());
        }
        QCOMPARE(volts(u"smu"_s), 0.0);
        QCOMPARE(volts(u"spare"_s), 0.0);
        QVERIFY(!QFile::exists(m_station->database())); // it needs none and makes none
    }

    void oneTryIsEnoughForABenchThatAnswers()
    {
        setBoth();
        const Outcome safe = m_station->run(
            {u"safe"_s, u"--bench"_s, m_bench->file(), u"--retry"_s, u"0"_s, u"--json"_s});
        QVERIFY2(safe.exitCode == 0, safe.messages);
        QVERIFY2(safe.messages.contains("stage was told to stop"), safe.messages);
    }

    void onlyTheInstrumentsNamed()
    {
        setBoth();
        const QStringList arguments{u"safe"_s, u"spare"_s, u"--bench"_s, m_bench->file()};
        const Outcome safe = m_station->run(arguments);
        QVERIFY2(safe.exitCode == 0, safe.messages);
        QVERIFY2(safe.output.contains("spare.bias"), safe.output);
        QCOMPARE(volts(u"smu"_s), 1.5);
        QCOMPARE(volts(u"spare"_s), 0.0);
    }

    void aHungInstrumentHoldsUpNoOther()
    {
        setBoth();
        QVERIFY(m_bench->setFaults(u"smu"_s, u"hang"_s));
        QElapsedTimer timer;
        timer.start();
        const auto process = m_station->start(
            {u"safe"_s, u"--bench"_s, m_bench->file(), u"--retry"_s, u"0"_s, u"--json"_s});
        QTRY_COMPARE_WITH_TIMEOUT(volts(u"spare"_s), 0.0, 4000);
        const Outcome safe = TestStation::await(*process);
        QVERIFY2(timer.elapsed() < 15'000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(safe.exitCode, 1);
        QVERIFY(!safe.json()[u"safe"].toBool(true));
        QCOMPARE(outcomeOf(safe, u"smu"_s), u"pending"_s);
        QCOMPARE(outcomeOf(safe, u"spare"_s), u"done"_s);
        QVERIFY2(safe.messages.contains("smu"), safe.messages);
    }

    void aStageThatCanNotBeHaltedIsNotSafe()
    {
        QVERIFY(m_bench->setFaults(u"stage"_s, u"hang"_s));
        const Outcome safe = m_station->run({u"safe"_s, u"stage"_s, u"--bench"_s, m_bench->file(),
                                             u"--retry"_s, u"4"_s, u"--json"_s});
        QCOMPARE(safe.exitCode, 1);
        QVERIFY(!safe.json()[u"safe"].toBool(true));
        QVERIFY2(safe.messages.contains("stage could not be stopped"), safe.messages);
    }

    void isTriedAgainUntilItAnswers()
    {
        setBoth();
        QVERIFY(m_bench->setFaults(u"smu"_s, u"hang"_s));
        const auto process = m_station->start(
            {u"safe"_s, u"--bench"_s, m_bench->file(), u"--retry"_s, u"40"_s, u"--json"_s});
        QTRY_COMPARE_WITH_TIMEOUT(volts(u"spare"_s), 0.0, 4000);
        QVERIFY(m_bench->setFaults(u"smu"_s, {}));
        const Outcome safe = TestStation::await(*process);
        QVERIFY2(safe.exitCode == 0, safe.messages);
        QCOMPARE(volts(u"smu"_s), 0.0);
    }

    void besideARunningScan()
    {
        const auto process = m_station->start(
            {u"run"_s, m_station->write(u"slow.scan.json"_s, slowTree(1000, u"50 ms"_s)),
             u"--bench"_s, m_bench->file(), u"--json"_s});
        QVERIFY2(!TestStation::awaitPoints(*process, 2).isEmpty(), process->readAllStandardError());
        QCOMPARE(volts(u"smu"_s), 1.0);
        const Outcome safe = m_station->run({u"safe"_s, u"--bench"_s, m_bench->file()});
        QVERIFY2(safe.exitCode == 0, safe.messages);
        QCOMPARE(volts(u"smu"_s), 0.0);
        process->terminate();
        QCOMPARE(TestStation::await(*process).exitCode, 3);
    }

private:
    double volts(const QString &nickname) const
    {
        bool isNumber = false;
        const double value = m_bench->ask(nickname, "SOUR:VOLT?").toDouble(&isNumber);
        return isNumber ? value : qQNaN();
    }

    void setBoth()
    {
        for (const QString &nickname : {u"smu"_s, u"spare"_s}) {
            m_bench->ask(nickname, "SOUR:VOLT 1.5;*OPC?");
            QCOMPARE(volts(nickname), 1.5);
        }
    }

    static QString outcomeOf(const Outcome &safe, const QString &nickname)
    {
        for (const auto &movement : safe.json()[u"movements"].toArray()) {
            if (movement[u"instrument"].toString() == nickname)
                return movement[u"outcome"].toString();
        }
        return {};
    }

    std::unique_ptr<TestStation> m_station;
    std::unique_ptr<TestBench> m_bench;
};

QTEST_GUILESS_MAIN(SafeCommandTest)
#include "tst_safe_command.moc"
