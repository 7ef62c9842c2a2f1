#include "core/base/id.h"
#include "core/store/queue_claims.h"
#include "core/store/queue_repository.h"
#include "tests/core/store/store_fixture.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>

#include <csignal>

using namespace birch;
using namespace Qt::StringLiterals;

/// Four stations share a queue on a server and are killed and stopped at random: every scan is
/// stored once, whole, and whoever was stopped past its lease is refused.
class QueueStationsTest : public QObject
{
    Q_OBJECT
private slots:
    void everyScanOnce()
    {
        const quint32 seed = qEnvironmentVariableIsSet("BIRCH_KILL_SEED")
                                 ? qEnvironmentVariable("BIRCH_KILL_SEED").toUInt()
                                 : QRandomGenerator::system()->generate();
        qInfo("BIRCH_KILL_SEED=%u repeats the choice of signals", seed);
        QRandomGenerator random(seed);
        const bool isServer = true;
        const auto database = m_fixture.newDatabase(isServer);
        m_url = database->url().text();
        m_connection = database->connect().value();
        m_session = openSession(*m_connection, u"ada"_s).value();
        QueueRepository queues(*m_connection);
        const auto queue = queues.createNamed(m_session, u"DESK"_s, u"night"_s, {});
        BIRCH_VERIFY(queue);
        m_queue = queue.value();
        fill();
        BIRCH_VERIFY(queues.setState(m_session, m_queue, QueueState::Running));
        QElapsedTimer whole;
        whole.start();
        disturb(random);
        for (const auto &station : m_stations) {
            QVERIFY(station->state() == QProcess::NotRunning || station->waitForFinished(60'000));
            QCOMPARE(station->exitCode(), 0);
            collect(*station);
        }
        qInfo("%d items in %lld ms, %d kills, %d stops; refused: %s", kItems, whole.elapsed(),
              m_kills, m_stops, qPrintable(refusals()));
        verify();
        QVERIFY2(m_kills >= 5 && m_stops >= 5, "too few signals to prove anything");
        QVERIFY2(m_said[u"refused to write"_s] > 0,
                 "nobody was woken with a scan that was not its own any more");
    }

private:
    static constexpr int kItems = 1000;
    static constexpr int kLeaseMs = 500;

    void fill()
    {
        QList<NewQueueItem> items;
        for (int i = 0; i < kItems; ++i) {
            NewQueueItem item;
            item.name = u"scan %1"_s.arg(i);
            item.tree = {{u"kind"_s, u"sequence"_s}};
            item.priority = i % 3;
            items.append(item);
        }
        BIRCH_VERIFY(QueueItemRepository(*m_connection).append(m_session, m_queue, items));
    }
    std::unique_ptr<QProcess> startStation(int number)
    {
        auto station = std::make_unique<QProcess>();
        station->setProcessChannelMode(QProcess::MergedChannels);
        station->start(
            qEnvironmentVariable("BIRCH_BINARY_DIR") + u"/bin/queue_claimer"_s,
            {m_url, u"RIG%1"_s.arg(number), uidText(m_queue), QString::number(kLeaseMs)});
        return station;
    }
    qint64 over()
    {
        const auto queue = QueueRepository(*m_connection).find(m_session, uidText(m_queue));
        return queue ? queue.value().ended : 0;
    }
    /// Until nine in ten are over; then they are left alone.
    void disturb(QRandomGenerator &random)
    {
        constexpr int kStations = 4;
        for (int i = 0; i < kStations; ++i)
            m_stations.push_back(startStation(i));
        QElapsedTimer patience;
        patience.start();
        while (over() < kItems * 9 / 10 && patience.elapsed() < 150'000) {
            QTest::qWait(20 + int(random.bounded(80)));
            const size_t victim = random.bounded(kStations);
            const pid_t pid = pid_t(m_stations[victim]->processId());
            if (pid == 0)
                continue;
            if (random.bounded(2) == 0) {
                ++m_kills;
                ::kill(pid, SIGKILL);
                QVERIFY(m_stations[victim]->waitForFinished(10'000));
                collect(*m_stations[victim]);
                m_stations[victim] = startStation(int(victim));
            } else {
                ++m_stops;
                ::kill(pid, SIGSTOP);
                QTest::qWait(kLeaseMs * 5 / 2); // others have looked for it by then
                ::kill(pid, SIGCONT);
            }
        }
    }
    void collect(QProcess &station)
    {
        for (const QByteArray &line : station.readAll().split('\n')) {
            if (!line.isEmpty())
                ++m_said[QString::fromUtf8(line)];
        }
    }
    QString refusals() const
    {
        QStringList list;
        for (auto it = m_said.begin(); it != m_said.end(); ++it)
            list << u"%1 x %2"_s.arg(it.value()).arg(it.key());
        return list.join(u"; "_s);
    }
    qint64 count(const QString &sql)
    {
        const auto row = m_connection->firstRow(sql);
        return row && row.value() ? row.value()->first().toLongLong() : -1;
    }
    void verify()
    {
        QCOMPARE(count(u"SELECT count(*) FROM queue_items WHERE state = 'completed'"_s), kItems);
        QCOMPARE(count(u"SELECT count(DISTINCT scan_id) FROM queue_items"_s), kItems);
        QCOMPARE(count(u"SELECT count(*) FROM scans"_s), kItems); // none beside them
        QCOMPARE(count(u"SELECT count(*) FROM scans WHERE state = 'completed' AND points = 10"_s),
                 kItems);
        QCOMPARE(count(u"SELECT count(*) FROM measurement_objects m WHERE rows_stored <> "
                       "(SELECT coalesce(sum(row_count), 0) FROM data_chunks c WHERE "
                       "c.measurement_object_id = m.id AND c.column_index = 0)"_s),
                 0);
        QCOMPARE(count(u"SELECT count(*) FROM queue_items WHERE claimed_by_id IS NOT NULL"_s), 0);
    }

    test::StoreFixture m_fixture;
    QString m_url;
    std::unique_ptr<Connection> m_connection;
    Session m_session;
    QUuid m_queue;
    std::vector<std::unique_ptr<QProcess>> m_stations;
    QMap<QString, int> m_said;
    int m_kills = 0;
    int m_stops = 0;
};

QTEST_GUILESS_MAIN(QueueStationsTest)
#include "tst_queue_stations.moc"
