#include "core/plan/tree_includes.h"

#include "core/plan/scan_file.h"
#include "core/plan/scan_json.h"
#include "tests/core/plan/plan_fixture.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace birch::test;

namespace {

std::unique_ptr<ScanNode> includeOf(const QString &tree, const QString &version = {})
{
    QJsonObject fields{{u"tree"_s, tree}};
    if (!version.isEmpty())
        fields.insert(u"version"_s, version);
    return makeNode(u"include"_s, fields);
}

/// What a walk does, ids left out.
QStringList walked(const std::shared_ptr<const ScanPlan> &plan)
{
    QStringList log;
    for (PlanCursor cursor(plan); !cursor.isFinished(); cursor.advance()) {
        const PlanStep &step = cursor.current();
        if (step.kind == StepKind::Move)
            log.append(u"%1=%2"_s.arg(plan->movements[step.targets[0].movement].column)
                           .arg(step.targets[0].value));
        else if (step.kind == StepKind::Measure)
            log.append(u"measure %1"_s.arg(step.object));
    }
    return log;
}

} // namespace

class TestTreeIncludes : public QObject
{
    Q_OBJECT

    const NodeRegistry m_registry = standardNodes();
    const BenchSpecs m_bench = benchSpecs();
    QTemporaryDir m_folder;

    QString path(const QString &name) const { return m_folder.filePath(name); }

    void write(const QString &name, std::vector<std::unique_ptr<ScanNode>> nodes) const
    {
        ScanTree tree;
        for (auto &node : nodes)
            tree.root()->appendChild(std::move(node));
        QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
        QVERIFY(writeTreeFile(tree, path(name)));
    }
    template<typename... Nodes>
    void write(const QString &name, Nodes... nodes) const
    {
        std::vector<std::unique_ptr<ScanNode>> list;
        (list.push_back(std::move(nodes)), ...);
        write(name, std::move(list));
    }
    CompiledPlan compiled(const QString &name) const
    {
        const ReadTree read = readTreeFile(path(name), m_registry);
        return compilePlan(*read.tree, m_bench, m_registry, path(name));
    }

    static QJsonObject stored(const QString &movement, std::unique_ptr<ScanNode> more = nullptr)
    {
        ScanTree tree;
        auto sweep = sweepOf(movement, listOf({u"1"_s, u"2"_s}));
        sweep->appendChild(measureOf({u"smu.iv"_s}));
        tree.root()->appendChild(std::move(sweep));
        if (more)
            tree.root()->appendChild(std::move(more));
        return treeToJson(tree);
    }
    static std::unique_ptr<ScanNode> named(const QString &name, const QString &version = {})
    {
        auto node = makeNode(u"include"_s, {{u"name"_s, name}});
        if (!version.isEmpty())
            node->fields.insert(u"version"_s, version);
        return node;
    }
    CompiledPlan compiledWith(std::unique_ptr<ScanNode> node, const TreeLibrary &library) const
    {
        ScanTree tree;
        tree.root()->appendChild(std::move(node));
        return compilePlan(tree, m_bench, m_registry, path(u"outer.scan.json"_s), library);
    }

private slots:
    /// Stored under a name, run as if it stood there, and whole without the database.
    void runsStoredTrees()
    {
        TreeLibrary library;
        library.entries.insert(u"IV curve"_s, {u"3"_s, stored(u"smu.bias"_s)});
        library.entries.insert(u"Map"_s, {u"1"_s, stored(u"stage.x"_s, named(u"IV curve"_s))});
        for (const QString &version : {QString(), u"1"_s}) {
            const CompiledPlan plan = compiledWith(named(u"Map"_s, version), library);
            QVERIFY2(plan.plan, qPrintable(plan.problems.value(0).message));
            QCOMPARE(
                walked(plan.plan),
                QStringList({u"stage.x=1"_s, u"measure 0"_s, u"stage.x=2"_s, u"measure 0"_s,
                             u"smu.bias=1"_s, u"measure 1"_s, u"smu.bias=2"_s, u"measure 1"_s}));
            const QByteArray text = treeToText(plan.complete(ScanTree()));
            QVERIFY(!text.contains("\"include\""));
            const CompiledPlan again =
                compilePlan(*readTreeText(text, m_registry, {}).tree, m_bench, m_registry);
            QCOMPARE(again.plan->hash, plan.plan->hash);
        }
        // A file may include by name as well, and a stored tree a file beside the scan.
        write(u"by-name.scan.json"_s, named(u"IV curve"_s, u"3"_s));
        library.entries.insert(u"By file"_s,
                               {u"1"_s, stored(u"stage.y"_s, includeOf(u"by-name.scan.json"_s))});
        const CompiledPlan mixed = compiledWith(named(u"By file"_s), library);
        QVERIFY2(mixed.plan, qPrintable(mixed.problems.value(0).message));
        QCOMPARE(walked(mixed.plan).value(4), u"smu.bias=1"_s);
    }

