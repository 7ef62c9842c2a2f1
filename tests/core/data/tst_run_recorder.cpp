#include "core/data/run_recorder.h"

#include "core/data/recovery.h"
#include "core/data/spool_backlog.h"
#include "core/data/spool_disk.h"
#include "core/data/spool_lock.h"
#include "core/data/store_thread.h"
#include "tests/core/data/memory_run_store.h"
#include "tests/core/data/sample_rows.h"

#include <QDir>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cerrno>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;

/// A disk that runs full or breaks when told.
class FailingDisk final : public SpoolDisk
{
public:
    std::atomic<bool> isFull = false; ///< nothing left but what the reserve held
    std::atomic<bool> isSyncBroken = false;
    QString reserve;

    int allocate(int file, qint64 size) const override
    {
        const bool isFreed = !QFile::exists(reserve) && size <= (1 << 15);
        return isFull && !isFreed ? fail(ENOSPC) : SpoolDisk::allocate(file, size);
    }
    int sync(int file) const override { return isSyncBroken ? fail(EIO) : SpoolDisk::sync(file); }

private:
    static int fail(int reason)
    {
        errno = reason;
        return -1;
    }
};

} // namespace

class TestRunRecorder : public QObject
{
    Q_OBJECT

private:
    RecorderSettings settings() const
    {
        RecorderSettings settings;
        settings.spoolDir = m_dir->path() + u"/spool"_s;
        settings.segmentBytes = 1 << 20;
        settings.reserveBytes = 1 << 16;
        settings.syncInterval = std::chrono::milliseconds(5);
        settings.flushInterval = std::chrono::milliseconds(20);
        settings.retryMin = std::chrono::milliseconds(5);
        settings.retryMax = std::chrono::milliseconds(20);
        return settings;
    }
    RunStoreFactory factory()
    {
        return [this]() -> Result<std::unique_ptr<RunStore>> {
            return std::unique_ptr<RunStore>(std::make_unique<MemoryRunStore>(m_database));
        };
    }
    std::unique_ptr<RunRecorder> start(StoreThread &store, const NewScan &scan)
    {
        std::optional<Result<OpenedScan>> opened;
        store.createScan(scan, this, [&](Result<OpenedScan> reply) { opened = std::move(reply); });
        if (!QTest::qWaitFor([&] { return opened.has_value(); }, kPatienceMs) || !*opened)
            return nullptr;
        auto recorder =
            RunRecorder::open(store, opened->value(), scan.station, scan.planHash, scan.objects);
        return recorder ? std::move(recorder).value() : nullptr;
    }
    std::optional<FinishOutcome> finish(RunRecorder &recorder, ScanState state)
    {
        std::optional<FinishOutcome> outcome;
        if (!recorder.finish(state, u"because"_s, 77, this,
                             [&](const FinishOutcome &o) { outcome = o; }))
            return {};
        (void)QTest::qWaitFor([&] { return outcome.has_value(); }, kPatienceMs);
        return outcome;
    }
    void compareRows(const QUuid &scan, int object, qint64 rows) const
    {
        const auto stored = m_database.scan(scan);
        const PointBatch expected = sampleRows(object, 0, rows);
        QCOMPARE(stored.opened.rowsStored.at(object), rows);
        for (size_t i = 0; i < expected.columns.size(); ++i)
            QVERIFY2(stored.tables[size_t(object)][i] == expected.columns[i],
                     qPrintable(QString::number(i)));
    }
    bool isSpoolEmpty() const
    {
        return QDir(settings().spoolDir).entryList(QDir::Dirs | QDir::NoDotAndDotDot).isEmpty();
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    MemoryDatabase m_database;

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_database.setFault(MemoryDatabase::Fault::None);
    }

