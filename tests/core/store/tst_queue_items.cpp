#include "core/store/queue_item_repository.h"

#include "core/base/id.h"
#include "core/store/scan_insert.h"
#include "core/store/scan_place.h"
#include "core/store/sql_run_store.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"
#include "tests/core/store/scan_fixture.h"
#include "tests/core/store/store_fixture.h"

#include <libpq-fe.h>

using namespace birch;
using namespace Qt::StringLiterals;

/// The tables of shared queues: what is kept, what is refused, and whose turn it is.
class QueueItemsTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_connection.reset();
        m_database.reset();
    }

    void keepsWhatIsAsked_data() { test::StoreFixture::addEngines(); }
    void keepsWhatIsAsked()
    {
        open();
        NewQueueItem full = item(u"IV"_s);
        full.details = test::newScan().details;
        full.priority = 7;
        full.isReady = false;
        full.notBefore = 1'800'000'000'000'000;
        full.station = u"RIG"_s;
        full.needs = {{u"smu"_s, u"scpi-smu"_s, u"K,2400,17"_s}, {u"stage"_s, u"stage"_s, u""_s}};
        QueueItemRepository items(*m_connection);
        const auto uids = items.append(m_session, m_queue, {full, item(u"second"_s)});
        BIRCH_VERIFY(uids);
        BIRCH_VERIFY(items.append(m_session, m_queue, {item(u"third"_s)}));
        const auto stored = items.get(m_session, uids.value().first());
        BIRCH_VERIFY(stored);
        const NewQueueItem &asked = stored.value().asked;
        QCOMPARE(asked.name, full.name);
        QCOMPARE(asked.tree, full.tree);
        QCOMPARE(asked.details, full.details);
        QCOMPARE(asked.priority, 7);
        QCOMPARE(asked.isReady, false);
        QCOMPARE(asked.notBefore, full.notBefore);
        QCOMPARE(asked.station, full.station);
        QCOMPARE(asked.needs, full.needs);
        QCOMPARE(stored.value().queue, m_queue);
        QCOMPARE(stored.value().state, QueueItemState::Queued);
        QCOMPARE(stored.value().epoch, 0);
        QVERIFY(stored.value().scan.isNull());

        const auto all = items.list(m_session, m_queue);
        BIRCH_VERIFY(all);
        QStringList names;
        for (const StoredQueueItem &one : all.value())
            names << u"%1 %2"_s.arg(one.position).arg(one.asked.name);
        QCOMPARE(names, QStringList({u"0 IV"_s, u"1 second"_s, u"2 third"_s}));
    }

    void refuses_data() { test::StoreFixture::addEngines(); }
    void refuses()
    {
        open();
        NewQueueItem nowhere = item(u"bad"_s);
        nowhere.station = u"NOWHERE"_s;
        NewQueueItem nameless = item({});
        NewQueueItem treeless = item(u"bad"_s);
        treeless.tree = {};
        Session viewer = m_session;
        viewer.role = Role::Viewer;
        const struct {
            Session session;
            QUuid queue;
            NewQueueItem item;
            ErrorCode code;
        } cases[] = {{m_session, newUid(), item(u"fine"_s), ErrorCode::NotFound},
                     {m_session, m_queue, nowhere, ErrorCode::NotFound},
                     {m_session, m_queue, nameless, ErrorCode::BadInput},
                     {m_session, m_queue, treeless, ErrorCode::BadInput},
                     {viewer, m_queue, item(u"fine"_s), ErrorCode::Denied}};
        QueueItemRepository items(*m_connection);
        for (const auto &bad : cases) {
            const auto refused = items.append(bad.session, bad.queue, {item(u"good"_s), bad.item});
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, bad.code);
        }
        const auto left = items.list(m_session, m_queue);
        BIRCH_VERIFY(left);
        QVERIFY(left.value().isEmpty()); // all or none
    }

    void schemaKeepsClaimsWhole_data() { test::StoreFixture::addEngines(); }
    void schemaKeepsClaimsWhole()
    {
        open();
        BIRCH_VERIFY(QueueItemRepository(*m_connection).append(m_session, m_queue, {item(u"a"_s)}));
        const QString station = u"claimed_by_id = (SELECT min(id) FROM stations)"_s;
        for (const QString &change :
             {u"state = 'claimed'"_s, u"state = 'claimed', epoch = 1"_s,
              station + u", lease_until = 1"_s, u"state = 'claimed', lease_until = 1, "_s + station,
              u"state = 'lost'"_s, u"epoch = -1"_s, u"queue_id = 999999"_s,
              u"scan_id = 999999"_s}) {
            const Status refused = m_connection->execute(u"UPDATE queue_items SET "_s + change);
            QVERIFY2(!refused, qPrintable(change));
            QCOMPARE(refused.error().code, ErrorCode::Conflict);
        }
        BIRCH_VERIFY(m_connection->execute(
            u"UPDATE queue_items SET state = 'claimed', epoch = 1, lease_until = 1, "_s + station));
    }

    void nextIsTheFirstThatFits_data() { test::StoreFixture::addEngines(); }
    void nextIsTheFirstThatFits()
    {
        open();
        const qint64 now = nowUs();
        NewQueueItem closed = item(u"gate closed"_s, 9);
        closed.isReady = false;
        NewQueueItem later = item(u"later"_s, 8);
        later.notBefore = now + 1'000'000;
        NewQueueItem elsewhere = item(u"elsewhere"_s, 7);
        elsewhere.station = u"OTHER"_s;
        NewQueueItem needy = item(u"needs a magnet"_s, 6);
        needy.needs = {{u"magnet"_s, u"magnet"_s, u""_s}};
        NewQueueItem exact = item(u"needs number 2"_s, 5);
        exact.needs = {{u"smu"_s, u"smu"_s, u"2"_s}};
        NewQueueItem fits = item(u"fits"_s, 4);
        fits.needs = {{u"smu"_s, u"smu"_s, u""_s}};
        const NewQueueItem plain = item(u"plain"_s, 4);
        QueueItemRepository items(*m_connection);
        BIRCH_VERIFY(items.append(m_session, m_queue,
                                  {plain, closed, later, elsewhere, needy, exact, fits}));
        const auto next = [&](const QList<RequiredInstrument> &has, qint64 when) {
            const auto found = items.nextFor(m_session, u"RIG"_s, has, when, {m_queue});
            return found && found.value() ? found.value()->asked.name : u"nothing"_s;
        };
        const RequiredInstrument smu{{}, u"smu"_s, u"1"_s};
        QCOMPARE(next({}, now), u"plain"_s);
        QCOMPARE(next({smu}, now), u"plain"_s); // the same priority: the one before
        QCOMPARE(next({{{}, u"smu"_s, u"2"_s}}, now), u"needs number 2"_s);
        QCOMPARE(next({smu, {{}, u"magnet"_s, u"x"_s}}, now), u"needs a magnet"_s);
        QCOMPARE(next({}, now + 2'000'000), u"later"_s);
        BIRCH_VERIFY(m_connection->execute(u"DELETE FROM queue_items WHERE name = 'plain'"_s));
        QCOMPARE(next({smu}, now), u"fits"_s);
        QCOMPARE(next({}, now), u"nothing"_s);
    }

    void twoStationsAreNotGivenTheSame()
    {
        open(true);
        QueueItemRepository items(*m_connection);
        BIRCH_VERIFY(items.append(m_session, m_queue, {item(u"one"_s), item(u"two"_s)}));
        auto other = m_database->connect();
        BIRCH_VERIFY(other);
        auto first = WriteTransaction::begin(*m_connection);
        BIRCH_VERIFY(first);
        const auto one = items.nextFor(m_session, u"RIG"_s, {}, nowUs(), {m_queue});
        BIRCH_VERIFY(one);
        QCOMPARE(one.value()->asked.name, u"one"_s);
        auto second = WriteTransaction::begin(*other.value());
        BIRCH_VERIFY(second);
        QueueItemRepository others(*other.value());
        const auto two = others.nextFor(m_session, u"OTHER"_s, {}, nowUs(), {m_queue});
        BIRCH_VERIFY(two);
        QCOMPARE(two.value()->asked.name, u"two"_s); // and did not wait
    }

    void nextIsFoundByItsIndex_data() { test::StoreFixture::addEngines(); }
    void nextIsFoundByItsIndex()
    {
        QFETCH(bool, isPostgres);
        open();
        BIRCH_VERIFY(QueueItemRepository(*m_connection).append(m_session, m_queue, {item(u"a"_s)}));
        // 20,000 that are over: what a queue looks like after a year.
        const QString numbers = isPostgres
                                    ? u"SELECT g AS n FROM generate_series(1, 20000) g"_s
                                    : u"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 "
                                      "FROM c WHERE n < 20000) SELECT n FROM c"_s;
        BIRCH_VERIFY(m_connection->script(
            u"INSERT INTO queue_items (uid, lab_id, queue_id, position, name, tree, state, "
            "created_at, created_by, updated_at, updated_by) SELECT 'u' || n, i.lab_id, "
            "i.queue_id, n, 'old', '{}', 'completed', 1, '', 1, '' FROM queue_items i, (%1) k; "
            "ANALYZE queue_items"_s.arg(numbers)));
        const QString sql =
            u"SELECT i.uid FROM queue_items i WHERE i.state = 'queued' AND i.is_ready "
            "ORDER BY i.turn, i.priority DESC, i.queue_id, i.position, i.id LIMIT 1"_s;
        const QString plan = isPostgres ? serverPlan(sql) : filePlan(sql);
        QVERIFY2(plan.contains(u"queue_items_next"_s), qPrintable(plan));
    }