    void tellsWhenALibraryIsNeeded()
    {
        write(u"plain.scan.json"_s, measureOf({u"smu.iv"_s}));
        write(u"asks.scan.json"_s, named(u"IV curve"_s));
        const auto needs = [&](std::unique_ptr<ScanNode> node) {
            ScanTree tree;
            tree.root()->appendChild(std::move(node));
            return needsLibrary(tree, m_registry, path(u"outer.scan.json"_s));
        };
        QVERIFY(needs(named(u"IV curve"_s)));
        QVERIFY(needs(includeOf(u"asks.scan.json"_s)));
        QVERIFY(!needs(includeOf(u"plain.scan.json"_s)));
        QVERIFY(!needs(measureOf({u"smu.iv"_s})));
        auto off = named(u"IV curve"_s);
        off->isEnabled = false;
        QVERIFY(!needs(std::move(off)));
    }

    void refusesWhatIsNotStored_data()
    {
        QTest::addColumn<QJsonObject>("fields");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("word"); // in message or remedy
        const auto row = [](const char *name, const QJsonObject &fields, const char *field,
                            const QString &word) {
            QTest::newRow(name) << fields << QString::fromLatin1(field) << word;
        };
        row("near name", {{u"name"_s, u"IV curv"_s}}, "name", u"Did you mean \"IV curve\""_s);
        row("no such name", {{u"name"_s, u"spectrum"_s}}, "name", u"Broken, Far, IV curve"_s);
        row("another version", {{u"name"_s, u"IV curve"_s}, {u"version"_s, u"2"_s}}, "version",
            u"There is no version 2"_s);
        row("no tree inside", {{u"name"_s, u"Broken"_s}}, "name", u"Broken: "_s);
        row("itself", {{u"name"_s, u"Loop"_s}}, "name", u"Loop → Loop"_s);
        row("in a circle", {{u"name"_s, u"A"_s}}, "name", u"A → B → A"_s);
        row("through a file", {{u"name"_s, u"Far"_s}}, "name", u"Far → far.scan.json → Far"_s);
        row("circle of versions", {{u"name"_s, u"Old"_s}}, "name",
            u"Old → Old version 2 → Old version 1 → Old version 2"_s);
        row("no such version", {{u"name"_s, u"Old"_s}, {u"version"_s, u"4"_s}}, "version",
            u"no version 4Choose of 1, 2, 3, 10"_s);
        row("both", {{u"name"_s, u"IV curve"_s}, {u"tree"_s, u"plain.scan.json"_s}}, "tree",
            u"both given"_s);
        row("neither", {{u"version"_s, u"2"_s}}, "tree", u"Neither"_s);
    }
    void refusesWhatIsNotStored()
    {
        QFETCH(QJsonObject, fields);
        QFETCH(QString, field);
        QFETCH(QString, word);
        write(u"far.scan.json"_s, named(u"Far"_s));
        TreeLibrary library;
        library.entries = {
            {u"IV curve"_s, {u"3"_s, stored(u"smu.bias"_s)}},
            {u"Broken"_s, {u"1"_s, QJsonObject{{u"what"_s, u"is this"_s}}}},
            {u"Loop"_s, {u"1"_s, stored(u"smu.bias"_s, named(u"Loop"_s))}},
            {u"A"_s, {u"1"_s, stored(u"smu.bias"_s, named(u"B"_s))}},
            {u"B"_s, {u"1"_s, stored(u"stage.x"_s, named(u"A"_s))}},
            {u"Far"_s, {u"1"_s, stored(u"stage.x"_s, includeOf(u"far.scan.json"_s))}},
            {u"Old"_s,
             {u"3"_s,
              stored(u"stage.x"_s, named(u"Old"_s, u"2"_s)),
              {{u"1"_s, stored(u"stage.x"_s, named(u"Old"_s, u"2"_s))},
               {u"2"_s, stored(u"stage.x"_s, named(u"Old"_s, u"1"_s))},
               {u"10"_s, stored(u"stage.x"_s)}}}}};
        auto node = makeNode(u"include"_s, fields);
        const QString id = uidText(node->id);
        const CompiledPlan plan = compiledWith(std::move(node), library);
        QVERIFY(!plan.plan);
        QVERIFY(!plan.problems.isEmpty());
        const Problem &problem = plan.problems.first();
        QCOMPARE(problem.node, id);
        QCOMPARE(problem.field, field);
        QVERIFY2((problem.message + problem.remedy).contains(word),
                 qPrintable(problem.message + u" / "_s + problem.remedy));
    }

