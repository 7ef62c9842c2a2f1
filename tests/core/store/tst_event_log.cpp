#include "core/store/event_log.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/scan_repository.h"
#include "core/store/settings_repository.h"
#include "core/store/sql_run_store.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"
#include "tests/core/store/event_fixture.h"
#include "tests/core/store/scan_fixture.h"

#include <QJsonArray>
#include <QProcess>

#include <thread>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
constexpr int kTransactions = 24; // of a writer; multiples of four

QString labName(int number)
{
    return u"Lab %1"_s.arg(number);
}

/// What a writer does: samples in two labs per transaction, in changing order; every fourth
/// transaction and one savepoint in each are taken back.
Status writeSamples(const Database &database, const QString &name, int transactions)
{
    auto connection = database.connect();
    if (!connection)
        return connection.error();
    const auto session = openSession(*connection.value(), u"ada"_s);
    if (!session)
        return session.error();
    EntityRepository samples(*connection.value(), sampleSpec());
    const auto add = [&](int number, int lab) {
        return samples.insert(session.value(), {{u"sample_id"_s, name + QString::number(number)},
                                                {u"lab"_s, labName(lab)}});
    };
    for (int i = 0; i < transactions; ++i) {
        auto transaction = WriteTransaction::begin(*connection.value());
        if (!transaction)
            return transaction.error();
        if (const auto done = add(3 * i, i % 2); !done)
            return done.error();
        if (const auto done = add(3 * i + 1, 1 - i % 2); !done)
            return done.error();
        {
            auto savepoint = WriteTransaction::begin(*connection.value());
            if (!savepoint)
                return savepoint.error();
            if (const auto done = add(3 * i + 2, 0); !done)
                return done.error();
        }
        if (i % 4 == 3)
            continue;
        if (const Status done = transaction.value().commit(); !done)
            return done;
    }
    return ok();
}
} // namespace

