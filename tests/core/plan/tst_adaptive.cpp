#include "core/plan/search_rule.h"
#include "tests/core/plan/plan_fixture.h"

#include <QJsonDocument>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace birch;
using namespace birch::test;

namespace {

using Curve = std::function<double(double)>;

std::vector<SearchSample> searched(const SearchRule &rule, const Curve &curve, size_t most)
{
    std::vector<SearchSample> found;
    while (found.size() < most) {
        const auto position = rule.next(found);
        if (!position)
            break;
        found.push_back({*position, curve(*position)});
    }
    return found;
}

QJsonObject crossing()
{
    return {{u"movement"_s, u"smu.bias"_s}, {u"start"_s, u"-10 V"_s},
            {u"stop"_s, u"10 V"_s},         {u"condition"_s, u"smu.current > 1 mA"_s},
            {u"resolution"_s, u"10 mV"_s},  {u"points"_s, 40}};
}

QJsonObject shape()
{
    return {{u"goal"_s, u"shape"_s}, {u"movement"_s, u"smu.bias"_s}, {u"start"_s, u"-1 V"_s},
            {u"stop"_s, u"1 V"_s},   {u"value"_s, u"smu.current"_s}, {u"resolution"_s, u"1 mV"_s},
            {u"points"_s, 30}};
}

ScanTree treeOf(const QJsonObject &fields)
{
    ScanTree tree;
    ScanNode *node = tree.root()->appendChild(makeNode(u"adaptive"_s, fields));
    node->appendChild(measureOf({u"smu.iv"_s}));
    return tree;
}

/// One step on, as if the instrument followed \a curve.
void stepOn(PlanCursor &cursor, double *position, const Curve &curve)
{
    const PlanStep &step = cursor.current();
    if (step.kind == StepKind::Move)
        *position = step.targets[0].value;
    if (step.kind != StepKind::Decide)
        cursor.advance();
    else if (step.isNumber)
        cursor.observe(curve(*position));
    else
        cursor.decide(curve(*position) > 0);
}

QList<double> positionsOf(PlanCursor cursor, const Curve &curve)
{
    QList<double> positions;
    for (double position = 0; !cursor.isFinished(); stepOn(cursor, &position, curve)) {
        if (cursor.current().kind == StepKind::Move)
            positions.append(cursor.current().targets[0].value);
    }
    return positions;
}

} // namespace

class TestAdaptive : public QObject
{
    Q_OBJECT

    const NodeRegistry m_registry = standardNodes();
    const BenchSpecs m_bench = benchSpecs();

    CompiledPlan compiled(const QJsonObject &fields) const
    {
        return compilePlan(treeOf(fields), m_bench, m_registry);
    }

private slots:
    void bisectsToTheResolution_data()
    {
        QTest::addColumn<double>("start");
        QTest::addColumn<double>("stop");
        QTest::addColumn<double>("crossing");
        QTest::newRow("upwards") << 0.0 << 8.0 << 3.3;
        QTest::newRow("downwards") << 8.0 << 0.0 << 3.3;
        QTest::newRow("at an end") << 0.0 << 1.0 << 1e-9;
        QTest::newRow("negative") << -5.0 << -1.0 << -4.999;
    }
    void bisectsToTheResolution()
    {
        QFETCH(double, start);
        QFETCH(double, stop);
        QFETCH(double, crossing);
        const SearchRule rule{SearchRule::Goal::Crossing, start, stop, 0.01};
        const auto found = searched(
            rule, [&](double x) { return x > crossing ? 1.0 : 0.0; }, kMaxSearch);
        QCOMPARE(found[0].position, start);
        QCOMPARE(found[1].position, stop);
        double below = std::min(start, stop);
        double above = std::max(start, stop);
        for (const SearchSample &sample : found) {
            QVERIFY(sample.position >= std::min(start, stop));
            QVERIFY(sample.position <= std::max(start, stop));
            if (sample.value > 0)
                above = std::min(above, sample.position);
            else
                below = std::max(below, sample.position);
        }
        QVERIFY(below <= crossing && crossing < above);
        QVERIFY(above - below <= 0.01);
        QVERIFY(found.size() <= 2 + size_t(std::ceil(std::log2(std::abs(stop - start) / 0.01))));
    }

