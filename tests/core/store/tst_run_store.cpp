#include "core/store/sql_run_store.h"

#include "core/data/new_scan_json.h"
#include "core/store/chunk_reader.h"
#include "core/store/definition_texts.h"
#include "core/store/scan_repository.h"
#include "tests/core/store/scan_fixture.h"
#include "tests/core/store/store_fixture.h"

#include <QProcess>
#include <QSet>

#include <future>

using namespace birch;
using namespace Qt::StringLiterals;

/// What every RunStore promises, on both engines.
class RunStoreTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QFETCH(bool, isPostgres);
        m_database = m_fixture.newDatabase(isPostgres);
        m_store = SqlRunStore::open(*m_database, u"ada"_s, u"bench"_s).value();
        m_connection = m_database->connect().value();
        m_session = openSession(*m_connection, u"ada"_s).value();
    }
    void cleanup()
    {
        m_store.reset();
        m_connection.reset();
        m_database.reset();
    }

    void createScan_data() { test::StoreFixture::addEngines(); }
    void createScan()
    {
        NewScan scan = test::newScan();
        const auto opened = m_store->createScan(scan);
        BIRCH_VERIFY(opened);
        QCOMPARE(opened.value().scanId, u"bench-270115-001"_s);
        QCOMPARE(opened.value().uid, scan.uid);
        QCOMPARE(opened.value().databaseUid, m_database->uid());
        QCOMPARE(opened.value().epoch, 1);
        QCOMPARE(opened.value().rowsStored, QList<qint64>({0, 0}));
        // The answer may be lost: asking again makes no second one.
        QCOMPARE(m_store->createScan(scan).value().scanId, u"bench-270115-001"_s);
        QCOMPARE(m_store->createScan(test::newScan()).value().scanId, u"bench-270115-002"_s);
        NewScan nextDay = test::newScan();
        nextDay.startedUs += 86'400'000'000;
        QCOMPARE(m_store->createScan(nextDay).value().scanId, u"bench-270116-001"_s);

        NewScan bare; // texts that were never set are empty ones
        bare.uid = newUid();
        bare.station = u"bench"_s;
        BIRCH_VERIFY(m_store->createScan(bare));

        const auto report = ScanRepository(*m_connection).show(m_session, u"bench-270115-001"_s);
        BIRCH_VERIFY(report);
        QCOMPARE(report.value().tree, scan.tree);
        QCOMPARE(report.value().settings, scan.settings);
        QCOMPARE(report.value().instruments, scan.instruments);
        QCOMPARE(report.value().bench, scan.bench);
        QCOMPARE(report.value().endSettings, QJsonObject());
        QCOMPARE(report.value().planHash, scan.planHash);
        QCOMPARE(report.value().scan.details, scan.details);
        QCOMPARE(report.value().scan.state, ScanState::Running);
        QCOMPARE(report.value().scan.objects.size(), size_t(2));
        QCOMPARE(report.value().scan.objects[0].schema, scan.objects[0]);
    }

    void definitionsAreKeptOnce_data() { test::StoreFixture::addEngines(); }
    void definitionsAreKeptOnce()
    {
        const NewScan scan = test::newScan();
        NewScan other = test::newScan(); // a later version of what extends the same
        other.definitions[0].text += "# more";
        other.definitions[0].version =
            definitionVersion({other.definitions[0].text, other.definitions[1].text});
        other.instruments[u"smu"_s] =
            QJsonObject{{u"version"_s, QString::fromLatin1(other.definitions[0].version)}};
        const auto round = newScanFromJson(newScanToJson(other)); // as the spool brings it
        BIRCH_VERIFY(round);
        QCOMPARE(round.value().definitions, other.definitions);
        for (const NewScan &one : {scan, scan, test::newScan(), round.value()})
            BIRCH_VERIFY(m_store->createScan(one));
        const auto count =
            m_connection->firstRow(u"SELECT count(*) FROM definition_texts"_s).value();
        QCOMPARE(count->first().toInt(), 3);
        for (const NewScan &one : {scan, other}) {
            const auto row =
                m_connection->firstRow(u"SELECT id FROM scans WHERE uid = ?"_s, {uidText(one.uid)});
            const auto kept =
                scanDefinitions(*m_connection, row.value().value().first().toLongLong());
            BIRCH_VERIFY(kept);
            QCOMPARE(kept.value().size(), 1);
            QCOMPARE(kept.value()[0].nickname, u"smu"_s);
            const QList<DefinitionText> texts(kept.value()[0].texts.begin(),
                                              kept.value()[0].texts.end());
            QCOMPARE(texts, one.definitions);
        }
    }

    void settingsAtTheEnd_data() { test::StoreFixture::addEngines(); }
    void settingsAtTheEnd()
    {
        const NewScan scan = test::newScan();
        OpenedScan opened = m_store->createScan(scan).value();
        ScanCommit commit = test::rowsCommit(scan, opened, 0, 10);
        commit.endSettings = {{u"smu"_s, QJsonObject{{u"range"_s, 2e-9}}}};
        BIRCH_VERIFY(m_store->commit(commit));
        opened.rowsStored = commit.rowsAfter;
        BIRCH_VERIFY(m_store->commit(test::rowsCommit(scan, opened, 0, 3))); // leaves them
        const auto report = ScanRepository(*m_connection).show(m_session, opened.scanId);
        BIRCH_VERIFY(report);
        QCOMPARE(report.value().endSettings, commit.endSettings);
        QCOMPARE(report.value().settings, scan.settings);
    }

    /// Two stations begin the first scans of one new project at the same time.
    void aNewProjectIsMadeOnce_data() { test::StoreFixture::addEngines(); }
    void aNewProjectIsMadeOnce()
    {
        constexpr int kStations = 4;
        std::vector<std::future<QString>> scans;
        for (int i = 0; i < kStations; ++i)
            scans.push_back(std::async(std::launch::async, [this, i]() -> QString {
                const QString station = u"station%1"_s.arg(i);
                auto store = SqlRunStore::open(*m_database, u"ada"_s, station);
                NewScan scan = test::newScan();
                scan.station = station;
                scan.details.sampleUid.clear();
                scan.details.project = u"Quantum wells"_s;
                const auto opened = store.value()->createScan(scan);
                return opened ? QString() : opened.error().message;
            }));
        for (auto &scan : scans)
            QCOMPARE(scan.get(), QString());
        const auto count = m_connection->firstRow(
            u"SELECT COUNT(*), (SELECT COUNT(DISTINCT project_id) FROM scans) FROM projects "
            "WHERE name = 'Quantum wells'"_s);
        QCOMPARE(count.value()->at(0).toInt(), 1);
        QCOMPARE(count.value()->at(1).toInt(), 1);
    }

    /// Its points come before its paperwork; a scan that begins now can still be mended.
    void aProjectInTheTrash_data() { test::StoreFixture::addEngines(); }
    void aProjectInTheTrash()
    {
        NewScan scan = test::newScan();
        scan.details.sampleUid.clear();
        scan.details.project = u"Old"_s;
        BIRCH_VERIFY(m_store->createScan(scan));
        BIRCH_VERIFY(
            m_connection->execute(u"UPDATE projects SET trashed_at = 1 WHERE name = 'Old'"_s, {}));
        scan.uid = newUid();
        const auto refused = m_store->createScan(scan);
        QVERIFY(!refused && refused.error().message.contains(u"restore"_s));
        scan.isLate = true;
        const auto late = m_store->createScan(scan);
        BIRCH_VERIFY(late);
        const auto report = ScanRepository(*m_connection).show(m_session, late.value().scanId);
        QCOMPARE(report.value().scan.details.project, QString());
        QVERIFY(report.value().log.last().message.contains(u"Old"_s));
    }

    void unknownSampleIsRefusedWhole_data() { test::StoreFixture::addEngines(); }
    void unknownSampleIsRefusedWhole()
    {
        NewScan scan = test::newScan();
        scan.details.sampleUid = uidText(newUid());
        QCOMPARE(m_store->createScan(scan).error().code, ErrorCode::NotFound);
        scan.details.sampleUid.clear();
        QCOMPARE(m_store->createScan(scan).value().scanId, u"bench-270115-001"_s);
    }

    void rowsComeBackBitExact_data() { test::StoreFixture::addEngines(); }
    void rowsComeBackBitExact()
    {
        const NewScan scan = test::newScan();
        OpenedScan opened = m_store->createScan(scan).value();
        for (const qint64 rows : {1, 9, 30, 1, 1, 1, 500}) {
            BIRCH_VERIFY(m_store->commit(test::rowsCommit(scan, opened, 0, rows)));
            opened.rowsStored[0] += rows;
            BIRCH_VERIFY(m_store->commit(test::rowsCommit(scan, opened, 1, 2)));
            opened.rowsStored[1] += 2;
        }
        const auto record = ScanRepository(*m_connection).find(m_session, opened.scanId);
        BIRCH_VERIFY(record);
        QCOMPARE(record.value().points, 543 + 14);
        ChunkReader reader(*m_connection);
        const StoredObject &object = *record.value().object(u"all"_s);
        QCOMPARE(object.rowsStored, 543);
        const auto whole = reader.readAll(object, 0, 1'000'000);
        BIRCH_VERIFY(whole);
        QVERIFY(whole.value() == test::rowsOf(scan.objects[0], 0, 543));
        for (const auto &[from, to] : {std::pair(0, 1), std::pair(9, 11), std::pair(38, 45),
                                       std::pair(500, 543), std::pair(7, 7)}) {
            const auto part = reader.readAll(object, from, to);
            BIRCH_VERIFY(part);
            QVERIFY2(part.value() == test::rowsOf(scan.objects[0], from, to),
                     qPrintable(u"rows %1 to %2"_s.arg(from).arg(to)));
        }
    }

    void onlyTheChunksNeededAreRead_data() { test::StoreFixture::addEngines(); }
    void onlyTheChunksNeededAreRead()
    {
        const NewScan scan = test::newScan();
        OpenedScan opened = m_store->createScan(scan).value();
        for (int i = 0; i < 4; ++i) {
            BIRCH_VERIFY(m_store->commit(test::rowsCommit(scan, opened, 1, 10'000)));
            opened.rowsStored[1] += 10'000;
        }
        const auto record = ScanRepository(*m_connection).find(m_session, opened.scanId);
        const StoredObject &object = *record.value().object(u"plain"_s);
        ChunkReader reader(*m_connection);
        BIRCH_VERIFY(reader.read(object, 0, 25'000, 25'010));
        QCOMPARE(reader.chunksRead(), 1);
        BIRCH_VERIFY(reader.read(object, 0, 19'990, 20'010));
        QCOMPARE(reader.chunksRead(), 3);
    }

    void smallChunksAreMerged_data() { test::StoreFixture::addEngines(); }
    void smallChunksAreMerged()
    {
        const NewScan scan = test::newScan();
        OpenedScan opened = m_store->createScan(scan).value();
        for (int i = 0; i < 300; ++i) {
            BIRCH_VERIFY(m_store->commit(test::rowsCommit(scan, opened, 0, 1)));
            ++opened.rowsStored[0];
        }
        const auto count =
            m_connection->firstRow(u"SELECT count(*) FROM data_chunks WHERE column_index = 3"_s);
        QVERIFY2(count.value()->first().toInt() <= 30,
                 qPrintable(count.value()->first().toString()));
        const auto record = ScanRepository(*m_connection).find(m_session, opened.scanId);
        const auto rows =
            ChunkReader(*m_connection).readAll(*record.value().object(u"all"_s), 0, 300);
        BIRCH_VERIFY(rows);
        QVERIFY(rows.value() == test::rowsOf(scan.objects[0], 0, 300));
    }

    /// As after a restart: nothing is remembered of what lies there.
    void manyChunksInOneCommitStayInOrder_data() { test::StoreFixture::addEngines(); }
    void manyChunksInOneCommitStayInOrder()
    {
        const NewScan scan = test::newScan();
        OpenedScan opened = m_store->createScan(scan).value();
        for (int commits = 0; commits < 3; ++commits) {
            ScanCommit whole = test::rowsCommit(scan, opened, 0, 1);
            for (int i = 1; i < 20; ++i) {
                OpenedScan grown = opened;
                grown.rowsStored = whole.rowsAfter;
                const ScanCommit more = test::rowsCommit(scan, grown, 0, 1 + i % 3);
                whole.chunks.insert(whole.chunks.end(), more.chunks.begin(), more.chunks.end());
                whole.rowsAfter = more.rowsAfter;
            }
            BIRCH_VERIFY(m_store->commit(whole));
            opened.rowsStored = whole.rowsAfter;
            m_store = SqlRunStore::open(*m_database, u"ada"_s, u"bench"_s).value();
        }
        const auto record = ScanRepository(*m_connection).find(m_session, opened.scanId);
        const qint64 count = opened.rowsStored[0];
        const auto rows =
            ChunkReader(*m_connection).readAll(*record.value().object(u"all"_s), 0, count);
        BIRCH_VERIFY(rows);
        QVERIFY(rows.value() == test::rowsOf(scan.objects[0], 0, count));
    }

    void foreignCommitsAreRefusedWhole_data() { test::StoreFixture::addEngines(); }
    void foreignCommitsAreRefusedWhole()
    {
        const NewScan scan = test::newScan();
        OpenedScan opened = m_store->createScan(scan).value();
        BIRCH_VERIFY(m_store->commit(test::rowsCommit(scan, opened, 0, 10)));
        opened.rowsStored[0] = 10;
        const QStringList before = dump();

        ScanCommit stale = test::rowsCommit(scan, opened, 0, 5);
        stale.epoch = 2;
        stale.log = {{1, u"info"_s, u"must not stay"_s}};
        QCOMPARE(m_store->commit(stale).error().code, ErrorCode::Conflict);

        OpenedScan wrong = opened;
        wrong.rowsStored[0] = 8;
        QCOMPARE(m_store->commit(test::rowsCommit(scan, wrong, 0, 5)).error().code,
                 ErrorCode::Conflict);
        wrong.rowsStored[0] = 12;
        QCOMPARE(m_store->commit(test::rowsCommit(scan, wrong, 0, 5)).error().code,
                 ErrorCode::Conflict);

        ScanCommit holes = test::rowsCommit(scan, opened, 0, 5);
        holes.chunks.pop_back();
        QCOMPARE(m_store->commit(holes).error().code, ErrorCode::Internal);

        // The rows of the second object fail after those of the first were taken.
        ScanCommit half = test::rowsCommit(scan, opened, 0, 5);
        ScanCommit second = test::rowsCommit(scan, opened, 1, 5);
        half.chunks.insert(half.chunks.end(), second.chunks.begin(), second.chunks.end());
        half.rowsBefore[1] = 1;
        half.rowsAfter[1] = 6;
        for (Chunk &chunk : half.chunks)
            chunk.firstRow += chunk.object == 1 ? 1 : 0;
        QCOMPARE(m_store->commit(half).error().code, ErrorCode::Conflict);

        ScanCommit backwards = test::rowsCommit(scan, opened, 0, 5);
        backwards.state = ScanState::Queued;
        QCOMPARE(m_store->commit(backwards).error().code, ErrorCode::Conflict);
        QCOMPARE(dump(), before);
        BIRCH_VERIFY(m_store->commit(test::rowsCommit(scan, opened, 0, 5)));
    }

    void aRepeatedCommitIsStoredOnce_data() { test::StoreFixture::addEngines(); }
    void aRepeatedCommitIsStoredOnce()
    {
        const NewScan scan = test::newScan();
        const OpenedScan opened = m_store->createScan(scan).value();
        ScanCommit commit = test::rowsCommit(scan, opened, 0, 10);
        commit.log = {{5, u"info"_s, u"a\nb"_s}, {6, u"warning"_s, u"c"_s}};
        commit.cursor = {{u"step"_s, 3}};
        BIRCH_VERIFY(m_store->commit(commit));
        const QStringList before = dump();
        BIRCH_VERIFY(m_store->commit(commit));
        QCOMPARE(dump(), before);
        const auto report = ScanRepository(*m_connection).show(m_session, opened.scanId);
        QCOMPARE(report.value().log.size(), 2);
        QCOMPARE(report.value().log[0].message, u"a\nb"_s);
        QCOMPARE(report.value().cursor, commit.cursor);
    }

    void timesOfEachRun_data() { test::StoreFixture::addEngines(); }
    void timesOfEachRun()
    {
        const NewScan scan = test::newScan();
        OpenedScan opened = m_store->createScan(scan).value();
        const QUuid node = QUuid::createUuid();
        ScanTiming timing{100,
                          {{{}, node, u"smu.iv"_s, TimePart::Read, 3, 60, 30},
                           {{}, {}, {}, TimePart::Overhead, 1, 40, 40}}};
        ScanCommit commit = test::rowsCommit(scan, opened, 0, 10);
        commit.timing = timing;
        BIRCH_VERIFY(m_store->commit(commit));
        BIRCH_VERIFY(m_store->commit(commit)); // its answer was lost
        opened.rowsStored = commit.rowsAfter;
        commit = test::rowsCommit(scan, opened, 0, 5);
        timing.wallNs = 200;
        timing.entries[0].ns = 150;
        timing.entries.append({u"0.1"_s, node, u"smu.bias"_s, TimePart::Move, 2, 7, 4});
        commit.timing = timing;
        commit.state = ScanState::Interrupted;
        BIRCH_VERIFY(m_store->commit(commit));
        opened = m_store->continueScan(scan.uid).value();
        const ScanTiming second{9, {{{}, {}, {}, TimePart::Wait, 1, 9, 9}}};
        commit = test::rowsCommit(scan, opened, 0, 1);
        commit.timing = second;
        BIRCH_VERIFY(m_store->commit(commit));
        const auto report = ScanRepository(*m_connection).show(m_session, opened.scanId).value();
        QCOMPARE(report.timings.size(), 2);
        QCOMPARE(report.timings[0].epoch, 1);
        QCOMPARE(report.timings[0].timing, timing);
        QCOMPARE(report.timings[1].epoch, 2);
        QCOMPARE(report.timings[1].timing, second);
    }

    void interruptedScansContinueOnce_data() { test::StoreFixture::addEngines(); }
    void interruptedScansContinueOnce()
    {
        const NewScan scan = test::newScan();
        OpenedScan opened = m_store->createScan(scan).value();
        QCOMPARE(m_store->continueScan(scan.uid).error().code, ErrorCode::Conflict);
        ScanCommit last = test::rowsCommit(scan, opened, 0, 10);
        last.state = ScanState::Interrupted;
        last.reason = u"The program died"_s;
        last.cursor = {{u"step"_s, 10}};
        BIRCH_VERIFY(m_store->commit(last));
        QCOMPARE(ScanRepository(*m_connection).interrupted(m_session).value().size(), 1);

        auto other = SqlRunStore::open(*m_database, u"bob"_s, u"other"_s).value();
        opened = other->continueScan(scan.uid).value();
        QCOMPARE(opened.epoch, 2);
        QCOMPARE(opened.state, ScanState::Running);
        QCOMPARE(opened.cursor, last.cursor);
        QCOMPARE(opened.rowsStored, QList<qint64>({10, 0}));
        QCOMPARE(opened.scanId, u"bench-270115-001"_s);
        QCOMPARE(m_store->continueScan(scan.uid).error().code, ErrorCode::Conflict);
        last.rowsBefore = last.rowsAfter; // the first owner comes back to life
        last.chunks.clear();
        QCOMPARE(m_store->commit(last).error().code, ErrorCode::Conflict);

        ScanCommit end = test::rowsCommit(scan, opened, 0, 5);
        end.state = ScanState::Completed;
        end.endedUs = scan.startedUs + 1'500'000;
        end.log = {{7, u"info"_s, u"second life"_s}};
        BIRCH_VERIFY(other->commit(end));
        BIRCH_VERIFY(other->commit(end)); // its answer was lost
        const auto report = ScanRepository(*m_connection).show(m_session, opened.scanId).value();
        QCOMPARE(report.scan.state, ScanState::Completed);
        QCOMPARE(report.scan.reason, QString());
        QCOMPARE(report.scan.endedUs, end.endedUs);
        QCOMPARE(report.log.size(), 1);
        opened.rowsStored[0] += 5;
        QCOMPARE(other->commit(test::rowsCommit(scan, opened, 0, 1)).error().code,
                 ErrorCode::Conflict);
        QCOMPARE(m_store->openForRecovery(newUid()).error().code, ErrorCode::NotFound);
    }

    void aServerThatWentAwayLosesNothing_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::newRow("PostgreSQL") << true;
    }
    void aServerThatWentAwayLosesNothing()
    {
        const NewScan scan = test::newScan();
        const OpenedScan opened = m_store->createScan(scan).value();
        const ScanCommit commit = test::rowsCommit(scan, opened, 0, 10);
        QVERIFY(m_fixture.server()->stop());
        QCOMPARE(m_store->commit(commit).error().code, ErrorCode::NotConnected);
        QCOMPARE(m_store->commit(commit).error().code, ErrorCode::NotConnected);
        QCOMPARE(SqlRunStore::open(*m_database, u"ada"_s, u"bench"_s).error().code,
                 ErrorCode::NotConnected);
        QString problem;
        QVERIFY2(m_fixture.server()->restart(&problem), qPrintable(problem));
        m_connection = m_database->connect().value();
        auto again = SqlRunStore::open(*m_database, u"ada"_s, u"bench"_s);
        BIRCH_VERIFY(again);
        BIRCH_VERIFY(again.value()->commit(commit));
        QCOMPARE(again.value()->openForRecovery(scan.uid).value().rowsStored, commit.rowsAfter);
        const auto record = ScanRepository(*m_connection).find(m_session, opened.scanId);
        const auto rows =
            ChunkReader(*m_connection).readAll(*record.value().object(u"all"_s), 0, 10);
        BIRCH_VERIFY(rows);
        QVERIFY(rows.value() == test::rowsOf(scan.objects[0], 0, 10));
    }

    void queues_data() { test::StoreFixture::addEngines(); }
    void queues()
    {
        const QUuid queue = m_store->createQueue(u"Night"_s, u"serial"_s).value();
        QCOMPARE(m_store->setQueueState(queue, QueueState::Paused).error().code,
                 ErrorCode::Conflict);
        BIRCH_VERIFY(m_store->setQueueState(queue, QueueState::Running));
        BIRCH_VERIFY(m_store->setQueueState(queue, QueueState::Running));
        NewScan scan = test::newScan();
        scan.queueUid = queue;
        BIRCH_VERIFY(m_store->createScan(scan));
        QCOMPARE(ScanRepository(*m_connection).find(m_session, uidText(scan.uid)).value().queueUid,
                 queue);
    }

    void viewersMayNotWrite_data() { test::StoreFixture::addEngines(); }
    void viewersMayNotWrite()
    {
        BIRCH_VERIFY(m_connection->execute(u"UPDATE users SET role = 'viewer'"_s));
        QFETCH(bool, isPostgres);
        if (isPostgres) // the logged-in role is "birch"; there the users table names it
            BIRCH_VERIFY(m_connection->execute(u"UPDATE users SET username = 'birch'"_s));
        auto viewer = SqlRunStore::open(*m_database, u"ada"_s, u"bench"_s).value();
        QCOMPARE(viewer->createScan(test::newScan()).error().code, ErrorCode::Denied);
        QCOMPARE(viewer->createQueue(u"x"_s, u"serial"_s).error().code, ErrorCode::Denied);
        QCOMPARE(viewer->commit({}).error().code, ErrorCode::Denied);
        const NewScan scan = test::newScan();
        BIRCH_VERIFY(m_store->createScan(scan));
        QCOMPARE(ScanRepository(*m_connection)
                     .setTrashed(viewer->session(), scan.uid, true)
                     .error()
                     .code,
                 ErrorCode::Denied);
    }

    void idsOfFourProcessesAreUnique_data() { test::StoreFixture::addEngines(); }
    void idsOfFourProcessesAreUnique()
    {
        std::vector<std::unique_ptr<QProcess>> writers;
        for (int i = 0; i < 4; ++i) {
            auto writer = std::make_unique<QProcess>();
            writer->setProcessChannelMode(QProcess::ForwardedErrorChannel);
            writer->start(QCoreApplication::applicationFilePath(),
                          {u"--create"_s, m_database->url().text()});
            writers.push_back(std::move(writer));
        }
        QSet<QString> ids;
        for (auto &writer : writers) {
            QVERIFY(writer->waitForFinished(60'000));
            QCOMPARE(writer->exitCode(), 0);
            for (const QByteArray &line : writer->readAllStandardOutput().split('\n'))
                ids.insert(QString::fromUtf8(line));
        }
        ids.remove(QString());
        QCOMPARE(ids.size(), 100);
        QVERIFY(ids.contains(u"shared-270115-001"_s));
        QVERIFY(ids.contains(u"shared-270115-100"_s));
    }

public:
    /// A writer of idsOfFourProcessesAreUnique().
    static int create(const QString &url)
    {
        const auto database = Database::open(DatabaseUrl::parse(url).value(), u"ada"_s);
        if (!database)
            qFatal("%s", qPrintable(database.error().message));
        const auto store = SqlRunStore::open(*database.value(), u"ada"_s, u"shared"_s);
        if (!store)
            qFatal("%s", qPrintable(store.error().message));
        for (int i = 0; i < 25; ++i) {
            const auto opened = store.value()->createScan(test::newScan(u"shared"_s));
            if (!opened)
                qFatal("%s", qPrintable(opened.error().message));
            printf("%s\n", qPrintable(opened.value().scanId));
        }
        return 0;
    }

private:
    /// Everything a commit may change, as text.
    QStringList dump()
    {
        QStringList lines;
        const QString hex =
            m_connection->dialect().isPostgres() ? u"encode(payload, 'hex')"_s : u"hex(payload)"_s;
        for (const QString &sql :
             {u"SELECT id, epoch, state, points, position_cursor, ended_at, reason FROM scans"_s,
              u"SELECT id, rows_stored FROM measurement_objects"_s,
              u"SELECT scan_id, sequence, message FROM scan_logs"_s,
              u"SELECT measurement_object_id, column_index, first_row, row_count, "_s + hex +
                  u" FROM data_chunks"_s}) {
            const int columns = int(sql.section(u" FROM"_s, 0, 0).count(u", "_s)) + 1 -
                                (sql.contains(u"'hex'"_s) ? 1 : 0); // a comma inside encode()
            const Status done = m_connection->select(sql, {}, [&lines, columns](const SqlRow &row) {
                QStringList cells;
                for (int i = 0; i < columns; ++i)
                    cells << row.text(i);
                lines << cells.join(u'|');
            });
            if (!done)
                lines << done.error().message;
        }
        lines.sort();
        return lines;
    }

    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<SqlRunStore> m_store;
    std::unique_ptr<Connection> m_connection;
    Session m_session;
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 3 && arguments[1] == u"--create"_s)
        return RunStoreTest::create(arguments[2]);
    RunStoreTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_run_store.moc"
