#include "tests/core/plan/plan_fixture.h"
#include "tests/core/plan/random_tree.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace birch;
using namespace birch::test;

namespace {

using Positions = QList<double>;

/// Every position that the plan's first axis visits.
Positions positionsOf(const std::shared_ptr<const ScanPlan> &plan)
{
    Positions positions;
    for (PlanCursor cursor(plan); !cursor.isFinished(); cursor.advance()) {
        if (cursor.current().kind == StepKind::Move)
            positions.append(cursor.current().targets[0].value);
    }
    return positions;
}

QStringList columnNames(const PlanObject &object)
{
    QStringList names;
    for (const ColumnSpec &column : object.columns)
        names.append(column.name);
    return names;
}

QJsonObject calculated(const QString &expression, int points)
{
    return {{u"kind"_s, u"expression"_s}, {u"expression"_s, expression}, {u"points"_s, points}};
}

QJsonObject stepped(const QString &start, const QString &stop, const QString &step)
{
    return {{u"start"_s, start}, {u"stop"_s, stop}, {u"step"_s, step}};
}

QJsonObject logarithmic(const QString &start, const QString &stop, int points)
{
    QJsonObject positions = linear(start, stop, points);
    positions[u"kind"_s] = u"log"_s;
    return positions;
}

} // namespace

class TestPlanCompiler : public QObject
{
    Q_OBJECT

    const NodeRegistry m_registry = standardNodes();
    const BenchSpecs m_bench = benchSpecs();

    CompiledPlan compile(const ScanTree &tree) const
    {
        return compilePlan(tree, m_bench, m_registry, u"a.scan.json"_s);
    }
    /// A measure node behind \a node.
    static ScanTree treeOf(std::unique_ptr<ScanNode> node)
    {
        ScanTree tree;
        tree.root()->appendChild(std::move(node));
        tree.root()->appendChild(measureOf({u"smu.iv"_s}));
        return tree;
    }

private slots:
    void layOutPositions_data();
    void layOutPositions();
    void goesThereAndBack();
    void readsCsvColumns_data();
    void readsCsvColumns();
    void reportsProblems_data();
    void reportsProblems();
    void reportsEveryProblemAtOnce();
    void namesColumnsInOrder();
    void namesAverages();
    void carriesCalibrations();
    void tellsValueAndSetpointApart();
    void namesObjects();
    void refusesALabelTwice();
    void leavesOutWhatIsDisabled();
    void leavesOutWhatDoesNothing();
    void inheritsFailureAndTimeout();
    void leasesWhatItUses();
    void estimates();
    void estimatesRamps();
    void findsTheLastPositionUnderAnIf();
    void hashesWhatMatters();
    void boundsProducts();
    void compilesAHundredTreesQuickly();
};

void TestPlanCompiler::layOutPositions_data()
{
    QTest::addColumn<QString>("movement");
    QTest::addColumn<QJsonObject>("positions");
    QTest::addColumn<Positions>("expected");
    const auto row = [](const char *name, const QString &movement, const QJsonObject &positions,
                        const Positions &expected) {
        QTest::newRow(name) << movement << positions << expected;
    };
    const QString bias = u"smu.bias"_s;
    row("mV for V", bias, linear(u"-10 mV"_s, u"10 mV"_s, 5), {-0.01, -0.005, 0, 0.005, 0.01});
    row("bare", bias, linear(u"0"_s, u"1"_s, 3), {0, 0.5, 1});
    row("backwards", bias, linear(u"1"_s, u"0"_s, 3), {1, 0.5, 0});
    row("one point", bias, linear(u"2"_s, u"7"_s, 1), {2});
    row("start is stop", bias, linear(u"2"_s, u"2"_s, 3), {2, 2, 2});
    row("step", bias, stepped(u"0 V"_s, u"1 V"_s, u"250 mV"_s), {0, 0.25, 0.5, 0.75, 1});
    row("step does not divide", bias, stepped(u"0"_s, u"1"_s, u"0.4"_s), {0, 0.4, 0.8});
    row("step backwards", bias, stepped(u"1"_s, u"0"_s, u"0.5"_s), {1, 0.5, 0});
    row("step negative", bias, stepped(u"1"_s, u"0"_s, u"-0.5"_s), {1, 0.5, 0});
    row("step at start is stop", bias, stepped(u"1"_s, u"1"_s, u"0.5"_s), {1});
    row("step of a degree is a kelvin", u"heater.temperature"_s,
        stepped(u"300 K"_s, u"302 K"_s, u"1 °C"_s), {300, 301, 302});
    row("degrees for kelvin", u"heater.temperature"_s, listOf({u"0 °C"_s, u"20 °C"_s}),
        {273.15, 293.15});
    row("log", bias, logarithmic(u"10 mV"_s, u"1"_s, 3), {0.01, 0.1, 1});
    row("log negative", bias, logarithmic(u"-1"_s, u"-4"_s, 3), {-1, -2, -4});
    row("list", bias, listOf({u"1 V"_s, u"-2 mV"_s, u"0"_s}), {1, -0.002, 0});
    row("list of numbers", bias,
        {{u"kind"_s, u"list"_s}, {u"values"_s, QJsonArray{0.25, 1, u"1e-3"_s}}}, {0.25, 1, 0.001});
    row("µm for mm", u"stage.x"_s, listOf({u"2500 µm"_s}), {2.5});
    row("expression of the ordinal", bias, calculated(u"i^2 * 10 mV"_s, 4), {0, 0.01, 0.04, 0.09});
    row("expression of the fraction", u"stage.x"_s, calculated(u"fraction * 1 cm"_s, 3),
        {0, 5, 10});
    row("expression in degrees", u"heater.temperature"_s, calculated(u"20 °C + i * 5 K"_s, 2),
        {293.15, 298.15});
    row("expression of one point", bias, calculated(u"fraction * 1 V + n * 1 V"_s, 1), {1});
}

