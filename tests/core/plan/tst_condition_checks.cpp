#include "tests/core/plan/plan_fixture.h"

#include <QTest>

using namespace birch;
using namespace birch::test;

/// What conditions may speak of at their node, and what is said about those that do not fit.
class TestConditionChecks : public QObject
{
    Q_OBJECT

    static CompiledPlan compile(const ScanTree &tree)
    {
        return compilePlan(tree, benchSpecs(), standardNodes(), u"a.scan.json"_s);
    }
    /// set heater, measure smu.iv ("first"), sweep stage.x { measure smu.iv2, \a node }, set
    /// smu.bias.
    static ScanTree treeAround(std::unique_ptr<ScanNode> node)
    {
        ScanTree tree;
        tree.root()->appendChild(setOf(u"heater.temperature"_s, u"300 K"_s));
        tree.root()->appendChild(measureOf({u"smu.iv"_s}))->label = u"first"_s;
        ScanNode *sweep = tree.root()->appendChild(sweepOf(u"stage.x"_s, listOf({u"1"_s, u"2"_s})));
        sweep->appendChild(measureOf({u"smu.iv2"_s, u"spectrometer.spectrum"_s}));
        sweep->appendChild(std::move(node));
        tree.root()->appendChild(setOf(u"smu.bias"_s, u"1 V"_s));
        return tree;
    }
    static std::unique_ptr<ScanNode> ifOf(const QString &condition)
    {
        auto node = makeNode(u"if"_s, {{u"condition"_s, condition}});
        node->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"1 s"_s}}));
        return node;
    }

private slots:
    void knowsWhatIsInFront_data();
    void knowsWhatIsInFront();
    void reportsProblems_data();
    void reportsProblems();
    void takesTheNearestInFront();
    void seesWhatIsMeasuredInside();
    void boundsTotals();
    void elseHasItsPlace();
    void stopsOnlyLoops();
    void tellsWhatIsNeverReached_data();
    void tellsWhatIsNeverReached();
    void saysNothingAboutWhatDepends();
};

void TestConditionChecks::knowsWhatIsInFront_data()
{
    QTest::addColumn<QString>("condition");
    const auto row = [](const char *text) { QTest::newRow(text) << QString::fromUtf8(text); };
    row("heater.temperature > 20 °C");
    row("abs(heater.temperature.readback - heater.temperature) < 1 K");
    row("stage.x > 1500 µm");
    row("smu.voltage > 1 V");
    row("smu.current > 1 nA");
    row("first.smu.current > 1 nA");
    row("index.1 == 0");
    row("smu.voltage / smu.current > 1 kΩ");
}

void TestConditionChecks::knowsWhatIsInFront()
{
    QFETCH(QString, condition);
    const CompiledPlan compiled = compile(treeAround(ifOf(condition)));
    QVERIFY2(compiled.plan, qPrintable(compiled.problems.value(0).message));
    QCOMPARE(compiled.plan->conditions.size(), size_t(1));
}

void TestConditionChecks::reportsProblems_data()
{
    QTest::addColumn<QString>("condition");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *text, const char *said) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(said);
    };
    row("smu.bias > 1 V", "smu.bias"); // set behind it
    row("stage.xx > 1 mm", "Did you mean stage.x?");
    row("index.2 > 1", "index.1");
    row("spectrometer.intensity > 1 counts", "Nothing is called"); // a value per channel
    row("smu.current > 1 V", "units do not fit");
    row("smu.current", "no condition");
    row("smu.current = 1 A", "==");
    row("", "empty");
    row("smu.current > 1 V or stage.x > 1 A", "character 22");
}

void TestConditionChecks::reportsProblems()
{
    QFETCH(QString, condition);
    QFETCH(QString, said);
    const ScanTree tree = treeAround(ifOf(condition));
    const CompiledPlan compiled = compile(tree);
    QVERIFY(!compiled.plan);
    QStringList all;
    for (const Problem &problem : compiled.problems) {
        QCOMPARE(problem.file, u"a.scan.json"_s);
        QCOMPARE(problem.field, u"condition"_s);
        QVERIFY(!problem.node.isEmpty() && !problem.remedy.isEmpty());
        all.append(problem.message + u" - "_s + problem.remedy);
    }
    QVERIFY2(all.join(u'\n').contains(said), qPrintable(all.join(u'\n')));
}

