#include "tests/app/test_station.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

using namespace birch::test;
using namespace Qt::StringLiterals;

/// Trees that are stored in the database and included by name, as a person does it with birchctl.
class StoredTreesTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_station = std::make_unique<TestStation>();
        m_bench = m_station->write(u"far.bench.yaml"_s, R"(name: far away
instruments:
  smu:
    definition: demo-smu
    address: TCPIP::192.0.2.1::5025::SOCKET
)");
    }

    void includedByName()
    {
        const QString uid = add(u"IV"_s, treeOf(3));
        const Outcome checked = check(u"IV"_s, {});
        QVERIFY2(checked.exitCode == 0, checked.output + checked.messages);
        QCOMPARE(checked.json()[u"points"].toInt(), 3);
        QCOMPARE(check(u"IV"_s, u"1"_s).exitCode, 0);

        QVERIFY(edit(uid, treeOf(7)));
        QCOMPARE(check(u"IV"_s, {}).json()[u"points"].toInt(), 7);
        QCOMPARE(check(u"IV"_s, u"2"_s).json()[u"points"].toInt(), 7);
        QCOMPARE(check(u"IV"_s, u"1"_s).json()[u"points"].toInt(), 3); // it is kept
        const QJsonObject unknown = check(u"IV"_s, u"7"_s).json()[u"problems"][0].toObject();
        QCOMPARE(unknown[u"field"].toString(), u"version"_s);
        QVERIFY2(unknown[u"remedy"].toString().contains(u"1, 2"_s),
                 qPrintable(unknown[u"remedy"].toString()));

        const QJsonObject near = check(u"Iv"_s, {}).json()[u"problems"][0].toObject();
        QCOMPARE(near[u"field"].toString(), u"name"_s);
        QVERIFY2(near[u"remedy"].toString().contains(u"\"IV\""_s),
                 qPrintable(near[u"remedy"].toString()));
    }

    void versionsAreListed()
    {
        const QString uid = add(u"IV"_s, treeOf(3));
        QVERIFY(edit(uid, treeOf(7)));
        QVERIFY(edit(uid, treeOf(7))); // the same is no new version
        QVERIFY(edit(uid, treeOf(3))); // what comes back is
        const QStringList verb{u"scan-templates"_s, u"versions"_s, u"IV"_s};
        const QJsonArray versions =
            m_station->run(verb + QStringList{u"--json"_s}).json()[u"versions"].toArray();
        QCOMPARE(versions.size(), 3);
        QCOMPARE(versions[1][u"version"].toInt(), 2);
        QVERIFY(versions[2][u"current"].toBool() && !versions[0][u"current"].toBool());
        QVERIFY(m_station->run(verb).output.contains("in use"));
        const Outcome second = m_station->run(verb + QStringList{u"2"_s});
        QVERIFY2(second.output.contains("\"points\": 7"), second.output + second.messages);
        const Outcome none = m_station->run(verb + QStringList{u"4"_s});
        QCOMPARE(none.exitCode, 2);
        QVERIFY2(none.messages.contains("1, 2, 3"), none.messages);
    }

    /// What waits in a queue is what it was when it was put there.
    void pinnedWhenQueued()
    {
        const QString uid = add(u"IV"_s, treeOf(3));
        const Outcome queued = m_station->run({u"queue"_s, u"add"_s, u"night"_s, outer(u"IV"_s, {}),
                                               u"--bench"_s, m_bench, u"--json"_s});
        QVERIFY2(queued.exitCode == 0, queued.output + queued.messages);
        QVERIFY(edit(uid, treeOf(7)));
        // Compiled once more with another title: from what is stored with it, not from the name.
        const Outcome changed =
            m_station->run({u"queue"_s, u"edit"_s, u"night/1"_s, u"--set"_s, u"Bias.settle=1 ms"_s,
                            u"--bench"_s, m_bench, u"--json"_s});
        QVERIFY2(changed.exitCode == 0, changed.output + changed.messages);
        const QString saved = m_station->path(u"saved.queue.json"_s);
        QCOMPARE(m_station->run({u"queue"_s, u"save"_s, u"night"_s, saved}).exitCode, 0);
        QFile file(saved);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll().replace(' ', "");
        QVERIFY2(text.contains("\"points\":3") && !text.contains("\"include\""), text);
    }

    void rehearsedByName()
    {
        (void)add(u"IV"_s, treeOf(3));
        const Outcome outcome = m_station->run(
            {u"run"_s, outer(u"IV"_s, {}), u"--rehearse"_s, u"--bench"_s, m_bench, u"--json"_s});
        QVERIFY2(outcome.exitCode == 0, outcome.output + outcome.messages);
        QCOMPARE(outcome.json()[u"rehearsal"][0][u"points"].toInt(), 3);
    }

    void withoutADatabase()
    {
        const Outcome outcome = m_station->run(
            {u"run"_s, outer(u"IV"_s, {}), u"--no-database"_s, u"--bench"_s, m_bench});
        QCOMPARE(outcome.exitCode, 2);
        QVERIFY2((outcome.output + outcome.messages).contains("in the database"),
                 outcome.output + outcome.messages);
    }

