#include "core/engine/queue_file.h"
#include "core/plan/scan_file.h"
#include "tests/core/plan/plan_fixture.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace birch::test;

class TestQueueFile : public QObject
{
    Q_OBJECT

    const NodeRegistry m_registry = standardNodes();
    QTemporaryDir m_folder;

    QString path() const { return m_folder.filePath(u"a.queue.json"_s); }

private slots:
    void initTestCase();
    void readsFilesAndInlineTrees();
    void laysDetailsOverThoseOfTheTree();
    void writesWhatItRead();
    void reportsWhatIsWrong_data();
    void reportsWhatIsWrong();
    void namesTheFileThatIsWrong();
};

void TestQueueFile::initTestCase()
{
    ScanTree tree;
    tree.name = u"one"_s;
    tree.details.sample = u"s1"_s;
    tree.details.title = u"title"_s;
    tree.details.fields = {{u"Gas"_s, u"argon"_s}, {u"Mask"_s, u"M 1"_s}};
    tree.root()->appendChild(measureOf({u"smu.iv"_s}));
    QVERIFY(writeTreeFile(tree, m_folder.filePath(u"one.scan.json"_s)));
    QFile broken(m_folder.filePath(u"broken.scan.json"_s));
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write(R"({"format": "birch.scan", "version": 1, "root": {"kind": "sequenze"}})");
}

void TestQueueFile::readsFilesAndInlineTrees()
{
    const QByteArray text = R"({"format": "birch.queue", "version": 1, "name": "night",
        "on_failure": "stop", "items": [
        {"scan": "one.scan.json"},
        {"scan": "one.scan.json", "details": {"sample": "s2"}},
        {"scan": {"format": "birch.scan", "version": 1, "name": "two", "root": {"kind": "sequence"}}}]})";
    const ReadQueue read = readQueueText(text, m_registry, path());
    QVERIFY2(read.queue, qPrintable(read.problems.value(0).message));
    QCOMPARE(read.queue->name, u"night"_s);
    QCOMPARE(read.queue->settings.onFailure, FailedScan::Stop);
    QCOMPARE(read.queue->items.size(), 3U);
    QCOMPARE(read.queue->items[0].tree.name, u"one"_s);
    QCOMPARE(read.queue->items[1].tree.name, u"one"_s);
    QCOMPARE(read.queue->items[2].tree.name, u"two"_s);
    QVERIFY(read.queue->items[2].path.isEmpty());
}

void TestQueueFile::laysDetailsOverThoseOfTheTree()
{
    const QByteArray text = R"({"format": "birch.queue", "version": 1,
        "fields": {"Gas": "helium", "Mask": "M 1", "Run": "7"}, "items": [
        {"scan": "one.scan.json", "details": {"sample": "s2", "fields": {"Mask": "M 2"}}}]})";
    const ReadQueue read = readQueueText(text, m_registry, path());
    QVERIFY(read.queue);
    QCOMPARE(read.queue->settings, QueueSettings());
    const TreeDetails details = read.queue->items[0].effectiveDetails();
    QCOMPARE(details.sample, u"s2"_s);
    QCOMPARE(details.title, u"title"_s);
    QCOMPARE(details.fields,
             (QMap<QString, QString>{
                 {u"Gas"_s, u"helium"_s}, {u"Mask"_s, u"M 2"_s}, {u"Run"_s, u"7"_s}}));
}

