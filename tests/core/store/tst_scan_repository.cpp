#include "core/store/scan_repository.h"

#include "core/store/database_stats.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/sql_run_store.h"
#include "tests/core/store/scan_fixture.h"
#include "tests/core/store/store_fixture.h"

#include <QJsonArray>

using namespace birch;
using namespace Qt::StringLiterals;

/// History: finding, listing and editing scans, on both engines.
class ScanRepositoryTest : public QObject
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
        m_scans = std::make_unique<ScanRepository>(*m_connection);
    }
    void cleanup()
    {
        m_scans.reset();
        m_store.reset();
        m_connection.reset();
        m_database.reset();
    }

    void listsNewestFirst_data() { test::StoreFixture::addEngines(); }
    void listsNewestFirst()
    {
        const QString sample = addSample(u"D-1"_s);
        for (int i = 0; i < 7; ++i) {
            NewScan scan = test::newScan();
            scan.details.title = u"Run %1"_s.arg(i);
            scan.details.project = i < 5 ? u"Diodes"_s : u"Lasers 100%"_s;
            scan.details.sampleUid = i % 2 ? sample : QString();
            scan.startedUs += i * 1'000'000;
            add(scan, i == 3 ? ScanState::Failed : ScanState::Completed);
        }
        NewScan running = test::newScan();
        running.startedUs += 60'000'000;
        BIRCH_VERIFY(m_store->createScan(running));

        ScanFilter filter;
        filter.perPage = 3;
        auto page = m_scans->list(m_session, filter);
        BIRCH_VERIFY(page);
        QCOMPARE(page.value().total, 8);
        QCOMPARE(ids(page.value()), QStringList({u"008"_s, u"007"_s, u"006"_s}));
        // A scan that starts meanwhile does not shift the second page.
        NewScan newer = test::newScan();
        newer.startedUs += 70'000'000;
        BIRCH_VERIFY(m_store->createScan(newer));
        filter.anchor = page.value().anchor;
        filter.page = 2;
        page = m_scans->list(m_session, filter);
        QCOMPARE(ids(page.value()), QStringList({u"005"_s, u"004"_s, u"003"_s}));
        QCOMPARE(page.value().toJson()[u"scans"_s].toArray().size(), 3);
        filter.anchor = u"x"_s;
        QCOMPARE(m_scans->list(m_session, filter).error().code, ErrorCode::BadInput);
    }

    void filters_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<int>("which");
        QTest::addColumn<QStringList>("found");
        for (const bool isPostgres : {false, true}) {
            const char *engine = isPostgres ? "PostgreSQL" : "SQLite";
            const auto row = [&](const char *name, int which, const QStringList &found) {
                QTest::addRow("%s: %s", engine, name) << isPostgres << which << found;
            };
            row("sample", 0, {u"002"_s});
            row("project", 1, {u"003"_s});
            row("state", 2, {u"002"_s});
            row("active", 3, {u"004"_s});
            row("since", 4, {u"004"_s, u"003"_s});
            row("words", 5, {u"003"_s});
            row("wildcards are letters", 6, {u"003"_s});
            row("case", 7, {u"002"_s});
            row("nothing", 8, {});
        }
    }
    void filters()
    {
        const QString sample = addSample(u"D-1"_s);
        NewScan scans[4] = {test::newScan(), test::newScan(), test::newScan(), test::newScan()};
        for (int i = 0; i < 4; ++i) {
            scans[i].startedUs += i * 1'000'000;
            scans[i].details.comment.clear();
        }
        scans[1].details.sampleUid = sample;
        scans[1].details.operatorName = u"Grace"_s;
        scans[2].details.project = u"Lasers 100%"_s;
        add(scans[0], ScanState::Completed);
        add(scans[1], ScanState::Failed);
        add(scans[2], ScanState::Completed);
        BIRCH_VERIFY(m_store->createScan(scans[3]));
        ScanFilter filters[9];
        filters[0].sample = u"D-1"_s;
        filters[1].project = u"Lasers 100%"_s;
        filters[2].states = {ScanState::Failed};
        filters[3].states = ScanFilter::activeStates();
        filters[4].sinceUs = scans[2].startedUs;
        filters[5].search = u"lasers ada"_s;
        filters[6].search = u"00% "_s;
        filters[7].search = u"grace"_s;
        filters[8].search = u"_"_s;
        QFETCH(int, which);
        QFETCH(QStringList, found);
        const auto page = m_scans->list(m_session, filters[which]);
        BIRCH_VERIFY(page);
        QCOMPARE(ids(page.value()), found);
        QCOMPARE(page.value().total, found.size());
    }

    void findsByEveryKey_data() { test::StoreFixture::addEngines(); }
    void findsByEveryKey()
    {
        NewScan first = test::newScan();
        NewScan second = test::newScan();
        first.uid = QUuid(u"01910000-aaaa-7000-8000-000000000001"_s);
        second.uid = QUuid(u"01910000-aaab-7000-8000-000000000002"_s);
        BIRCH_VERIFY(m_store->createScan(first));
        BIRCH_VERIFY(m_store->createScan(second));
        for (const QString &key :
             {u"bench-270115-001"_s, uidText(first.uid), u"01910000-aaaa"_s, u"01910000-AAAA"_s}) {
            const auto found = m_scans->find(m_session, key);
            BIRCH_VERIFY(found);
            QCOMPARE(found.value().uid, first.uid);
        }
        const auto several = m_scans->find(m_session, u"01910000"_s);
        QCOMPARE(several.error().code, ErrorCode::Conflict);
        QVERIFY(several.error().message.contains(u"bench-270115-001"_s));
        QVERIFY(several.error().message.contains(u"bench-270115-002"_s));
        QCOMPARE(m_scans->find(m_session, u"019"_s).error().code, ErrorCode::NotFound);
        QCOMPARE(m_scans->show(m_session, u"nope"_s).error().code, ErrorCode::NotFound);
    }

    void jsonHasTheAgreedShape_data() { test::StoreFixture::addEngines(); }
    void jsonHasTheAgreedShape()
    {
        NewScan scan = test::newScan();
        scan.details.sampleUid = addSample(u"D-1"_s);
        const OpenedScan opened = m_store->createScan(scan).value();
        ScanCommit commit = test::rowsCommit(scan, opened, 0, 25);
        commit.state = ScanState::Aborted;
        commit.reason = u"Stopped by Ada"_s;
        commit.endedUs = scan.startedUs + 2'500'000;
        commit.log = {{scan.startedUs * 1000, u"safe"_s, u"smu at 0 V"_s}};
        BIRCH_VERIFY(m_store->commit(commit));
        const QJsonObject json = m_scans->show(m_session, opened.scanId).value().toJson();
        QCOMPARE(json[u"scan_id"_s].toString(), opened.scanId);
        QCOMPARE(json[u"uid"_s].toString(), uidText(scan.uid));
        QCOMPARE(json[u"name"_s].toString(), u"IV map"_s);
        QCOMPARE(json[u"status"_s].toString(), u"aborted"_s);
        QCOMPARE(json[u"reason"_s].toString(), u"Stopped by Ada"_s);
        QCOMPARE(json[u"sample"_s].toString(), u"D-1"_s);
        QCOMPARE(json[u"project"_s].toString(), u"Diodes"_s);
        QCOMPARE(json[u"operator"_s].toString(), u"Ada"_s);
        QCOMPARE(json[u"progress"_s].toDouble(), 0.25);
        QCOMPARE(json[u"points"_s].toInt(), 25);
        QCOMPARE(json[u"points_planned"_s].toInt(), 100);
        QCOMPARE(json[u"started"_s].toString(), u"2027-01-15T08:00:00.000000Z"_s);
        QCOMPARE(json[u"ended"_s].toString(), u"2027-01-15T08:00:02.500000Z"_s);
        QCOMPARE(json[u"times"_s].toObject()[u"duration_s"_s].toDouble(), 2.5);
        QCOMPARE(json[u"settings"_s].toObject(), scan.settings);
        QCOMPARE(json[u"logs"_s].toArray().size(), 1);
        const QJsonObject measurement = json[u"measurements"_s].toArray()[0].toObject();
        QCOMPARE(measurement[u"name"_s].toString(), u"all"_s);
        QCOMPARE(measurement[u"rows"_s].toInt(), 25);
        const QJsonObject column = measurement[u"columns"_s].toArray()[4].toObject();
        QCOMPARE(column[u"name"_s].toString(), u"spectrum"_s);
        QCOMPARE(column[u"unit"_s].toString(), u"counts"_s);
        QCOMPARE(column[u"type"_s].toString(), u"float64"_s);
        QCOMPARE(column[u"shape"_s].toArray(), QJsonArray{3});

        const QJsonObject stats = databaseStats(*m_connection).value();
        QCOMPARE(stats[u"samples"_s].toInt(), 1);
        QCOMPARE(stats[u"queues"_s].toInt(), 0);
        QCOMPARE(stats[u"scans"_s].toInt(), 1);
        QCOMPARE(stats[u"points"_s].toInt(), 25);
        QVERIFY(stats[u"bytes"_s].toInteger() > 0);
    }

    void edits_data() { test::StoreFixture::addEngines(); }
    void edits()
    {
        NewScan scan = test::newScan();
        add(scan, ScanState::Interrupted);
        ScanRecord record = m_scans->find(m_session, uidText(scan.uid)).value();
        ScanDetails details = record.details;
        details.title = u"Renamed"_s;
        details.tags = {u"a"_s};
        details.fields = {{u"Gas"_s, u"argon"_s}};
        details.sampleUid = addSample(u"D-9"_s);
        details.project.clear();
        BIRCH_VERIFY(m_scans->editDetails(m_session, scan.uid, details, record.revision));
        QCOMPARE(m_scans->editDetails(m_session, scan.uid, details, record.revision).error().code,
                 ErrorCode::Conflict);
        record = m_scans->find(m_session, uidText(scan.uid)).value();
        QCOMPARE(record.details, details);
        QCOMPARE(record.sample, u"D-9"_s);

        BIRCH_VERIFY(m_scans->closeInterrupted(m_session, scan.uid, u"Sample broke"_s));
        QCOMPARE(m_scans->closeInterrupted(m_session, scan.uid, u"x"_s).error().code,
                 ErrorCode::Conflict);
        record = m_scans->find(m_session, uidText(scan.uid)).value();
        QCOMPARE(record.state, ScanState::Aborted);
        QCOMPARE(record.reason, u"Sample broke"_s);
        QVERIFY(m_scans->interrupted(m_session).value().isEmpty());

        BIRCH_VERIFY(m_scans->setTrashed(m_session, scan.uid, true));
        QCOMPARE(m_scans->list(m_session, {}).value().total, 0);
        BIRCH_VERIFY(m_scans->setTrashed(m_session, scan.uid, false));
        QCOMPARE(m_scans->list(m_session, {}).value().total, 1);
        NewScan running = test::newScan();
        BIRCH_VERIFY(m_store->createScan(running));
        QCOMPARE(m_scans->setTrashed(m_session, running.uid, true).error().code,
                 ErrorCode::Conflict);
    }

private:
    void add(const NewScan &scan, ScanState state)
    {
        const auto opened = m_store->createScan(scan);
        BIRCH_VERIFY(opened);
        ScanCommit commit = test::rowsCommit(scan, opened.value(), 0, 1);
        commit.state = state;
        BIRCH_VERIFY(m_store->commit(commit));
    }
    QString addSample(const QString &id)
    {
        return EntityRepository(*m_connection, sampleSpec())
            .insert(m_session, {{u"sample_id"_s, id}})
            .value()
            .uid;
    }
    static QStringList ids(const ScanPage &page)
    {
        QStringList numbers;
        for (const ScanRecord &scan : page.scans)
            numbers << scan.scanId.last(3);
        return numbers;
    }

    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<SqlRunStore> m_store;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<ScanRepository> m_scans;
    Session m_session;
};

QTEST_GUILESS_MAIN(ScanRepositoryTest)
#include "tst_scan_repository.moc"
