#include "tests/app/test_bench.h"
#include "tests/support/post_server.h"

#include <QDateTime>
#include <QDir>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QTest>
#include <QThread>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace birch::test;
using BenchWire = TestBench::Wire;

namespace {
constexpr qint64 kBeatMs = 400;
constexpr int kMissed = 3;
/// With beats of 1 s and three missed ones, driving begins within 5 s of the last sign of life.
constexpr qint64 kSilentLimitMs = 5 * kBeatMs;
constexpr qint64 kDeadLimitMs = 1000;
constexpr int kPatienceMs = 15'000;
} // namespace

Q_DECLARE_METATYPE(BenchWire)

/// birch-sentinel beside `birchctl run`, on simulators that outlive both.
class SentinelTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_station = std::make_unique<TestStation>();
        m_process.reset();
        m_bench.reset();
    }
    void cleanup()
    {
        if (m_process && m_process->state() != QProcess::NotRunning) {
            ::kill(pid_t(m_process->processId()), SIGKILL);
            m_process->waitForFinished();
        }
        if (m_bench)
            QTRY_COMPARE_WITH_TIMEOUT(livingSentinels().size(), 0, kPatienceMs);
    }

    void deadOrSilentWorkstation_data()
    {
        QTest::addColumn<BenchWire>("wire");
        QTest::addColumn<int>("signal");
        QTest::newRow("killed, socket") << BenchWire::Socket << SIGKILL;
        QTest::newRow("killed, serial") << BenchWire::Serial << SIGKILL;
        QTest::newRow("stopped, socket") << BenchWire::Socket << SIGSTOP;
        QTest::newRow("stopped, serial") << BenchWire::Serial << SIGSTOP;
    }
    void deadOrSilentWorkstation()
    {
        QFETCH(BenchWire, wire);
        QFETCH(int, signal);
        const QString scan = startScan(wire);
        QVERIFY(!scan.isEmpty());
        const qint64 pid = m_process->processId();
        const qint64 hitMs = QDateTime::currentMSecsSinceEpoch();
        QCOMPARE(::kill(pid_t(pid), signal), 0);
        QVERIFY(awaitRecord());
        if (m_process->state() != QProcess::NotRunning)
            m_process->waitForFinished(kPatienceMs);
        QCOMPARE(m_process->exitStatus(), QProcess::CrashExit); // a silent one was killed
        QCOMPARE(volts(), 0.0);
        QVERIFY(m_station->run({u"resume"_s}).output.contains(scan.toUtf8()));
        const QStringList log = safeLog(scan);
        QCOMPARE(log.filter(u"smu.bias → 0 V, read back 0 V"_s).size(), 1);
        QVERIFY2(log.last().contains(u"Every movement and setting has had its safe value"_s),
                 qPrintable(log.join(u'\n')));
        QCOMPARE(log.filter(u"no sign of life"_s).size(), signal == SIGSTOP ? 1 : 0);
        const qint64 took = timeOf(scan, u"birch-sentinel makes"_s) - hitMs;
        const qint64 proven = timeOf(scan, u"Every movement and setting has had"_s) - hitMs;
        qInfo("driving began %lld ms, was proven %lld ms after the signal", took, proven);
        QVERIFY(took >= 0);
        const qint64 limit = signal == SIGSTOP ? kSilentLimitMs : kDeadLimitMs;
        QVERIFY2(took <= limit, qPrintable(QString::number(took)));
        QVERIFY(records().isEmpty());
        QVERIFY(m_station->run({u"resume"_s}).exitCode == 0);
        QCOMPARE(safeLog(scan), log); // once
    }

    void peopleAreTold()
    {
        ScriptedServer server(Wire::Socket, takePosts);
        const QString address = u"address=http://127.0.0.1:%1/"_s.arg(server.port());
        QCOMPARE(m_station
                     ->run({u"subscribers"_s, u"add"_s, u"name=Ada"_s, u"channel_type=webhook"_s,
                            address})
                     .exitCode,
                 0);
        QCOMPARE(m_station
                     ->run({u"notification-rules"_s, u"add"_s, u"subscriber=Ada"_s,
                            u"event_type=station.silent"_s})
                     .exitCode,
                 0);
        const QString scan = startScan(BenchWire::Socket);
        QVERIFY(!scan.isEmpty());
        m_process->kill();
        QVERIFY(server.waitForReceived("station.silent", std::chrono::seconds(15)));
        QVERIFY(server.waitForReceived(scan.toStdString(), std::chrono::seconds(1)));
        QTRY_VERIFY_WITH_TIMEOUT(isRecordOver(), kPatienceMs);
    }

    void stagesAreHaltedToo()
    {
        const QString scan = startScan(BenchWire::Socket, u"stage.x"_s);
        QVERIFY(!scan.isEmpty());
        m_process->kill();
        QTRY_VERIFY_WITH_TIMEOUT(isRecordOver(), kPatienceMs);
        QVERIFY(m_station->run({u"resume"_s}).exitCode == 0);
        QCOMPARE(safeLog(scan).filter(u"stage was told to stop"_s).size(), 1);
    }

    void cleanEndDrivesNothing()
    {
        const QString scan = startScan(BenchWire::Socket, {}, 100);
        QVERIFY(!scan.isEmpty());
        const qint64 sentinel = sentinelPid();
        QVERIFY(isAlive(sentinel));
        const Outcome outcome = TestStation::await(*m_process);
        QVERIFY2(outcome.exitCode == 0, outcome.messages);
        QTRY_VERIFY(!isAlive(sentinel));
        QVERIFY(records().isEmpty());
        QVERIFY(m_station->run({u"resume"_s}).exitCode == 0);
        QVERIFY(safeLog(scan).filter(u"sentinel"_s).isEmpty());
        QCOMPARE(volts(), 0.0); // the end of the queue did that
    }

    void endingOfTheWorkstationIsItsOwn()
    {
        const QString scan = startScan(BenchWire::Socket);
        QVERIFY(!scan.isEmpty());
        const qint64 sentinel = sentinelPid();
        m_process->terminate();
        QCOMPARE(TestStation::await(*m_process).exitCode, 3);
        QCOMPARE(volts(), 0.0);
        QTRY_VERIFY(!isAlive(sentinel));
        QVERIFY(records().isEmpty());
        const QStringList log = safeLog(scan);
        QCOMPARE(log.filter(u"smu.bias → 0 V, read back 0 V"_s).size(), 1);
        QVERIFY(log.filter(u"sentinel"_s).isEmpty());
    }

    void deadOrHungSentinelIsReplaced_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("killed") << SIGKILL;
        QTest::newRow("stopped") << SIGSTOP;
    }
    void deadOrHungSentinelIsReplaced()
    {
        QFETCH(int, signal);
        const QString scan = startScan(BenchWire::Socket);
        QVERIFY(!scan.isEmpty());
        const qint64 first = sentinelPid();
        QCOMPARE(::kill(pid_t(first), signal), 0);
        QTRY_VERIFY_WITH_TIMEOUT(!livingSentinels().isEmpty() && !livingSentinels().contains(first),
                                 kPatienceMs);
        QVERIFY(!isAlive(first));
        QCOMPARE(volts(), 1.0); // the scan goes on
        m_process->kill();
        QTRY_VERIFY_WITH_TIMEOUT(isRecordOver(), kPatienceMs);
        QCOMPARE(volts(), 0.0);
        QVERIFY(m_station->run({u"resume"_s}).exitCode == 0);
        QCOMPARE(messages(scan, u"warning"_s).filter(u"another one is started"_s).size(), 1);
        QCOMPARE(safeLog(scan).filter(u"smu.bias → 0 V, read back 0 V"_s).size(), 1);
        QVERIFY(records().isEmpty());
    }

    void silenceMayBeAllowed()
    {
        const QString scan =
            startScan(BenchWire::Socket, {}, 40, u"sentinel: {beat: 50 ms, missed: 0}\n"_s);
        QVERIFY(!scan.isEmpty());
        const auto pid = pid_t(m_process->processId());
        QCOMPARE(::kill(pid, SIGSTOP), 0);
        // It wakes at every beat: it has seen twenty of them missed, and done nothing.
        const qint64 sentinel = livingSentinels().value(0);
        const qint64 wakings = wakingsOf(sentinel);
        QVERIFY(wakings > 0);
        QTRY_VERIFY_WITH_TIMEOUT(wakingsOf(sentinel) >= wakings + 20, kPatienceMs);
        QCOMPARE(volts(), 1.0);
        QCOMPARE(::kill(pid, SIGCONT), 0);
        const Outcome outcome = TestStation::await(*m_process);
        QVERIFY2(outcome.exitCode == 0, outcome.messages);
    }

    void noSentinelWhereNoneIsWanted()
    {
        QVERIFY(!startScan(BenchWire::Socket, {}, 5, u"sentinel: {enabled: false}\n"_s).isEmpty());
        QVERIFY(records().isEmpty());
        QCOMPARE(TestStation::await(*m_process).exitCode, 0);
    }

    void continuationWaitsForTheSentinel()
    {
        const QString scan = startScan(BenchWire::Socket, {}, 20);
        QVERIFY(!scan.isEmpty());
        QVERIFY(m_bench->setFaults(u"smu"_s, u"hang"_s));
        m_process->kill();
        m_process->waitForFinished();
        const auto resumed = m_station->start({u"resume"_s, scan, u"--bench"_s, m_file});
        QTRY_VERIFY_WITH_TIMEOUT(!resumed->waitForFinished(0) && hasLogged(u"is tried again"_s),
                                 kPatienceMs);
        QVERIFY(m_bench->setFaults(u"smu"_s, {}));
        const Outcome outcome = TestStation::await(*resumed);
        QVERIFY2(outcome.exitCode == 0, outcome.messages);
        QCOMPARE(m_station->table(scan, u"iv"_s).rows.size(), 20);
        const QStringList log = messages(scan, {});
        const auto proof = log.indexOf(u"smu.bias → 0 V, read back 0 V"_s);
        const auto continued = log.indexOf(QRegularExpression(u"^Continued after.*"_s));
        QVERIFY2(proof >= 0 && proof < continued, qPrintable(log.join(u'\n')));
    }

