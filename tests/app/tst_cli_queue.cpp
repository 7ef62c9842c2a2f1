#include "core/engine/queue_file.h"
#include "core/plan/standard_nodes.h"
#include "tests/app/test_bench.h"
#include "tests/support/postgres_server.h"

#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

/// Queues as people fill and order them: birchctl queue.
class CliQueueTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QString problem;
        m_server = PostgresServer::start(&problem);
        QVERIFY2(m_server, qPrintable(problem));
    }

    void isFilledAndOrdered_data() { addDatabases("filled"); }
    void isFilledAndOrdered()
    {
        begin();
        add({u"a"_s, u"b"_s, u"c"_s});
        QCOMPARE(names(), u"a b c"_s);
        done({u"move"_s, u"night/3"_s, u"1"_s});
        QCOMPARE(names(), u"c a b"_s);
        done({u"duplicate"_s, u"night/2"_s});
        done({u"edit"_s, u"night/2"_s, u"--name"_s, u"first"_s, u"--priority"_s, u"7"_s});
        QCOMPARE(names(), u"c first a b"_s);
        done({u"remove"_s, u"night/1"_s, u"night/4"_s});
        QCOMPARE(names(), u"first a"_s);
        QCOMPARE(item(0)[u"priority"].toInt(), 7);
        done({u"edit"_s, u"night/1"_s, u"--ready"_s, u"no"_s, u"--start-at"_s,
              u"2030-01-02T03:04:05Z"_s, u"--repeat"_s, u"3"_s, u"--sample"_s, u""_s});
        QCOMPARE(item(0)[u"ready"].toBool(true), false);
        QCOMPARE(item(0)[u"start_at"].toString().left(19), u"2030-01-02T03:04:05"_s);
        QCOMPARE(item(0)[u"repeats"].toInt(), 3);
        done({u"edit"_s, u"night/1"_s, u"--start-at"_s, u"none"_s});
        QVERIFY(item(0)[u"start_at"].isNull());
        done({u"now"_s, u"night/2"_s});
        QCOMPARE(item(1)[u"now"].toBool(), true);
        done({u"set"_s, u"night"_s, u"--on-failure"_s, u"retry"_s, u"--parallel"_s, u"2"_s});
        QCOMPARE(queue()[u"on_failure"].toString(), u"retry"_s);
        QCOMPARE(queue()[u"parallel"].toInt(), 2);
        QVERIFY(run({u"log"_s, u"night"_s}).output.contains("first was edited"));
    }

    /// A queued scan has a tree of its own: neither the file nor a copy of it changes with it.
    void editTouchesNothingElse_data() { addDatabases("edited"); }
    void editTouchesNothingElse()
    {
        begin();
        add({u"a"_s});
        done({u"duplicate"_s, u"night/1"_s});
        const QByteArray before = contentOf(m_files.first());
        done({u"edit"_s, u"night/1"_s, u"--set"_s, u"Bias.axes.0.positions.points=3"_s});
        done({u"save"_s, u"night"_s, m_station->path(u"saved.queue.json"_s)});
        const QByteArray saved = contentOf(m_station->path(u"saved.queue.json"_s));
        QCOMPARE(saved.count("\"points\": 3"), 1);
        QCOMPARE(saved.count("\"points\": 5"), 1);
        QCOMPARE(contentOf(m_files.first()), before);
        // What does not compile is refused, and nothing has changed.
        const Outcome bad =
            run({u"edit"_s, u"night/1"_s, u"--set"_s, u"Bias.axes.0.positions.stop=1e9 V"_s});
        QCOMPARE(bad.exitCode, 2);
        done({u"save"_s, u"night"_s, m_station->path(u"again.queue.json"_s)});
        QCOMPARE(contentOf(m_station->path(u"again.queue.json"_s)), saved);
    }

    void savedQueueKeepsItsTurns_data() { addDatabases("saved"); }
    void savedQueueKeepsItsTurns()
    {
        begin();
        add({u"a"_s, u"b"_s});
        done({u"set"_s, u"night"_s, u"--on-failure"_s, u"retry"_s, u"--parallel"_s, u"2"_s});
        done({u"edit"_s, u"night/2"_s, u"--priority"_s, u"4"_s, u"--ready"_s, u"no"_s,
              u"--repeat"_s, u"3"_s, u"--start-at"_s, u"2030-01-31T08:00:00Z"_s});
        const QString path = m_station->path(u"turns.queue.json"_s);
        done({u"save"_s, u"night"_s, path});
        done({u"add"_s, u"day"_s, path});
        done({u"save"_s, u"day"_s, m_station->path(u"day.queue.json"_s)});
        const QByteArray day = contentOf(m_station->path(u"day.queue.json"_s));
        for (const char *said : {"\"on_failure\": \"retry\"", "\"parallel\": 2", "\"priority\": 4",
                                 "\"ready\": false", "\"repeats\": 3", "2030-01-31T08:00:00"})
            QVERIFY2(day.contains(said), day.constData());
    }

    void templateMakesQueues_data() { addDatabases("templates"); }
    void templateMakesQueues()
    {
        begin();
        add({u"a"_s, u"b"_s});
        done({u"set"_s, u"night"_s, u"--on-failure"_s, u"stop"_s});
        done({u"edit"_s, u"night/2"_s, u"--repeat"_s, u"3"_s});
        done({u"save-template"_s, u"night"_s, u"usual"_s});
        done({u"save-template"_s, u"night"_s, u"same trees"_s});
        const auto list = [this](const QString &entity) {
            const Outcome listed = m_station->run({entity, u"list"_s, u"--json"_s});
            return listed.json()[QString(entity).replace(u'-', u'_')].toArray();
        };
        QCOMPARE(list(u"scan-templates"_s).size(), 2); // once each
        QJsonObject second;
        for (const QJsonValue &item : list(u"queue-template-items"_s)) {
            if (item[u"position"].toInt() == 1 && item[u"template"] == u"usual"_s)
                second = item.toObject();
        }
        const auto edit = [this, &second](const QString &assignment) {
            const Outcome edited = m_station->run(
                {u"queue-template-items"_s, u"edit"_s, second[u"uid"].toString(), assignment});
            QVERIFY2(edited.exitCode == 0, edited.messages);
        };
        edit(uR"(overrides={"Bias.axes.0.positions.points": 7})"_s);
        edit(u"delay_before_s=0.5"_s);

        done({u"from-template"_s, u"usual"_s, u"day"_s, u"--set"_s,
              u"Bias.axes.0.positions.stop=2 V"_s});
        const QString path = m_station->path(u"day.queue.json"_s);
        done({u"save"_s, u"day"_s, path});
        const ReadQueue read = readQueueFile(path, standardNodes());
        QVERIFY(read.queue);
        QCOMPARE(read.queue->settings.onFailure, FailedScan::Stop);
        QCOMPARE(read.queue->items.size(), 2U);
        QCOMPARE(read.queue->items[1].turn.repeats, 3);
        const auto sweep = [&read](size_t item) {
            const ScanNode *root = read.queue->items[item].tree.root();
            return root->child(root->childCount() - 1)->fields[u"axes"][0][u"positions"].toObject();
        };
        QCOMPARE(sweep(0)[u"points"].toInt(), 5);
        QCOMPARE(sweep(1)[u"points"].toInt(), 7);
        QCOMPARE(sweep(1)[u"stop"].toString(), u"2 V"_s);
        const ScanNode *wait = read.queue->items[1].tree.root()->child(0);
        QCOMPARE(wait->kind, u"wait"_s);
        QCOMPARE(wait->fields[u"duration"].toString(), u"0.5 s"_s);

        edit(uR"(overrides={"Nothing.points": 7})"_s);
        const QByteArray before = run({u"show"_s, u"day"_s, u"--json"_s}).output;
        const Outcome bad = run({u"from-template"_s, u"usual"_s, u"day"_s});
        QCOMPARE(bad.exitCode, 2);
        QVERIFY2(bad.messages.contains("usual/2 (b)") && bad.messages.contains("Nothing"),
                 bad.messages);
        QCOMPARE(run({u"show"_s, u"day"_s, u"--json"_s}).output, before);
        edit(u"overrides={}"_s);
        edit(u"condition=T > 3"_s);
        QVERIFY(run({u"from-template"_s, u"usual"_s, u"day"_s}).messages.contains("If node"));
        QVERIFY(run({u"from-template"_s, u"unusual"_s}).exitCode != 0);
    }

    void refuses_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *name, const QStringList &arguments, const char *says) {
            QTest::newRow(name) << arguments << QByteArray(says);
        };
        row("no such queue", {u"show"_s, u"day"_s}, "birchctl queue list");
        row("no such item", {u"now"_s, u"night/9"_s}, "night/9");
        row("no number", {u"move"_s, u"night/1"_s, u"first"_s}, "first");
        row("taken name", {u"new"_s, u"night"_s}, "already");
        row("policy", {u"set"_s, u"night"_s, u"--on-failure"_s, u"panic"_s}, "panic");
        row("gate", {u"edit"_s, u"night/1"_s, u"--ready"_s, u"perhaps"_s}, "perhaps");
        row("time", {u"edit"_s, u"night/1"_s, u"--start-at"_s, u"soon"_s}, "soon");
        row("repeats", {u"edit"_s, u"night/1"_s, u"--repeat"_s, u"0"_s}, "0");
        row("station", {u"edit"_s, u"night/1"_s, u"--on"_s, u"MOON"_s}, "MOON");
        row("file", {u"add"_s, u"night"_s, u"missing.scan.json"_s}, "missing.scan.json");
        row("waits already", {u"requeue"_s, u"night/1"_s}, "duplicate");
        row("nobody runs it", {u"abort"_s, u"night/1"_s}, "nobody");
        row("name", {u"new"_s, u"a/b"_s}, "/");
    }
    void refuses()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        begin({});
        add({u"a"_s});
        const QByteArray before = run({u"show"_s, u"night"_s, u"--json"_s}).output;
        const Outcome refused = run(arguments);
        QVERIFY(refused.exitCode != 0);
        QVERIFY2(refused.messages.contains(says), refused.messages);
        QCOMPARE(run({u"show"_s, u"night"_s, u"--json"_s}).output, before);
    }

