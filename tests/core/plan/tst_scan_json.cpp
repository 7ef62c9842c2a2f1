#include "core/plan/document_text.h"
#include "core/plan/scan_file.h"
#include "tests/core/plan/plan_fixture.h"
#include "tests/core/plan/random_tree.h"

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace birch::test;

namespace {

const QByteArray kNodeId = "0192f3a0-0000-7000-8000-000000000001";
const QByteArray kOtherId = "0192f3a0-0000-7000-8000-000000000002";

/// A document around the children of its root.
QByteArray documentOf(const QByteArray &children)
{
    return "{\"format\": \"birch.scan\", \"version\": 1, \"name\": \"a\",\n\"root\": {\"id\": \"" +
           kOtherId + "\", \"kind\": \"sequence\", \"children\": [\n" + children + "]}}";
}

QByteArray nodeOf(const QByteArray &rest)
{
    return "{\"id\": \"" + kNodeId + "\", " + rest + "}";
}

} // namespace

class TestScanJson : public QObject
{
    Q_OBJECT

    const NodeRegistry m_registry = standardNodes();

private slots:
    void givesTheSameBytesAgain();
    void readsBackWhatWasWritten();
    void reportsWhatIsWrong_data();
    void reportsWhatIsWrong();
    void reportsEverythingAtOnce();
    void refusesNewerDocuments();
    void refusesAbsurdInput_data();
    void refusesAbsurdInput();
    void survivesDamage();
    void makesIdsWhereNoneAre();
    void writesFilesWhole();
    void keepsLinesShort();
};

void TestScanJson::givesTheSameBytesAgain()
{
    for (unsigned seed = 1; seed <= 100; ++seed) {
        std::mt19937 random(seed);
        ScanTree tree = randomTree(random, 500);
        tree.details.tags = {u"a"_s, u"µ"_s};
        tree.details.operatorName = u"Ørsted"_s;
        tree.root()->child(0)->failure = FailureRule{FailurePolicy::Retry, 3};
        tree.root()->failure = FailureRule{FailurePolicy::Retry, 2, std::chrono::milliseconds(1500),
                                           1.5, std::chrono::minutes(1)};
        tree.root()->child(0)->timeout = u"5 s"_s;
        const QByteArray text = treeToText(tree);
        const ReadTree read = readTreeText(text, m_registry);
        QVERIFY2(read.tree, qPrintable(read.problems.value(0).message));
        QCOMPARE(treeToText(*read.tree), text);
        // and by way of the object that is stored with every scan
        const ReadTree stored = readTree(treeToJson(tree), m_registry);
        QVERIFY(stored.tree);
        QCOMPARE(treeToText(*stored.tree), text);
    }
}

void TestScanJson::readsBackWhatWasWritten()
{
    ScanTree tree;
    tree.name = u"IV \"quoted\" \\ map"_s;
    tree.details = {u"s1"_s, u"p"_s,   u"o"_s,          u"t"_s,
                    u"y"_s,  {u"x"_s}, u"two\nlines"_s, {{u"Gas"_s, u"argon"_s}}};
    ScanNode *node =
        tree.root()->appendChild(sweepOf(u"smu.bias"_s, linear(u"-10 mV"_s, u"10 mV"_s, 201)));
    node->label = u"Bias"_s;
    node->isEnabled = false;
    node->failure = FailureRule{FailurePolicy::Skip, 0};
    const ReadTree read = readTreeText(treeToText(tree), m_registry);
    QVERIFY(read.tree);
    QCOMPARE(read.tree->name, tree.name);
    QCOMPARE(read.tree->details, tree.details);
    const ScanNode *again = read.tree->find(node->id);
    QVERIFY(again);
    QCOMPARE(again->label, node->label);
    QCOMPARE(again->isEnabled, false);
    QCOMPARE(again->failure, node->failure);
    QCOMPARE(again->fields, node->fields); // "10 mV" stays as typed
}