void TestPlanCompiler::goesThereAndBack()
{
    auto sweep = sweepOf(u"smu.bias"_s, listOf({u"1"_s, u"2"_s, u"3"_s}));
    sweep->fields.insert(u"there_and_back"_s, true);
    sweep->fields.insert(u"repeats"_s, 2);
    const CompiledPlan compiled = compile(treeOf(std::move(sweep)));
    QVERIFY2(compiled.plan, qPrintable(compiled.problems.value(0).message));
    QCOMPARE(positionsOf(compiled.plan), (Positions{1, 2, 3, 2, 1, 1, 2, 3, 2, 1}));
}

void TestPlanCompiler::readsCsvColumns_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("column");
    QTest::addColumn<Positions>("expected"); ///< empty: a problem …
    QTest::addColumn<QString>("said");       ///< … that says this
    const Positions none;
    QTest::newRow("no heading") << "1\n2.5\n\n# note\n3\n"_ba << u""_s << Positions{1, 2.5, 3}
                                << u""_s;
    QTest::newRow("by name") << "t;x [µm]\n0;1000\n1;2 mm\n"_ba << u"x"_s << Positions{1, 2}
                             << u""_s;
    QTest::newRow("by number") << "7,1\n8,2\n"_ba << u"2"_s << Positions{1, 2} << u""_s;
    QTest::newRow("with a byte order mark")
        << "\xef\xbb\xbfx\r\n1\r\n"_ba << u"x"_s << Positions{1} << u""_s;
    QTest::newRow("no such column") << "t,pos\n0,1\n"_ba << u"poss"_s << none << u"pos"_s;
    QTest::newRow("not a number") << "x\n1\nabc\n"_ba << u"x"_s << none << u"line 3"_s;
    QTest::newRow("short line") << "t,x\n0,1\n2\n"_ba << u"x"_s << none << u"line 3"_s;
    QTest::newRow("other dimension") << "x [V]\n1\n"_ba << u"x"_s << none << u"V"_s;
    QTest::newRow("other dimension in a cell") << "x\n1 V\n"_ba << u"x"_s << none << u"line 2"_s;
    QTest::newRow("empty") << ""_ba << u""_s << none << u"no positions"_s;
    QTest::newRow("outside the limits") << "1\n99\n"_ba << u""_s << none << u"above the limit"_s;
}

