#include "core/base/id.h"
#include "core/data/recovery.h"
#include "core/data/spool_disk.h"
#include "core/data/store_thread.h"
#include "core/engine/bench_safe.h"
#include "core/engine/queue_worker.h"
#include "core/engine/stored_runs.h"
#include "tests/core/data/memory_run_store.h"
#include "tests/core/plan/plan_fixture.h"
#include "tests/support/inline_instrument.h"

#include <QEventLoop>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cerrno>

using namespace birch;
using namespace birch::test;

namespace {

/// Has no room for the next record once told; then what the reserve held is free.
class FullDisk final : public SpoolDisk
{
public:
    mutable std::atomic<bool> isFull = false;

    ssize_t write(int file, const void *data, size_t size, qint64 offset) const override
    {
        if (!isFull.exchange(false))
            return SpoolDisk::write(file, data, size, offset);
        errno = ENOSPC;
        return -1;
    }
};

/// One program run: queue, spool and store thread; dropping it is its death.
class Program
{
public:
    Program(MemoryDatabase &database, const QString &spoolDir, const SpoolDisk *disk = nullptr)
        : store([&database] { return connect(database); }, settings(spoolDir), nullptr, disk)
    {
        smu.movements = {inlineMovement(u"bias"_s, 0.0)};
        smu.measurements = {inlineMeasurement(u"iv"_s, 2)};
        QVERIFY(bench.add(inlineHost(u"smu"_s, smu, script)));
        EnginePorts ports{bench, clock, runs};
        ports.station = u"TEST"_s;
        ports.slice.steps = 3;
        worker = std::make_unique<QueueWorker>(
            ports,
            [](const EnginePorts &made, SafePort::Log log) {
                return std::make_unique<BenchSafe>(made.bench, made.clock, std::move(log));
            },
            std::make_shared<StopSwitch>());
        worker->begin();
        QObject::connect(worker.get(), &QueueWorker::itemChanged, worker.get(),
                         [this](int, const QueueItem &now) { item = now; });
        QObject::connect(worker.get(), &QueueWorker::scanStored, worker.get(),
                         [this](const QUuid &, bool now, const QString &) { isStored = now; });
    }
    void start(std::optional<Continuation> continuation = {})
    {
        auto repeat = makeNode(u"repeat"_s, {{u"times"_s, 20}});
        repeat->id = NodeId::fromString(u"01890000-0000-7000-8000-000000000001"_s);
        auto sweep = sweepOf(u"smu.bias"_s, linear(u"1"_s, u"10"_s, 10));
        sweep->id = NodeId::fromString(u"01890000-0000-7000-8000-000000000002"_s);
        auto measure = measureOf({u"smu.iv"_s});
        measure->id = NodeId::fromString(u"01890000-0000-7000-8000-000000000003"_s);
        sweep->appendChild(std::move(measure));
        repeat->appendChild(std::move(sweep));
        const auto compiled =
            compilePlan(ScanTree(std::move(repeat)), {{u"smu"_s, smu}}, standardNodes());
        QVERIFY(compiled.plan);
        QueueItem added;
        added.id = newUid();
        added.name = u"scan"_s;
        added.plan = compiled.plan;
        worker->add(added, std::move(continuation));
        worker->start();
    }
    static Result<std::unique_ptr<RunStore>> connect(MemoryDatabase &database)
    {
        return std::unique_ptr<RunStore>(std::make_unique<MemoryRunStore>(database));
    }

    InstrumentSpec smu;
    std::shared_ptr<InlineScript> script = std::make_shared<InlineScript>();
    SystemClock clock;
    Bench bench;
    StoreThread store;
    StoredRuns runs{store};
    std::unique_ptr<QueueWorker> worker;
    QueueItem item;
    bool isStored = false;

private:
    static RecorderSettings settings(const QString &spoolDir)
    {
        RecorderSettings settings;
        settings.spoolDir = spoolDir;
        settings.segmentBytes = 1 << 20;
        settings.reserveBytes = 1 << 16;
        settings.syncInterval = std::chrono::milliseconds(5);
        settings.flushInterval = std::chrono::milliseconds(10);
        return settings;
    }
};

constexpr qint64 kRows = 200;

} // namespace