void TestConditionChecks::takesTheNearestInFront()
{
    const CompiledPlan compiled =
        compile(treeAround(ifOf(u"smu.current > 1 A or first.smu.current > 1 A"_s)));
    QVERIFY(compiled.plan);
    const auto &values = compiled.plan->values;
    QCOMPARE(values.size(), 2);
    QCOMPARE(compiled.plan->objects[values[0].place].reads[0].spec.name, u"iv2"_s);
    QCOMPARE(compiled.plan->objects[values[1].place].name, u"first"_s);
}

void TestConditionChecks::seesWhatIsMeasuredInside()
{
    auto repeat = makeNode(
        u"repeat"_s,
        {{u"mode"_s, u"while"_s}, {u"condition"_s, u"heater.power > 1 mW"_s}, {u"limit"_s, 5}});
    repeat->appendChild(measureOf({u"heater.monitor"_s}));
    const CompiledPlan compiled = compile(treeAround(std::move(repeat)));
    QVERIFY2(compiled.plan, qPrintable(compiled.problems.value(0).message));
    QVERIFY(compiled.plan->isBound);
    QCOMPARE(compiled.plan->points, 1 + 2 * (1 + 5));
}

void TestConditionChecks::boundsTotals()
{
    auto choice = makeNode(u"if"_s, {{u"condition"_s, u"index.1 > 0"_s}});
    choice->appendChild(measureOf({u"smu.iv"_s}));
    auto other = makeNode(u"else"_s);
    for (int i = 0; i < 3; ++i)
        other->appendChild(measureOf({u"smu.iv"_s}));
    choice->appendChild(std::move(other));
    const CompiledPlan compiled = compile(treeAround(std::move(choice)));
    QVERIFY2(compiled.plan, qPrintable(compiled.problems.value(0).message));
    QVERIFY(compiled.plan->isBound);
    QCOMPARE(compiled.plan->points, 1 + 2 * (1 + 3)); // the larger branch
    QVERIFY(!compile(treeAround(makeNode(u"sequence"_s))).plan->isBound);
}

void TestConditionChecks::elseHasItsPlace()
{
    auto choice = ifOf(u"true"_s);
    choice->insertChild(0, makeNode(u"else"_s))
        ->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"1 s"_s}}));
    const CompiledPlan first = compile(treeAround(std::move(choice)));
    QVERIFY(!first.plan);
    QVERIFY(first.problems[0].message.contains(u"behind"_s));
    const CompiledPlan alone = compile(treeAround(makeNode(u"else"_s)));
    QVERIFY(!alone.plan);
    QVERIFY(alone.problems[0].remedy.contains(u"into an \"if\""_s));
}

void TestConditionChecks::stopsOnlyLoops()
{
    const auto stopping = [] {
        auto measure = measureOf({u"smu.iv"_s});
        measure->fields.insert(u"stop_when"_s, u"smu.current > 1 mA"_s);
        return measure;
    };
    QVERIFY(compile(treeAround(stopping())).plan);
    ScanTree alone;
    alone.root()->appendChild(stopping());
    QVERIFY(compile(alone).problems[0].message.contains(u"no loop"_s));
    auto parallel = makeNode(u"parallel"_s);
    parallel->appendChild(stopping());
    QVERIFY(compile(treeAround(std::move(parallel))).problems[0].message.contains(u"no loop"_s));
}

