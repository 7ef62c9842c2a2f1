#include "core/store/connection_pool.h"

#include "tests/core/store/store_fixture.h"

#include <QSet>

#include <atomic>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class ConnectionPoolTest : public QObject
{
    Q_OBJECT
private slots:
    void fiftyClientsAtOnce_data() { test::StoreFixture::addEngines(); }
    void fiftyClientsAtOnce()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        ConnectionPool pool(*database, u"ada"_s);
        std::atomic<int> done = 0;
        std::atomic<int> most = 0;
        QStringList failures;
        std::mutex mutex; // guards failures
        std::vector<std::thread> clients;
        for (int i = 0; i < 50; ++i) {
            clients.emplace_back([&, i] {
                for (int k = 0; k < 20; ++k) {
                    const auto number = pool.call<qint64>(
                        [&](Connection &connection, const Session &) -> Result<qint64> {
                            const auto row = connection.firstRow(u"SELECT ?"_s, {i * 100 + k});
                            if (!row)
                                return row.error();
                            return row.value()->first().toLongLong();
                        });
                    most = std::max(most.load(), pool.connections());
                    if (number && number.value() == i * 100 + k) {
                        ++done;
                        continue;
                    }
                    const std::lock_guard lock(mutex);
                    failures << (number ? u"another's answer"_s : number.error().message);
                }
            });
        }
        for (std::thread &client : clients)
            client.join();
        QVERIFY2(failures.isEmpty(), qPrintable(failures.value(0)));
        QCOMPARE(done.load(), 1000);
        QVERIFY(most <= 30);
    }

    void fiftyConnectionsAtOnce()
    {
        const auto database = m_fixture.newDatabase(true);
        std::atomic<int> done = 0;
        std::atomic<int> open = 0;
        std::vector<std::thread> clients;
        for (int i = 0; i < 50; ++i) {
            clients.emplace_back([&] {
                auto connection = database->connect();
                if (!connection)
                    return;
                // Nobody leaves before all are there.
                const Deadline deadline = Deadline::in(30s);
                for (++open; open < 50 && !deadline.hasPassed();)
                    std::this_thread::yield();
                const auto row = connection.value()->firstRow(u"SELECT count(*) FROM scans"_s);
                done += row && open == 50 ? 1 : 0;
            });
        }
        for (std::thread &client : clients)
            client.join();
        QCOMPARE(done.load(), 50);
    }

    void waitingHasADeadline()
    {
        const auto database = m_fixture.newDatabase(false);
        PoolSettings settings{.size = 1, .overflow = 1};
        settings.wait = 100ms;
        ConnectionPool pool(*database, u"ada"_s, settings);
        std::promise<void> release;
        const std::shared_future<void> released = release.get_future().share();
        std::atomic<int> finished = 0;
        for (int i = 0; i < 2; ++i)
            pool.run(
                [&, released](Connection &, const Session &) {
                    released.wait();
                    ++finished;
                },
                [](const Error &) {});
        QTRY_COMPARE(pool.connections(), 2);
        const auto refused =
            pool.call<int>([](Connection &, const Session &) -> Result<int> { return 1; });
        release.set_value();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Timeout);
        QVERIFY(refused.error().message.contains(u"database.pool_size"_s));
        QTRY_COMPARE(finished.load(), 2);
        BIRCH_VERIFY(
            pool.call<int>([](Connection &, const Session &) -> Result<int> { return 1; }));
    }

    void overflowIsClosedWhenTheRushIsOver()
    {
        const auto database = m_fixture.newDatabase(true);
        PoolSettings settings{.size = 2, .overflow = 3};
        settings.linger = 20ms;
        ConnectionPool pool(*database, u"ada"_s, settings);
        std::promise<void> release;
        const std::shared_future<void> released = release.get_future().share();
        std::atomic<int> begun = 0;
        for (int i = 0; i < 5; ++i)
            pool.run(
                [&, released](Connection &, const Session &) {
                    ++begun;
                    released.wait();
                },
                [](const Error &) {});
        QTRY_COMPARE(begun.load(), 5);
        const auto watcher = Connection::open(database->url());
        BIRCH_VERIFY(watcher);
        QCOMPARE(serverConnections(*watcher.value()), 5);
        release.set_value();
        QTRY_COMPARE(pool.connections(), 2);
        QTRY_COMPARE(serverConnections(*watcher.value()), 2);
    }

    void renewsWhatIsOldOrDead()
    {
        const auto database = m_fixture.newDatabase(true);
        PoolSettings settings{.size = 1, .overflow = 0};
        settings.renewal = 200ms;
        ConnectionPool pool(*database, u"ada"_s, settings);
        const qint64 first = backend(pool);
        QVERIFY(first > 0);
        QTRY_VERIFY(backend(pool) != first);

        PoolSettings lasting{.size = 1, .overflow = 0};
        ConnectionPool other(*database, u"ada"_s, lasting);
        const qint64 killed = backend(other);
        const auto admin = Connection::open(database->url());
        BIRCH_VERIFY(admin);
        BIRCH_VERIFY(
            admin.value()->execute(u"SELECT pg_terminate_backend(?::int, 5000)"_s, {killed}));
        const qint64 next = backend(other); // no failure in between
        QVERIFY(next > 0);
        QVERIFY(next != killed);

        QString problem;
        QVERIFY2(m_fixture.server()->restart(&problem), qPrintable(problem));
        QVERIFY(backend(other) > 0);
    }

    void serverAwayIsSaidAtOnce()
    {
        const auto database = m_fixture.newDatabase(true);
        ConnectionPool pool(*database, u"ada"_s);
        QVERIFY(backend(pool) > 0);
        QVERIFY(m_fixture.server()->stop());
        const auto refused =
            pool.call<int>([](Connection &, const Session &) -> Result<int> { return 1; });
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::NotConnected);
        QString problem;
        QVERIFY2(m_fixture.server()->startAgain(&problem), qPrintable(problem));
        QVERIFY(backend(pool) > 0);
    }

    void endingAnswersEverybody()
    {
        const auto database = m_fixture.newDatabase(false);
        std::atomic<int> answers = 0;
        {
            ConnectionPool pool(*database, u"ada"_s, {.size = 1, .overflow = 0});
            for (int i = 0; i < 20; ++i)
                pool.run([&](Connection &, const Session &) { ++answers; },
                         [&](const Error &) { ++answers; });
        }
        QCOMPARE(answers.load(), 20);
    }

private:
    static qint64 serverConnections(Connection &watcher)
    {
        const auto row = watcher.firstRow(
            u"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"_s);
        return row ? row.value()->first().toLongLong() : -1;
    }
    static qint64 backend(ConnectionPool &pool)
    {
        const auto pid =
            pool.call<qint64>([](Connection &connection, const Session &) -> Result<qint64> {
                const auto row = connection.firstRow(u"SELECT pg_backend_pid()"_s);
                if (!row)
                    return row.error();
                return row.value()->first().toLongLong();
            });
        return pid ? pid.value() : -1;
    }

    test::StoreFixture m_fixture;
};

QTEST_GUILESS_MAIN(ConnectionPoolTest)
#include "tst_connection_pool.moc"
