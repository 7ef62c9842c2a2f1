#include "tests/app/test_bench.h"

#include <QDir>
#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <csignal>

using namespace birch::test;
using namespace Qt::StringLiterals;

/// What can be known before a queue runs: `birchctl check --live` asks the instruments who they
/// are, `birchctl run --rehearse` walks the whole plan in the real engine, on instruments that are
/// simulated even where the bench is a real one.
class PreflightTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_station = std::make_unique<TestStation>(); }

    void liveCheck()
    {
        TestBench bench(*m_station);
        QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
        QVERIFY(bench.setFaults(u"spare"_s, u"hang"_s)); // of no business to this scan
        QCOMPARE(check(bench.file(), {u"--live"_s}).exitCode, 0);
        const Outcome other = check(swapped(bench.file()), {u"--live"_s});
        QCOMPARE(other.exitCode, 2);
        const QJsonArray problems = other.json()[u"problems"].toArray();
        QCOMPARE(problems.size(), 1);
        QCOMPARE(problems[0][u"field"].toString(), u"smu"_s);
        QVERIFY2(problems[0][u"message"].toString().contains(u"Another instrument"_s),
                 other.output);
        QVERIFY(bench.setFaults(u"smu"_s, {}));
        QCOMPARE(check(bench.file(), {}).exitCode, 0);
    }

    /// It stands at 0 V, and the bench allows 0.5 V or more.
    void rampsThatBeginOutsideAreFound()
    {
        TestBench bench(*m_station);
        QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
        QFile file(bench.file());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray text = file.readAll();
        text.replace("  smu:\n", "  smu:\n    movements: {bias: {limits: [0.5, 10], safe: {value: "
                                 "1}, pause: {value: 1}}}\n");
        const QString narrow = m_station->write(u"narrow.bench.yaml"_s, text);
        QByteArray tree = slowTree(2, u"1 s"_s);
        const QString plain = write(tree);
        QCOMPARE(m_station->run({u"check"_s, plain, u"--live"_s, u"--bench"_s, narrow}).exitCode,
                 0);
        tree.replace(R"("value":"1 V")", R"("value":"1 V","ramp":"10 mV/s")");
        const QString ramped = m_station->write(u"ramped.scan.json"_s, tree);
        QCOMPARE(
            m_station->run({u"check"_s, ramped, u"--live"_s, u"--bench"_s, bench.file()}).exitCode,
            0);
        const Outcome outcome =
            m_station->run({u"check"_s, ramped, u"--live"_s, u"--bench"_s, narrow, u"--json"_s});
        QCOMPARE(outcome.exitCode, 2);
        const QJsonObject problem = outcome.json()[u"problems"][0].toObject();
        QCOMPARE(problem[u"node"].toString(), u"01935a00-0000-7000-8009-000000000011"_s);
        QVERIFY2(problem[u"message"].toString().contains(u"smu.bias stands at 0 V"_s),
                 outcome.output);
    }

    void whatCanNotRunAtOnceIsTold()
    {
        const QString bench = benchWith({});
        const Outcome outcome =
            m_station->run({u"check"_s, write(slowTree(2, u"1 s"_s)),
                            m_station->write(u"u.scan.json"_s, slowTree(3, u"1 s"_s)),
                            u"--parallel"_s, u"--bench"_s, bench, u"--json"_s});
        QVERIFY2(outcome.exitCode == 0, outcome.output + outcome.messages);
        const QString note = outcome.json()[u"notes"][0].toString();
        QVERIFY2(note.contains(u"smu"_s) && note.contains(u"Slow (sets smu.bias)"_s),
                 outcome.output);
    }

    /// Of a queue that is to run several at once without being asked.
    void whatAQueueCanNotRunAtOnceIsTold()
    {
        const QByteArray items = R"("items":[{"scan":)" + slowTree(2, u"1 s"_s) + R"(},{"scan":)" +
                                 slowTree(3, u"1 s"_s) + "}]}";
        for (const int parallel : {1, 2}) {
            const QString queue = m_station->write(
                u"p.queue.json"_s, R"({"format":"birch.queue","version":1,"parallel":)" +
                                       QByteArray::number(parallel) + ',' + items);
            const Outcome outcome =
                m_station->run({u"check"_s, queue, u"--bench"_s, benchWith({}), u"--json"_s});
            QVERIFY2(outcome.exitCode == 0, outcome.output + outcome.messages);
            QCOMPARE(outcome.output.contains("One after the other, because they need smu"),
                     parallel == 2);
        }
    }

    void scansOfOneFileAreToldApart()
    {
        QByteArray other = slowTree(2, u"1 s"_s);
        other.replace("smu.", "smo.").replace("\"Slow\"", "\"Other\"");
        const QString queue =
            m_station->write(u"q.queue.json"_s,
                             R"({"format":"birch.queue","version":1,"name":"Q","items":[{"scan":)" +
                                 slowTree(2, u"1 s"_s) + R"(},{"scan":)" + other + "}]}");
        const Outcome outcome =
            m_station->run({u"check"_s, queue, u"--bench"_s, benchWith({}), u"--json"_s});
        QCOMPARE(outcome.exitCode, 2);
        const QJsonObject problem = outcome.json()[u"problems"][0].toObject();
        QVERIFY2(problem[u"message"].toString().startsWith(u"Other: "_s), outcome.output);
        QVERIFY(!problem[u"node"].toString().isEmpty());
    }

    void unreachedPartsAreTold()
    {
        QByteArray tree = slowTree(2, u"1 s"_s);
        tree.replace(R"("measurements":["smu.iv"])",
                     R"("measurements":["smu.iv"],"stop_when":"true")");
        const Outcome outcome =
            m_station->run({u"check"_s, write(tree), u"--bench"_s, benchWith({}), u"--json"_s});
        QCOMPARE(outcome.exitCode, 0);
        const QByteArray &notes = outcome.output;
        QVERIFY2(notes.contains("Slow, Pause: ") && notes.contains("never reached"),
                 outcome.output);
    }

    void switchedOffNodesAreTold()
    {
        QByteArray tree = slowTree(2, u"1 s"_s);
        tree.replace(R"("label":"Bias")", R"("label":"Bias","enabled":false)");
        const Outcome outcome =
            m_station->run({u"check"_s, write(tree), u"--bench"_s, benchWith({}), u"--json"_s});
        QCOMPARE(outcome.exitCode, 0);
        QVERIFY2(outcome.json()[u"notes"][0].toString().contains(u"Bias"_s), outcome.output);
    }

    void longScanInShortTime()
    {
        TestBench bench(*m_station);
        QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
        const QByteArray volts = bench.ask(u"smu"_s, "SOUR:VOLT?");
        QElapsedTimer timer;
        timer.start();
        const Outcome outcome =
            rehearse(slowTree(40, u"10 s"_s), bench.file(), {u"--speed"_s, u"100"_s});
        QVERIFY2(outcome.exitCode == 0, outcome.messages);
        QVERIFY2(timer.elapsed() < 30'000, qPrintable(QString::number(timer.elapsed())));
        const QJsonObject scan = outcome.json()[u"rehearsal"][0].toObject();
        QCOMPARE(scan[u"state"].toString(), u"completed"_s);
        QCOMPARE(scan[u"points"].toInt(), 40);
        QVERIFY(scan[u"duration_s"].toDouble() >= 400);
        QVERIFY(scan[u"planned_s"].toDouble() >= 400);
        QVERIFY(!QFile::exists(m_station->path(u"birch.sqlite"_s))); // no database was made
        QVERIFY(QDir(m_station->path(u"spool"_s)).isEmpty());
        QCOMPARE(bench.ask(u"smu"_s, "SOUR:VOLT?"), volts);
    }

    /// What only shows when the plan is walked, on a bench nobody can reach.
    void failureIsFound()
    {
        const QString bench = benchWith("hang@8+");
        const Outcome outcome = rehearse(slowTree(20, u"1 s"_s), bench);
        QCOMPARE(outcome.exitCode, 1);
        const QJsonObject scan = outcome.json()[u"rehearsal"][0].toObject();
        QCOMPARE(scan[u"state"].toString(), u"failed"_s);
        QVERIFY2(scan[u"reason"].toString().contains(u"smu"_s), outcome.output);
        QVERIFY(scan[u"points"].toInt() < 20);
    }

    void nobodyIsThereToAnswer()
    {
        QByteArray tree = slowTree(2, u"1 s"_s);
        tree.replace(R"("kind":"wait")", R"("kind":"prompt")");
        tree.replace(R"("fields":{"duration":"1 s"})", R"("fields":{"text":"Is the lid closed?"})");
        const QString bench = benchWith({});
        const Outcome paused = rehearse(tree, bench);
        QVERIFY2(paused.exitCode == 1, paused.output + paused.messages);
        QCOMPARE(paused.json()[u"rehearsal"][0][u"points"].toInt(), 1);
        const Outcome answered = rehearse(tree, bench, {u"--answer"_s, u"prompt=yes"_s});
        QVERIFY2(answered.exitCode == 0, answered.output + answered.messages);
    }

    void canBeStopped()
    {
        const auto process =
            m_station->start({u"run"_s, write(slowTree(1000, u"10 s"_s)), u"--rehearse"_s,
                              u"--speed"_s, u"1"_s, u"--bench"_s, benchWith({}), u"--json"_s});
        QVERIFY(process->waitForStarted());
        QByteArray said;
        const auto hasBegun = [&] {
            said += process->readAllStandardError();
            return said.contains("Rehearsing");
        };
        QTRY_VERIFY_WITH_TIMEOUT(hasBegun(), 15'000);
        QCOMPARE(::kill(pid_t(process->processId()), SIGINT), 0);
        const Outcome outcome = TestStation::await(*process);
        QCOMPARE(outcome.exitCode, 1);
        QCOMPARE(outcome.json()[u"rehearsal"][0][u"state"].toString(), u"aborted"_s);
    }

    void badSpeed_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no number") << QStringList{u"--rehearse"_s, u"--speed"_s, u"fast"_s};
        QTest::newRow("zero") << QStringList{u"--rehearse"_s, u"--speed"_s, u"0"_s};
        QTest::newRow("nothing rehearsed") << QStringList{u"--speed"_s, u"2"_s};
    }
    void badSpeed()
    {
        QFETCH(QStringList, arguments);
        const Outcome outcome = m_station->run(
            QStringList{u"run"_s, write(slowTree(1, u"1 s"_s)), u"--bench"_s, benchWith({})} +
            arguments);
        QCOMPARE(outcome.exitCode, 2);
        QVERIFY2(outcome.messages.contains("--speed"), outcome.messages);
    }

private:
    Outcome check(const QString &bench, const QStringList &more) const
    {
        return m_station->run(QStringList{u"check"_s, write(slowTree(2, u"1 s"_s)), u"--bench"_s,
                                          bench, u"--json"_s} +
                              more);
    }
    /// The bench \a file with the addresses of smu and spectrometer exchanged.
    QString swapped(const QString &file) const
    {
        QFile bench(file);
        if (!bench.open(QIODevice::ReadOnly))
            return {};
        QString text = QString::fromUtf8(bench.readAll());
        static const QRegularExpression address(u"address: (\\S+)"_s);
        QStringList addresses;
        for (const auto &match : address.globalMatch(text))
            addresses << match.captured(1);
        text.replace(addresses.value(0) + u'\n', u"SMU\n"_s);
        text.replace(addresses.value(3) + u'\n', addresses.value(0) + u'\n');
        text.replace(u"SMU\n"_s, addresses.value(3) + u'\n');
        return m_station->write(u"swapped.bench.yaml"_s, text.toUtf8());
    }
    QString write(const QByteArray &tree) const { return m_station->write(u"t.scan.json"_s, tree); }
    Outcome rehearse(const QByteArray &tree, const QString &bench,
                     const QStringList &more = {}) const
    {
        return m_station->run(
            QStringList{u"run"_s, write(tree), u"--rehearse"_s, u"--bench"_s, bench, u"--json"_s} +
            more);
    }
    /// Its address is of no machine: whoever tried to reach it would fail.
    QString benchWith(const QByteArray &faults) const
    {
        QByteArray text = R"(name: far away
instruments:
  smu:
    definition: demo-smu
    address: TCPIP::192.0.2.1::5025::SOCKET
)";
        if (!faults.isEmpty())
            text += "    faults: [\"" + faults + "\"]\n";
        return m_station->write(u"far.bench.yaml"_s, text);
    }
    std::unique_ptr<TestStation> m_station;
};

QTEST_GUILESS_MAIN(PreflightTest)
#include "tst_preflight.moc"
