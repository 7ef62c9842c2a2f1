#include "core/exchange/import/pybirch_tree.h"

#include "core/plan/plan_compiler.h"
#include "core/plan/scan_json.h"
#include "core/plan/standard_nodes.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

QJsonObject node(const QString &type, const QString &name, const QJsonArray &children = {})
{
    return {{u"name"_s, name},           {u"type"_s, type},    {u"adapter"_s, name},
            {u"semaphore"_s, QString()}, {u"checked"_s, true}, {u"child_items"_s, children}};
}

QJsonObject measurement(const QString &name, const QJsonArray &children = {})
{
    return node(u"Measurement"_s, name, children);
}

QJsonObject movement(const QString &name, const QJsonArray &range, const QJsonArray &children = {})
{
    QJsonObject made = node(u"Movement"_s, name, children);
    made[u"movement_entries"_s] =
        QJsonObject{{u"selected_mode"_s, u"range"_s}, {u"range"_s, range}};
    made[u"instrument_object"_s] = QJsonObject{
        {u"instrument"_s, QJsonObject{{u"nickname"_s, name}, {u"position_units"_s, u"mm"_s}}},
        {u"settings"_s, QJsonObject()}};
    return made;
}

QJsonObject with(QJsonObject object, const QString &key, const QJsonValue &value)
{
    object[key] = value;
    return object;
}

QByteArray saved(const QJsonArray &children)
{
    return QJsonDocument(QJsonObject{{u"root_item"_s, node({}, {}, children)},
                                     {u"next_item"_s, QJsonValue::Null}})
        .toJson();
}

/// Kinds, labels and what they name, as nested brackets.
QString shapeOf(const ScanNode &node)
{
    QStringList inside;
    for (int row = 0; row < node.childCount(); ++row)
        inside.append(shapeOf(*node.child(row)));
    QStringList named;
    for (const QJsonValue &axis : node.fields[u"axes"_s].toArray())
        named.append(axis.toObject()[u"movement"_s].toString());
    for (const QJsonValue &read : node.fields[u"measurements"_s].toArray())
        named.append(read.toString());
    return (node.isEnabled ? QString() : u"-"_s) + node.kind +
           (named.isEmpty() ? QString() : u'(' + named.join(u'+') + u')') +
           (inside.isEmpty() ? QString() : u'[' + inside.join(u' ') + u']');
}

const QHash<QString, QString> kNames{{u"X"_s, u"st.x"_s},
                                     {u"Y"_s, u"st.y"_s},
                                     {u"M1"_s, u"a.m"_s},
                                     {u"M2"_s, u"b.m"_s},
                                     {u"M3"_s, u"c.m"_s}};

} // namespace