    void endsWhereNothingCrosses()
    {
        const SearchRule rule{SearchRule::Goal::Crossing, 0, 1, 0.01};
        QCOMPARE(searched(
                     rule, [](double) { return 1.0; }, 100)
                     .size(),
                 size_t(2));
    }

    /// Half of the points within a tenth of the range, where the step is.
    void refinesWhereTheCurveBends()
    {
        const SearchRule rule{SearchRule::Goal::Shape, -1, 1, 1e-6, 5};
        const auto found = searched(
            rule, [](double x) { return std::tanh(50 * (x - 0.3)); }, 60);
        QCOMPARE(found.size(), size_t(60));
        const auto near = std::count_if(found.begin(), found.end(), [](const auto &sample) {
            return std::abs(sample.position - 0.3) < 0.1;
        });
        QVERIFY2(near >= 30, qPrintable(QString::number(near)));
        // An interpolation through them is far better than one through as many equal steps.
        QVERIFY(errorOf(found) < errorOf(equalSteps(60)) / 5);
    }

    void staysAboveItsResolution()
    {
        const SearchRule rule{SearchRule::Goal::Shape, 0, 1, 0.1, 3};
        auto found = searched(
            rule, [](double x) { return x < 0.4 ? 0.0 : 1.0; }, kMaxSearch);
        QVERIFY(found.size() < 20); // all intervals are narrow enough
        std::sort(found.begin(), found.end(),
                  [](const auto &a, const auto &b) { return a.position < b.position; });
        for (size_t i = 1; i < found.size(); ++i)
            QVERIFY(found[i].position - found[i - 1].position >= 0.05);
    }

    void flatCurvesAreSampledEvenly()
    {
        const SearchRule rule{SearchRule::Goal::Shape, 0, 1, 1e-9, 2};
        auto found = searched(
            rule, [](double) { return 7.0; }, 17);
        std::sort(found.begin(), found.end(),
                  [](const auto &a, const auto &b) { return a.position < b.position; });
        for (size_t i = 0; i < found.size(); ++i)
            QCOMPARE(found[i].position, double(i) / 16);
    }

    void plan()
    {
        const CompiledPlan plan = compiled(crossing());
        QVERIFY2(plan.plan, qPrintable(plan.problems.value(0).message));
        QVERIFY(plan.plan->isBound);
        QCOMPARE(plan.plan->points, 40);
        const Curve curve = [](double x) { return x - 1.25; };
        const QList<double> positions = positionsOf(PlanCursor(plan.plan), curve);
        QCOMPARE(positions.first(), -10.0);
        QVERIFY(std::abs(positions.last() - 1.25) <= 0.02);
        QVERIFY(positions.size() < 15);
        QVERIFY(compiled(shape()).plan);
        QCOMPARE(positionsOf(PlanCursor(compiled(shape()).plan), curve).size(), 30);
    }

    /// Saved to text and restored at every step, it visits the same positions.
    void continues_data()
    {
        QTest::addColumn<QJsonObject>("fields");
        QTest::newRow("crossing") << crossing();
        QTest::newRow("shape") << shape();
    }
    void continues()
    {
        QFETCH(QJsonObject, fields);
        const auto plan = compiled(fields).plan;
        QVERIFY(plan);
        const Curve curve = [](double x) { return std::tanh(20 * x - 3.1); };
        const QList<double> undisturbed = positionsOf(PlanCursor(plan), curve);
        QList<double> visited;
        PlanCursor cursor(plan);
        for (double position = 0; !cursor.isFinished(); stepOn(cursor, &position, curve)) {
            const QByteArray text = QJsonDocument(cursor.save()).toJson();
            auto again = PlanCursor::restore(plan, QJsonDocument::fromJson(text).object());
            QVERIFY(again);
            cursor = std::move(again).value();
            if (cursor.current().kind == StepKind::Move)
                visited.append(cursor.current().targets[0].value);
        }
        QCOMPARE(visited, undisturbed);
    }