void TestPlanCompiler::readsCsvColumns()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, column);
    QFETCH(Positions, expected);
    QFETCH(QString, said);
    QTemporaryDir folder;
    QFile file(folder.filePath(u"positions.csv"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    file.close();
    QJsonObject positions{{u"kind"_s, u"csv"_s}, {u"file"_s, u"positions.csv"_s}};
    if (!column.isEmpty())
        positions.insert(u"column"_s, column);
    const ScanTree tree = treeOf(sweepOf(u"stage.x"_s, positions));
    const auto compiled =
        compilePlan(tree, benchSpecs(), standardNodes(), folder.filePath(u"a.scan.json"_s));
    if (expected.empty()) {
        QVERIFY(!compiled.plan);
        const Problem &problem = compiled.problems.first();
        QVERIFY2((problem.message + problem.remedy).contains(said),
                 qPrintable(problem.message + problem.remedy));
        return;
    }
    QVERIFY2(compiled.plan, qPrintable(compiled.problems.value(0).message));
    QCOMPARE(positionsOf(compiled.plan), expected);
    QVERIFY(file.open(QIODevice::Append) &&
            file.write("\n5\n") == 3); // in one column another point
    file.close();
    const auto changed =
        compilePlan(tree, benchSpecs(), standardNodes(), folder.filePath(u"a.scan.json"_s));
    QVERIFY(!changed.plan || changed.plan->hash != compiled.plan->hash);
    QVERIFY(file.remove());
    const auto gone =
        compilePlan(tree, benchSpecs(), standardNodes(), folder.filePath(u"a.scan.json"_s));
    QVERIFY(!gone.plan && gone.problems[0].message.contains(u"positions.csv"_s));
}

void TestPlanCompiler::layOutPositions()
{
    QFETCH(QString, movement);
    QFETCH(QJsonObject, positions);
    QFETCH(Positions, expected);
    const CompiledPlan compiled = compile(treeOf(sweepOf(movement, positions)));
    QVERIFY2(compiled.plan, qPrintable(compiled.problems.value(0).message));
    const Positions visited = positionsOf(compiled.plan);
    QCOMPARE(visited.size(), expected.size());
    for (qsizetype i = 0; i < visited.size(); ++i)
        QVERIFY2(std::abs(visited[i] - expected[i]) <= 1e-15 * std::abs(expected[i]),
                 qPrintable(QString::number(visited[i], 'g', 17)));
    QCOMPARE(visited.front(), expected.front()); // the ends exactly
    QCOMPARE(visited.back(), expected.back());
}

void TestPlanCompiler::reportsProblems_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QJsonObject>("fields");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("word"); // in message or remedy
    const auto sweepRow = [](const char *name, const QJsonArray &axes, const QString &field,
                             const QString &word) {
        QTest::newRow(name) << u"sweep"_s << QJsonObject{{u"axes"_s, axes}} << field << word;
    };
    const auto positionsRow = [&](const char *name, const QJsonObject &positions,
                                  const QString &field, const QString &word) {
        sweepRow(name, {axis(u"smu.bias"_s, positions)}, u"axes.0."_s + field, word);
    };
    const QJsonObject good = linear(u"0"_s, u"1"_s, 3);
    const QString movement = u"axes.0.movement"_s;
    sweepRow("unknown instrument", {axis(u"smo.bias"_s, good)}, movement, u"\"smu\""_s);
    sweepRow("unknown movement", {axis(u"smu.bais"_s, good)}, movement, u"smu.bias"_s);
    sweepRow("no dot", {axis(u"bias"_s, good)}, movement, u"bias"_s);
    sweepRow("only the instrument", {axis(u"smu"_s, good)}, movement, u"smu.bias"_s);
    sweepRow("no axes", {}, u"axes"_s, u"empty"_s);
    sweepRow("empty movement", {axis({}, good)}, movement, u"empty"_s);
    sweepRow("unequal counts",
             {axis(u"stage.x"_s, linear(u"0"_s, u"1"_s, 3)),
              axis(u"stage.y"_s, linear(u"0"_s, u"1"_s, 4))},
             u"axes.1.positions"_s, u"together"_s);
    sweepRow("two axes on one movement", {axis(u"stage.x"_s, good), axis(u"stage.x"_s, good)},
             u"axes.1.movement"_s, u"two axes"_s);

    positionsRow("above the limit", linear(u"0"_s, u"20 V"_s, 5), u"positions"_s,
                 u"Position 4 of 5"_s);
    positionsRow("below the limit", listOf({u"0"_s, u"-11"_s}), u"positions"_s, u"below"_s);
    positionsRow("wrong unit", linear(u"0 A"_s, u"1"_s, 3), u"positions.start"_s, u"V"_s);
    positionsRow("unknown unit", linear(u"0 florps"_s, u"1"_s, 3), u"positions.start"_s, u"V"_s);
    positionsRow("no number", linear(u"abc"_s, u"1"_s, 3), u"positions.start"_s, u"abc"_s);
    positionsRow("not finite", linear(u"inf"_s, u"1"_s, 3), u"positions.start"_s, {});
    positionsRow("nan", listOf({u"nan"_s}), u"positions.values.0"_s, {});
    positionsRow("overflow", listOf({u"1e400"_s}), u"positions.values.0"_s, {});
    positionsRow("no start", linear({}, u"1"_s, 3), u"positions.start"_s, u"empty"_s);
    positionsRow("empty list", listOf({}), u"positions.values"_s, u"empty"_s);
    positionsRow("neither points nor step", {{u"start"_s, u"0"_s}, {u"stop"_s, u"1"_s}},
                 u"positions.points"_s, u"exactly one"_s);
    QJsonObject both = good;
    both[u"step"_s] = u"0.1"_s;
    positionsRow("points and step", both, u"positions.points"_s, u"exactly one"_s);
    positionsRow("step of zero", stepped(u"0"_s, u"1"_s, u"0 V"_s), u"positions.step"_s, u"zero"_s);
    positionsRow("step too small", stepped(u"0"_s, u"1"_s, u"1e-9"_s), u"positions.step"_s,
                 u"larger step"_s);
    positionsRow("points too many", {{u"start"_s, u"0"_s}, {u"stop"_s, u"1"_s}, {u"points"_s, 1e9}},
                 u"positions.points"_s, u"10000000"_s);
    positionsRow("log from zero", logarithmic(u"0"_s, u"1"_s, 3), u"positions.start"_s, u"zero"_s);
    positionsRow("log through zero", logarithmic(u"-1"_s, u"1"_s, 3), u"positions.start"_s,
                 u"zero"_s);
    QJsonObject logStep = stepped(u"1"_s, u"10"_s, u"1"_s);
    logStep[u"kind"_s] = u"log"_s;
    positionsRow("log with a step", logStep, u"positions.points"_s, u"empty"_s);
    positionsRow("unknown key", {{u"kind"_s, u"list"_s}, {u"vals"_s, QJsonArray()}},
                 u"positions.vals"_s, u"values"_s);

    const auto setRow = [](const char *name, const QString &target, const QString &value,
                           const QString &field, const QString &word) {
        QTest::newRow(name) << u"set"_s << setOf(target, value)->fields << field << word;
    };
    setRow("set outside", u"smu.bias"_s, u"11"_s, u"targets.0.value"_s, u"above the limit 10 V"_s);
    setRow("set difference for a temperature", u"heater.temperature"_s, u"10 Δ°C"_s,
           u"targets.0.value"_s, {});
    setRow("set nothing", u"smu.bias"_s, {}, u"targets.0.value"_s, u"empty"_s);
    QTest::newRow("set twice")
        << u"set"_s
        << QJsonObject{{u"targets"_s,
                        QJsonArray{QJsonObject{{u"movement"_s, u"stage.x"_s}, {u"value"_s, 1}},
                                   QJsonObject{{u"movement"_s, u"stage.x"_s}, {u"value"_s, 2}}}}}
        << u"targets.1.movement"_s << u"twice"_s;
    const auto rampRow = [&](const char *name, const QString &moved, const QString &ramp,
                             const QString &word) {
        QJsonObject ramped = axis(moved, good);
        ramped.insert(u"ramp"_s, ramp);
        sweepRow(name, {ramped}, u"axes.0.ramp"_s, word);
    };
    rampRow("ramp without a time", u"smu.bias"_s, u"5 mV"_s, u"in what time"_s);
    rampRow("ramp per length", u"smu.bias"_s, u"5 mV/m"_s, u"no time"_s);
    rampRow("ramp of something else", u"smu.bias"_s, u"5 K/s"_s, u"V"_s);
    rampRow("ramp of zero", u"smu.bias"_s, u"0 V/s"_s, u"above zero"_s);
    rampRow("ramp backwards", u"smu.bias"_s, u"-1 V/s"_s, u"above zero"_s);
    rampRow("ramp faster than it goes", u"stage.x"_s, u"0.201 m/s"_s, u"201 mm/s"_s);
    QTest::newRow("set with a wrong ramp")
        << u"set"_s
        << QJsonObject{{u"targets"_s, QJsonArray{QJsonObject{{u"movement"_s, u"stage.x"_s},
                                                             {u"value"_s, 1},
                                                             {u"ramp"_s, u"fast"_s}}}}}
        << u"targets.0.ramp"_s << u"number"_s;
    QTest::newRow("settle") << u"sweep"_s
                            << QJsonObject{{u"axes"_s, QJsonArray{axis(u"smu.bias"_s, good)}},
                                           {u"settle"_s, u"20 mV"_s}}
                            << u"settle"_s << u"duration"_s;

    const auto measureRow = [](const char *name, const QStringList &names, const QString &field,
                               const QString &word) {
        QTest::newRow(name) << u"measure"_s << measureOf(names)->fields << field << word;
    };
    measureRow("no measurement", {}, u"measurements"_s, u"empty"_s);
    measureRow("unknown measurement", {u"smu.vi"_s}, u"measurements.0"_s, u"smu.iv"_s);
    measureRow("measurement of nobody", {u"nobody.iv"_s}, u"measurements.0"_s, u"nobody"_s);
    measureRow("measurement twice", {u"smu.iv"_s, u"smu.iv"_s}, u"measurements.1"_s, u"twice"_s);
    measureRow("column twice", {u"smu.iv"_s, u"smu.iv2"_s}, u"measurements"_s, u"smu.current"_s);
    QTest::newRow("mean of a text")
        << u"measure"_s
        << QJsonObject{{u"measurements"_s, QJsonArray{u"smu.status"_s}}, {u"averages"_s, 3}}
        << u"averages"_s << u"smu.text"_s;

    QTest::newRow("wait without duration")
        << u"wait"_s << QJsonObject() << u"duration"_s << u"empty"_s;
    QTest::newRow("wait negative")
        << u"wait"_s << QJsonObject{{u"duration"_s, u"-1 s"_s}} << u"duration"_s << u"ten years"_s;
    QTest::newRow("wait for ever")
        << u"wait"_s << QJsonObject{{u"duration"_s, u"1e9 h"_s}} << u"duration"_s << u"ten years"_s;
    QTest::newRow("repeat without times")
        << u"repeat"_s << QJsonObject() << u"times"_s << u"empty"_s;
    QTest::newRow("unknown kind") << u"swep"_s << QJsonObject() << u"kind"_s << u"sweep"_s;
}