class TestPybirchTree : public QObject
{
    Q_OBJECT
private slots:
    void shapes_data()
    {
        QTest::addColumn<QJsonArray>("nodes");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<int>("changed");
        QTest::addColumn<int>("lost");
        const QJsonArray three{0, 2, 3};
        const auto marked = [](const QJsonObject &object, const QString &semaphore) {
            return with(object, u"semaphore"_s, semaphore);
        };
        QTest::newRow("one loop") << QJsonArray{movement(u"X"_s, three, {measurement(u"M1"_s)})}
                                  << u"sequence[sweep(st.x)[measure(a.m)]]"_s << 0 << 0;
        QTest::newRow("loops after each other, as they were meant")
            << QJsonArray{movement(u"X"_s, three,
                                   {movement(u"Y"_s, three, {measurement(u"M1"_s)}),
                                    measurement(u"M2"_s)}),
                          measurement(u"M3"_s)}
            << u"sequence[sweep(st.x)[sweep(st.y)[measure(a.m)] measure(b.m)] measure(c.m)]"_s << 0
            << 0;
        QTest::newRow("a semaphore group")
            << QJsonArray{movement(u"X"_s, three,
                                   {marked(measurement(u"M1"_s), u"a"_s),
                                    marked(measurement(u"M2"_s), u"a"_s),
                                    marked(measurement(u"M3"_s), u"b"_s)})}
            << u"sequence[sweep(st.x)[parallel[measure(a.m) measure(b.m)] measure(c.m)]]"_s << 0
            << 0;
        QTest::newRow("a group on one connection")
            << QJsonArray{marked(with(measurement(u"M1"_s), u"adapter"_s, u"GPIB"_s), u"a"_s),
                          marked(with(measurement(u"M2"_s), u"adapter"_s, u"GPIB"_s), u"a"_s)}
            << u"sequence[measure(a.m) measure(b.m)]"_s << 1 << 0;
        QTest::newRow("movements that step together")
            << QJsonArray{marked(movement(u"X"_s, three), u"s"_s),
                          marked(movement(u"Y"_s, {5, 9, 3}, {measurement(u"M1"_s)}), u"s"_s)}
            << u"sequence[sweep(st.x+st.y)[measure(a.m)]]"_s << 0 << 0;
        QTest::newRow("movements that can not step together")
            << QJsonArray{marked(movement(u"X"_s, three), u"s"_s),
                          marked(movement(u"Y"_s, {5, 9, 4}), u"s"_s)}
            << u"sequence[parallel[sweep(st.x) sweep(st.y)]]"_s << 1 << 0;
        QTest::newRow("measured on the way")
            << QJsonArray{marked(movement(u"X"_s, three, {marked(measurement(u"M1"_s), u"s"_s)}),
                                 u"s"_s)}
            << u"sequence[sweep(st.x)[measure(a.m)]]"_s << 1 << 0;
        QTest::newRow("measurement with something inside")
            << QJsonArray{measurement(u"M1"_s, {movement(u"X"_s, three)})}
            << u"sequence[sequence[measure(a.m) sweep(st.x)]]"_s << 0 << 0;
        QTest::newRow("unchecked") << QJsonArray{with(measurement(u"M1"_s), u"checked"_s, false),
                                                 with(measurement(u"M2"_s), u"checked"_s, 1)}
                                   << u"sequence[-measure(a.m) measure(b.m)]"_s << 0 << 0;
        QTest::newRow("not on the bench") << QJsonArray{measurement(u"LIA"_s)}
                                          << u"sequence[measure(LIA.measurement)]"_s << 1 << 0;
        QTest::newRow("another kind")
            << QJsonArray{node(u"Wizard"_s, u"W"_s, {measurement(u"M1"_s)})}
            << u"sequence[sequence[measure(a.m)]]"_s << 0 << 1;
        QTest::newRow("an unknown key")
            << QJsonArray{with(measurement(u"M1"_s), u"wandb"_s, u"x"_s)}
            << u"sequence[measure(a.m)]"_s << 0 << 1;
        QTest::newRow("settings") << QJsonArray{with(
                                         measurement(u"M1"_s), u"instrument_object"_s,
                                         QJsonObject{{u"settings"_s, QJsonObject{{u"gain"_s, 3}}}})}
                                  << u"sequence[measure(a.m)]"_s << 0 << 1;
        QTest::newRow("no node") << QJsonArray{movement(u"X"_s, three, {7})}
                                 << u"sequence[sweep(st.x)[sequence]]"_s << 0 << 1;
    }
    void shapes()
    {
        QFETCH(QJsonArray, nodes);
        const auto read = readPybirchTree(saved(nodes), u"t.json"_s, kNames);
        QVERIFY(read);
        QTEST(shapeOf(*read.value().tree.root()), "shape");
        for (const Problem &problem : read.value().changed + read.value().notUnderstood) {
            QVERIFY(!problem.message.isEmpty() && !problem.remedy.isEmpty());
            QVERIFY(problem.field.startsWith(u"root_item["_s));
        }
        QTEST(int(read.value().changed.size()), "changed");
        QTEST(int(read.value().notUnderstood.size()), "lost");
        // The list of the tree window says the same.
        const auto again = readPybirchTree(QJsonDocument(nodes).toJson(), u"t.json"_s, kNames);
        if (nodes.first().isObject()) {
            QVERIFY(again);
            QTEST(shapeOf(*again.value().tree.root()), "shape");
        }
    }

