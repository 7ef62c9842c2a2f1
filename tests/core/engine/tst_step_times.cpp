#include "core/engine/step_times.h"
#include "tests/core/engine/engine_fixture.h"

#include <QJsonDocument>

using namespace birch;
using namespace birch::test;

namespace {

constexpr qint64 kMs = 1'000'000;

/// A sweep of smu.bias that takes 30 ms a move, of which 10 ms are travel, and reads smu.iv and
/// stage.encoder for 20 ms, the first being the last to answer; 8 ms go between the points, 60 ms
/// before and after all.
RunTimes runOf(qint64 points)
{
    RunTimes run;
    const StepTime move{.count = points,
                        .ns = points * 30 * kMs,
                        .plannedNs = points * 10 * kMs,
                        .mainLaneNs = points * 30 * kMs};
    const StepTime read{.count = points, .ns = points * 20 * kMs, .mainLaneNs = points * 20 * kMs};
    run.steps = {move, read, {}};
    run.timing.wallNs = (60 + 58 * points) * kMs;
    run.timing.entries = {{{}, {}, {}, TimePart::Setup, 1, 40 * kMs, 40 * kMs},
                          {{}, {}, {}, TimePart::Ending, 1, 20 * kMs, 20 * kMs},
                          {{}, {}, u"smu.bias"_s, TimePart::Move, points, points * 30 * kMs, kMs},
                          {{}, {}, u"smu.iv"_s, TimePart::Read, points, points * 25 * kMs, kMs},
                          {{}, {}, {}, TimePart::Store, 1, points * 3 * kMs, kMs}};
    return run;
}

} // namespace

/// What earlier scans tell about the time of the next.
class StepTimesTest : public QObject
{
    Q_OBJECT
private:
    std::shared_ptr<const ScanPlan> plan(const BenchSpecs &specs, int points)
    {
        if (!m_trees.contains(points)) {
            auto sweep = sweepOf(u"smu.bias"_s, linear(u"1"_s, QString::number(points), points));
            sweep->appendChild(measureOf({u"smu.iv"_s, u"stage.encoder"_s}));
            m_trees.insert(points, ScanTree(std::move(sweep)));
        }
        return compilePlan(m_trees[points], specs, standardNodes()).plan;
    }
    BenchSpecs specs()
    {
        BenchSpecs specs = EngineFixture().specs;
        specs[u"smu"_s].measurements[0].readTime = std::chrono::milliseconds(1);
        specs[u"stage"_s].measurements[0].readTime = std::chrono::seconds(9);
        return specs;
    }
    QMap<int, ScanTree> m_trees; ///< by points: their nodes keep their ids

private slots:
    void estimatesAreWhatWasMeasured()
    {
        StepTimes times;
        const auto before = plan(specs(), 10);
        QVERIFY(before->duration >= std::chrono::seconds(90));
        times.learn(*before, runOf(10), specs());
        const BenchSpecs known = times.appliedTo(specs());
        QCOMPARE(known[u"smu"_s].movements[0].learned,
                 std::optional<Nanoseconds>(std::chrono::milliseconds(20)));
        QVERIFY(!known[u"smu"_s].movements[1].learned);
        QCOMPARE(known[u"smu"_s].measurements[0].readTime, Nanoseconds(28 * kMs));
        QCOMPARE(known[u"stage"_s].measurements[0].readTime, Nanoseconds(28 * kMs));
        // Without the travel, which inline movements do not declare.
        QCOMPARE(plan(known, 10)->duration, Nanoseconds((60 + 10 * (20 + 28)) * kMs));
        QCOMPARE(plan(known, 1000)->duration, Nanoseconds((60 + 1000 * (20 + 28)) * kMs));
        QCOMPARE(plan(known, 10)->hash, before->hash);
    }

    /// Where it stands before the scan, no estimate knows.
    void firstMovesBelongToTheBeginning()
    {
        StepTimes times;
        RunTimes run = runOf(10);
        run.steps[0].firstNs = 500 * kMs;
        run.steps[0].mainLaneNs += 500 * kMs;
        run.timing.entries[2].ns += 500 * kMs;
        run.timing.wallNs += 500 * kMs;
        times.learn(*plan(specs(), 10), run, specs());
        const BenchSpecs known = times.appliedTo(specs());
        QCOMPARE(known[u"stage"_s].scanTime, Nanoseconds(30 * kMs));
        // The 20 ms that any move takes are counted for the first one as well.
        QCOMPARE(known[u"smu"_s].scanTime, Nanoseconds((30 + 500 - 20) * kMs));
        QCOMPARE(known[u"smu"_s].measurements[0].readTime, Nanoseconds(28 * kMs));
    }

    void laterRunsCountMore()
    {
        StepTimes times;
        const auto plan = this->plan(specs(), 10);
        for (int run = 0; run < 20; ++run)
            times.learn(*plan, runOf(10), specs());
        RunTimes slow = runOf(10);
        slow.steps[1].ns += 10 * 30 * kMs;
        slow.steps[1].mainLaneNs += 10 * 30 * kMs;
        slow.timing.entries[3].ns += 10 * 30 * kMs;
        slow.timing.wallNs += 10 * 30 * kMs;
        times.learn(*plan, slow, specs());
        QCOMPARE(times.appliedTo(specs())[u"smu"_s].measurements[0].readTime,
                 Nanoseconds((28 + 10) * kMs)); // a third of the 30 ms
    }

    void anotherInstrumentBeginsAnew()
    {
        StepTimes times;
        times.learn(*plan(specs(), 10), runOf(10), specs());
        BenchSpecs others = specs();
        others[u"smu"_s].definitionId = u"another"_s;
        QVERIFY(!times.appliedTo(others)[u"smu"_s].movements[0].learned);
        times.learn(*plan(others, 10), runOf(5), others);
        QVERIFY(times.appliedTo(others)[u"smu"_s].movements[0].learned);
        QVERIFY(!times.appliedTo(specs())[u"smu"_s].movements[0].learned);
        others.remove(u"stage"_s);
        QVERIFY(!times.appliedTo(others).contains(u"stage"_s));
    }

    void jsonKeepsAllOfIt()
    {
        StepTimes times;
        times.learn(*plan(specs(), 10), runOf(10), specs());
        QCOMPARE(StepTimes::fromJson(times.toJson()).toJson(), times.toJson());
        QVERIFY(StepTimes::fromJson(times.toJson()).appliedTo(specs()) == times.appliedTo(specs()));
    }

    void absurdFilesTellNothing_data()
    {
        QTest::addColumn<QByteArray>("time");
        QTest::newRow("negative") << QByteArray(R"({"seconds": -1, "runs": 1})");
        QTest::newRow("huge") << QByteArray(R"({"seconds": 1e300, "runs": 1})");
        QTest::newRow("text") << QByteArray(R"({"seconds": "soon", "runs": 1})");
        QTest::newRow("no runs") << QByteArray(R"({"seconds": 1})");
        QTest::newRow("list") << QByteArray("[1]");
    }
    void absurdFilesTellNothing()
    {
        QFETCH(QByteArray, time);
        const QByteArray text = R"({"instruments": {"smu": {"definition": "inline-smu", "scan": )" +
                                time + R"(, "operations": {"bias": )" + time + "}}}}";
        const auto json = QJsonDocument::fromJson(text);
        QVERIFY(json.isObject());
        QVERIFY(StepTimes::fromJson(json.object()).appliedTo(specs()) == specs());
    }
};

QTEST_GUILESS_MAIN(StepTimesTest)
#include "tst_step_times.moc"
