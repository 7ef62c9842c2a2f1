#include "core/store/queue_claims.h"

#include "core/store/queue_repository.h"
#include "core/store/scan_repository.h"
#include "core/store/sql_run_store.h"
#include "core/store/store_time.h"
#include "tests/core/store/scan_fixture.h"
#include "tests/core/store/store_fixture.h"

using namespace birch;
using namespace Qt::StringLiterals;

/// How stations share a queue: who gets what, what becomes of it, and who is refused.
class QueueClaimsTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_store.reset();
        m_connection.reset();
        m_database.reset();
    }

    void handsOutInOrder_data() { test::StoreFixture::addEngines(); }
    void handsOutInOrder()
    {
        open();
        NewQueueItem closed = item(u"closed"_s);
        closed.isReady = false;
        NewQueueItem later = item(u"later"_s);
        later.notBefore = nowUs() + 3'600'000'000;
        add({item(u"a"_s), closed, later, item(u"urgent"_s, 5), item(u"b"_s), item(u"c"_s)});
        QueueItemRepository items(*m_connection);
        BIRCH_VERIFY(items.move(m_session, m_uids[5], 0)); // c first of its priority
        BIRCH_VERIFY(items.runNow(m_session, m_uids[2]));  // later, now
        QueueClaims claims(*m_connection);
        QStringList names;
        while (true) {
            const auto claim = claims.claim(m_session, m_rig);
            BIRCH_VERIFY(claim);
            if (!claim.value())
                break;
            names << claim.value()->item.asked.name;
        }
        QCOMPARE(names.join(u' '), u"later urgent c a b"_s);
        // The gate opens.
        QueueItemEdit edit;
        edit.isReady = true;
        BIRCH_VERIFY(items.edit(m_session, m_uids[1], edit, revisionOf(m_uids[1])));
        const auto opened = claims.claim(m_session, m_rig);
        BIRCH_VERIFY(opened);
        QCOMPARE(opened.value()->item.asked.name, u"closed"_s);
    }

    void onlyRunningQueues_data() { test::StoreFixture::addEngines(); }
    void onlyRunningQueues()
    {
        open();
        add({item(u"a"_s)});
        QueueRepository queues(*m_connection);
        BIRCH_VERIFY(queues.setState(m_session, m_queue, QueueState::Paused));
        QueueClaims claims(*m_connection);
        const auto none = claims.claim(m_session, m_rig);
        BIRCH_VERIFY(none);
        QVERIFY(!none.value());
        BIRCH_VERIFY(queues.setState(m_session, m_queue, QueueState::Running));
        const auto one = claims.claim(m_session, m_rig);
        BIRCH_VERIFY(one);
        QVERIFY(one.value());
        BIRCH_VERIFY(queues.settleState(m_session, m_queue)); // somebody runs one
        QCOMPARE(stateOfQueue(), QueueState::Running);
        BIRCH_VERIFY(claims.giveBack(m_session, *one.value()));
        BIRCH_VERIFY(queues.settleState(m_session, m_queue));
        QCOMPARE(stateOfQueue(), QueueState::Idle);
    }

    void itemEndsWithItsScan_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<int>("policy");
        QTest::addColumn<int>("repeats");
        QTest::addColumn<QString>("endings"); // of its scans, in order
        QTest::addColumn<QString>("states");  // of the item after each
        for (const bool isPostgres : {false, true}) {
            const auto row = [isPostgres](const char *name, FailedScan policy, int repeats,
                                          const char16_t *endings, const char16_t *states) {
                QTest::addRow("%s, %s", name, isPostgres ? "PostgreSQL" : "SQLite")
                    << isPostgres << int(policy) << repeats << QString::fromUtf16(endings)
                    << QString::fromUtf16(states);
            };
            row("completed", FailedScan::Continue, 1, u"completed", u"completed");
            row("three times", FailedScan::Continue, 3, u"completed completed completed",
                u"queued queued completed");
            row("failed", FailedScan::Continue, 3, u"failed", u"failed");
            row("retried", FailedScan::Retry, 1, u"failed completed", u"queued completed");
            row("failed twice", FailedScan::Retry, 1, u"failed failed", u"queued failed");
            row("aborted", FailedScan::Retry, 3, u"aborted", u"aborted");
        }
    }
    void itemEndsWithItsScan()
    {
        QFETCH(int, policy);
        QFETCH(int, repeats);
        QFETCH(QString, endings);
        QFETCH(QString, states);
        open();
        BIRCH_VERIFY(QueueRepository(*m_connection)
                         .setSettings(m_session, m_queue, {FailedScan(policy), 1}));
        NewQueueItem asked = item(u"a"_s);
        asked.repeats = repeats;
        add({asked});
        QStringList seen;
        for (const QString &ending : endings.split(u' ')) {
            const auto claim = QueueClaims(*m_connection).claim(m_session, m_rig);
            BIRCH_VERIFY(claim);
            QVERIFY(claim.value());
            const NewScan scan = begin(*claim.value());
            QVERIFY(!scan.uid.isNull());
            BIRCH_VERIFY(end(scan, *scanStateFromName(ending)));
            seen << queueItemStateName(stored(m_uids[0]).state);
        }
        QCOMPARE(seen.join(u' '), states);
        const auto none = QueueClaims(*m_connection).claim(m_session, m_rig);
        BIRCH_VERIFY(none);
        QVERIFY(!none.value());
    }

    void failureStopsTheQueue_data() { test::StoreFixture::addEngines(); }
    void failureStopsTheQueue()
    {
        open();
        BIRCH_VERIFY(
            QueueRepository(*m_connection).setSettings(m_session, m_queue, {FailedScan::Stop, 1}));
        add({item(u"a"_s), item(u"b"_s)});
        const auto claim = QueueClaims(*m_connection).claim(m_session, m_rig);
        BIRCH_VERIFY(claim);
        BIRCH_VERIFY(end(begin(*claim.value()), ScanState::Failed));
        QCOMPARE(stateOfQueue(), QueueState::Stopping);
        const auto none = QueueClaims(*m_connection).claim(m_session, m_rig);
        BIRCH_VERIFY(none);
        QVERIFY(!none.value());
        QCOMPARE(stored(m_uids[1]).state, QueueItemState::Queued);
    }

    /// What people change takes back a claim that has not begun, and whoever had it is refused.
    void changeTakesAClaimBack_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<QString>("change");
        for (const bool isPostgres : {false, true}) {
            for (const char *change : {"edit", "remove", "now"})
                QTest::addRow("%s, %s", change, isPostgres ? "PostgreSQL" : "SQLite")
                    << isPostgres << QString::fromLatin1(change);
        }
    }
    void changeTakesAClaimBack()
    {
        QFETCH(QString, change);
        open();
        add({item(u"a"_s)});
        QueueClaims claims(*m_connection);
        const auto claim = claims.claim(m_session, m_rig);
        BIRCH_VERIFY(claim);
        QueueItemRepository items(*m_connection);
        if (change == u"edit") {
            QueueItemEdit edit;
            edit.tree = QJsonObject{{u"kind"_s, u"sequence"_s}, {u"n"_s, 2}};
            BIRCH_VERIFY(items.edit(m_session, m_uids[0], edit, revisionOf(m_uids[0])));
        } else if (change == u"remove") {
            BIRCH_VERIFY(items.remove(m_session, m_uids[0]));
        } else {
            BIRCH_VERIFY(items.runNow(m_session, m_uids[0]));
        }
        const auto lost = claims.beat(m_session, m_rig, {*claim.value()});
        BIRCH_VERIFY(lost);
        QCOMPARE(lost.value(), QList<QUuid>{m_uids[0]});
        const auto refused = m_store->createScan(newScan(*claim.value()));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        const auto scans = m_connection->firstRow(u"SELECT count(*) FROM scans"_s);
        BIRCH_VERIFY(scans);
        QCOMPARE(scans.value()->first().toInt(), 0); // nothing of it is left
    }

    void begunIsLeftAlone_data() { test::StoreFixture::addEngines(); }
    void begunIsLeftAlone()
    {
        open();
        add({item(u"a"_s), item(u"b"_s)});
        const auto claim = QueueClaims(*m_connection).claim(m_session, m_rig);
        BIRCH_VERIFY(claim);
        QVERIFY(!begin(*claim.value()).uid.isNull());
        QueueItemRepository items(*m_connection);
        QueueItemEdit edit;
        edit.priority = 1;
        for (const Status &done :
             {items.edit(m_session, m_uids[0], edit, revisionOf(m_uids[0])),
              items.remove(m_session, m_uids[0]), items.move(m_session, m_uids[0], 1),
              items.runNow(m_session, m_uids[0]), items.requeue(m_session, m_uids[0])}) {
            QVERIFY(!done);
            QCOMPARE(done.error().code, ErrorCode::Conflict);
        }
        BIRCH_VERIFY(items.move(m_session, m_uids[1], 0)); // the others go on being edited
        BIRCH_VERIFY(items.ask(m_session, m_uids[0], QueueRequest::Abort));
        QCOMPARE(stored(m_uids[0]).request, QueueRequest::Abort);
        const Status unasked = items.ask(m_session, m_uids[1], QueueRequest::Abort);
        QVERIFY(!unasked);
    }

    void aDeadStationsScanIsTakenBack_data() { test::StoreFixture::addEngines(); }
    void aDeadStationsScanIsTakenBack()
    {
        open();
        add({item(u"a"_s)});
        QueueClaims claims(*m_connection);
        QueueClaimer dying = m_rig;
        dying.lease = std::chrono::microseconds(1);
        dying.station = u"DYING"_s;
        const auto claim = claims.claim(m_session, dying);
        BIRCH_VERIFY(claim);
        const NewScan scan = begin(*claim.value());
        BIRCH_VERIFY(commitRows(scan, 1, 0, 10));
        const auto taken = claims.recover(m_session, m_rig);
        BIRCH_VERIFY(taken);
        QCOMPARE(taken.value(), 1);
        const StoredQueueItem waiting = stored(m_uids[0]);
        QVERIFY(waiting.isContinued());
        QCOMPARE(waiting.heldFor, u"DYING"_s);
        // The woken one is refused at its next write, and at its next beat.
        const Status refused = commitRows(scan, 1, 10, 20);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        const auto lost = claims.beat(m_session, dying, {*claim.value()});
        BIRCH_VERIFY(lost);
        QCOMPARE(lost.value().size(), 1);
        // Its own turn first, that of others once the grace is over.
        const auto notYet = claims.claim(m_session, m_rig);
        BIRCH_VERIFY(notYet);
        QVERIFY(!notYet.value());
        BIRCH_VERIFY(m_connection->execute(u"UPDATE queue_items SET held_until = 1"_s));
        const auto elsewhere = claims.claim(m_session, m_rig);
        BIRCH_VERIFY(elsewhere);
        QVERIFY(elsewhere.value()->item.isContinued());
        const auto continued = m_store->continueScan(scan.uid);
        BIRCH_VERIFY(continued);
        QCOMPARE(continued.value().epoch, 3);
        QCOMPARE(continued.value().rowsStored.first(), 10);
        BIRCH_VERIFY(commitRows(scan, 3, 10, 20));
        BIRCH_VERIFY(end(scan, ScanState::Completed, 3, 20));
        QCOMPARE(stored(m_uids[0]).state, QueueItemState::Completed);
    }

    void aDeadProgramOfThisStationIsKnownAtOnce_data() { test::StoreFixture::addEngines(); }
    void aDeadProgramOfThisStationIsKnownAtOnce()
    {
        open();
        add({item(u"a"_s)});
        QueueClaims claims(*m_connection);
        QueueClaimer before = m_rig;
        before.process = u"dead"_s;
        const auto claim = claims.claim(m_session, before);
        BIRCH_VERIFY(claim);
        const auto none = claims.recover(m_session, m_rig, [](const QString &) { return false; });
        BIRCH_VERIFY(none);
        QCOMPARE(none.value(), 0);
        const auto one = claims.recover(m_session, m_rig,
                                        [](const QString &process) { return process == u"dead"; });
        BIRCH_VERIFY(one);
        QCOMPARE(one.value(), 1);
        const auto again = claims.claim(m_session, m_rig);
        BIRCH_VERIFY(again);
        QVERIFY(again.value());
    }

    void aBetterOneTakesItsPlace_data() { test::StoreFixture::addEngines(); }
    void aBetterOneTakesItsPlace()
    {
        open();
        add({item(u"a"_s), item(u"b"_s)});
        QueueClaims claims(*m_connection);
        const auto held = claims.claim(m_session, m_rig);
        BIRCH_VERIFY(held);
        QCOMPARE(held.value()->item.asked.name, u"a"_s);
        const auto same = claims.claimBetter(m_session, m_rig, *held.value());
        BIRCH_VERIFY(same);
        QVERIFY(!same.value());
        BIRCH_VERIFY(QueueItemRepository(*m_connection).move(m_session, m_uids[1], 0));
        const auto better = claims.claimBetter(m_session, m_rig, *held.value());
        BIRCH_VERIFY(better);
        QVERIFY(better.value());
        QCOMPARE(better.value()->item.asked.name, u"b"_s);
        QCOMPARE(stored(m_uids[0]).state, QueueItemState::Queued);
        const auto lost = claims.claimBetter(m_session, m_rig, *held.value());
        QVERIFY(!lost);
        QCOMPARE(lost.error().code, ErrorCode::Conflict);
    }

    void closingAnInterruptedScanEndsItsItem_data() { test::StoreFixture::addEngines(); }
    void closingAnInterruptedScanEndsItsItem()
    {
        open();
        add({item(u"a"_s)});
        const auto claim = QueueClaims(*m_connection).claim(m_session, m_rig);
        BIRCH_VERIFY(claim);
        const NewScan scan = begin(*claim.value());
        BIRCH_VERIFY(end(scan, ScanState::Interrupted));
        QVERIFY(stored(m_uids[0]).isContinued());
        BIRCH_VERIFY(
            ScanRepository(*m_connection).closeInterrupted(m_session, scan.uid, u"not worth it"_s));
        QCOMPARE(stored(m_uids[0]).state, QueueItemState::Aborted);
    }

    void duplicatesAndRequeues_data() { test::StoreFixture::addEngines(); }
    void duplicatesAndRequeues()
    {
        open();
        add({item(u"a"_s), item(u"b"_s)});
        QueueItemRepository items(*m_connection);
        const auto copy = items.duplicate(m_session, m_uids[0]);
        BIRCH_VERIFY(copy);
        const auto claim = QueueClaims(*m_connection).claim(m_session, m_rig);
        BIRCH_VERIFY(claim);
        BIRCH_VERIFY(end(begin(*claim.value()), ScanState::Failed));
        BIRCH_VERIFY(items.requeue(m_session, m_uids[0]));
        QStringList names;
        const auto all = items.list(m_session, m_queue);
        BIRCH_VERIFY(all);
        for (const StoredQueueItem &one : all.value())
            names << (one.uid == m_uids[0]      ? u"first"_s
                      : one.uid == copy.value() ? u"copy"_s
                                                : one.asked.name);
        QCOMPARE(names.join(u' '), u"copy b first"_s);
        BIRCH_VERIFY(items.clearEnded(m_session, m_queue));
        QCOMPARE(items.list(m_session, m_queue).value().size(), 3);
    }