    void positions_data()
    {
        QTest::addColumn<QJsonObject>("entries");
        QTest::addColumn<QJsonArray>("computed");
        QTest::addColumn<QJsonObject>("fields");
        QTest::addColumn<int>("remarks"); // -1: not understood
        const auto entries = [](const QString &mode, const QJsonValue &value) {
            return QJsonObject{{u"selected_mode"_s, mode}, {mode, value}};
        };
        const auto listOf = [](const QJsonArray &values) {
            return QJsonObject{{u"kind"_s, u"list"_s}, {u"values"_s, values}};
        };
        const QJsonObject linear{{u"kind"_s, u"linear"_s},
                                 {u"start"_s, u"0 mm"_s},
                                 {u"stop"_s, u"10 mm"_s},
                                 {u"points"_s, 3}};
        QTest::newRow("range") << entries(u"range"_s, QJsonArray{0.0, 10.0, 3})
                               << QJsonArray{0, 5, 10} << linear << 0;
        QTest::newRow("range, nothing computed")
            << entries(u"range"_s, QJsonArray{0.0, 10.0, 3}) << QJsonArray() << linear << 0;
        QTest::newRow("range of one point") << entries(u"range"_s, QJsonArray{0.0, 10.0, 1})
                                            << QJsonArray{0} << listOf({u"0 mm"_s}) << 0;
        QTest::newRow("range that was not what ran")
            << entries(u"range"_s, QJsonArray{0.0, 10.0, 3}) << QJsonArray{1, 2}
            << listOf({u"1 mm"_s, u"2 mm"_s}) << 1;
        QTest::newRow("discrete") << entries(u"discrete"_s, u"1, 2.5,-3e-2"_s) << QJsonArray()
                                  << listOf({u"1 mm"_s, u"2.5 mm"_s, u"-0.03 mm"_s}) << 0;
        QTest::newRow("python is not run")
            << entries(u"advanced"_s, u"list(range(3))"_s) << QJsonArray{0, 1, 2}
            << listOf({u"0 mm"_s, u"1 mm"_s, u"2 mm"_s}) << 1;
        QTest::newRow("python alone") << entries(u"advanced"_s, u"__import__('os').system('x')"_s)
                                      << QJsonArray() << QJsonObject{{u"kind"_s, u"list"_s}} << -1;
        QTest::newRow("no numbers") << entries(u"discrete"_s, u"a,b"_s) << QJsonArray()
                                    << QJsonObject{{u"kind"_s, u"list"_s}} << -1;
        QTest::newRow("absurd range") << entries(u"range"_s, QJsonArray{0, 1, 1e18}) << QJsonArray()
                                      << QJsonObject{{u"kind"_s, u"list"_s}} << -1;
        QTest::newRow("nothing") << QJsonObject() << QJsonArray()
                                 << QJsonObject{{u"kind"_s, u"list"_s}} << -1;
    }
    void positions()
    {
        QFETCH(QJsonObject, entries);
        QFETCH(QJsonArray, computed);
        QFETCH(int, remarks);
        QJsonObject moved = movement(u"X"_s, {});
        moved[u"movement_entries"_s] = entries;
        moved[u"movement_positions"_s] = computed;
        const auto read = readPybirchTree(saved({moved}), u"t.json"_s, kNames);
        QVERIFY(read);
        const QJsonObject axis =
            read.value().tree.root()->child(0)->fields[u"axes"_s].toArray()[0].toObject();
        QTEST(axis[u"positions"_s].toObject(), "fields");
        QCOMPARE(int(read.value().notUnderstood.size()), remarks < 0 ? 1 : 0);
        QCOMPARE(int(read.value().changed.size()), std::max(remarks, 0));
    }

    /// As in a file of PyBirch's own: it compiles, and visits every position.
    void compiles()
    {
        QFile file(qEnvironmentVariable("BIRCH_SOURCE_DIR") +
                   u"/tests/fuzz/corpus/fuzz_pybirch_tree/nested.json"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto read = readPybirchTree(
            file.readAll(), u"t.json"_s,
            {{u"XStage"_s, u"st.x"_s}, {u"YStage"_s, u"st.y"_s}, {u"LIA"_s, u"lia.r"_s}});
        QVERIFY(read);
        QVERIFY(read.value().notUnderstood.isEmpty());
        InstrumentSpec stage;
        for (const QString &axis : {u"x"_s, u"y"_s}) {
            MovementSpec spec;
            spec.name = axis;
            spec.unit = u"um"_s;
            stage.movements.append(spec);
        }
        InstrumentSpec lia;
        ColumnSpec column;
        column.name = u"R"_s;
        MeasurementSpec measured;
        measured.name = u"r"_s;
        measured.columns = {column};
        lia.measurements = {measured};
        const CompiledPlan plan =
            compilePlan(read.value().tree, {{u"st"_s, stage}, {u"lia"_s, lia}}, standardNodes());
        QVERIFY2(plan.plan, qPrintable(plan.problems.value(0).message));
        QCOMPARE(plan.plan->points, 10);
        const ReadTree again = readTreeText(treeToText(read.value().tree), standardNodes());
        QVERIFY(again.tree);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no json") << QByteArray("import os");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("other object") << QByteArray("{\"format\": \"birch.scan\"}");
        QTest::newRow("numbers") << QByteArray("[1, 2]");
        QByteArray deep("{}");
        for (int i = 0; i < 100; ++i)
            deep = "{\"type\":\"\",\"child_items\":[" + deep + "]}";
        QTest::newRow("deep") << "{\"root_item\":" + deep + "}";
    }
    void refuses()
    {
        QFETCH(QByteArray, text);
        const auto read = readPybirchTree(text, u"t.json"_s);
        QVERIFY(!read);
        QVERIFY(read.error().message.contains(u"t.json"_s));
    }
};

QTEST_GUILESS_MAIN(TestPybirchTree)
#include "tst_pybirch_tree.moc"
