#include "tests/app/test_bench.h"
#include "tests/support/post_server.h"

#include <QJsonDocument>
#include <QTest>

using namespace birch::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// From a rule, as a person makes it, to the message that somebody gets.
class NoticesTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_station = std::make_unique<TestStation>();
        m_bench = std::make_unique<TestBench>(*m_station);
        QVERIFY2(m_bench->problem().isEmpty(), qPrintable(m_bench->problem()));
        m_server = std::make_unique<ScriptedServer>(Wire::Socket, takePosts);
    }

    void aTestMessageArrives()
    {
        subscribe(m_server->port());
        QCOMPARE(run({u"notify"_s, u"test"_s, u"Ada"_s}).exitCode, 0);
        QVERIFY(m_server->waitForReceived("\"event\":\"test\"", 5s));
        const Outcome unknown = run({u"notify"_s, u"test"_s, u"Eve"_s});
        QCOMPARE(unknown.exitCode, 2);
        QVERIFY2(unknown.messages.contains("Eve"), unknown.messages);
    }

    void endingsAreTold_data()
    {
        QTest::addColumn<QString>("faults");
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<QByteArray>("queue");
        QTest::newRow("completed") << u""_s << "scan.completed"_ba
                                   << "queue.finished"_ba;
        QTest::newRow("failed") << u"hang@8+"_s << "scan.failed"_ba
                                << "queue.failed"_ba;
    }
    void endingsAreTold()
    {
        QFETCH(QString, faults);
        QFETCH(QByteArray, event);
        QFETCH(QByteArray, queue);
        subscribe(m_server->port());
        addRule(u"scan.*"_s);
        addRule(u"queue.*"_s);
        QVERIFY(m_bench->setFaults(u"smu"_s, faults));
        const Outcome done = runTree();
        QCOMPARE(done.exitCode, faults.isEmpty() ? 0 : 1);
        const auto received = QByteArray::fromStdString(m_server->received());
        QCOMPARE(received.count("\"event\":\"" + event), 1);
        QCOMPARE(received.count("\"event\":\"" + queue), 1);
        const Outcome log = run({u"notification-log"_s, u"list"_s, u"--json"_s});
        QVERIFY2(log.output.contains("\"sent\""), log.output);
        QVERIFY(
            run({u"notify"_s, u"pending"_s, u"--json"_s}).json()[u"pending"].toArray().isEmpty());
    }

    /// Nobody listens while the scan runs; the next program finds somebody.
    void waitsForTheServer()
    {
        const int port = m_server->port();
        m_server.reset();
        subscribe(port);
        addRule(u"scan.completed"_s);
        QCOMPARE(runTree().exitCode, 0);
        const auto waiting =
            run({u"notify"_s, u"pending"_s, u"--json"_s}).json()[u"pending"].toArray();
        QCOMPARE(waiting.size(), 1);
        QCOMPARE(waiting[0][u"tries"].toInt(), 1);
    }

private:
    Outcome run(const QStringList &arguments) const { return m_station->run(arguments); }
    Outcome runTree() const
    {
        const QString tree = m_station->write(u"slow.scan.json"_s, slowTree(5, u"1 ms"_s));
        return run({u"run"_s, tree, u"--bench"_s, m_bench->file(), u"--json"_s});
    }
    void subscribe(int port) const
    {
        const Outcome made =
            run({u"subscribers"_s, u"add"_s, u"name=Ada"_s, u"channel_type=webhook"_s,
                 u"address=http://127.0.0.1:%1/hook"_s.arg(port)});
        QVERIFY2(made.exitCode == 0, made.messages);
    }
    void addRule(const QString &event) const
    {
        const Outcome made =
            run({u"notification-rules"_s, u"add"_s, u"subscriber=Ada"_s, u"event_type="_s + event});
        QVERIFY2(made.exitCode == 0, made.messages);
    }

    std::unique_ptr<TestStation> m_station;
    std::unique_ptr<TestBench> m_bench;
    std::unique_ptr<ScriptedServer> m_server;
};

QTEST_GUILESS_MAIN(NoticesTest)
#include "tst_notices.moc"