    void refusesAHistoryThatItNeverHad()
    {
        const auto plan = compiled(crossing()).plan;
        PlanCursor cursor(plan);
        double position = 0;
        for (int i = 0; i < 9; ++i)
            stepOn(cursor, &position, [](double x) { return x; });
        QJsonObject saved = cursor.save();
        QVERIFY(PlanCursor::restore(plan, saved));
        QJsonArray found = saved[u"searches"_s].toArray().at(0).toArray();
        QCOMPARE(found.size(), 3);
        found[1] = QJsonArray{u"1000"_s, u"1"_s}; // far outside the limits
        saved[u"searches"_s] = QJsonArray{found};
        QVERIFY(!PlanCursor::restore(plan, saved));
        saved.remove(u"searches"_s);
        QVERIFY(!PlanCursor::restore(plan, saved));
    }

    void problems_data()
    {
        QTest::addColumn<QJsonObject>("fields");
        QTest::addColumn<QString>("field");
        const auto with = [](QJsonObject fields, const QString &key, const QJsonValue &value) {
            fields[key] = value;
            return fields;
        };
        QTest::newRow("start outside") << with(crossing(), u"start"_s, u"-11 V"_s) << u"start"_s;
        QTest::newRow("stop outside") << with(crossing(), u"stop"_s, u"11 V"_s) << u"stop"_s;
        QTest::newRow("no way") << with(crossing(), u"stop"_s, u"-10 V"_s) << u"stop"_s;
        QTest::newRow("unit") << with(crossing(), u"stop"_s, u"1 mm"_s) << u"stop"_s;
        QTest::newRow("no resolution")
            << with(crossing(), u"resolution"_s, u"0 V"_s) << u"resolution"_s;
        QTest::newRow("resolution unit")
            << with(crossing(), u"resolution"_s, u"1 A"_s) << u"resolution"_s;
        QTest::newRow("unknown column")
            << with(crossing(), u"condition"_s, u"smu.power > 1 W"_s) << u"condition"_s;
        QTest::newRow("condition missing")
            << with(crossing(), u"condition"_s, QString()) << u"condition"_s;
        QTest::newRow("a truth is no curve")
            << with(shape(), u"value"_s, u"smu.current > 1 A"_s) << u"value"_s;
        QTest::newRow("too many points") << with(shape(), u"points"_s, 1001) << u"points"_s;
        QTest::newRow("one point") << with(shape(), u"points"_s, 1) << u"points"_s;
        QTest::newRow("no movement")
            << with(shape(), u"movement"_s, u"smu.nothing"_s) << u"movement"_s;
    }
    void problems()
    {
        QFETCH(QJsonObject, fields);
        QFETCH(QString, field);
        const CompiledPlan plan = compiled(fields);
        QVERIFY(!plan.plan);
        QVERIFY(std::any_of(plan.problems.begin(), plan.problems.end(),
                            [&](const Problem &problem) { return problem.field == field; }));
    }

    void aMovementIsSweptOnce()
    {
        ScanTree tree;
        ScanNode *sweep = tree.root()->appendChild(sweepOf(u"smu.bias"_s, listOf({u"1"_s})));
        ScanNode *inner = sweep->appendChild(makeNode(u"adaptive"_s, crossing()));
        inner->appendChild(measureOf({u"smu.iv"_s}));
        const CompiledPlan plan = compilePlan(tree, m_bench, m_registry);
        QCOMPARE(plan.problems.size(), 1);
        QCOMPARE(plan.problems[0].field, u"movement"_s);
    }

private:
    static std::vector<SearchSample> equalSteps(int count)
    {
        std::vector<SearchSample> samples;
        for (int i = 0; i < count; ++i) {
            const double x = -1 + 2.0 * i / (count - 1);
            samples.push_back({x, std::tanh(50 * (x - 0.3))});
        }
        return samples;
    }
    /// Mean distance between the step and straight lines through \a samples.
    static double errorOf(std::vector<SearchSample> samples)
    {
        std::sort(samples.begin(), samples.end(),
                  [](const auto &a, const auto &b) { return a.position < b.position; });
        double error = 0;
        size_t right = 1;
        for (int i = 0; i < 10'000; ++i) {
            const double x = -1 + 2.0 * i / 9'999;
            while (samples[right].position < x && right + 1 < samples.size())
                ++right;
            const SearchSample &a = samples[right - 1];
            const SearchSample &b = samples[right];
            const double y =
                a.value + (b.value - a.value) * (x - a.position) / (b.position - a.position);
            error += std::abs(y - std::tanh(50 * (x - 0.3)));
        }
        return error;
    }
};

QTEST_GUILESS_MAIN(TestAdaptive)
#include "tst_adaptive.moc"