void TestScanJson::reportsWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("field");
    QTest::addColumn<int>("line");
    const auto node = [](const char *name, const QByteArray &rest, const QString &field) {
        QTest::newRow(name) << documentOf(nodeOf(rest)) << field << 3;
    };
    node("unknown kind", R"("kind": "sweeep")", u"kind"_s);
    node("no kind", R"("label": "x")", u"kind"_s);
    node("unknown key", R"("kind": "wait", "colour": "red")", u"colour"_s);
    node("unknown field", R"("kind": "wait", "fields": {"durration": "1 s"})", u"durration"_s);
    node("unknown nested field",
         R"("kind": "sweep", "fields": {"axes": [{"movement": "a.b", "posittions": {}}]})",
         u"axes.0.posittions"_s);
    node("wrong type", R"("kind": "repeat", "fields": {"times": "many"})", u"times"_s);
    node("fraction", R"("kind": "repeat", "fields": {"times": 1.5})", u"times"_s);
    node("out of range", R"("kind": "repeat", "fields": {"times": 0})", u"times"_s);
    node("wrong choice",
         R"("kind": "sweep", "fields": {"axes": [{"positions": {"kind": "cubic"}}]})",
         u"axes.0.positions.kind"_s);
    node("list expected", R"("kind": "measure", "fields": {"measurements": "smu.iv"})",
         u"measurements"_s);
    node("text expected", R"("kind": "measure", "fields": {"measurements": [1]})",
         u"measurements.0"_s);
    node("record expected", R"("kind": "set", "fields": {"targets": ["x"]})", u"targets.0"_s);
    node("children of a leaf", R"("kind": "wait", "children": [{"kind": "wait"}])", u"children"_s);
    node("children no list", R"("kind": "sequence", "children": {})", u"children"_s);
    node("fields no object", R"("kind": "wait", "fields": [])", u"fields"_s);
    node("enabled no bool", R"("kind": "wait", "enabled": 1)", u"enabled"_s);
    node("label no text", R"("kind": "wait", "label": 1)", u"label"_s);
    node("timeout no text", R"("kind": "wait", "timeout": 1)", u"timeout"_s);
    node("policy", R"("kind": "wait", "on_failure": "ignore")", u"on_failure"_s);
    node("retry without count", R"("kind": "wait", "on_failure": "retry")", u"retries"_s);
    node("count without retry", R"("kind": "wait", "retries": 2)", u"retries"_s);
    node("back-off without retry", R"("kind": "wait", "on_failure": "pause", "back_off": "1 s")",
         u"back_off"_s);
    const auto retry = [&node](const char *name, const QByteArray &rest, const QString &field) {
        node(name, R"("kind": "wait", "on_failure": "retry", "retries": 2, )" + rest, field);
    };
    retry("back-off no duration", R"("back_off": "1 V")", u"back_off"_s);
    retry("back-off too long", R"("back_off": "2 d")", u"back_off"_s);
    retry("waits that shrink", R"("back_off": "1 s", "back_off_factor": 0.5)",
          u"back_off_factor"_s);
    retry("limit below the first", R"("back_off": "2 s", "back_off_limit": "1 s")",
          u"back_off_limit"_s);
    QTest::newRow("id") << documentOf(R"({"id": "x", "kind": "wait"})") << u"id"_s << 3;
    QTest::newRow("node") << documentOf("7") << QString() << 2;
    QTest::newRow("id twice") << documentOf(nodeOf(R"("kind": "wait")") + ",\n" +
                                            nodeOf(R"("kind": "wait")"))
                              << u"id"_s << 4;
    QTest::newRow("key twice") << documentOf(nodeOf("\"kind\": \"wait\",\n\"kind\": \"set\""))
                               << u"root.children[0].kind"_s << 0;
    QTest::newRow("root kind")
        << QByteArray(R"({"format": "birch.scan", "version": 1, "root": {"kind": "wait"}})")
        << u"root"_s << 1;
    QTest::newRow("root missing") << QByteArray(R"({"format": "birch.scan", "version": 1})")
                                  << QString() << 1;
    QTest::newRow("format") << QByteArray(R"({"version": 1})") << u"format"_s << 1;
    QTest::newRow("version") << QByteArray(R"({"format": "birch.scan"})") << u"version"_s << 1;
    QTest::newRow("top key")
        << QByteArray(
               R"({"format": "birch.scan", "version": 1, "nam": "", "root": {"kind": "sequence"}})")
        << u"nam"_s << 1;
    QTest::newRow("a field that is no text")
        << QByteArray(
               R"({"format": "birch.scan", "version": 1, "details": {"fields": {"Gas": 2}}, "root": {"kind": "sequence"}})")
        << u"details.fields.Gas"_s << 1;
    QTest::newRow("a field without a name")
        << QByteArray(
               R"({"format": "birch.scan", "version": 1, "details": {"fields": {" ": "x"}}, "root": {"kind": "sequence"}})")
        << u"details.fields. "_s << 1;
    QTest::newRow("details key")
        << QByteArray(
               R"({"format": "birch.scan", "version": 1, "details": {"smaple": "a"}, "root": {"kind": "sequence"}})")
        << u"details.smaple"_s << 1;
    QTest::newRow("no JSON") << QByteArray("{\n\"format\": }") << QString() << 2;
    QTest::newRow("no object") << QByteArray("[]") << QString() << 1;
}

void TestScanJson::reportsWhatIsWrong()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, field);
    QFETCH(int, line);
    const ReadTree read = readTreeText(text, m_registry, u"a.scan.json"_s);
    QVERIFY(!read.tree);
    QVERIFY(!read.problems.isEmpty());
    const auto at = std::find_if(read.problems.begin(), read.problems.end(),
                                 [&field](const Problem &p) { return p.field == field; });
    QVERIFY2(at != read.problems.end(), qPrintable(read.problems.first().field));
    QCOMPARE(at->file, u"a.scan.json"_s);
    QVERIFY(!at->message.isEmpty());
    QVERIFY(!at->remedy.isEmpty());
    if (line > 0)
        QCOMPARE(at->line, line);
    if (text.contains(kNodeId) && !field.contains(u'['))
        QCOMPARE(at->node, QString::fromLatin1(kNodeId));
}

