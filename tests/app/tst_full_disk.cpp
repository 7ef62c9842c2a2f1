#include "tests/app/test_bench.h"
#include "tests/support/small_disk.h"

#include <QJsonDocument>
#include <QTest>

#include <sqlite3.h>

using namespace Qt::StringLiterals;
using namespace birch::test;

namespace {

/// Keeps every other writer out of a SQLite file, as a stuck program would.
class Blocker
{
public:
    explicit Blocker(const QString &file)
    {
        if (sqlite3_open(file.toUtf8().constData(), &m_handle) == SQLITE_OK)
            m_isHolding = sqlite3_exec(m_handle, "PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE",
                                       nullptr, nullptr, nullptr) == SQLITE_OK;
    }
    ~Blocker() { sqlite3_close(m_handle); }
    Blocker(const Blocker &) = delete;
    Blocker &operator=(const Blocker &) = delete;
    bool isHolding() const { return m_isHolding; }

private:
    sqlite3 *m_handle = nullptr;
    bool m_isHolding = false;
};

} // namespace

class FullDiskTest : public QObject
{
    Q_OBJECT

private slots:
    /// The database takes nothing, the spool grows until its disk is full.
    void ofTheSpool()
    {
        TestStation station;
        SmallDisk disk(station.path(u"spool"_s), "4m");
        if (!disk.isMounted())
            QSKIP(qPrintable(u"needs the right to mount a tmpfs: "_s + disk.problem()));
        TestBench bench(station);
        QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
        station.setEnvironment(u"BIRCH_DISK_PAUSE_BYTES"_s, u"0 B"_s); // all the way
        const auto process = run(station, bench, killTree(4, 2500));
        const QString scan = TestStation::awaitPoints(*process, 100);
        QVERIFY2(!scan.isEmpty(), process->readAllStandardError());
        auto blocker = std::make_unique<Blocker>(station.database());
        QVERIFY(blocker->isHolding());
        // Safe long before anybody makes room: the source meter goes back to 0 V.
        QTRY_VERIFY_WITH_TIMEOUT(process->state() == QProcess::NotRunning || isSafeSince(bench),
                                 30'000);
        blocker.reset();
        const Outcome stopped = TestStation::await(*process);
        QVERIFY2(stopped.exitCode == 3, stopped.messages.right(2000));
        QCOMPARE(bench.ask(u"smu"_s, "SOUR:VOLT?").toDouble(), 0.0);
        const Outcome recovered = station.run({u"resume"_s, u"--json"_s});
        QVERIFY2(recovered.exitCode == 0, recovered.messages.right(2000));
        checkKept(station, scan, stopped.pointsTold());
        QVERIFY(stopped.pointsTold() < 10'004);
        const QJsonObject shown = station.show(scan);
        QCOMPARE(shown[u"status"_s].toString(), u"interrupted"_s);
        QVERIFY2(shown[u"reason"_s].toString().contains(u"No space left"_s),
                 qPrintable(shown[u"reason"_s].toString()));
        // With room again it goes on where it stopped.
        const Outcome resumed =
            station.run({u"resume"_s, scan, u"--bench"_s, bench.file(), u"--json"_s});
        QVERIFY2(resumed.exitCode == 0, resumed.messages.right(2000));
        checkKept(station, scan, 10'004);
    }

    /// Before it comes to that the scan pauses, which ends a run that nobody attends.
    void pausesBeforeTheSpoolIsFull()
    {
        TestStation station;
        SmallDisk disk(station.path(u"spool"_s), "4m");
        if (!disk.isMounted())
            QSKIP(qPrintable(u"needs the right to mount a tmpfs: "_s + disk.problem()));
        TestBench bench(station);
        QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
        station.setEnvironment(u"BIRCH_DISK_PAUSE_BYTES"_s, u"3 MiB"_s);
        const auto process = run(station, bench, slowTree(20'000, u"10 ms"_s));
        const Outcome stopped = TestStation::await(*process);
        QVERIFY2(stopped.exitCode == 3, stopped.messages.right(2000));
        QCOMPARE(bench.ask(u"smu"_s, "SOUR:VOLT?").toDouble(), 0.0);
        const QJsonObject scan = stopped.json()[u"scans"][0].toObject();
        QVERIFY(scan[u"points"].toInteger() > 0);
        const QJsonArray log = station.show(scan[u"scan_id"].toString())[u"logs"].toArray();
        const bool isTold = std::any_of(log.begin(), log.end(), [](const QJsonValue &entry) {
            return entry[u"message"].toString().contains(u"make space"_s);
        });
        QVERIFY2(isTold, QJsonDocument(log).toJson());
    }

    /// The database's disk is full: the scan goes on into the spool and is complete when there is
    /// room again.
    void ofTheDatabase()
    {
        const QString folder =
            QDir::tempPath() + u"/birch-full-%1"_s.arg(QCoreApplication::applicationPid());
        {
            SmallDisk disk(folder, "4m");
            if (!disk.isMounted())
                QSKIP(qPrintable(u"needs the right to mount a tmpfs: "_s + disk.problem()));
            TestStation station(folder + u"/birch.sqlite"_s);
            TestBench bench(station);
            QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
            const auto process = run(station, bench, killTree(4, 2000));
            const QString scan = TestStation::awaitPoints(*process, 100);
            QVERIFY2(!scan.isEmpty(), process->readAllStandardError());
            disk.fill();
            QCOMPARE(TestStation::awaitPoints(*process, 8004), scan);
            process->terminate(); // else it waits a while for the database
            const Outcome ended = TestStation::await(*process);
            QVERIFY2(ended.exitCode == 1, ended.messages.right(2000));
            QVERIFY2(ended.messages.contains("spool"), ended.messages.right(2000));
            QCOMPARE(bench.ask(u"smu"_s, "SOUR:VOLT?").toDouble(), 0.0);
            disk.empty();
            const Outcome recovered = station.run({u"resume"_s, u"--json"_s});
            QVERIFY2(recovered.exitCode == 0, recovered.messages.right(2000));
            checkKept(station, scan, 8004);
            QCOMPARE(station.show(scan)[u"status"].toString(), u"completed"_s);
        }
        QDir(folder).removeRecursively();
    }

private:
    static std::unique_ptr<QProcess> run(const TestStation &station, const TestBench &bench,
                                         const QByteArray &tree)
    {
        return station.start({u"run"_s, station.write(u"tree.scan.json"_s, tree), u"--bench"_s,
                              bench.file(), u"--json"_s});
    }

    /// 0 V twice in a row: the sweep itself passes it once.
    static bool isSafeSince(const TestBench &bench)
    {
        return bench.ask(u"smu"_s, "SOUR:VOLT?").toDouble() == 0.0 &&
               bench.ask(u"smu"_s, "SOUR:VOLT?").toDouble() == 0.0;
    }

    static void checkKept(const TestStation &station, const QString &scan, qint64 told)
    {
        const Table iv = station.table(scan, u"iv"_s);
        const qsizetype kept = iv.rows.size() + station.table(scan, u"spectra"_s).rows.size();
        QVERIFY2(kept >= told, qPrintable(u"told of %1, kept %2"_s.arg(told).arg(kept)));
        QCOMPARE(iv.disorder, QString());
    }
};

QTEST_GUILESS_MAIN(FullDiskTest)
#include "tst_full_disk.moc"