    void scanIsStoredOnceInOrder_data()
    {
        QTest::addColumn<int>("batches");
        QTest::addColumn<int>("mostRows");
        QTest::addColumn<qint64>("memoryBytes");
        QTest::addColumn<qint64>("segmentBytes");
        QTest::newRow("single rows") << 300 << 1 << qint64(64 << 20) << qint64(1 << 20);
        QTest::newRow("small batches, small segments")
            << 200 << 50 << qint64(64 << 20) << qint64(1 << 14);
        QTest::newRow("nothing kept in memory") << 400 << 20 << qint64(0) << qint64(1 << 15);
        QTest::newRow("records larger than a segment")
            << 6 << 4000 << qint64(64 << 20) << qint64(1 << 12);
        QTest::newRow("records larger than a transaction")
            << 2 << 60000 << qint64(64 << 20) << qint64(1 << 20);
    }
    void scanIsStoredOnceInOrder()
    {
        QFETCH(int, batches);
        QFETCH(int, mostRows);
        QFETCH(qint64, memoryBytes);
        QFETCH(qint64, segmentBytes);
        RecorderSettings s = settings();
        s.memoryBytes = memoryBytes;
        s.segmentBytes = segmentBytes;
        StoreThread store(factory(), s);
        const NewScan scan = sampleScan(2);
        auto recorder = start(store, scan);
        QVERIFY(recorder);
        QRandomGenerator random(42);
        qint64 next[2] = {0, 0};
        for (int i = 0; i < batches; ++i) {
            const int object = random.bounded(2);
            const qint64 rows = mostRows == 1 ? 1 : mostRows / 2 + random.bounded(mostRows / 2);
            QVERIFY(recorder->append(sampleRows(object, next[object], rows), sampleCursor(i)));
            next[object] += rows;
            QVERIFY(recorder->log({i, u"info"_s, u"batch %1"_s.arg(i)}));
        }
        const auto outcome = finish(*recorder, ScanState::Completed);
        QVERIFY2(outcome && outcome->isStored,
                 qPrintable(outcome ? outcome->message : store.problem()));
        compareRows(scan.uid, 0, next[0]);
        compareRows(scan.uid, 1, next[1]);
        const auto stored = m_database.scan(scan.uid);
        QCOMPARE(int(stored.log.size()), batches);
        QCOMPARE(stored.log.begin()->first, qint64(1) << 32);
        QCOMPARE(stored.opened.cursor, sampleCursor(batches - 1));
        QCOMPARE(stored.opened.state, ScanState::Completed);
        QCOMPARE(stored.reason, u"because"_s);
        QCOMPARE(stored.endedUs, std::optional<qint64>(77));
        QVERIFY(stored.wasLastDurable);
        QVERIFY(*std::ranges::max_element(stored.chunkRows) <= 16384);
        QVERIFY(isSpoolEmpty());
        QCOMPARE(store.backlogRows(), 0);
    }

