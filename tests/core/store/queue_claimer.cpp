// A station as a program of its own: claims scans of one queue, stores ten rows for each, until all
// are over. `queue_claimer URL STATION QUEUE LEASE_MS`; a line on stdout for what it was refused.
#include "core/store/queue_claims.h"
#include "core/store/queue_repository.h"
#include "core/store/sql_run_store.h"
#include "tests/core/store/scan_fixture.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QRandomGenerator>

#include <cstdio>
#include <thread>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
constexpr qint64 kRows = 10;
constexpr qint64 kRowsPerCommit = 4;

class Claimer
{
public:
    Claimer(Database &database, const QString &station, const QUuid &queue,
            std::chrono::milliseconds lease)
        : m_connection(std::move(database.connect()).value())
        , m_session(openSession(*m_connection, u"ada"_s).value())
        , m_store(std::move(SqlRunStore::open(database, u"ada"_s, station)).value())
        , m_queue(queue)
    {
        m_claimer.station = station;
        m_claimer.process = QString::number(QCoreApplication::applicationPid());
        m_claimer.queues = {queue};
        m_claimer.lease = lease;
        m_claimer.grace = std::chrono::microseconds(0);
    }

    int run()
    {
        while (true) {
            QueueClaims claims(*m_connection);
            if (!m_sinceRecovery.isValid() || m_sinceRecovery.elapsed() > 200) {
                m_sinceRecovery.start();
                if (const auto taken = claims.recover(m_session, m_claimer); !taken)
                    say(u"recover: "_s + taken.error().message);
                if (isAllOver())
                    return 0;
            }
            const auto claim = claims.claim(m_session, m_claimer);
            if (!claim)
                say(u"claim: "_s + claim.error().message);
            else if (claim.value())
                work(*claim.value());
            else
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }

private:
    bool isAllOver()
    {
        const auto queue = QueueRepository(*m_connection).find(m_session, uidText(m_queue));
        return queue && queue.value().waiting == 0 && queue.value().claimed == 0;
    }

    Result<OpenedScan> begin(const QueueClaim &claim, NewScan *scan)
    {
        if (claim.item.isContinued()) {
            scan->uid = claim.item.scan;
            return m_store->continueScan(claim.item.scan);
        }
        scan->queueUid = m_queue;
        scan->queueItem = claim.uid();
        scan->queueItemEpoch = claim.epoch();
        return m_store->createScan(*scan);
    }

    void work(const QueueClaim &claim)
    {
        NewScan scan = test::newScan(m_claimer.station);
        auto opened = begin(claim, &scan);
        if (!opened)
            return say(u"refused to begin"_s);
        while (opened.value().rowsStored.first() < kRows) {
            // Now and then it takes its time, so that signals find it amid a scan.
            if (QRandomGenerator::global()->bounded(4) == 0)
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            const qint64 rows = std::min(kRowsPerCommit, kRows - opened.value().rowsStored.first());
            ScanCommit commit = test::rowsCommit(scan, opened.value(), 0, rows);
            if (commit.rowsAfter.first() == kRows) {
                commit.state = ScanState::Completed;
                commit.endedUs = scan.startedUs + 1;
            }
            if (const Status done = m_store->commit(commit); !done)
                return say(u"refused to write"_s);
            OpenedScan next = opened.value();
            next.rowsStored = commit.rowsAfter;
            opened = next;
            if (commit.state)
                return;
            const auto lost = QueueClaims(*m_connection).beat(m_session, m_claimer, {claim});
            if (lost && !lost.value().isEmpty())
                say(u"lost"_s); // the next write says so as well
        }
    }

    static void say(const QString &line)
    {
        std::puts(qPrintable(line));
        std::fflush(stdout);
    }

    std::unique_ptr<Connection> m_connection;
    Session m_session;
    std::unique_ptr<SqlRunStore> m_store;
    QUuid m_queue;
    QueueClaimer m_claimer;
    QElapsedTimer m_sinceRecovery;
};
} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.size() != 5)
        return 2;
    const auto url = DatabaseUrl::parse(arguments[1]);
    if (!url)
        return 2;
    auto database = Database::open(url.value(), u"ada"_s);
    if (!database) {
        std::fputs(qPrintable(database.error().message), stderr);
        return 2;
    }
    return Claimer(*database.value(), arguments[2], QUuid::fromString(arguments[3]),
                   std::chrono::milliseconds(arguments[4].toInt()))
        .run();
}