private:
    static NewQueueItem item(const QString &name, int priority = 0)
    {
        NewQueueItem item;
        item.name = name;
        item.tree = {{u"kind"_s, u"sequence"_s}};
        item.priority = priority;
        return item;
    }
    void add(const QList<NewQueueItem> &items)
    {
        const auto uids = QueueItemRepository(*m_connection).append(m_session, m_queue, items);
        BIRCH_VERIFY(uids);
        m_uids = uids.value();
    }
    StoredQueueItem stored(const QUuid &uid)
    {
        const auto item = QueueItemRepository(*m_connection).get(m_session, uid);
        return item ? item.value() : StoredQueueItem();
    }
    qint64 revisionOf(const QUuid &uid) { return stored(uid).revision; }
    QueueState stateOfQueue()
    {
        const auto queue = QueueRepository(*m_connection).find(m_session, uidText(m_queue));
        return queue ? queue.value().state : QueueState::Paused;
    }
    NewScan newScan(const QueueClaim &claim)
    {
        NewScan scan = test::newScan(claim.item.claimedBy);
        scan.details.name = claim.item.asked.name;
        scan.queueUid = m_queue;
        scan.queueItem = claim.uid();
        scan.queueItemEpoch = claim.epoch();
        return scan;
    }
    /// Its uid is null after an error.
    NewScan begin(const QueueClaim &claim)
    {
        const NewScan scan = newScan(claim);
        const auto opened = m_store->createScan(scan);
        return opened ? scan : NewScan();
    }
    Status commitRows(const NewScan &scan, int epoch, qint64 from, qint64 to)
    {
        OpenedScan opened;
        opened.uid = scan.uid;
        opened.epoch = epoch;
        opened.rowsStored = {from, 0};
        return m_store->commit(test::rowsCommit(scan, opened, 0, to - from));
    }
    Status end(const NewScan &scan, ScanState state, int epoch = 1, qint64 rows = 0)
    {
        ScanCommit commit;
        commit.scan = scan.uid;
        commit.epoch = epoch;
        commit.rowsBefore = commit.rowsAfter = {rows, 0};
        commit.state = state;
        commit.endedUs = scan.startedUs + 1;
        return m_store->commit(commit);
    }

    void open()
    {
        QFETCH(bool, isPostgres);
        m_database = m_fixture.newDatabase(isPostgres);
        auto connection = m_database->connect();
        QVERIFY(connection);
        m_connection = std::move(connection).value();
        const auto session = openSession(*m_connection, u"ada"_s);
        QVERIFY(session);
        m_session = session.value();
        auto store = SqlRunStore::open(*m_database, u"ada"_s, u"RIG"_s);
        QVERIFY(store);
        m_store = std::move(store).value();
        QueueRepository queues(*m_connection);
        const auto queue = queues.createNamed(m_session, u"RIG"_s, u"night"_s, {});
        BIRCH_VERIFY(queue);
        m_queue = queue.value();
        BIRCH_VERIFY(queues.setState(m_session, m_queue, QueueState::Running));
    }

    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<SqlRunStore> m_store;
    Session m_session;
    QUuid m_queue;
    QList<QUuid> m_uids;
    QueueClaimer m_rig{.station = u"RIG"_s, .process = u"test"_s};
};

QTEST_GUILESS_MAIN(QueueClaimsTest)
#include "tst_queue_claims.moc"
