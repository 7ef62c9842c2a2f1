#include "tests/core/engine/engine_fixture.h"

using namespace birch;
using namespace birch::test;

namespace {

QJsonObject fieldOf(const QString &name, const QString &kind, const QJsonObject &more = {})
{
    QJsonObject field{{u"name"_s, name}, {u"kind"_s, kind}};
    for (auto value = more.begin(); value != more.end(); ++value)
        field.insert(value.key(), value.value());
    return field;
}

/// A question between two points.
std::unique_ptr<ScanNode> asking(const QJsonArray &fields, const QString &answerWithin = {})
{
    auto prompt = makeNode(u"prompt"_s, {{u"text"_s, u"How thick is it?"_s}});
    if (!fields.isEmpty())
        prompt->fields.insert(u"fields"_s, fields);
    if (!answerWithin.isEmpty())
        prompt->fields.insert(u"answerWithin"_s, answerWithin);
    auto root = makeNode(u"sequence"_s);
    root->appendChild(measureOf({u"smu.iv"_s}));
    root->appendChild(std::move(prompt));
    root->appendChild(measureOf({u"smu.iv"_s}));
    return root;
}

QJsonArray thickness(const QJsonObject &more = {})
{
    QJsonObject field = fieldOf(u"thickness"_s, u"number"_s, {{u"unit"_s, u"nm"_s}});
    for (auto value = more.begin(); value != more.end(); ++value)
        field.insert(value.key(), value.value());
    return {field};
}

/// An engine whose questions are heard.
struct Desk {
    explicit Desk(bool isAttended = true)
    {
        at.makeBench();
        at.makeWorker();
        at.worker->setPromptsAttended(isAttended);
        QObject::connect(at.worker.get(), &QueueWorker::promptAsked, at.worker.get(),
                         [this](const PromptQuestion &question) { asked.append(question); });
        QObject::connect(at.worker.get(), &QueueWorker::promptClosed, at.worker.get(),
                         [this](const QUuid &id) { closed.append(id); });
        QObject::connect(at.worker.get(), &QueueWorker::promptRefused, at.worker.get(),
                         [this](const QUuid &, const QString &why) { refused.append(why); });
    }
    void start(std::unique_ptr<ScanNode> root)
    {
        const auto plan = at.compile(std::move(root));
        QVERIFY(plan);
        at.add(plan);
        at.worker->start();
    }
    bool pumpToQuestion(int count = 1)
    {
        return at.pump([&] { return asked.size() >= count; });
    }
    bool pumpToEnd()
    {
        return at.pump([&] { return !at.archive.scans.empty() && at.stored().endings > 0; });
    }
    EngineFixture at;
    QList<PromptQuestion> asked;
    QList<QUuid> closed;
    QStringList refused;
};

} // namespace

/// Questions to the operator, and scans that wait for them.
class PromptsTest : public QObject
{
    Q_OBJECT
private slots:
    void recordsAnswers()
    {
        Desk desk;
        QJsonArray fields = thickness();
        fields.append(fieldOf(u"side"_s, u"choice"_s, {{u"choices"_s, u"left, right"_s}}));
        fields.append(fieldOf(u"isClean"_s, u"confirm"_s));
        fields.append(fieldOf(u"remark"_s, u"text"_s));
        desk.start(asking(fields));
        QVERIFY(desk.pumpToQuestion());
        QCOMPARE(desk.asked[0].fields.size(), 4);
        QCOMPARE(desk.at.stored().rows(0), 1); // what came before is acquired
        desk.at.drain();
        QCOMPARE(desk.at.stored().rows(2), 0); // and what comes behind waits
        for (const QStringList &wrong : {QStringList{u"1"_s},
                                         {u"thick"_s, u"left"_s, u"no"_s, {}},
                                         {u"1 V"_s, u"left"_s, u"no"_s, {}},
                                         {u"1"_s, u"up"_s, u"no"_s, {}},
                                         {u"1"_s, u"left"_s, u"maybe"_s, {}}})
            desk.at.worker->answerPrompt(desk.asked[0].id, wrong);
        QCOMPARE(desk.refused.size(), 5);
        desk.at.worker->answerPrompt(desk.asked[0].id,
                                     {u"1.2 µm"_s, u"right"_s, u"yes"_s, u"fine"_s});
        QVERIFY(desk.pumpToEnd());
        QCOMPARE(desk.at.stored().states.last(), ScanState::Completed);
        QCOMPARE(desk.at.stored().rows(1), 1);
        QCOMPARE(desk.at.stored().rows(2), 1);
        const auto &columns = desk.at.stored().objects[1];
        QCOMPARE(columns[1].doubleAt(0), 1200.0);
        QCOMPARE(columns[2].textAt(0), u"right"_s);
        QCOMPARE(columns[3].boolAt(0), true);
        QCOMPARE(columns[4].textAt(0), u"fine"_s);
        const QString log = desk.at.stored().messages(u"info"_s).join(u'\n');
        QVERIFY(log.contains(u"How thick"_s) && log.contains(u"1.2 µm"_s));
        QVERIFY(desk.at.pumpToIdle());
        QCOMPARE(desk.at.items.first().points, desk.at.items.first().pointsPlanned);
        desk.at.worker->answerPrompt(desk.asked[0].id, {u"1"_s}); // late: said so
        QCOMPARE(desk.refused.size(), 6);
    }

