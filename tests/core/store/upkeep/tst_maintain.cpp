#include "core/store/upkeep/maintain.h"

#include "core/store/chunk_reader.h"
#include "core/store/database_stats.h"
#include "core/store/entity/trash.h"
#include "core/store/integrity/integrity_run.h"
#include "core/store/scan_repository.h"
#include "core/store/upkeep/reset.h"
#include "core/store/upkeep/restore.h"
#include "core/store/upkeep/slow_statements.h"
#include "core/store/upkeep/table_sizes.h"
#include "tests/core/store/upkeep/filled_database.h"

#include <QFileInfo>

using namespace birch;
using namespace Qt::StringLiterals;

class MaintainTest : public QObject
{
    Q_OBJECT
private slots:
    void smallChunksAreJoined_data() { test::StoreFixture::addEngines(); }
    void smallChunksAreJoined()
    {
        QFETCH(bool, isPostgres);
        auto database = m_fixture.newDatabase(isPostgres);
        const NewScan scan = test::newScan();
        const auto store = SqlRunStore::open(*database, u"ada"_s, u"bench"_s);
        OpenedScan opened = store.value()->createScan(scan).value();
        for (int i = 0; i < 13; ++i) {
            BIRCH_VERIFY(store.value()->commit(test::rowsCommit(scan, opened, 0, 20)));
            opened.rowsStored[0] += 20;
        }
        auto connection = database->connect().value();
        const qint64 running = chunks(*connection);
        QCOMPARE(running, 13 * 5);
        QCOMPARE(mergeSmallChunks(*connection).value(), 0); // it can still grow
        BIRCH_VERIFY(connection->execute(u"UPDATE scans SET state = 'completed'"_s));
        QCOMPARE(mergeSmallChunks(*connection).value(), 12 * 5);
        QCOMPARE(chunks(*connection), 5);
        QCOMPARE(mergeSmallChunks(*connection).value(), 0);
        const Session session = openSession(*connection, u"ada"_s).value();
        const auto record = ScanRepository(*connection).find(session, opened.scanId);
        const StoredObject &object = *record.value().object(u"all"_s);
        const auto whole = ChunkReader(*connection).readAll(object, 0, 1000);
        BIRCH_VERIFY(whole);
        QVERIFY(whole.value() == test::rowsOf(scan.objects[0], 0, 260));
    }