    void runsEarlierVersions()
    {
        TreeLibrary library;
        library.entries.insert(
            u"IV curve"_s,
            {u"3"_s,
             stored(u"stage.x"_s, named(u"IV curve"_s, u"1"_s)), // builds on its first version
             {{u"1"_s, stored(u"smu.bias"_s)}, {u"2"_s, stored(u"stage.y"_s)}}});
        const CompiledPlan first = compiledWith(named(u"IV curve"_s, u"1"_s), library);
        QVERIFY2(first.plan, qPrintable(first.problems.value(0).message));
        QCOMPARE(walked(first.plan).value(0), u"smu.bias=1"_s);
        const CompiledPlan second = compiledWith(named(u"IV curve"_s, u"2"_s), library);
        QCOMPARE(walked(second.plan).value(0), u"stage.y=1"_s);
        const CompiledPlan newest = compiledWith(named(u"IV curve"_s), library);
        QVERIFY2(newest.plan, qPrintable(newest.problems.value(0).message));
        QCOMPARE(walked(newest.plan).value(0), u"stage.x=1"_s);
        QVERIFY(walked(newest.plan).contains(u"smu.bias=1"_s));
        QCOMPARE(compiledWith(named(u"IV curve"_s, u"3"_s), library).plan->points,
                 newest.plan->points);
    }

    void saysWhyThereAreNone()
    {
        TreeLibrary library;
        library.absence = u"The database is away"_s;
        const Problems problems = compiledWith(named(u"IV curve"_s), library).problems;
        QVERIFY(problems.value(0).message.contains(u"The database is away"_s));
    }

    void runsTheTreeInItsPlace()
    {
        auto sweep = sweepOf(u"smu.bias"_s, listOf({u"1"_s, u"2"_s}));
        sweep->appendChild(measureOf({u"smu.iv"_s}));
        write(u"parts/iv.scan.json"_s, std::move(sweep));
        auto outer = sweepOf(u"stage.x"_s, listOf({u"3"_s, u"4"_s}));
        outer->appendChild(includeOf(u"parts/iv.scan.json"_s));
        write(u"outer.scan.json"_s, std::move(outer));

        const CompiledPlan plan = compiled(u"outer.scan.json"_s);
        QVERIFY2(plan.plan, qPrintable(plan.problems.value(0).message));
        QCOMPARE(walked(plan.plan),
                 QStringList({u"stage.x=3"_s, u"smu.bias=1"_s, u"measure 0"_s, u"smu.bias=2"_s,
                              u"measure 0"_s, u"stage.x=4"_s, u"smu.bias=1"_s, u"measure 0"_s,
                              u"smu.bias=2"_s, u"measure 0"_s}));
        QCOMPARE(plan.plan->points, 4);
        QVERIFY(plan.plan->duration >= Nanoseconds::zero());
    }