/// The engine on the real spool: nothing acquired is ever lost.
class EngineSpoolTest : public QObject
{
    Q_OBJECT
private slots:
    void killedRecoveredContinued_data()
    {
        QTest::addColumn<int>("killedAt");
        for (const int read : {1, 2, 10, 11, 57, 100, 197})
            QTest::addRow("killed at read %d", read) << read;
    }
    void killedRecoveredContinued()
    {
        QFETCH(int, killedAt);
        const MemoryDatabase::Scan undisturbed = runUndisturbed();
        QCOMPARE(undisturbed.tables.front().front().rowCount(), kRows);

        const QTemporaryDir folder;
        MemoryDatabase database;
        QUuid uid;
        qint64 acquired = 0;
        {
            Program program(database, folder.path());
            bool isDead = false;
            program.script->answer = [&, count = 0](const QString &asked) mutable {
                if (asked.startsWith(u"read"_s) && ++count == killedAt)
                    isDead = true;
                return ok();
            };
            QObject::connect(program.worker.get(), &QueueWorker::progress, program.worker.get(),
                             [&](const ItemProgress &now) { acquired = now.points; });
            program.start();
            QEventLoop loop; // one pass at a time: dead before the next slice
            while (!isDead)
                loop.processEvents(QEventLoop::WaitForMoreEvents);
            uid = program.item.uid;
            program.worker.reset();
        }
        QCOMPARE(scanStateName(database.scan(uid).opened.state), u"running"_s); // as a death does

        auto connection = Program::connect(database);
        const auto spools = listSpools(folder.path(), database.uid);
        QCOMPARE(spools.size(), 1);
        const auto recovered = recoverSpool(spools.first().folder, *connection.value());
        QVERIFY2(bool(recovered), recovered ? "" : qPrintable(recovered.error().message));
        QCOMPARE(recovered.value().state, ScanState::Interrupted);
        QVERIFY(recovered.value().rowsStored.first() >= acquired);

        Program next(database, folder.path());
        next.start(Continuation{uid, {}, {}, 0});
        QTRY_VERIFY(next.isStored);
        QCOMPARE(next.item.state, ScanState::Completed);
        const MemoryDatabase::Scan continued = database.scan(uid);
        QCOMPARE(continued.opened.state, ScanState::Completed);
        QCOMPARE(continued.opened.epoch, 2);
        QVERIFY(continued.tables.size() == undisturbed.tables.size());
        for (size_t column = 1; column < undisturbed.tables.front().size(); ++column)
            QVERIFY(continued.tables.front()[column] == undisturbed.tables.front()[column]);
        const ColumnValues &time = continued.tables.front().front();
        for (qint64 row = 1; row < kRows; ++row)
            QVERIFY(time.intAt(row) > time.intAt(row - 1));
        next.worker.reset();
    }

    void fullDiskEndsCleanly()
    {
        const QTemporaryDir folder;
        MemoryDatabase database;
        FullDisk disk;
        Program program(database, folder.path(), &disk);
        program.script->answer = [&, count = 0](const QString &asked) mutable {
            if (asked.startsWith(u"read"_s) && ++count == 100)
                disk.isFull = true;
            return ok();
        };
        program.start();
        QTRY_COMPARE(program.item.state, ScanState::Interrupted);
        QTRY_VERIFY(program.isStored);
        const MemoryDatabase::Scan stored = database.scan(program.item.uid);
        QCOMPARE(stored.opened.state, ScanState::Interrupted);
        QVERIFY(!stored.reason.isEmpty());
        QCOMPARE(stored.tables.front().front().rowCount(), program.item.points);
        QVERIFY(program.item.points >= 90 && program.item.points < 100);
        QVERIFY(program.script->events.lastIndexOf(u"begin smu.bias 0"_s) > 0);
        program.worker.reset();
    }

private:
    MemoryDatabase::Scan runUndisturbed()
    {
        const QTemporaryDir folder;
        MemoryDatabase database;
        Program program(database, folder.path());
        program.start();
        [&] { QTRY_VERIFY(program.isStored); }();
        const MemoryDatabase::Scan stored = database.scan(program.item.uid);
        program.worker.reset();
        return stored;
    }
};

QTEST_GUILESS_MAIN(EngineSpoolTest)
#include "tst_engine_spool.moc"