private:
    QString filePlan(const QString &sql)
    {
        QString plan;
        (void)m_connection->select(u"EXPLAIN QUERY PLAN "_s + sql, {},
                                   [&plan](const SqlRow &row) { plan += row.text(3) + u'\n'; });
        return plan;
    }
    QString serverPlan(const QString &sql)
    {
        const std::unique_ptr<PGresult, decltype(&PQclear)> result(
            PQexec(m_connection->postgresHandle(), ("EXPLAIN " + sql.toUtf8()).constData()),
            &PQclear);
        QString plan;
        for (int i = 0; i < PQntuples(result.get()); ++i)
            plan += QString::fromUtf8(PQgetvalue(result.get(), i, 0)) + u'\n';
        return plan;
    }

    static NewQueueItem item(const QString &name, int priority = 0)
    {
        NewQueueItem item;
        item.name = name;
        item.tree = {{u"kind"_s, u"sequence"_s}};
        item.priority = priority;
        return item;
    }

    void open(std::optional<bool> isPostgres = {})
    {
        m_database = m_fixture.newDatabase(isPostgres ? *isPostgres : isPostgresRow());
        auto connection = m_database->connect();
        QVERIFY(connection);
        m_connection = std::move(connection).value();
        const auto session = openSession(*m_connection, u"ada"_s);
        QVERIFY(session);
        m_session = session.value();
        auto store = SqlRunStore::open(*m_database, u"ada"_s, u"RIG"_s);
        QVERIFY(store);
        const auto queue = store.value()->createQueue(u"night"_s, u"serial"_s);
        QVERIFY(queue);
        m_queue = queue.value();
        auto transaction = WriteTransaction::begin(*m_connection);
        QVERIFY(transaction);
        QVERIFY(stationRow(*m_connection, m_session, u"OTHER"_s));
        QVERIFY(transaction.value().commit());
    }
    static bool isPostgresRow()
    {
        QFETCH(bool, isPostgres);
        return isPostgres;
    }

    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Connection> m_connection;
    Session m_session;
    QUuid m_queue;
};

QTEST_GUILESS_MAIN(QueueItemsTest)
#include "tst_queue_items.moc"