    /// What is stored with a scan compiles to the same plan when the files are gone.
    void isWholeWithoutTheFile()
    {
        auto sweep = makeNode(
            u"sweep"_s,
            {{u"axes"_s, QJsonArray{axis(u"smu.bias"_s, {{u"kind"_s, u"list"_s},
                                                         {u"values"_s, QJsonArray{u"1 V"_s}}})}}});
        sweep->appendChild(measureOf({u"smu.iv"_s}));
        write(u"inner.scan.json"_s, std::move(sweep));
        write(u"middle.scan.json"_s, includeOf(u"inner.scan.json"_s));
        auto top = includeOf(u"middle.scan.json"_s);
        top->label = u"twice removed"_s;
        top->timeout = u"7 s"_s;
        write(u"top.scan.json"_s, std::move(top));
        const CompiledPlan plan = compiled(u"top.scan.json"_s);
        QVERIFY(plan.plan);
        QVERIFY(plan.expanded);
        QCOMPARE(compiled(u"top.scan.json"_s).plan->hash, plan.plan->hash);
        QCOMPARE(PlanCursor(plan.plan).current().timeout, Nanoseconds(std::chrono::seconds(7)));

        const QByteArray stored = treeToText(plan.complete(ScanTree()));
        QVERIFY(!stored.contains("\"include\""));
        for (const QString &name : {u"inner"_s, u"middle"_s, u"top"_s})
            QVERIFY(QFile::remove(path(name + u".scan.json"_s)));
        const ReadTree read = readTreeText(stored, m_registry);
        QVERIFY(read.tree);
        const CompiledPlan again = compilePlan(*read.tree, m_bench, m_registry, u"SCAN-1"_s);
        QVERIFY(again.plan);
        QVERIFY(!again.expanded);
        QCOMPARE(again.plan->hash, plan.plan->hash);
    }

    /// A file named in an included tree lies beside that tree.
    void findsFilesBesideTheIncludedTree()
    {
        QVERIFY(QDir().mkpath(path(u"lib"_s)));
        QFile csv(path(u"lib/bias.csv"_s));
        QVERIFY(csv.open(QIODevice::WriteOnly));
        csv.write("1\n5\n");
        csv.close();
        auto sweep = sweepOf(u"smu.bias"_s, {{u"kind"_s, u"csv"_s}, {u"file"_s, u"bias.csv"_s}});
        sweep->appendChild(measureOf({u"smu.iv"_s}));
        write(u"lib/csv.scan.json"_s, std::move(sweep));
        write(u"uses-csv.scan.json"_s, includeOf(u"lib/csv.scan.json"_s));
        const CompiledPlan plan = compiled(u"uses-csv.scan.json"_s);
        QVERIFY2(plan.plan, qPrintable(plan.problems.value(0).message));
        QCOMPARE(walked(plan.plan).value(2), u"smu.bias=5"_s);
    }

    /// What is stored with a scan finds its files from wherever it is continued.
    void storedTreesFindTheirFiles()
    {
        QFile csv(path(u"x.csv"_s));
        QVERIFY(csv.open(QIODevice::WriteOnly));
        csv.write("1\n5\n");
        csv.close();
        auto sweep = sweepOf(u"smu.bias"_s, {{u"kind"_s, u"csv"_s}, {u"file"_s, u"x.csv"_s}});
        sweep->appendChild(measureOf({u"smu.iv"_s}));
        write(u"own-csv.scan.json"_s, std::move(sweep));
        const CompiledPlan plan = compiled(u"own-csv.scan.json"_s);
        QVERIFY2(plan.plan, qPrintable(plan.problems.value(0).message));
        QVERIFY(plan.expanded);
        const CompiledPlan again = compilePlan(*plan.expanded, m_bench, m_registry, u"STATION-1"_s);
        QVERIFY2(again.plan, qPrintable(again.problems.value(0).message));
        QCOMPARE(again.plan->hash, plan.plan->hash);
    }

    void twiceTheSameTreeHasDifferentIds()
    {
        write(u"one.scan.json"_s, measureOf({u"smu.iv"_s}));
        write(u"two.scan.json"_s, includeOf(u"one.scan.json"_s), includeOf(u"one.scan.json"_s));
        const CompiledPlan plan = compiled(u"two.scan.json"_s);
        QVERIFY(plan.plan);
        QCOMPARE(plan.plan->objects.size(), 2);
        QVERIFY(plan.plan->objects[0].node != plan.plan->objects[1].node);
    }

    void disabledIncludesAreNotRead()
    {
        auto off = includeOf(u"no such file.scan.json"_s);
        off->isEnabled = false;
        write(u"off.scan.json"_s, std::move(off), measureOf({u"smu.iv"_s}));
        QVERIFY(compiled(u"off.scan.json"_s).plan);
    }

    void problems_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("said");