void TestConditionChecks::tellsWhatIsNeverReached_data()
{
    QTest::addColumn<QString>("tree");     // see built()
    QTest::addColumn<QStringList>("told"); // label of the node, and a part of what is said there
    const auto row = [](const char *tree, const QStringList &told) {
        QTest::newRow(tree) << QString::fromLatin1(tree) << told;
    };
    row("if false", {u"choice: always false"_s});
    row("if true", {});
    row("if true else", {u"other: always true"_s});
    row("if false else", {u"choice: always false"_s});
    row("if 1 V > 10 mV else", {u"other: always true"_s});
    row("while false", {u"again: one round only"_s});
    row("while true", {});
    row("stop sweep", {u"scan: Only its first position"_s});
    row("stop measure", {u"point: ends the loop around"_s, u"behind: never reached"_s});
    row("stop in if", {u"point: ends the loop around"_s});
}

namespace {
/// A sweep "scan" with what \a text asks for inside, and a wait "behind" it in there.
ScanTree built(const QString &text)
{
    ScanTree tree;
    ScanNode *sweep = tree.root()->appendChild(sweepOf(u"stage.x"_s, listOf({u"1"_s, u"2"_s})));
    sweep->label = u"scan"_s;
    auto point = measureOf({u"smu.iv"_s});
    point->label = u"point"_s;
    if (text == u"stop measure" || text == u"stop in if")
        point->fields.insert(u"stop_when"_s, u"true"_s);
    if (text == u"stop sweep")
        sweep->fields.insert(u"stop_when"_s, u"not false"_s);
    std::unique_ptr<ScanNode> around;
    if (text.startsWith(u"if "_s) || text == u"stop in if") {
        const QString condition = text == u"stop in if"
                                      ? u"index.1 > 0"_s
                                      : QString(text).remove(u"if "_s).remove(u" else"_s);
        around = makeNode(u"if"_s, {{u"condition"_s, condition}});
        around->label = u"choice"_s;
    } else if (text.startsWith(u"while "_s)) {
        around = makeNode(u"repeat"_s,
                          {{u"mode"_s, u"while"_s}, {u"condition"_s, text.section(u' ', 1)}});
        around->label = u"again"_s;
    } else {
        around = makeNode(u"sequence"_s);
    }
    around->appendChild(std::move(point));
    if (text.endsWith(u"else"_s)) {
        auto other = makeNode(u"else"_s);
        other->label = u"other"_s;
        other->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"1 s"_s}}));
        around->appendChild(std::move(other));
    }
    sweep->appendChild(std::move(around));
    auto behind = makeNode(u"sequence"_s);
    behind->label = u"behind"_s;
    behind->appendChild(makeNode(u"wait"_s, {{u"duration"_s, u"1 s"_s}}));
    sweep->appendChild(std::move(behind));
    tree.root()->appendChild(measureOf({u"smu.iv"_s}))->label = u"after"_s;
    return tree;
}
} // namespace

void TestConditionChecks::tellsWhatIsNeverReached()
{
    QFETCH(QString, tree);
    QFETCH(QStringList, told);
    const ScanTree made = built(tree);
    const CompiledPlan compiled = compile(made);
    QVERIFY2(compiled.plan, qPrintable(compiled.problems.value(0).message));
    QStringList notes;
    for (const Problem &note : compiled.notes) {
        const ScanNode *node = made.find(QUuid::fromString(note.node));
        QVERIFY(node && !note.remedy.isEmpty());
        notes << node->label + u": "_s + note.message;
    }
    QCOMPARE(notes.size(), told.size());
    for (qsizetype i = 0; i < told.size(); ++i) {
        QVERIFY2(notes[i].startsWith(told[i].section(u": "_s, 0, 0)) &&
                     notes[i].contains(told[i].section(u": "_s, 1)),
                 qPrintable(notes[i]));
    }
}

void TestConditionChecks::saysNothingAboutWhatDepends()
{
    for (const QString &condition :
         {u"stage.x > 1 mm"_s, u"index.1 == 0"_s, u"smu.current > 1 A"_s}) {
        const CompiledPlan compiled = compile(treeAround(ifOf(condition)));
        QVERIFY(compiled.plan);
        QVERIFY(compiled.notes.isEmpty());
    }
}

QTEST_APPLESS_MAIN(TestConditionChecks)
#include "tst_condition_checks.moc"