void TestPlanCompiler::reportsProblems()
{
    QFETCH(QString, kind);
    QFETCH(QJsonObject, fields);
    QFETCH(QString, field);
    QFETCH(QString, word);
    auto node = makeNode(kind, fields);
    const QString id = node->id.toString(QUuid::WithoutBraces);
    const CompiledPlan compiled = compile(treeOf(std::move(node)));
    QVERIFY(!compiled.plan);
    QCOMPARE(compiled.problems.size(), 1);
    const Problem &problem = compiled.problems.first();
    QCOMPARE(problem.field, field);
    QCOMPARE(problem.node, id);
    QCOMPARE(problem.file, u"a.scan.json"_s);
    QVERIFY(!problem.message.isEmpty());
    QVERIFY(!problem.remedy.isEmpty());
    QVERIFY2((problem.message + problem.remedy).contains(word),
             qPrintable(problem.message + u" / "_s + problem.remedy));
}

void TestPlanCompiler::reportsEveryProblemAtOnce()
{
    ScanTree tree;
    ScanNode *outer = tree.root()->appendChild(sweepOf(u"smu.bias"_s, linear(u"0"_s, u"20"_s, 3)));
    outer->appendChild(sweepOf(u"smu.bias"_s, linear(u"0"_s, u"1"_s, 3)));
    outer->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"later"_s}}));
    ScanNode *broken = tree.root()->appendChild(makeNode(u"repeat"_s));
    broken->appendChild(measureOf({u"smu.iw"_s}));
    broken->timeout = u"x"_s;
    const Problems problems = compile(tree).problems;
    QStringList fields;
    for (const Problem &problem : problems)
        fields.append(problem.field);
    QCOMPARE(fields, (QStringList{u"axes.0.positions"_s, u"axes.0.movement"_s, u"duration"_s,
                                  u"timeout"_s, u"times"_s, u"measurements.0"_s}));

    const Problems nothing = compile(ScanTree()).problems;
    QCOMPARE(nothing.size(), 1);
    QVERIFY(nothing[0].message.contains(u"measured"_s));
}