        QTest::newRow("itself") << u"self.scan.json"_s << u"tree"_s
                                << u"self.scan.json → self.scan.json"_s;
        QTest::newRow("a ring") << u"a.scan.json"_s << u"tree"_s
                                << u"a.scan.json → b.scan.json → c.scan.json → a.scan.json"_s;
        QTest::newRow("missing") << u"missing.scan.json"_s << u"tree"_s << u"nowhere.scan.json"_s;
        QTest::newRow("other version")
            << u"old.scan.json"_s << u"version"_s << u"not 0123456789ab"_s;
        QTest::newRow("broken") << u"holds-broken.scan.json"_s << u"tree"_s
                                << u"broken.scan.json, line 1"_s;
        QTest::newRow("limits inside") << u"holds-far.scan.json"_s << u"tree"_s
                                       << u"In far.scan.json: 99 V is above the limit"_s;
        QTest::newRow("no file named") << u"empty.scan.json"_s << u"tree"_s << QString();
    }

    void problems()
    {
        QFETCH(QString, file);
        QFETCH(QString, field);
        QFETCH(QString, said);
        write(u"self.scan.json"_s, includeOf(u"self.scan.json"_s));
        write(u"a.scan.json"_s, includeOf(u"b.scan.json"_s));
        write(u"b.scan.json"_s, includeOf(u"c.scan.json"_s));
        write(u"c.scan.json"_s, includeOf(u"./a.scan.json"_s));
        write(u"missing.scan.json"_s, includeOf(u"nowhere.scan.json"_s));
        write(u"one.scan.json"_s, measureOf({u"smu.iv"_s}));
        write(u"old.scan.json"_s, includeOf(u"one.scan.json"_s, u"0123456789ab"_s));
        QFile broken(path(u"broken.scan.json"_s));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("{\"format\": \"birch.scan\", \"version\": 1, \"root\": 7}");
        broken.close();
        write(u"holds-broken.scan.json"_s, includeOf(u"broken.scan.json"_s));
        write(u"far.scan.json"_s, setOf(u"smu.bias"_s, u"99 V"_s), measureOf({u"smu.iv"_s}));
        write(u"holds-far.scan.json"_s, includeOf(u"far.scan.json"_s));
        write(u"empty.scan.json"_s, makeNode(u"include"_s));

        const ReadTree read = readTreeFile(path(file), m_registry);
        const CompiledPlan plan = compilePlan(*read.tree, m_bench, m_registry, path(file));
        QVERIFY(!plan.plan);
        QCOMPARE(plan.problems.size(), 1);
        const Problem &problem = plan.problems.first();
        QVERIFY2(problem.message.contains(said), qPrintable(problem.message));
        QVERIFY(!problem.remedy.isEmpty());
        QCOMPARE(problem.field, field);
        QCOMPARE(problem.file, path(file));
        QCOMPARE(problem.node, uidText(read.tree->root()->child(0)->id));
    }

    void versionIsWhatTheFileSays()
    {
        write(u"one.scan.json"_s, measureOf({u"smu.iv"_s}));
        QFile file(path(u"one.scan.json"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        const QString version = treeFileVersion(text);
        QCOMPARE(treeFileVersion(QByteArray(text).replace('\n', "\n\n")), version);
        QVERIFY(treeFileVersion(QByteArray(text).replace("iv", "iv2")) != version);
        write(u"right.scan.json"_s, includeOf(u"one.scan.json"_s, version));
        QVERIFY(compiled(u"right.scan.json"_s).plan);
    }

    /// Ten files that each include the next one ten times would be 10^10 nodes.
    void aFloodOfNodesIsRefused()
    {
        write(u"level0.scan.json"_s, measureOf({u"smu.iv"_s}));
        for (int level = 1; level <= 10; ++level) {
            std::vector<std::unique_ptr<ScanNode>> nodes;
            for (int i = 0; i < 10; ++i)
                nodes.push_back(includeOf(u"level%1.scan.json"_s.arg(level - 1)));
            write(u"level%1.scan.json"_s.arg(level), std::move(nodes));
        }
        const CompiledPlan plan = compiled(u"level10.scan.json"_s);
        QVERIFY(!plan.plan);
        QVERIFY(!plan.problems.isEmpty());
        QVERIFY2(plan.problems.first().message.contains(u"nodes"_s),
                 qPrintable(plan.problems.first().message));
    }
};

QTEST_GUILESS_MAIN(TestTreeIncludes)
#include "tst_tree_includes.moc"
