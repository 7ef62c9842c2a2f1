#include "core/plan/compile_context.h"
#include "core/plan/field_check.h"
#include "core/plan/field_override.h"
#include "core/plan/scan_json.h"
#include "core/plan/single_step_node.h"
#include "tests/core/plan/plan_fixture.h"

#include <QFile>
#include <QSet>
#include <QTest>

using namespace birch;
using namespace birch::test;

namespace {

/// A kind as somebody would add it: one class.
class MarkKind final : public NodeKind
{
    class MarkNode final : public SingleStepNode
    {
    public:
        void describe(const WalkFrame &, PlanStep &step, MoveTarget *) const override
        {
            step.kind = StepKind::Wait;
        }
    };

public:
    NodeDeclaration declaration() const override
    {
        FieldSpec text;
        text.key = u"text"_s;
        text.label = u"Text"_s;
        text.help = u"What to note"_s;
        text.isRequired = true;
        NodeDeclaration declaration;
        declaration.id = u"mark"_s;
        declaration.label = u"Mark"_s;
        declaration.fields = {text};
        return declaration;
    }
    QString summary(const QJsonObject &fields) const override
    {
        return fields.value(u"text"_s).toString();
    }
    std::unique_ptr<PlanNode> compile(const ScanNode &node, CompileContext &context) const override
    {
        auto mark = std::make_unique<MarkNode>();
        context.setTotals(node, *mark, 1, 0, Nanoseconds::zero());
        return mark;
    }
};

void checkFields(const QList<FieldSpec> &fields, const QString &path)
{
    QSet<QString> keys;
    for (const FieldSpec &field : fields) {
        const QByteArray name = (path + u'.' + field.key).toUtf8();
        QVERIFY2(!field.key.isEmpty() && !keys.contains(field.key), name);
        keys.insert(field.key);
        QVERIFY2(!field.label.isEmpty(), name);
        QVERIFY2(!field.help.isEmpty(), name);
        QVERIFY2(field.choices.size() == field.choiceLabels.size(), name);
        QVERIFY2((field.type == FieldType::Integer) == (field.maximum > field.minimum), name);
        const bool isRecord =
            field.type == FieldType::Record || field.type == FieldType::RecordList;
        QVERIFY2(isRecord != field.item.isEmpty(), name);
        if (!field.defaultValue.isUndefined())
            QVERIFY2(checkShape({field}, {{field.key, field.defaultValue}}).isEmpty(), name);
        for (const QString &other : {field.visibleWhen, field.alternativeTo})
            QVERIFY2(other.isEmpty() || findField(fields, other) != nullptr, name);
        checkFields(field.item, path + u'.' + field.key);
    }
}

} // namespace

class TestNodeKinds : public QObject
{
    Q_OBJECT

private slots:
    void shipsEveryKind();
    void declareTheirFieldsSoundly();
    void haveIcons();
    void takeInAKindWithOneRegistration();
    void refuseAKindTwice();
    void summarise_data();
    void summarise();
    void overrideFields_data();
    void overrideFields();
};

void TestNodeKinds::shipsEveryKind()
{
    QCOMPARE(standardNodes().ids(),
             (QStringList{u"sequence"_s, u"sweep"_s, u"adaptive"_s, u"set"_s, u"measure"_s,
                          u"wait"_s, u"repeat"_s, u"parallel"_s, u"monitor"_s, u"guard"_s, u"if"_s,
                          u"else"_s, u"prompt"_s, u"include"_s}));
}

void TestNodeKinds::declareTheirFieldsSoundly()
{
    const NodeRegistry registry = standardNodes();
    for (const QString &id : registry.ids()) {
        const NodeDeclaration *declaration = registry.declaration(id);
        QVERIFY(!declaration->label.isEmpty());
        QVERIFY(!declaration->help.isEmpty());
        checkFields(declaration->fields, id);
        QVERIFY(registry.find(id)->summary({}).size() < 4); // nothing invented
    }
}

void TestNodeKinds::haveIcons()
{
    const NodeRegistry registry = standardNodes();
    for (const QString &id : registry.ids()) {
        const QString file = u"%1/resources/icons/%2.svg"_s.arg(
            qEnvironmentVariable("BIRCH_SOURCE_DIR"), registry.declaration(id)->icon);
        QVERIFY2(QFile::exists(file), qPrintable(file));
    }
}

void TestNodeKinds::takeInAKindWithOneRegistration()
{
    NodeRegistry registry = standardNodes();
    QVERIFY(registry.add(std::make_unique<MarkKind>()));
    const QByteArray text = R"({"format": "birch.scan", "version": 1, "name": "", "root":
        {"kind": "sequence", "children": [{"kind": "mark", "fields": {"text": "here"}},
                                          {"kind": "measure", "fields": {"measurements": ["smu.iv"]}}]}})";
    QVERIFY(!readTreeText(text, standardNodes()).tree);
    const ReadTree read = readTreeText(text, registry);
    QVERIFY(read.tree);
    const CompiledPlan compiled = compilePlan(*read.tree, benchSpecs(), registry);
    QVERIFY(compiled.plan);
    PlanCursor cursor(compiled.plan);
    QCOMPARE(cursor.current().kind, StepKind::Wait);
    QVERIFY(PlanCursor::restore(compiled.plan, cursor.save()));
}