void TestPlanCompiler::namesColumnsInOrder()
{
    ScanTree tree;
    tree.root()->appendChild(setOf(u"heater.temperature"_s, u"300 K"_s));
    ScanNode *repeat = tree.root()->appendChild(makeNode(u"repeat"_s, {{u"times"_s, 2}}));
    ScanNode *sweep = repeat->appendChild(sweepOf(u"smu.bias"_s, linear(u"0"_s, u"1"_s, 3)));
    ScanNode *measure = sweep->appendChild(measureOf({u"smu.iv"_s, u"spectrometer.spectrum"_s}));
    measure->fields.insert(u"repeats"_s, 4);
    tree.root()->appendChild(setOf(u"stage.x"_s, u"1"_s)); // later: not of this object
    const auto plan = compile(tree).plan;
    QVERIFY(plan);
    const PlanObject &object = plan->objects.first();
    QCOMPARE(
        columnNames(object),
        (QStringList{u"time"_s, u"index.1"_s, u"index.2"_s, u"index.3"_s, u"heater.temperature"_s,
                     u"smu.bias"_s, u"heater.temperature.readback"_s, u"smu.bias.readback"_s,
                     u"smu.voltage"_s, u"smu.current"_s, u"spectrometer.intensity"_s}));
    QCOMPARE(object.indexColumns, 3);
    QCOMPARE(object.movements, (QList<int>{0, 1}));
    QCOMPARE(object.columns[0].type, ColumnType::Int64);
    QCOMPARE(object.columns[0].unit, u"ns"_s);
    QCOMPARE(object.columns[0].role, ColumnRole::Time);
    QCOMPARE(object.columns[1].role, ColumnRole::Index);
    QCOMPARE(object.columns[4].role, ColumnRole::Setpoint);
    QCOMPARE(object.columns[4].unit, u"K"_s);
    QCOMPARE(object.columns[7].role, ColumnRole::Readback);
    QCOMPARE(object.columns[9].role, ColumnRole::Value);
    QCOMPARE(object.columns[10].shape, QList<qint64>{64});
    PlanCursor cursor(plan);
    while (cursor.current().kind != StepKind::Measure)
        cursor.advance();
    QCOMPARE(cursor.current().indices.size(), 3U); // as many as there are index columns
}