    void confirmsWithoutFields()
    {
        Desk desk;
        desk.start(asking({}));
        QVERIFY(desk.pumpToQuestion());
        desk.at.worker->answerPrompt(desk.asked[0].id, {});
        QVERIFY(desk.pumpToEnd());
        QCOMPARE(desk.at.stored().states.last(), ScanState::Completed);
        QCOMPARE(desk.at.stored().objects.size(), size_t(2)); // nothing to record
        QVERIFY(desk.at.pumpToIdle());
    }

    void nobodyIsThere_data()
    {
        QTest::addColumn<bool>("isAttended");
        QTest::newRow("nobody listens") << false;
        QTest::newRow("nobody knows") << true;
    }
    void nobodyIsThere()
    {
        QFETCH(bool, isAttended);
        Desk desk(isAttended);
        desk.start(asking(thickness()));
        if (isAttended) {
            QVERIFY(desk.pumpToQuestion());
            desk.at.worker->declinePrompt(desk.asked[0].id);
        }
        QVERIFY(desk.at.pump([&] { return desk.at.state == QueueState::Paused; }));
        QVERIFY(desk.at.stored().messages(u"warning"_s).join(u' ').contains(u"How thick"_s));
        desk.at.worker->setPromptsAttended(true);
        desk.at.worker->resume(); // and is asked again
        QVERIFY(desk.pumpToQuestion(isAttended ? 2 : 1));
        desk.at.worker->answerPrompt(desk.asked.last().id, {u"3"_s});
        QVERIFY(desk.pumpToEnd());
        QCOMPARE(desk.at.stored().states.last(), ScanState::Completed);
        QVERIFY(desk.at.pumpToIdle());
    }