/// What the audit log promises, on both engines.
class EventLogTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QFETCH(bool, isPostgres);
        m_database = m_fixture.newDatabase(isPostgres);
        m_connection = m_database->connect().value();
        m_session = openSession(*m_connection, u"ada"_s).value();
        m_session.station = u"bench"_s;
    }
    void cleanup()
    {
        m_connection.reset();
        m_database.reset();
    }

    void entityChangesAreTold_data() { test::StoreFixture::addEngines(); }
    void entityChangesAreTold()
    {
        EntityRepository samples(*m_connection, sampleSpec());
        const auto made = samples.insert(m_session, {{u"sample_id"_s, u"D-1"_s},
                                                     {u"material"_s, u"GaAs"_s},
                                                     {u"dimensions"_s, u"[\"a\"]"_s}});
        BIRCH_VERIFY(made);
        BIRCH_VERIFY(samples.update(
            m_session, u"D-1"_s,
            {{u"material"_s, u"Ωµ \"x\"\n"_s}, {u"name"_s, u"first"_s}, {u"status"_s, u"active"_s}},
            1));
        BIRCH_VERIFY(samples.update(m_session, u"D-1"_s, {{u"name"_s, QVariant()}}, 2));
        BIRCH_VERIFY(samples.update(m_session, u"D-1"_s, {{u"status"_s, u"active"_s}}, 3));
        BIRCH_VERIFY(samples.setArchived(m_session, u"D-1"_s, true));
        for (const bool isSet : {true, false})
            BIRCH_VERIFY(samples.setTrashed(m_session, u"D-1"_s, isSet));
        BIRCH_VERIFY(samples.setArchived(m_session, u"D-1"_s, false));
        const QList<test::StoredEvent> events = test::storedEvents(*m_connection);
        QStringList actions;
        for (const test::StoredEvent &event : events) {
            actions << event.link.action;
            QCOMPARE(event.link.kind, u"samples"_s);
            QCOMPARE(event.link.objectUid, made.value().uid);
            QCOMPARE(event.link.title, u"D-1"_s);
            QCOMPARE(event.link.user, m_session.user);
            QCOMPARE(event.link.station, u"bench"_s);
            QVERIFY(event.link.lab > 0);
        }
        QCOMPARE(actions, (QStringList{u"added"_s, u"changed"_s, u"changed"_s, u"archived"_s,
                                       u"trashed"_s, u"restored"_s, u"unarchived"_s}));
        const QJsonObject added = events[0].detail();
        QCOMPARE(added[u"material"_s].toObject(), (QJsonObject{{u"after"_s, u"GaAs"_s}}));
        QCOMPARE(added[u"dimensions"_s].toObject()[u"after"_s].toArray(), QJsonArray{u"a"_s});
        QVERIFY(!added.contains(u"substrate"_s));
        QCOMPARE(events[1].detail(),
                 (QJsonObject{{u"material"_s,
                               QJsonObject{{u"before"_s, u"GaAs"_s}, {u"after"_s, u"Ωµ \"x\""_s}}},
                              {u"name"_s, QJsonObject{{u"after"_s, u"first"_s}}}}));
        QCOMPARE(events[2].detail(),
                 (QJsonObject{{u"name"_s, QJsonObject{{u"before"_s, u"first"_s}}}}));
        QCOMPARE(test::chainProblem(*m_connection), QString());
    }

    void whatIsRefusedIsNotTold_data() { test::StoreFixture::addEngines(); }
    void whatIsRefusedIsNotTold()
    {
        EntityRepository samples(*m_connection, sampleSpec());
        BIRCH_VERIFY(samples.insert(m_session, {{u"sample_id"_s, u"D-1"_s}}));
        QVERIFY(!samples.insert(m_session, {{u"sample_id"_s, u"D-1"_s}}));
        QVERIFY(!samples.update(m_session, u"D-1"_s, {{u"name"_s, u"x"_s}}, 7));
        const Event event{.kind = u"samples"_s};
        QCOMPARE(EventLog(*m_connection).record(m_session, event).error().code,
                 ErrorCode::Internal);
        BIRCH_VERIFY(samples.insert(m_session, {{u"sample_id"_s, u"D-2"_s}}));
        QCOMPARE(test::storedEvents(*m_connection).size(), 2);
        QCOMPARE(test::chainProblem(*m_connection), QString());
    }

    /// A log that can not be written takes the change back.
    void noChangeWithoutItsEvent_data() { test::StoreFixture::addEngines(); }
    void noChangeWithoutItsEvent()
    {
        EntityRepository samples(*m_connection, sampleSpec());
        BIRCH_VERIFY(m_connection->script(u"ALTER TABLE event_log RENAME TO hidden"_s));
        QVERIFY(!samples.insert(m_session, {{u"sample_id"_s, u"D-1"_s}}));
        BIRCH_VERIFY(m_connection->script(u"ALTER TABLE hidden RENAME TO event_log"_s));
        QCOMPARE(samples.list(m_session, {}).value().total, 0);
        BIRCH_VERIFY(samples.insert(m_session, {{u"sample_id"_s, u"D-2"_s}}));
        QCOMPARE(test::storedEvents(*m_connection).size(), 1);
        QCOMPARE(test::chainProblem(*m_connection), QString());
    }

    void awkwardTextsKeepTheChain_data() { test::StoreFixture::addEngines(); }
    void awkwardTextsKeepTheChain()
    {
        auto transaction = WriteTransaction::begin(*m_connection);
        BIRCH_VERIFY(transaction);
        QString title = u"NUL "_s;
        title += QChar(u'\0');
        title += QChar(0xd800); // half a character
        for (const QString &text : {title, QString(), u"𝛀\u0301"_s}) {
            Event event{.kind = u"samples"_s, .title = text};
            event.changes = {{text, QJsonObject{{u"after"_s, text}}}, {u"n"_s, 1e-300}};
            BIRCH_VERIFY(EventLog(*m_connection).record(m_session, event));
        }
        BIRCH_VERIFY(transaction.value().commit());
        QCOMPARE(test::storedEvents(*m_connection).size(), 3);
        QCOMPARE(test::chainProblem(*m_connection), QString());
    }

    void scansAndQueues_data() { test::StoreFixture::addEngines(); }
    void scansAndQueues()
    {
        auto store = SqlRunStore::open(*m_database, u"ada"_s, u"bench"_s).value();
        const QUuid queue = store->createQueue(u"Night"_s, u"serial"_s).value();
        BIRCH_VERIFY(store->setQueueState(queue, QueueState::Running));
        NewScan scan = test::newScan();
        scan.queueUid = queue;
        scan.startedUs = nowUs();
        scan.details.project = u"Diodes"_s;
        OpenedScan opened = store->createScan(scan).value();
        BIRCH_VERIFY(store->createScan(scan)); // its answer was lost
        ScanCommit rows = test::rowsCommit(scan, opened, 0, 10);
        BIRCH_VERIFY(store->commit(rows)); // progress: never told
        opened.rowsStored[0] = 10;
        const auto end = [&](ScanState state, qint64 afterUs, const QString &reason) {
            ScanCommit commit = test::rowsCommit(scan, opened, 0, 0);
            commit.chunks.clear();
            commit.state = state;
            commit.reason = reason;
            commit.endedUs = scan.startedUs + afterUs;
            return store->commit(commit);
        };
        BIRCH_VERIFY(end(ScanState::Paused, 0, {}));
        BIRCH_VERIFY(end(ScanState::Interrupted, 1'500'000, {}));
        opened = store->continueScan(scan.uid).value();
        BIRCH_VERIFY(end(ScanState::Failed, 2'500'000, u"no reply"_s));
        BIRCH_VERIFY(end(ScanState::Failed, 2'500'000, u"no reply"_s)); // again, the same
        BIRCH_VERIFY(store->setQueueState(queue, QueueState::Idle));

        // Once more, with nothing in it: what was before does not count.
        BIRCH_VERIFY(store->setQueueState(queue, QueueState::Running));
        BIRCH_VERIFY(store->setQueueState(queue, QueueState::Stopping));
        BIRCH_VERIFY(store->setQueueState(queue, QueueState::Idle));

        ScanRepository scans(*m_connection);
        const ScanRecord record = scans.find(m_session, opened.scanId).value();
        ScanDetails details = record.details;
        details.comment = u"better"_s;
        BIRCH_VERIFY(scans.editDetails(m_session, scan.uid, details, record.revision));
        BIRCH_VERIFY(scans.setTrashed(m_session, scan.uid, true));

        QStringList told;
        QMap<QString, QJsonObject> detail;
        for (const test::StoredEvent &event : test::storedEvents(*m_connection)) {
            const QString key = event.link.kind + u' ' + event.link.action;
            told << key;
            detail.insert(key, event.detail());
        }
        QCOMPARE(told, (QStringList{u"stations added"_s, u"queues added"_s, u"queues started"_s,
                                    u"projects added"_s, u"tags added"_s, u"object_tags added"_s,
                                    u"tags added"_s, u"object_tags added"_s, u"scans started"_s,
                                    u"scans interrupted"_s, u"scans continued"_s, u"scans failed"_s,
                                    u"queues failed"_s, u"queues started"_s, u"queues completed"_s,
                                    u"scans changed"_s, u"scans trashed"_s}));
        QCOMPARE(detail[u"scans interrupted"_s][u"duration_s"_s].toDouble(), 1.5);
        QCOMPARE(detail[u"scans failed"_s], (QJsonObject{{u"points"_s, 10},
                                                         {u"points_planned"_s, 100},
                                                         {u"duration_s"_s, 2.5},
                                                         {u"reason"_s, u"no reply"_s}}));
        const QJsonObject ended = detail[u"queues failed"_s];
        QCOMPARE(ended[u"scans"_s].toInt(), 1);
        QCOMPARE(ended[u"points"_s].toInt(), 10);
        QCOMPARE(ended[u"states"_s].toObject(), (QJsonObject{{u"failed"_s, 1}}));
        QVERIFY(ended[u"duration_s"_s].toDouble() >= 0);
        QCOMPARE(detail[u"queues completed"_s][u"scans"_s].toInt(), 0);
        QCOMPARE(detail[u"scans changed"_s],
                 (QJsonObject{{u"comment"_s, QJsonObject{{u"before"_s, scan.details.comment},
                                                         {u"after"_s, u"better"_s}}}}));
        QCOMPARE(test::chainProblem(*m_connection), QString());
    }

    void settingsAndSecrets_data() { test::StoreFixture::addEngines(); }
    void settingsAndSecrets()
    {
        SettingsRepository settings(*m_connection);
        BIRCH_VERIFY(settings.set(m_session, {}, u"page.size"_s, u"20"_s));
        BIRCH_VERIFY(settings.set(m_session, {}, u"page.size"_s, u"20"_s));
        BIRCH_VERIFY(settings.set(m_session, {}, u"page.size"_s, u"30"_s));
        BIRCH_VERIFY(settings.remove(m_session, {}, u"page.size"_s));
        BIRCH_VERIFY(settings.set(m_session, u"station/b"_s, u"timings"_s, u"{}"_s));
        EntityRepository users(*m_connection, *entityByTable(u"users"_s));
        BIRCH_VERIFY(users.insert(m_session,
                                  {{u"username"_s, u"eve"_s},
                                   {u"role"_s, u"viewer"_s},
                                   {u"lab"_s, u"Lab"_s},
                                   {u"password_hash"_s, u"$argon2id$1"_s}},
                                  {}, {.origin = Origin::Store}));
        QStringList told;
        for (const test::StoredEvent &event : test::storedEvents(*m_connection)) {
            told << event.link.kind + u' ' + event.link.action;
            QCOMPARE(event.link.lab, kDatabaseChain);
            QVERIFY2(!event.changes.contains(u"argon2id"_s), qPrintable(event.changes));
        }
        QCOMPARE(told, (QStringList{u"settings added"_s, u"settings changed"_s,
                                    u"settings purged"_s, u"users granted"_s}));
        QVERIFY(test::storedEvents(*m_connection).last().detail().contains(u"password_hash"_s));
        QCOMPARE(test::chainProblem(*m_connection), QString());
    }

    void detailsArePurged_data() { test::StoreFixture::addEngines(); }
    void detailsArePurged()
    {
        EntityRepository samples(*m_connection, sampleSpec());
        BIRCH_VERIFY(samples.insert(m_session, {{u"sample_id"_s, u"D-1"_s}}));
        const qint64 cut = test::storedEvents(*m_connection).last().link.atUs + 1;
        BIRCH_VERIFY(samples.insert(m_session, {{u"sample_id"_s, u"D-2"_s}}));
        EventLog log(*m_connection);
        QCOMPARE(log.purgeDetails({u"eve"_s, Role::Operator}, cut).error().code, ErrorCode::Denied);
        QCOMPARE(log.purgeDetails(m_session, cut).value(), 1);
        QCOMPARE(log.purgeDetails(m_session, cut).value(), 0);
        const QList<test::StoredEvent> events = test::storedEvents(*m_connection);
        QCOMPARE(events.size(), 3);
        QVERIFY(events[0].changes.isNull());
        QVERIFY(!events[1].changes.isNull());
        QCOMPARE(events[2].link.action, u"purged"_s);
        QCOMPARE(events[2].detail()[u"before_us"_s].toInteger(), cut);
        QCOMPARE(test::chainProblem(*m_connection), QString());
    }

    void fourWritersMakeOneChain_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<bool>("areProcesses");
        QTest::newRow("SQLite, threads") << false << false;
        QTest::newRow("SQLite, processes") << false << true;
        QTest::newRow("PostgreSQL, threads") << true << false;
        QTest::newRow("PostgreSQL, processes") << true << true;
    }
    void fourWritersMakeOneChain()
    {
        QFETCH(bool, areProcesses);
        makeLabs();
        if (areProcesses)
            writeInProcesses();
        else
            writeInThreads();
        if (QTest::currentTestFailed())
            return;
        const qint64 kept = 4 * kTransactions * 3 / 4 * 2;
        QCOMPARE(sampleCount(), kept);
        QCOMPARE(sampleEvents(), kept);
        QCOMPARE(test::chainProblem(*m_connection), QString());
    }

    void aKilledWriterLeavesAWholeChain_data() { test::StoreFixture::addEngines(); }
    void aKilledWriterLeavesAWholeChain()
    {
        makeLabs();
        for (int i = 0; i < 5; ++i) {
            QProcess writer;
            writer.start(QCoreApplication::applicationFilePath(),
                         {u"--write"_s, m_database->url().text(), u"k%1-"_s.arg(i), u"100000"_s});
            QVERIFY(writer.waitForStarted());
            const qint64 before = sampleCount();
            QTRY_VERIFY_WITH_TIMEOUT(sampleCount() > before + 3 * i, 20'000);
            writer.kill();
            QVERIFY(writer.waitForFinished());
        }
        BIRCH_VERIFY(writeSamples(*m_database, u"after-"_s, 4));
        QCOMPARE(sampleEvents(), sampleCount());
        QCOMPARE(test::chainProblem(*m_connection), QString());
    }

public:
    /// A writer in a process of its own.
    static int write(const QStringList &arguments)
    {
        const auto database = Database::open(DatabaseUrl::parse(arguments[2]).value(), u"ada"_s);
        if (!database)
            qFatal("%s", qPrintable(database.error().message));
        const Status done = writeSamples(*database.value(), arguments[3], arguments[4].toInt());
        if (!done)
            qFatal("%s", qPrintable(done.error().message));
        return 0;
    }

private:
    void makeLabs()
    {
        EntityRepository labs(*m_connection, labSpec());
        for (int i = 0; i < 2; ++i)
            BIRCH_VERIFY(labs.insert(m_session, {{u"name"_s, labName(i)}}));
    }
    void writeInThreads()
    {
        std::array<QString, 4> problems;
        std::vector<std::thread> writers;
        for (size_t i = 0; i < problems.size(); ++i) {
            writers.emplace_back([this, i, &problems] {
                const Status done = writeSamples(*m_database, u"w%1-"_s.arg(i), kTransactions);
                if (!done)
                    problems[i] = done.error().message;
            });
        }
        for (std::thread &writer : writers)
            writer.join();
        for (const QString &problem : problems)
            QCOMPARE(problem, QString());
    }
    void writeInProcesses()
    {
        std::vector<std::unique_ptr<QProcess>> writers;
        for (int i = 0; i < 4; ++i) {
            auto writer = std::make_unique<QProcess>();
            writer->setProcessChannelMode(QProcess::ForwardedErrorChannel);
            writer->start(QCoreApplication::applicationFilePath(),
                          {u"--write"_s, m_database->url().text(), u"w%1-"_s.arg(i),
                           QString::number(kTransactions)});
            writers.push_back(std::move(writer));
        }
        for (auto &writer : writers) {
            QVERIFY(writer->waitForFinished(90'000));
            QCOMPARE(writer->exitCode(), 0);
        }
    }
    qint64 count(const QString &sql)
    {
        const auto row = m_connection->firstRow(sql);
        return row ? row.value()->first().toLongLong() : -1;
    }
    qint64 sampleCount() { return count(u"SELECT count(*) FROM samples"_s); }
    qint64 sampleEvents()
    {
        return count(u"SELECT count(DISTINCT object_uid) FROM event_log WHERE kind = 'samples' "
                     "AND action = 'added'"_s);
    }

    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Connection> m_connection;
    Session m_session;
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 5 && arguments[1] == u"--write"_s)
        return EventLogTest::write(arguments);
    EventLogTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_event_log.moc"