void TestQueueFile::writesWhatItRead()
{
    QueueDocument queue;
    queue.name = u"n"_s;
    queue.settings = {FailedScan::Retry, 3};
    queue.fields = {{u"Gas"_s, u"argon"_s}};
    queue.items.resize(2);
    queue.items[0].path = u"one.scan.json"_s;
    queue.items[0].details.tags = {u"x"_s};
    queue.items[1].tree.name = u"inline"_s;
    queue.items[1].turn = {
        .priority = -5, .isReady = false, .notBeforeUs = 1'900'000'000'000'001, .repeats = 7};
    QVERIFY(writeQueueFile(queue, path()));
    const ReadQueue read = readQueueFile(path(), m_registry);
    QVERIFY(read.queue);
    QCOMPARE(queueToText(*read.queue), queueToText(queue));
    QCOMPARE(read.queue->items[0].tree.name, u"one"_s);
    QCOMPARE(read.queue->settings, queue.settings);
    QCOMPARE(read.queue->fields, queue.fields);
    QCOMPARE(read.queue->items[0].turn, ItemTurn());
    QCOMPARE(read.queue->items[1].turn, queue.items[1].turn);
}

void TestQueueFile::reportsWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("rest");
    QTest::addColumn<QString>("field");
    QTest::newRow("no items") << QByteArray(R"("name": "a")") << u"items"_s;
    QTest::newRow("unknown key") << QByteArray(R"("items": [], "mode": "fast")") << u"mode"_s;
    QTest::newRow("policy") << QByteArray(R"("items": [], "on_failure": "again")")
                            << u"on_failure"_s;
    QTest::newRow("parallel") << QByteArray(R"("items": [], "parallel": 0)") << u"parallel"_s;
    const auto turn = [](const char *row, const QByteArray &key, const QByteArray &value) {
        QTest::newRow(row) << QByteArray(R"("items": [{"scan": "one.scan.json", ")" + key +
                                         R"(": )" + value + "}]")
                           << u"items.0."_s + QString::fromLatin1(key);
    };
    turn("priority", "priority", "1001");
    turn("half a repeat", "repeats", "1.5");
    turn("no repeat", "repeats", "0");
    turn("repeats as text", "repeats", "\"3\"");
    turn("ready", "ready", "\"yes\"");
    turn("start", "start_at", "\"tomorrow\"");
    turn("start as a number", "start_at", "5");
    QTest::newRow("name") << QByteArray(R"("items": [], "name": 1)") << u"name"_s;
    QTest::newRow("fields") << QByteArray(R"("items": [], "fields": ["Gas"])") << u"fields"_s;
    QTest::newRow("field") << QByteArray(R"("items": [], "fields": {"Gas": 1})") << u"fields.Gas"_s;
    QTest::newRow("item") << QByteArray(R"("items": ["one.scan.json"])") << u"items.0"_s;
    QTest::newRow("item key") << QByteArray(R"("items": [{"scan": "one.scan.json", "x": 1}])")
                              << u"x"_s;
    QTest::newRow("no scan") << QByteArray(R"("items": [{}])") << u"items.0.scan"_s;
    QTest::newRow("details") << QByteArray(
                                    R"("items": [{"scan": "one.scan.json", "details": {"a": 1}}])")
                             << u"details.a"_s;
    QTest::newRow("inline") << QByteArray(
                                   R"("items": [{"scan": {"format": "birch.scan", "version": 9}}])")
                            << u"version"_s;
}

void TestQueueFile::reportsWhatIsWrong()
{
    QFETCH(QByteArray, rest);
    QFETCH(QString, field);
    const QByteArray text = R"({"format": "birch.queue", "version": 1, )" + rest + "}";
    const ReadQueue read = readQueueText(text, m_registry, path());
    QVERIFY(!read.queue);
    QCOMPARE(read.problems.size(), 1);
    QCOMPARE(read.problems[0].field, field);
    QCOMPARE(read.problems[0].file, path());
    QCOMPARE(read.problems[0].line, 1);
    QVERIFY(!read.problems[0].remedy.isEmpty());
}

void TestQueueFile::namesTheFileThatIsWrong()
{
    const QByteArray text = R"({"format": "birch.queue", "version": 1, "items": [
        {"scan": "missing.scan.json"}, {"scan": "broken.scan.json"}, {"scan": "broken.scan.json"}]})";
    const ReadQueue read = readQueueText(text, m_registry, path());
    QVERIFY(!read.queue);
    QCOMPARE(read.problems.size(), 2); // once per file
    QVERIFY(read.problems[0].file.endsWith(u"missing.scan.json"_s));
    QVERIFY(read.problems[1].file.endsWith(u"broken.scan.json"_s));
    QCOMPARE(read.problems[1].field, u"kind"_s);
}

QTEST_APPLESS_MAIN(TestQueueFile)
#include "tst_queue_file.moc"