    void defaultsCountInTheEnd_data()
    {
        QTest::addColumn<bool>("isAttended");
        QTest::newRow("nobody listens") << false;
        QTest::newRow("nobody answers") << true;
    }
    void defaultsCountInTheEnd()
    {
        QFETCH(bool, isAttended);
        Desk desk(isAttended);
        const qint64 before = desk.at.clock.bootNs();
        desk.start(asking(thickness({{u"default"_s, u"7 nm"_s}}), u"5 min"_s));
        QVERIFY(desk.pumpToEnd());
        QVERIFY(desk.at.clock.bootNs() - before >= 300'000'000'000);
        QCOMPARE(desk.at.stored().states.last(), ScanState::Completed);
        QCOMPARE(desk.at.stored().objects[1][1].doubleAt(0), 7.0);
        QCOMPARE(desk.closed.size(), isAttended ? 1 : 0); // the question is taken away
        QVERIFY(desk.at.pumpToIdle());
    }

    void pausedAndResumedIsAskedAgain()
    {
        Desk desk;
        desk.start(asking(thickness()));
        QVERIFY(desk.pumpToQuestion());
        desk.at.worker->pauseAfterPoint();
        QVERIFY(desk.at.pump([&] { return desk.at.state == QueueState::Paused; }));
        QCOMPARE(desk.closed, QList<QUuid>{desk.asked[0].id});
        desk.at.worker->resume();
        QVERIFY(desk.pumpToQuestion(2));
        desk.at.worker->answerPrompt(desk.asked[1].id, {u"3"_s});
        QVERIFY(desk.pumpToEnd());
        QCOMPARE(desk.at.stored().rows(1), 1);
        QVERIFY(desk.at.pumpToIdle());
    }

    void abortTakesTheQuestionAway()
    {
        Desk desk;
        auto parallel = makeNode(u"parallel"_s); // the other branch goes on meanwhile
        auto asks = asking(thickness());
        asks->takeChild(0);
        parallel->appendChild(std::move(asks));
        auto sweep = sweepOf(u"stage.x"_s, linear(u"1"_s, u"20"_s, 20));
        sweep->appendChild(measureOf({u"stage.encoder"_s}));
        parallel->appendChild(std::move(sweep));
        desk.start(std::move(parallel));
        QVERIFY(desk.at.pump(
            [&] { return !desk.at.archive.scans.empty() && desk.at.stored().rows(2) == 20; }));
        QCOMPARE(desk.asked.size(), 1);
        desk.at.worker->abort();
        QVERIFY(desk.pumpToEnd());
        QCOMPARE(desk.closed.size(), 1);
        QCOMPARE(desk.at.stored().states.last(), ScanState::Aborted);
        QVERIFY(desk.at.pumpToIdle());
    }

    void killedIsAskedAgain()
    {
        Desk killed;
        killed.start(asking(thickness()));
        QVERIFY(killed.pumpToQuestion());
        const auto stored = killed.at.archive.scans.front();
        const auto plan = killed.at.items.first().plan;
        killed.at.worker.reset();
        stored->states.append(ScanState::Interrupted);
        Desk next;
        next.at.archive.scans = {stored};
        next.at.archive.byUid[stored->scan.uid] = stored;
        next.at.worker->add(next.at.item(plan), Continuation{stored->scan.uid, {}, {}, 0});
        next.at.worker->start();
        QVERIFY(next.pumpToQuestion());
        next.at.worker->answerPrompt(next.asked[0].id, {u"3"_s});
        QVERIFY(next.at.pump([&] { return stored->endings > 0; }));
        QCOMPARE(stored->states.last(), ScanState::Completed);
        for (int object = 0; object < 3; ++object)
            QCOMPARE(stored->rows(object), 1);
        QVERIFY(next.at.pumpToIdle());
    }

    void compileProblems_data()
    {
        QTest::addColumn<QJsonArray>("fields");
        QTest::addColumn<QString>("within");
        QTest::addColumn<QString>("field");
        QTest::newRow("twice") << QJsonArray{fieldOf(u"a"_s, u"text"_s), fieldOf(u"a"_s, u"text"_s)}
                               << QString() << u"fields.1.name"_s;
        QTest::newRow("no choices")
            << QJsonArray{fieldOf(u"a"_s, u"choice"_s)} << QString() << u"fields.0.choices"_s;
        QTest::newRow("unfit default")
            << thickness({{u"default"_s, u"1 V"_s}}) << QString() << u"fields.0.default"_s;
        QTest::newRow("time without default") << thickness() << u"1 s"_s << u"answerWithin"_s;
        QTest::newRow("named like a column")
            << QJsonArray{fieldOf(u"time"_s, u"text"_s)} << QString() << u"fields"_s;
    }
    void compileProblems()
    {
        QFETCH(QJsonArray, fields);
        QFETCH(QString, within);
        EngineFixture at;
        const auto compiled =
            compilePlan(ScanTree(asking(fields, within)), at.specs, standardNodes());
        QVERIFY(!compiled.plan);
        QTEST(compiled.problems.first().field, "field");
    }
};

QTEST_GUILESS_MAIN(PromptsTest)
#include "tst_prompts.moc"