    void databaseAwayForAWhile_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<int>("code");
        using F = MemoryDatabase::Fault;
        for (const auto &[name, code] :
             {std::pair("connection", ErrorCode::NotConnected),
              std::pair("storage", ErrorCode::Storage), std::pair("full", ErrorCode::Full)}) {
            QTest::addRow("refused: %s", name) << int(F::Refuse) << int(code);
            QTest::addRow("answer lost: %s", name) << int(F::LoseAnswer) << int(code);
        }
    }
    void databaseAwayForAWhile()
    {
        QFETCH(int, fault);
        QFETCH(int, code);
        StoreThread store(factory(), settings());
        QStringList problems;
        connect(&store, &StoreThread::problemChanged, this,
                [&](const QString &problem) { problems.append(problem); });
        const NewScan scan = sampleScan();
        auto recorder = start(store, scan);
        QVERIFY(recorder);
        QVERIFY(recorder->append(sampleRows(0, 0, 10), sampleCursor(10)));
        QTRY_COMPARE_WITH_TIMEOUT(store.backlogRows(), 0, kPatienceMs);

        const int before = m_database.failures();
        m_database.setFault(MemoryDatabase::Fault(fault), ErrorCode(code));
        for (int i = 1; i < 20; ++i)
            QVERIFY(recorder->append(sampleRows(0, i * 10, 10), sampleCursor(i * 10 + 10)));
        QTRY_VERIFY_WITH_TIMEOUT(m_database.failures() >= before + 3, kPatienceMs);
        QVERIFY(!store.problem().isEmpty());
        QVERIFY(store.backlogRows() > 0);

        m_database.setFault(MemoryDatabase::Fault::None);
        QTRY_COMPARE_WITH_TIMEOUT(store.backlogRows(), 0, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(store.problem(), QString(), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!problems.isEmpty() && problems.last().isEmpty(), kPatienceMs);
        const auto outcome = finish(*recorder, ScanState::Completed);
        QVERIFY(outcome && outcome->isStored);
        compareRows(scan.uid, 0, 200);
    }

    void awayWhenAScanBegins_data()
    {
        QTest::addColumn<int>("fault");
        QTest::newRow("refused") << int(MemoryDatabase::Fault::Refuse);
        QTest::newRow("answer lost") << int(MemoryDatabase::Fault::LoseAnswer);
    }
    void awayWhenAScanBegins()
    {
        QFETCH(int, fault);
        RecorderSettings known = settings();
        known.database = m_database.uid; // from the last time
        StoreThread store(factory(), known);
        m_database.setFault(MemoryDatabase::Fault(fault));
        NewScan scan = sampleScan();
        scan.startedUs = 1'800'000'000'000'000;
        auto recorder = start(store, scan);
        QVERIFY(recorder);
        QVERIFY(recorder->scan().scanId.startsWith(scan.station + u"-270115-x"_s));
        for (int i = 0; i < 20; ++i)
            QVERIFY(recorder->append(sampleRows(0, i * 10, 10), sampleCursor(i * 10 + 10)));
        QTRY_VERIFY_WITH_TIMEOUT(m_database.failures() >= 3, kPatienceMs);
        QVERIFY(!store.problem().isEmpty());
        m_database.setFault(MemoryDatabase::Fault::None);
        const auto outcome = finish(*recorder, ScanState::Completed);
        QVERIFY(outcome && outcome->isStored);
        compareRows(scan.uid, 0, 200);
        QCOMPARE(m_database.scan(scan.uid).opened.state, ScanState::Completed);
        QVERIFY(isSpoolEmpty());
        QCOMPARE(store.problem(), QString());
    }

    void serverForgetsAScanThatHasBegun_data()
    {
        QTest::addColumn<bool>("isKilledToo");
        QTest::newRow("while it runs") << false;
        QTest::newRow("and the program is killed") << true;
    }
    void serverForgetsAScanThatHasBegun()
    {
        QFETCH(bool, isKilledToo);
        const NewScan scan = sampleScan();
        // The scan is made and answered; then the server crashes before its disk has it.
        m_database.setFault(MemoryDatabase::Fault::Crash, ErrorCode::NotConnected, 1);
        QString scanId;
        {
            StoreThread store(factory(), settings());
            auto recorder = start(store, scan);
            QVERIFY(recorder);
            scanId = recorder->scan().scanId;
            for (int i = 0; i < 20; ++i)
                QVERIFY(recorder->append(sampleRows(0, i * 10, 10), sampleCursor(i * 10 + 10)));
            QTRY_VERIFY_WITH_TIMEOUT(m_database.failures() >= 3, kPatienceMs);
            QVERIFY(!m_database.holds(scan.uid));
            if (!isKilledToo) {
                m_database.setFault(MemoryDatabase::Fault::None);
                const auto outcome = finish(*recorder, ScanState::Completed);
                QVERIFY(outcome && outcome->isStored);
            }
        }
        if (isKilledToo) {
            m_database.setFault(MemoryDatabase::Fault::None);
            const auto spools = listSpools(settings().spoolDir, m_database.uid);
            QCOMPARE(spools.size(), 1);
            MemoryRunStore store(m_database);
            const auto recovered = recoverSpool(spools.first().folder, store, {});
            QVERIFY2(recovered, recovered ? "" : qPrintable(recovered.error().message));
        }
        compareRows(scan.uid, 0, 200);
        QCOMPARE(m_database.scan(scan.uid).opened.scanId, scanId);
        QVERIFY(isSpoolEmpty());
    }

    void unknownDatabaseBeginsNothing()
    {
        const NewScan scan = sampleScan();
        const RunStoreFactory away = []() -> Result<std::unique_ptr<RunStore>> {
            return Error{ErrorCode::NotConnected, u"away"_s};
        };
        StoreThread unknown(away, settings());
        QVERIFY(!start(unknown, scan));
        QVERIFY(isSpoolEmpty());
    }

    void anotherDatabaseInItsPlaceGetsNothing()
    {
        RecorderSettings known = settings();
        known.database = newUid();
        known.giveUpAfter = std::chrono::milliseconds(10);
        bool isAway = true;
        std::mutex mutex; // guards isAway
        const RunStoreFactory other = [&]() -> Result<std::unique_ptr<RunStore>> {
            const std::lock_guard lock(mutex);
            if (isAway)
                return Error{ErrorCode::NotConnected, u"away"_s};
            return factory()();
        };
        StoreThread store(other, known);
        const NewScan scan = sampleScan();
        auto recorder = start(store, scan);
        QVERIFY(recorder);
        QVERIFY(recorder->append(sampleRows(0, 0, 10), sampleCursor(10)));
        {
            const std::lock_guard lock(mutex);
            isAway = false;
        }
        QTRY_VERIFY_WITH_TIMEOUT(store.problem().contains(uidText(m_database.uid)), kPatienceMs);
        const auto outcome = finish(*recorder, ScanState::Completed);
        QVERIFY(outcome && !outcome->isStored);
        QVERIFY(!m_database.holds(scan.uid));
        QVERIFY(!isSpoolEmpty());
    }

    void crashedDatabaseGetsItsRowsAgain()
    {
        StoreThread store(factory(), settings());
        const NewScan scan = sampleScan(2);
        auto recorder = start(store, scan);
        QVERIFY(recorder);
        for (int i = 0; i < 60; ++i) {
            QVERIFY(recorder->append(sampleRows(0, i * 50, 50), sampleCursor(i * 50 + 50)));
            QVERIFY(recorder->append(sampleRows(1, i * 10, 10), sampleCursor(i * 50 + 50)));
            if (i % 20 != 10)
                continue;
            QTRY_COMPARE_WITH_TIMEOUT(store.backlogRows(), 0, kPatienceMs);
            m_database.crash();
            QVERIFY(m_database.scan(scan.uid).opened.rowsStored.at(0) < (i + 1) * 50);
        }
        const auto outcome = finish(*recorder, ScanState::Completed);
        QVERIFY(outcome && outcome->isStored);
        compareRows(scan.uid, 0, 3000);
        compareRows(scan.uid, 1, 600);
        QVERIFY(isSpoolEmpty());
    }

    void withoutADatabaseTheSpoolKeepsAll()
    {
        const NewScan scan = sampleScan();
        {
            StoreThread store({}, settings());
            auto recorder = start(store, scan);
            QVERIFY(recorder);
            QVERIFY(recorder->append(sampleRows(0, 0, 100), sampleCursor(100)));
            const auto outcome = finish(*recorder, ScanState::Completed);
            QVERIFY(outcome && !outcome->isStored);
            QCOMPARE(store.problem(), QString()); // as asked for
        }
        const auto backlogs = spoolBacklogs(settings().spoolDir);
        QCOMPARE(backlogs.size(), 1);
        QVERIFY(backlogs.first().database.isNull());
        QCOMPARE(backlogs.first().rows, 100);
        QVERIFY(backlogs.first().bytes > 100 * 8);
        QCOMPARE(spoolBacklogs(settings().spoolDir,
                               [](const QUuid &) {
                                   return QList<qint64>{60, 0};
                               })
                     .first()
                     .rows,
                 40);

        MemoryRunStore store(m_database);
        const auto spools = listSpools(settings().spoolDir, m_database.uid);
        QCOMPARE(spools.size(), 1);
        QCOMPARE(spools.first().condition, SpoolCondition::Unowned);
        const QString folder = spools.first().folder;
        const auto refused = recoverSpool(folder, store);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        // Half-way into this database: from then on no other may have the rest.
        m_database.setFault(MemoryDatabase::Fault::Refuse, ErrorCode::NotConnected, 2);
        QVERIFY(!recoverSpool(folder, store, {.adopts = true}));
        m_database.setFault(MemoryDatabase::Fault::None);
        MemoryDatabase stranger;
        MemoryRunStore other(stranger);
        const auto late = recoverSpool(folder, other, {.adopts = true});
        QVERIFY(!late);
        QCOMPARE(late.error().code, ErrorCode::Conflict);
        QVERIFY(recoverSpool(folder, store));
        compareRows(scan.uid, 0, 100);
        QCOMPARE(m_database.scan(scan.uid).opened.state, ScanState::Completed);
        QVERIFY(isSpoolEmpty());
    }

    void givenUpScanIsReportedAndStoredLater()
    {
        RecorderSettings s = settings();
        s.giveUpAfter = std::chrono::milliseconds(10);
        StoreThread store(factory(), s);
        const NewScan scan = sampleScan();
        auto recorder = start(store, scan);
        QVERIFY(recorder);
        m_database.setFault(MemoryDatabase::Fault::Refuse);
        QVERIFY(recorder->append(sampleRows(0, 0, 10), sampleCursor(10)));
        const auto outcome = finish(*recorder, ScanState::Aborted);
        QVERIFY(outcome && !outcome->isStored);
        QVERIFY(outcome->message.contains(s.spoolDir));
        m_database.setFault(MemoryDatabase::Fault::None);
        QTRY_VERIFY_WITH_TIMEOUT(isSpoolEmpty(), kPatienceMs);
        compareRows(scan.uid, 0, 10);
        QCOMPARE(m_database.scan(scan.uid).opened.state, ScanState::Aborted);
    }

    void anotherWriterStopsTheScan()
    {
        StoreThread store(factory(), settings());
        QList<QUuid> faults; // a QSignalSpy would be written on the store's threads
        connect(&store, &StoreThread::scanFault, this, [&](const QUuid &id) { faults.append(id); });
        const NewScan scan = sampleScan();
        auto recorder = start(store, scan);
        QVERIFY(recorder);
        m_database.edit(scan.uid, [](auto &entry) { ++entry.opened.epoch; });
        QVERIFY(recorder->append(sampleRows(0, 0, 10), sampleCursor(10)));
        QTRY_COMPARE_WITH_TIMEOUT(faults.size(), 1, kPatienceMs);
        const auto outcome = finish(*recorder, ScanState::Failed);
        QVERIFY(outcome && !outcome->isStored);
        QCOMPARE(m_database.scan(scan.uid).opened.rowsStored.at(0), 0);
        QVERIFY(!isSpoolEmpty());
    }

    void failedSyncEndsTheSegmentAndIsReported()
    {
        FailingDisk disk;
        StoreThread store(factory(), settings(), nullptr, &disk);
        QList<QUuid> faults; // a QSignalSpy would be written on the store's threads
        connect(&store, &StoreThread::scanFault, this, [&](const QUuid &id) { faults.append(id); });
        const NewScan scan = sampleScan();
        auto recorder = start(store, scan);
        QVERIFY(recorder);
        disk.isSyncBroken = true;
        QVERIFY(recorder->append(sampleRows(0, 0, 10), sampleCursor(10)));
        QTRY_VERIFY_WITH_TIMEOUT(faults.size() >= 1, kPatienceMs);
        QCOMPARE(faults.first(), scan.uid);
        disk.isSyncBroken = false;
        QVERIFY(recorder->append(sampleRows(0, 10, 10), sampleCursor(20)));
        const QString folder = settings().spoolDir + u'/' + uidText(scan.uid);
        QVERIFY(QFile::exists(folder + u"/00000002.spool"_s));
        const auto outcome = finish(*recorder, ScanState::Completed);
        QVERIFY(outcome && outcome->isStored);
        compareRows(scan.uid, 0, 20);
    }

    void fullDiskRefusesRowsAndStillCloses()
    {
        FailingDisk disk;
        RecorderSettings s = settings();
        s.segmentBytes = 1 << 16;
        StoreThread store(factory(), s, nullptr, &disk);
        const NewScan scan = sampleScan();
        auto recorder = start(store, scan);
        QVERIFY(recorder);
        const QString reserve = s.spoolDir + u"/reserve"_s;
        QVERIFY(QFile::exists(reserve));
        disk.reserve = reserve;
        disk.isFull = true;
        qint64 rows = 0;
        Status last = ok();
        while (rows < 5000) {
            last = recorder->append(sampleRows(0, rows, 10), sampleCursor(rows));
            if (!last)
                break;
            rows += 10;
        }
        QVERIFY(!last);
        QCOMPARE(last.error().code, ErrorCode::Full);
        QVERIFY(last.error().message.contains(s.spoolDir));
        QVERIFY(!QFile::exists(reserve));
        QCOMPARE(recorder->nextRow(0), rows);
        QVERIFY(recorder->setState(ScanState::Paused));
        QVERIFY(!recorder->append(sampleRows(0, rows, 10), sampleCursor(rows)));

        disk.isFull = false; // the operator made room
        QVERIFY(recorder->setState(ScanState::Running));
        QVERIFY(recorder->append(sampleRows(0, rows, 10), sampleCursor(rows)));
        QVERIFY(QFile::exists(reserve));
        rows += 10;
        const auto outcome = finish(*recorder, ScanState::Completed);
        QVERIFY(outcome && outcome->isStored);
        compareRows(scan.uid, 0, rows);
    }

    void misfitsAreRefused_data()
    {
        QTest::addColumn<std::function<void(PointBatch &)>>("spoil");
        using Spoil = std::function<void(PointBatch &)>;
        QTest::newRow("gap") << Spoil([](PointBatch &b) { b.firstRow = 1; });
        QTest::newRow("no such object") << Spoil([](PointBatch &b) { b.object = 1; });
        QTest::newRow("negative object") << Spoil([](PointBatch &b) { b.object = -1; });
        QTest::newRow("column missing") << Spoil([](PointBatch &b) { b.columns.pop_back(); });
        QTest::newRow("type") << Spoil([](PointBatch &b) { b.columns[2] = b.columns[1]; });
        QTest::newRow("row missing in one column")
            << Spoil([](PointBatch &b) { b.columns[2].clear(); });
    }
    void misfitsAreRefused()
    {
        QFETCH(std::function<void(PointBatch &)>, spoil);
        StoreThread store(factory(), settings());
        auto recorder = start(store, sampleScan());
        QVERIFY(recorder);
        PointBatch batch = sampleRows(0, 0, 2);
        spoil(batch);
        const Status appended = recorder->append(batch, sampleCursor(2));
        QVERIFY(!appended);
        QCOMPARE(appended.error().code, ErrorCode::BadInput);
        QCOMPARE(recorder->nextRow(0), 0);
    }

    void statesFollowTheTable()
    {
        StoreThread store(factory(), settings());
        const NewScan scan = sampleScan();
        auto recorder = start(store, scan);
        QVERIFY(recorder);
        QVERIFY(!recorder->setState(ScanState::Completed));
        QVERIFY(recorder->setState(ScanState::Paused));
        QTRY_COMPARE_WITH_TIMEOUT(m_database.scan(scan.uid).opened.state, ScanState::Paused,
                                  kPatienceMs);
        QVERIFY(recorder->setState(ScanState::Running));
        QVERIFY(!recorder->finish(ScanState::Queued, {}, 0, this, [](const FinishOutcome &) {}));
        const auto outcome = finish(*recorder, ScanState::Interrupted);
        QVERIFY(outcome && outcome->isStored);
        QVERIFY(!recorder->append(sampleRows(0, 0, 1), {}));
        QCOMPARE(m_database.scan(scan.uid).opened.state, ScanState::Interrupted);
    }

    void interruptedScanContinues()
    {
        StoreThread store(factory(), settings());
        const NewScan scan = sampleScan();
        auto recorder = start(store, scan);
        QVERIFY(recorder->append(sampleRows(0, 0, 5), sampleCursor(5)));
        QVERIFY(recorder->log({1, u"info"_s, u"first"_s}));
        QVERIFY(finish(*recorder, ScanState::Interrupted)->isStored);
        recorder.reset();
        std::optional<Result<OpenedScan>> opened;
        store.continueScan(scan.uid, this,
                           [&](Result<OpenedScan> reply) { opened = std::move(reply); });
        QTRY_VERIFY_WITH_TIMEOUT(opened.has_value(), kPatienceMs);
        QVERIFY(*opened);
        QCOMPARE(opened->value().epoch, 2);
        QCOMPARE(opened->value().cursor, sampleCursor(5));
        auto second =
            RunRecorder::open(store, opened->value(), scan.station, scan.planHash, scan.objects);
        QVERIFY(second);
        QCOMPARE(second.value()->nextRow(0), 5);
        QVERIFY(second.value()->append(sampleRows(0, 5, 5), sampleCursor(10)));
        QVERIFY(second.value()->log({2, u"info"_s, u"second"_s}));
        QVERIFY(finish(*second.value(), ScanState::Completed)->isStored);
        compareRows(scan.uid, 0, 10);
        QCOMPARE(m_database.scan(scan.uid).log.size(), size_t(2));
    }

    void abandonedScanKeepsItsSpool()
    {
        StoreThread store(factory(), settings());
        const NewScan scan = sampleScan();
        auto recorder = start(store, scan);
        QVERIFY(recorder->append(sampleRows(0, 0, 5), sampleCursor(5)));
        const QString folder = settings().spoolDir + u'/' + uidText(scan.uid);
        QVERIFY(SpoolLock::isHeld(folder));
        recorder.reset();
        QTRY_VERIFY_WITH_TIMEOUT(!SpoolLock::isHeld(folder), kPatienceMs);
        compareRows(scan.uid, 0, 5);
        QCOMPARE(m_database.scan(scan.uid).opened.state, ScanState::Running);
        QVERIFY(!isSpoolEmpty());
    }

    void refusedCreationLeavesNothing()
    {
        StoreThread store(factory(), settings());
        const NewScan scan = sampleScan();
        m_database.setFault(MemoryDatabase::Fault::Refuse, ErrorCode::Storage, 0, 1);
        std::optional<Result<OpenedScan>> opened;
        store.createScan(scan, this, [&](Result<OpenedScan> reply) { opened = std::move(reply); });
        QTRY_VERIFY_WITH_TIMEOUT(opened.has_value(), kPatienceMs);
        QVERIFY(!*opened);
        QVERIFY(isSpoolEmpty());
        QVERIFY(!m_database.holds(scan.uid));
    }

    void lostAnswerToCreationIsFoundOut()
    {
        StoreThread store(factory(), settings());
        const NewScan scan = sampleScan();
        m_database.setFault(MemoryDatabase::Fault::LoseAnswer, ErrorCode::Storage, 0, 1);
        auto recorder = start(store, scan);
        QVERIFY(recorder);
        QVERIFY(finish(*recorder, ScanState::Completed)->isStored);
    }

    void replyToAGoneContextIsDropped()
    {
        StoreThread store(factory(), settings());
        bool isCalled = false;
        {
            QObject context;
            store.createQueue(u"q"_s, u"serial"_s, &context,
                              [&](Result<QUuid>) { isCalled = true; });
        }
        std::optional<Result<QUuid>> second;
        store.createQueue(u"q"_s, u"serial"_s, this,
                          [&](Result<QUuid> reply) { second = std::move(reply); });
        QTRY_VERIFY_WITH_TIMEOUT(second.has_value(), kPatienceMs);
        QVERIFY(!isCalled);
    }
};

QTEST_GUILESS_MAIN(TestRunRecorder)
#include "tst_run_recorder.moc"