void TestScanJson::reportsEverythingAtOnce()
{
    const QByteArray text =
        documentOf(R"({"kind": "nope"}, {"kind": "wait", "fields": {"a": 1, "b": 2}},
                                          {"kind": "repeat", "fields": {"times": true}})");
    QCOMPARE(readTreeText(text, m_registry).problems.size(), 4);
}

void TestScanJson::refusesNewerDocuments()
{
    QByteArray text = documentOf({});
    text.replace("\"version\": 1", "\"version\": 2, \"unheard\": 1");
    const ReadTree read = readTreeText(text, m_registry);
    QVERIFY(!read.tree);
    QCOMPARE(read.problems.size(), 1); // what a newer document holds is not judged
    QVERIFY(read.problems[0].message.contains(u"newer"_s));
}

void TestScanJson::refusesAbsurdInput_data()
{
    QTest::addColumn<QByteArray>("text");
    QByteArray deep = R"({"kind": "wait"})";
    for (int i = 0; i < kMaxDepth + 1; ++i)
        deep = R"({"kind": "sequence", "children": [)" + deep + "]}";
    QTest::newRow("deeper than a tree may be") << documentOf(deep);
    QTest::newRow("brackets") << QByteArray(100'000, '[');
    QTest::newRow("objects") << QByteArray(R"({"a":)").repeated(100'000);
    QByteArray many = R"({"kind": "wait"})";
    many = (many + ",").repeated(kMaxNodes) + many;
    QTest::newRow("many nodes") << documentOf(many);
    QTest::newRow("large") << QByteArray(kMaxDocumentBytes + 1, ' ');
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("zero bytes") << QByteArray(1000, '\0');
    QTest::newRow("number") << documentOf(R"({"kind": "repeat", "fields": {"times": 1e999}})");
}

void TestScanJson::refusesAbsurdInput()
{
    QFETCH(QByteArray, text);
    const ReadTree read = readTreeText(text, m_registry);
    QVERIFY(!read.tree);
    QVERIFY(!read.problems.isEmpty());
    QVERIFY2(read.problems.size() < 10, "one problem per cause, not per node");
}

/// A file with one byte changed is read or refused, never more; what is read can be written.
void TestScanJson::survivesDamage()
{
    std::mt19937 random(11);
    const QByteArray text = treeToText(randomTree(random, 60));
    std::uniform_int_distribution<qsizetype> place(0, text.size() - 1);
    std::uniform_int_distribution<int> byte(0, 255);
    for (int i = 0; i < 2000; ++i) {
        QByteArray damaged = text;
        damaged[place(random)] = char(byte(random));
        const ReadTree read = readTreeText(damaged, m_registry);
        QCOMPARE(bool(read.tree), read.problems.isEmpty());
        if (read.tree)
            QVERIFY(readTreeText(treeToText(*read.tree), m_registry).tree);
    }
}

void TestScanJson::makesIdsWhereNoneAre()
{
    const ReadTree read =
        readTreeText(documentOf(R"({"kind": "wait"}, {"kind": "wait"})"), m_registry);
    QVERIFY(read.tree);
    const ScanNode *root = read.tree->root();
    QVERIFY(!root->child(0)->id.isNull());
    QVERIFY(root->child(0)->id != root->child(1)->id);
}

void TestScanJson::writesFilesWhole()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"a.scan.json"_s);
    ScanTree tree;
    tree.name = u"a"_s;
    QVERIFY(writeTreeFile(tree, path));
    const ReadTree read = readTreeFile(path, m_registry);
    QVERIFY(read.tree);
    QCOMPARE(treeToText(*read.tree), treeToText(tree));
    QVERIFY(!writeTreeFile(tree, folder.filePath(u"no/such/a.scan.json"_s)));
    const ReadTree missing = readTreeFile(folder.filePath(u"b.scan.json"_s), m_registry);
    QVERIFY(!missing.tree);
    QCOMPARE(missing.problems.size(), 1);
    QVERIFY(missing.problems[0].file.endsWith(u"b.scan.json"_s));
}

/// People read and compare these files.
void TestScanJson::keepsLinesShort()
{
    ScanTree tree;
    tree.root()
        ->appendChild(sweepOf(u"smu.bias"_s, linear(u"-10 mV"_s, u"10 mV"_s, 201)))
        ->appendChild(measureOf({u"smu.iv"_s}));
    const QByteArray text = treeToText(tree);
    for (const QByteArray &line : text.split('\n'))
        QVERIFY2(line.size() <= 110, line.constData());
    QVERIFY(text.startsWith("{\n  \"format\": \"birch.scan\",\n  \"version\": 1,\n"));
    QVERIFY(text.endsWith("}\n"));
}

QTEST_APPLESS_MAIN(TestScanJson)
#include "tst_scan_json.moc"