    void trashAndSpace_data() { test::StoreFixture::addEngines(); }
    void trashAndSpace()
    {
        QFETCH(bool, isPostgres);
        auto database = m_fixture.newDatabase(isPostgres);
        const QString old = test::addScan(*database, 40'000);
        const QString recent = test::addScan(*database, 10);
        auto connection = database->connect().value();
        const Session session = openSession(*connection, u"ada"_s).value();
        BIRCH_VERIFY(Trash(*connection).trash(session, u"scans"_s, old));
        BIRCH_VERIFY(connection->execute(
            u"UPDATE scans SET trashed_at = trashed_at - 86400000000 * 31 WHERE scan_id = ?"_s,
            {old}));
        BIRCH_VERIFY(Trash(*connection).trash(session, u"scans"_s, recent));
        const MaintainOptions options{u"ada"_s, std::chrono::hours(24 * 30)};
        if (!isPostgres) { // held open: everything but the vacuum
            const auto beside = maintainDatabase(test::opened(database->url()), options);
            BIRCH_VERIFY(beside);
            QVERIFY(!beside.value().isVacuumed);
            QVERIFY2(beside.value().notes.join(u' ').contains(u"pid"_s),
                     qPrintable(beside.value().notes.join(u' ')));
            QVERIFY(beside.value().purged > 0);
        }
        const DatabaseUrl url = database->url();
        connection.reset();
        database.reset();
        const auto done = maintainDatabase(test::opened(url), options);
        BIRCH_VERIFY(done);
        QVERIFY(done.value().isVacuumed);
        QCOMPARE(done.value().purged > 0, isPostgres);
        if (!isPostgres)
            QVERIFY(done.value().bytesAfter < done.value().bytesBefore);
        const auto left = Connection::open(url).value()->firstRow(u"SELECT scan_id FROM scans"_s);
        QCOMPARE(left.value()->first().toString(), recent);
    }

    void onlyAdministratorsMay()
    {
        const auto database = m_fixture.newDatabase(false);
        const auto refused =
            maintainDatabase(test::opened(database->url()), {u"eve"_s, std::chrono::hours(1)});
        QCOMPARE(refused.error().code, ErrorCode::Denied);
    }

    void resetKeepsABackup_data() { test::StoreFixture::addEngines(); }
    void resetKeepsABackup()
    {
        QFETCH(bool, isPostgres);
        auto database = m_fixture.newDatabase(isPostgres);
        test::fillEverything(*database);
        const DatabaseUrl url = database->url();
        const QUuid uid = database->uid();
        const QString file = m_fixture.path(u"before%1"_s.arg(isPostgres));
        auto held = database->connect().value();
        QCOMPARE(resetDatabase(test::opened(url), u"ada"_s, file).error().code,
                 ErrorCode::Conflict);
        QVERIFY(!QFile::exists(file));
        held.reset();
        database.reset();
        const auto before = test::contents(url);
        // Without its backup nothing goes.
        QVERIFY(!resetDatabase(test::opened(url), u"ada"_s, u"/proc/nowhere/x"_s));
        QCOMPARE(test::contents(url), before);
        BIRCH_VERIFY(resetDatabase(test::opened(url), u"ada"_s, file));
        const auto after = test::contents(url);
        QCOMPARE(after[u"scans"_s].rows(), 0);
        QCOMPARE(after[u"samples"_s].rows(), 0);
        QCOMPARE(after[u"labs"_s].rows(), 1);
        {
            const auto again = Database::open(url, u"ada"_s);
            BIRCH_VERIFY(again);
            QVERIFY(again.value()->uid() != uid);
            test::addScan(*again.value(), 5);
            const auto connection = again.value()->connect().value();
            QCOMPARE(openSession(*connection, u"ada"_s).value().role, Role::Admin);
        }
        BIRCH_VERIFY(restoreDatabase(url, file, {.mayReplace = true, .userName = u"ada"_s}));
        QCOMPARE(test::contents(url), before);
    }

    void sizesOfTables_data() { test::StoreFixture::addEngines(); }
    void sizesOfTables()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        test::addScan(*database, 50'000);
        const auto connection = database->connect().value();
        const auto sizes = tableSizes(*connection);
        BIRCH_VERIFY(sizes);
        QVERIFY(sizes.value()[u"data_chunks"_s] > 200'000);
        QVERIFY(sizes.value()[u"data_chunks"_s] > 10 * sizes.value()[u"labs"_s]);
        QVERIFY(!sizes.value().contains(u"data_chunks_00"_s));
        QVERIFY(sizes.value()[u"samples"_s] > 0);
        qint64 sum = 0;
        for (const qint64 bytes : sizes.value())
            sum += bytes;
        const qint64 whole = databaseStats(*connection).value()[u"bytes"].toInteger();
        QVERIFY2(sum <= whole && sum > whole / 4, qPrintable(u"%1 of %2"_s.arg(sum).arg(whole)));
    }

    void slowStatementsAreNoted()
    {
        const QString file = m_fixture.path(u"deep/slow.jsonl"_s);
        for (int i = 0; i < 3000; ++i)
            noteSlowStatement(file, {u"SELECT %1"_s.arg(i % 700) + QString(60, u'x'), i, 1});
        QVERIFY(QFileInfo(file).size() < 200'000);
        noteSlowStatement(u"/proc/nowhere/x"_s, {u"SELECT"_s, 1, 1}); // lost, not fatal

        const auto database = m_fixture.newDatabase(false);
        const auto connection = database->connect().value();
        const QString slow = u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                             "WHERE i < 3000000) SELECT count(*) FROM n"_s;
        BIRCH_VERIFY(connection->firstRow(slow));
        const auto noted = slowestStatements(*connection, database->url());
        BIRCH_VERIFY(noted);
        QCOMPARE(noted.value().size(), 1);
        QCOMPARE(noted.value().first().sql, slow);
        QVERIFY(noted.value().first().ms >= 200);
    }

    void detailsOfOldEventsGo_data() { test::StoreFixture::addEngines(); }
    void detailsOfOldEventsGo()
    {
        QFETCH(bool, isPostgres);
        auto database = m_fixture.newDatabase(isPostgres);
        test::fillEverything(*database);
        const DatabaseUrl url = database->url();
        const auto details = [&url] {
            return Connection::open(url)
                .value()
                ->firstRow(u"SELECT count(*) FROM event_log WHERE changes IS NOT NULL AND "
                           "kind <> 'event_log'"_s)
                .value()
                ->first()
                .toLongLong();
        };
        database.reset();
        const qint64 before = details();
        QVERIFY(before > 0);
        MaintainOptions options{u"ada"_s, std::chrono::hours(24)};
        options.eventRetention = std::chrono::hours(1);
        QCOMPARE(maintainDatabase(test::opened(url), options).value().purgedEvents, 0);
        options.eventRetention = std::chrono::microseconds(-1); // all of them
        QCOMPARE(maintainDatabase(test::opened(url), options).value().purgedEvents, before);
        QCOMPARE(details(), 0);
        const auto report =
            checkIntegrity(*Connection::open(url).value(), {.checks = {u"events"_s}});
        BIRCH_VERIFY(report);
        QVERIFY(report.value().isSound());
    }

private:
    static qint64 chunks(Connection &connection)
    {
        return connection.firstRow(u"SELECT count(*) FROM data_chunks"_s)
            .value()
            ->first()
            .toLongLong();
    }

    test::StoreFixture m_fixture;
};

QTEST_GUILESS_MAIN(MaintainTest)
#include "tst_maintain.moc"