private:
    static QByteArray treeOf(int points)
    {
        return R"({"format":"birch.scan","version":1,"name":"iv","root":{"kind":"sequence","id":"0198a000-0000-7000-8000-000000000001","children":[
{"kind":"sweep","label":"Bias","id":"0198a000-0000-7000-8000-000000000002","fields":{"axes":[{"movement":"smu.bias","positions":
{"kind":"linear","start":"0 V","stop":"1 V","points":)" +
               QByteArray::number(points) + R"(}}]},"children":[
{"kind":"measure","id":"0198a000-0000-7000-8000-000000000003","fields":{"measurements":["smu.iv"]}}]}]}})";
    }
    QString record(const QByteArray &tree, const QString &name) const
    {
        QJsonObject fields{{u"tree"_s, QJsonDocument::fromJson(tree).object()}};
        if (!name.isEmpty())
            fields.insert(u"name"_s, name);
        return m_station->write(u"record.json"_s, QJsonDocument(fields).toJson());
    }
    QString add(const QString &name, const QByteArray &tree) const
    {
        const Outcome added = m_station->run(
            {u"scan-templates"_s, u"add"_s, u"--file"_s, record(tree, name), u"--json"_s});
        const QJsonObject told = added.json();
        if (added.exitCode != 0)
            qWarning("%s%s", added.output.constData(), added.messages.constData());
        const QJsonValue one = told[u"scan_templates"].toArray().isEmpty()
                                   ? told[u"scan_template"]
                                   : told[u"scan_templates"][0];
        return one[u"uid"].toString();
    }
    bool edit(const QString &uid, const QByteArray &tree) const
    {
        const Outcome edited = m_station->run(
            {u"scan-templates"_s, u"edit"_s, uid, u"--file"_s, record(tree, {}), u"--json"_s});
        if (edited.exitCode != 0)
            qWarning("%s%s", edited.output.constData(), edited.messages.constData());
        return edited.exitCode == 0;
    }
    QString outer(const QString &name, const QString &version) const
    {
        QJsonObject fields{{u"name"_s, name}};
        if (!version.isEmpty())
            fields.insert(u"version"_s, version);
        const QJsonObject include{{u"kind"_s, u"include"_s},
                                  {u"id"_s, u"0198a000-0000-7000-8000-000000000009"_s},
                                  {u"fields"_s, fields}};
        const QJsonObject root{{u"kind"_s, u"sequence"_s},
                               {u"id"_s, u"0198a000-0000-7000-8000-000000000008"_s},
                               {u"children"_s, QJsonArray{include}}};
        return m_station->write(u"outer.scan.json"_s,
                                QJsonDocument(QJsonObject{{u"format"_s, u"birch.scan"_s},
                                                          {u"version"_s, 1},
                                                          {u"name"_s, u"outer"_s},
                                                          {u"root"_s, root}})
                                    .toJson());
    }
    Outcome check(const QString &name, const QString &version) const
    {
        return m_station->run(
            {u"check"_s, outer(name, version), u"--bench"_s, m_bench, u"--json"_s});
    }

    std::unique_ptr<TestStation> m_station;
    QString m_bench;
};

QTEST_GUILESS_MAIN(StoredTreesTest)
#include "tst_stored_trees.moc"