private:
    void addDatabases(const char *name)
    {
        QTest::addColumn<QString>("database");
        QTest::newRow("SQLite") << QString();
        QTest::newRow("PostgreSQL") << m_server->url(QString::fromLatin1(name));
    }
    void begin()
    {
        QFETCH(QString, database);
        begin(database);
    }
    void begin(const QString &database)
    {
        m_station = std::make_unique<TestStation>(database);
        m_files.clear();
        if (!database.isEmpty())
            QCOMPARE(m_station->run({u"db"_s, u"init"_s}).exitCode, 0);
        m_bench = m_station->write(u"rig.bench.yaml"_s, benchText());
    }
    static QByteArray benchText()
    {
        return "name: Rig\nsimulate: true\ninstruments:\n  smu:\n    definition: demo-smu\n"
               "    address: TCPIP::127.0.0.1::5025::SOCKET\n";
    }
    void add(const QStringList &scans)
    {
        for (const QString &name : scans) {
            m_files << m_station->write(name + u".scan.json"_s,
                                        R"({"format": "birch.scan", "version": 1, "name": ")" +
                                            name.toUtf8() +
                                            R"(", "root": {"kind": "sequence",
                    "id": "018f0000-0000-7000-8000-000000000000", "children": [
                    {"kind": "sweep", "label": "Bias",
                    "id": "018f0000-0000-7000-8000-000000000001",
                    "fields": {"axes": [{"movement": "smu.bias", "positions": {"kind": "linear",
                        "start": "0 V", "stop": "1 V", "points": 5}}]},
                    "children": [{"kind": "measure", "label": "iv",
                        "id": "018f0000-0000-7000-8000-000000000002",
                        "fields": {"measurements": ["smu.iv"]}}]}]}})");
            done({u"add"_s, u"night"_s, m_files.last()});
        }
    }
    Outcome run(QStringList arguments)
    {
        return m_station->run(QStringList{u"queue"_s} + arguments +
                              QStringList{u"--bench"_s, m_bench});
    }
    void done(const QStringList &arguments)
    {
        const Outcome outcome = run(arguments);
        QVERIFY2(outcome.exitCode == 0, outcome.messages);
    }
    QJsonObject queue()
    {
        return run({u"show"_s, u"night"_s, u"--json"_s}).json()[u"queue"].toObject();
    }
    QJsonValue item(int row) { return queue()[u"items"].toArray()[row]; }
    QString names()
    {
        QStringList list;
        for (const QJsonValue &one : queue()[u"items"].toArray())
            list << one[u"name"].toString();
        return list.join(u' ');
    }
    static QByteArray contentOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<PostgresServer> m_server;
    std::unique_ptr<TestStation> m_station;
    QString m_bench;
    QStringList m_files;
};

QTEST_GUILESS_MAIN(CliQueueTest)
#include "tst_cli_queue.moc"