void TestPlanCompiler::namesAverages()
{
    ScanTree tree;
    tree.root()->appendChild(measureOf({u"smu.iv"_s}))->fields.insert(u"averages"_s, 5);
    const auto plan = compile(tree).plan;
    QVERIFY(plan);
    const PlanObject &object = plan->objects.first();
    QCOMPARE(columnNames(object),
             (QStringList{u"time"_s, u"smu.voltage"_s, u"smu.voltage.std"_s, u"smu.voltage.n"_s,
                          u"smu.current"_s, u"smu.current.std"_s, u"smu.current.n"_s}));
    QCOMPARE(object.averages, 5);
    QCOMPARE(object.columns[2].unit, u"V"_s);
    QCOMPARE(object.columns[3].unit, QString());
    QCOMPARE(object.columns[3].type, ColumnType::Int64);
    QCOMPARE(plan->points, 1); // one point of five readings
}

/// Half a scan by another factor would be two scans: the hash is another one. When it is due makes
/// no difference.
void TestPlanCompiler::carriesCalibrations()
{
    ScanTree tree;
    tree.root()->appendChild(measureOf({u"smu.iv"_s}))->fields.insert(u"averages"_s, 5);
    BenchSpecs bench = m_bench;
    MeasurementSpec &iv = bench[u"smu"_s].measurements[bench[u"smu"_s].measurementIndex(u"iv"_s)];
    const auto hash = [&] { return compilePlan(tree, bench, m_registry).plan->hash; };
    const QByteArray raw = hash();
    iv.columns[1].calibration = ColumnCalibration{-1.5, 0.25, u"2026-01-15"_s};
    const auto plan = compilePlan(tree, bench, m_registry).plan;
    const QList<ColumnSpec> &columns = plan->objects.first().columns;
    QVERIFY(!columns[1].calibration);
    QVERIFY(columns[4].calibration == (ColumnCalibration{-1.5, 0.25, u"2026-01-15"_s}));
    QVERIFY(columns[5].calibration == (ColumnCalibration{1.5, 0, u"2026-01-15"_s})); // deviation
    QVERIFY(!columns[6].calibration);                                                // count
    QVERIFY(plan->hash != raw);
    Calibration own;
    own.due = QDate(2027, 1, 1);
    bench[u"smu"_s].calibrations.append(own);
    QCOMPARE(hash(), plan->hash);
    iv.columns[1].calibration->factor = 1.5;
    QVERIFY(hash() != plan->hash);
}

void TestPlanCompiler::tellsValueAndSetpointApart()
{
    ScanTree tree;
    ScanNode *sweep = tree.root()->appendChild(sweepOf(u"smu.bias"_s, linear(u"0"_s, u"1"_s, 3)));
    sweep->appendChild(measureOf({u"smu.source"_s}));
    const auto plan = compile(tree).plan;
    QVERIFY(plan);
    QCOMPARE(columnNames(plan->objects.first()).last(), u"smu.source.bias"_s);
}

void TestPlanCompiler::namesObjects()
{
    ScanTree tree;
    tree.root()->appendChild(measureOf({u"smu.iv"_s}));
    tree.root()->appendChild(measureOf({u"smu.iv"_s, u"heater.monitor"_s}));
    tree.root()->appendChild(measureOf({u"smu.iv"_s}));
    tree.root()->appendChild(measureOf({u"smu.iv"_s}))->label = u" iv 2 "_s;
    tree.root()->appendChild(measureOf({u"smu.iv"_s}));
    const auto plan = compile(tree).plan;
    QVERIFY(plan);
    QStringList names;
    for (const PlanObject &object : plan->objects)
        names.append(object.name);
    QCOMPARE(names, (QStringList{u"iv"_s, u"iv+monitor"_s, u"iv 3"_s, u"iv 2"_s, u"iv 4"_s}));
}

void TestPlanCompiler::refusesALabelTwice()
{
    ScanTree tree;
    tree.root()->appendChild(measureOf({u"smu.iv"_s}))->label = u"curve"_s;
    ScanNode *second = tree.root()->appendChild(measureOf({u"smu.iv"_s}));
    second->label = u"curve"_s;
    const Problems problems = compile(tree).problems;
    QCOMPARE(problems.size(), 1);
    QCOMPARE(problems[0].node, second->id.toString(QUuid::WithoutBraces));
    QCOMPARE(problems[0].field, u"label"_s);
    second->isEnabled = false;
    QVERIFY(compile(tree).plan);
}