private:
    /// Bias to 1 V, then points; "" when it did not come up. With \a moved that movement is set
    /// too.
    QString startScan(
        BenchWire wire, const QString &moved = {}, int points = 2000,
        const QString &rule = u"sentinel: {beat: %1 ms, missed: %2}\n"_s.arg(kBeatMs).arg(kMissed))
    {
        m_bench = std::make_unique<TestBench>(*m_station, wire);
        if (!m_bench->problem().isEmpty()) {
            qWarning().noquote() << m_bench->problem();
            return {};
        }
        QFile real(m_bench->file());
        if (!real.open(QIODevice::ReadOnly))
            return {};
        m_file = m_station->write(u"guarded.bench.yaml"_s, real.readAll() + rule.toUtf8());
        QByteArray tree = slowTree(points, u"50 ms"_s);
        if (!moved.isEmpty())
            tree.replace("{\"movement\":\"smu.bias\",\"value\":\"1 V\"}",
                         "{\"movement\":\"smu.bias\",\"value\":\"1 V\"},{\"movement\":\"" +
                             moved.toUtf8() + "\",\"value\":\"30 mm\"}");
        m_process = m_station->start({u"run"_s, m_station->write(u"slow.scan.json"_s, tree),
                                      u"--bench"_s, m_file, u"--json"_s});
        const QString scan = TestStation::awaitPoints(*m_process, 2);
        if (scan.isEmpty())
            qWarning().noquote() << m_process->readAllStandardError();
        else if (wire == BenchWire::Socket && volts() != 1.0)
            qWarning() << "the bias is not on";
        return scan;
    }

    /// A busy machine takes a moment to start it; 0: it did not.
    qint64 sentinelPid() const
    {
        const bool isThere = QTest::qWaitFor([this] { return !records().isEmpty(); }, 5000);
        return isThere ? records().first()[u"sentinel"][u"pid"].toInteger() : 0;
    }

    double volts() const
    {
        bool isNumber = false;
        const double value = m_bench->ask(u"smu"_s, "SOUR:VOLT?").toDouble(&isNumber);
        return isNumber ? value : qQNaN();
    }

    /// Of every sentinel's record, what it guards, as said last.
    QList<QJsonObject> records() const
    {
        QList<QJsonObject> guards;
        for (const QByteArrayList &lines : recordLines()) {
            for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
                const QJsonObject json = QJsonDocument::fromJson(*line).object();
                if (json[u"kind"].toString() != u"guard"_s)
                    continue;
                guards.append(json);
                break;
            }
        }
        return guards;
    }
    QList<QByteArrayList> recordLines() const
    {
        QList<QByteArrayList> all;
        const QDir dir(m_station->path(u"spool/sentinels"_s));
        for (const QString &name : dir.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            QFile file(dir.filePath(name + u"/record.jsonl"_s));
            if (file.open(QIODevice::ReadOnly))
                all.append(file.readAll().split('\n'));
        }
        return all;
    }
    bool hasLogged(const QString &text) const
    {
        for (const QByteArrayList &lines : recordLines()) {
            if (lines.join('\n').contains(text.toUtf8()))
                return true;
        }
        return false;
    }
    bool isRecordOver() const { return hasLogged(u"{\"kind\":\"end\"}"_s); }

    /// Without an event loop, so that nobody reaps the workstation meanwhile: the number of a
    /// process that has ended must not keep a serial port.
    bool awaitRecord() const
    {
        QElapsedTimer timer;
        timer.start();
        while ((!isRecordOver() || !livingSentinels().isEmpty()) && timer.elapsed() < kPatienceMs)
            QThread::msleep(5);
        return isRecordOver() && livingSentinels().isEmpty();
    }

    static bool isAlive(qint64 pid)
    {
        QFile stat(u"/proc/%1/stat"_s.arg(pid));
        if (!stat.open(QIODevice::ReadOnly))
            return false;
        const QByteArray text = stat.readAll();
        return !text.sliced(text.lastIndexOf(')')).startsWith(") Z");
    }
    /// How often it has given up the processor of its own accord; 0 when it is gone.
    static qint64 wakingsOf(qint64 pid)
    {
        QFile status(u"/proc/%1/status"_s.arg(pid));
        if (!status.open(QIODevice::ReadOnly))
            return 0;
        const QByteArray text = status.readAll();
        const QByteArray key = "\nvoluntary_ctxt_switches:";
        const qsizetype at = text.indexOf(key) + key.size();
        return text.sliced(at, text.indexOf('\n', at) - at).trimmed().toLongLong();
    }
    QList<qint64> livingSentinels() const
    {
        QList<qint64> living;
        for (const QJsonObject &guard : records()) {
            const qint64 pid = guard[u"sentinel"][u"pid"].toInteger();
            if (isAlive(pid))
                living.append(pid);
        }
        return living;
    }

    QJsonArray log(const QString &scan) const
    {
        return m_station->run({u"show"_s, scan, u"--json"_s}).json()[u"scan"][u"logs"].toArray();
    }
    QStringList messages(const QString &scan, const QString &level) const
    {
        QStringList found;
        for (const auto &line : log(scan)) {
            if (level.isEmpty() || line[u"level"].toString() == level)
                found.append(line[u"message"].toString());
        }
        return found;
    }
    /// What was said of making safe, problems included.
    QStringList safeLog(const QString &scan) const
    {
        QStringList found;
        for (const auto &line : log(scan)) {
            const QString level = line[u"level"].toString();
            if (level == u"safe"_s || level == u"error"_s)
                found.append(line[u"message"].toString());
        }
        return found;
    }
    /// Milliseconds since 1970 of the first line that contains \a text; -1: none.
    qint64 timeOf(const QString &scan, const QString &text) const
    {
        for (const auto &line : log(scan)) {
            if (line[u"message"].toString().contains(text))
                return QDateTime::fromString(line[u"time"].toString(), Qt::ISODateWithMs)
                    .toMSecsSinceEpoch();
        }
        return -1;
    }

    std::unique_ptr<TestStation> m_station;
    std::unique_ptr<TestBench> m_bench;
    std::unique_ptr<QProcess> m_process;
    QString m_file;
};

QTEST_GUILESS_MAIN(SentinelTest)
#include "tst_sentinel.moc"