void TestNodeKinds::refuseAKindTwice()
{
    NodeRegistry registry = standardNodes();
    QVERIFY(registry.add(std::make_unique<MarkKind>()));
    const Status again = registry.add(std::make_unique<MarkKind>());
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::Conflict);
}

void TestNodeKinds::summarise_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QJsonObject>("fields");
    QTest::addColumn<QString>("summary");
    QTest::newRow("sweep") << u"sweep"_s
                           << sweepOf(u"smu.bias"_s, linear(u"-10 mV"_s, u"10 mV"_s, 201))->fields
                           << u"smu.bias  -10 mV … 10 mV, 201 points"_s;
    QTest::newRow("list") << u"sweep"_s
                          << sweepOf(u"stage.x"_s, listOf({u"1"_s, u"2 mm"_s}))->fields
                          << u"stage.x  1, 2 mm"_s;
    QTest::newRow("set") << u"set"_s << setOf(u"smu.bias"_s, u"1 V"_s)->fields
                         << u"smu.bias = 1 V"_s;
    QTest::newRow("measure") << u"measure"_s << measureOf({u"smu.iv"_s, u"a.b"_s})->fields
                             << u"smu.iv, a.b"_s;
    QTest::newRow("wait") << u"wait"_s << QJsonObject{{u"duration"_s, 2.5}} << u"2.5 s"_s;
    QTest::newRow("repeat") << u"repeat"_s << QJsonObject{{u"times"_s, 3}} << u"3 times"_s;
}

void TestNodeKinds::summarise()
{
    QFETCH(QString, kind);
    QFETCH(QJsonObject, fields);
    QTEST(standardNodes().find(kind)->summary(fields), "summary");
}

void TestNodeKinds::overrideFields_data()
{
    QTest::addColumn<QString>("assignment");
    QTest::addColumn<QString>("changed"); // in the document; "" for a problem
    const auto row = [](const char *name, const QString &assignment, const QString &changed) {
        QTest::newRow(name) << assignment << changed;
    };
    row("by kind", u"sweep.axes.0.positions.points=401"_s, u"\"points\": 401"_s);
    row("by label with a dot", u"v. fine.axes.0.positions.points=401"_s, u"\"points\": 401"_s);
    row("quantity", u"sweep.axes.0.positions.start=-20 mV"_s, u"\"start\": \"-20 mV\""_s);
    row("bool", u"sweep.snake=true"_s, u"\"snake\": true"_s);
    row("label", u"repeat.label=ten"_s, u"\"label\": \"ten\""_s);
    row("enabled", u"repeat.enabled=false"_s, u"\"enabled\": false"_s);
    row("no equals sign", u"sweep.snake"_s, {});
    row("no node", u"snake=true"_s, {});
    row("unknown node", u"swep.snake=true"_s, {});
    row("several nodes", u"measure.repeats=2"_s, {});
    row("unknown field", u"sweep.snak=true"_s, {});
    row("unknown nested field", u"sweep.axes.0.positions.pints=2"_s, {});
    row("no such entry", u"sweep.axes.1.positions.points=2"_s, {});
    row("wrong type", u"sweep.axes.0.positions.points=many"_s, {});
    row("bool of another kind", u"sweep.snake=yes"_s, {});
    row("a record is no value", u"sweep.axes=1"_s, {});
}

void TestNodeKinds::overrideFields()
{
    QFETCH(QString, assignment);
    QFETCH(QString, changed);
    const NodeRegistry registry = standardNodes();
    ScanTree tree;
    ScanNode *repeat = tree.root()->appendChild(makeNode(u"repeat"_s, {{u"times"_s, 2}}));
    ScanNode *sweep = repeat->appendChild(sweepOf(u"smu.bias"_s, linear(u"0"_s, u"1"_s, 3)));
    sweep->label = u"v. fine"_s;
    sweep->appendChild(measureOf({u"smu.iv"_s}));
    sweep->appendChild(measureOf({u"smu.iv"_s}));
    const QByteArray before = treeToText(tree);
    const Problems problems = applyOverride(tree, assignment, registry);
    QCOMPARE(problems.isEmpty(), !changed.isEmpty());
    if (changed.isEmpty()) {
        QCOMPARE(treeToText(tree), before);
        QVERIFY(!problems[0].remedy.isEmpty());
    } else {
        QVERIFY2(treeToText(tree).contains(changed.toUtf8()), treeToText(tree));
    }
}

QTEST_APPLESS_MAIN(TestNodeKinds)
#include "tst_node_kinds.moc"