void TestPlanCompiler::leavesOutWhatIsDisabled()
{
    ScanTree tree;
    tree.root()->appendChild(measureOf({u"smu.iv"_s}));
    ScanNode *broken = tree.root()->appendChild(sweepOf(u"nobody.x"_s, {}));
    broken->isEnabled = false;
    broken->appendChild(measureOf({u"heater.nothing"_s}));
    const auto plan = compile(tree).plan;
    QVERIFY(plan);
    QCOMPARE(plan->points, 1);
    QCOMPARE(plan->instruments, QStringList{u"smu"_s});
    tree.root()->isEnabled = false;
    QVERIFY(!compile(tree).plan);
}

void TestPlanCompiler::leavesOutWhatDoesNothing()
{
    ScanTree tree;
    ScanNode *outer =
        tree.root()->appendChild(makeNode(u"repeat"_s, {{u"times"_s, 1'000'000'000}}));
    outer->appendChild(makeNode(u"repeat"_s, {{u"times"_s, 1'000'000'000}}));
    outer->appendChild(makeNode(u"sequence"_s));
    tree.root()->appendChild(measureOf({u"smu.iv"_s}));
    const auto plan = compile(tree).plan;
    QVERIFY(plan);
    PlanCursor cursor(plan); // would turn for years
    cursor.advance();
    QVERIFY(cursor.isFinished());
}

void TestPlanCompiler::inheritsFailureAndTimeout()
{
    ScanTree tree;
    ScanNode *outer = tree.root()->appendChild(makeNode(u"sequence"_s));
    outer->failure = FailureRule{FailurePolicy::Skip, 0};
    outer->timeout = u"3 s"_s;
    outer->appendChild(measureOf({u"smu.iv"_s}));
    ScanNode *own = outer->appendChild(measureOf({u"smu.iv"_s}));
    own->failure = FailureRule{FailurePolicy::Abort, 0};
    own->timeout = u"20 ms"_s;
    tree.root()->appendChild(measureOf({u"smu.iv"_s}));
    const auto plan = compile(tree).plan;
    QVERIFY(plan);
    PlanCursor cursor(plan);
    QCOMPARE(cursor.current().failure.policy, FailurePolicy::Skip);
    QCOMPARE(cursor.current().timeout, Nanoseconds(std::chrono::seconds(3)));
    cursor.advance();
    QCOMPARE(cursor.current().failure.policy, FailurePolicy::Abort);
    QCOMPARE(cursor.current().timeout, Nanoseconds(std::chrono::milliseconds(20)));
    cursor.advance();
    QCOMPARE(cursor.current().failure.policy, FailurePolicy::Abort);
    QCOMPARE(cursor.current().timeout, Nanoseconds::zero());
}

void TestPlanCompiler::leasesWhatItUses()
{
    ScanTree tree;
    tree.root()->appendChild(setOf(u"stage.x"_s, u"1"_s));
    tree.root()->appendChild(measureOf({u"smu.iv"_s, u"heater.monitor"_s}));
    const auto plan = compile(tree).plan;
    QVERIFY(plan);
    QCOMPARE(plan->instruments, (QStringList{u"heater"_s, u"smu"_s, u"stage"_s}));
}

void TestPlanCompiler::estimates()
{
    ScanTree tree;
    ScanNode *sweep = tree.root()->appendChild(sweepOf(u"stage.x"_s, linear(u"0"_s, u"20"_s, 3)));
    sweep->fields.insert(u"settle"_s, u"1 s"_s);
    sweep->appendChild(measureOf({u"smu.iv"_s}))->fields.insert(u"averages"_s, 10);
    sweep->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"2 s"_s}}));
    const auto plan = compile(tree).plan;
    QVERIFY(plan);
    // 3 x (2 ms + 1 s + 10 x 5 ms + 2 s) and two ways of 10 mm at 200 mm/s, in polls of 20 ms
    QCOMPARE(plan->duration, Nanoseconds(std::chrono::milliseconds(3 * 3052 + 2 * 60)));
    // time, index, setpoint, readback and two values with mean, deviation and count
    QCOMPARE(plan->bytes, 3 * 8 * (4 + 6));
}

void TestPlanCompiler::estimatesRamps()
{
    const auto ramped = [](const QString &positions, const QString &ramp) {
        QJsonObject fields = axis(u"heater.temperature"_s, listOf(positions.split(u' ')));
        fields.insert(u"ramp"_s, ramp);
        return makeNode(u"sweep"_s, {{u"axes"_s, QJsonArray{fields}}});
    };
    ScanTree tree;
    tree.root()->appendChild(setOf(u"heater.temperature"_s, u"290 K"_s));
    ScanNode *sweep = tree.root()->appendChild(ramped(u"300 310 305"_s, u"0.5 K/min"_s));
    sweep->appendChild(measureOf({u"smu.iv"_s}));
    const auto plan = compile(tree).plan;
    QVERIFY(plan);
    QCOMPARE(plan->movements[0].slowestRamp, 0.5 / 60);
    // 10 K to the first position, 10 K and 5 K on, at two minutes a kelvin; each with its command
    const auto seconds = std::chrono::duration<double>(plan->duration).count();
    QVERIFY2(std::abs(seconds - (50 * 60 + 4 * 0.002 + 3 * 0.005)) < 0.07,
             qPrintable(QString::number(seconds)));

    tree.root()
        ->appendChild(ramped(u"305 300"_s, u"100 mK/min"_s))
        ->appendChild(measureOf({u"smu.iv"_s}));
    QCOMPARE(compile(tree).plan->movements[0].slowestRamp, 0.1 / 60);
}

/// The one position of a thousand that is outside, where it may never come to it.
void TestPlanCompiler::findsTheLastPositionUnderAnIf()
{
    const auto problemsWith = [this](int points) {
        ScanTree tree;
        auto sweep = sweepOf(u"smu.bias"_s, {{u"kind"_s, u"expression"_s},
                                             {u"expression"_s, u"i * 10 mV"_s},
                                             {u"points"_s, points}});
        sweep->appendChild(measureOf({u"smu.iv"_s}));
        auto choice = makeNode(u"if"_s, {{u"condition"_s, u"heater.temperature > 500 K"_s}});
        choice->appendChild(std::move(sweep));
        tree.root()->appendChild(setOf(u"heater.temperature"_s, u"300 K"_s));
        tree.root()->appendChild(std::move(choice));
        return compile(tree).problems;
    };
    QVERIFY(problemsWith(1001).isEmpty()); // the last one at the limit, 10 V
    const Problems problems = problemsWith(1002);
    QCOMPARE(problems.size(), 1);
    QVERIFY2(problems[0].message.contains(u"Position 1002 of 1002"_s),
             qPrintable(problems[0].message));
}

void TestPlanCompiler::hashesWhatMatters()
{
    ScanTree tree;
    ScanNode *sweep = tree.root()->appendChild(sweepOf(u"stage.x"_s, linear(u"0"_s, u"20"_s, 3)));
    sweep->appendChild(measureOf({u"smu.iv"_s}));
    const QByteArray hash = compile(tree).plan->hash;
    QCOMPARE(hash.size(), 32);
    tree.details.comment = u"edited afterwards"_s;
    QCOMPARE(compile(tree).plan->hash, hash);
    BenchSpecs bench = m_bench;
    bench[u"stage"_s].movements[0].setTime *= 2; // tuned
    QCOMPARE(compilePlan(tree, bench, m_registry).plan->hash, hash);
    bench[u"stage"_s].movements[0].unit = u"µm"_s;
    bench[u"stage"_s].movements[0].limits = {};
    QVERIFY(compilePlan(tree, bench, m_registry).plan->hash != hash);
    sweep->fields.insert(u"snake"_s, true);
    QVERIFY(compile(tree).plan->hash != hash);
}

void TestPlanCompiler::boundsProducts()
{
    ScanTree tree;
    ScanNode *inside = tree.root();
    for (int i = 0; i < 8; ++i) // 10^72 points
        inside = inside->appendChild(makeNode(u"repeat"_s, {{u"times"_s, 1'000'000'000}}));
    inside->appendChild(measureOf({u"smu.iv"_s}));
    inside->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"70000 h"_s}}));
    const Problems problems = compile(tree).problems;
    QCOMPARE(problems.size(), 1);
    QVERIFY2(problems[0].message.contains(u"1,000,000,000,000"_s), qPrintable(problems[0].message));
}

void TestPlanCompiler::compilesAHundredTreesQuickly()
{
    std::vector<ScanTree> trees;
    for (int i = 0; i < 100; ++i) {
        ScanTree tree;
        ScanNode *outer = tree.root()->appendChild(
            sweepOf(u"stage.x"_s, linear(u"0 mm"_s, u"%1 mm"_s.arg(5 + i * 0.1), 100)));
        ScanNode *inner = outer->appendChild(
            sweepOf(u"smu.bias"_s, linear(u"-10 mV"_s, u"%1 mV"_s.arg(10 + i), 100)));
        inner->appendChild(measureOf({u"smu.iv"_s}));
        trees.push_back(std::move(tree));
    }
    QElapsedTimer timer;
    timer.start();
    qint64 points = 0;
    for (const ScanTree &tree : trees)
        points += compile(tree).plan->points;
    const qint64 elapsed = timer.elapsed();
    QCOMPARE(points, 1'000'000);
    qInfo("100 trees of 10^4 points in %lld ms", elapsed);
    QVERIFY(elapsed < 1000);
}

QTEST_APPLESS_MAIN(TestPlanCompiler)
#include "tst_plan_compiler.moc"
