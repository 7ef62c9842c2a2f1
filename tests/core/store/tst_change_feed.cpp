#include "core/store/change_feed.h"

#include "core/base/id.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/sql_run_store.h"
#include "core/store/write_transaction.h"
#include "tests/core/store/scan_fixture.h"
#include "tests/core/store/store_fixture.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSignalSpy>

#include <algorithm>
#include <libpq-fe.h>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
const QString kWriter = u"--write-a-sample"_s;

Status addSample(Connection &connection)
{
    auto made = EntityRepository(connection, sampleSpec()).insert({u"ada"_s, Role::Admin}, {});
    return made ? ok() : Status(made.error());
}

int writeSample(const QString &path)
{
    const auto database = Database::open(DatabaseUrl::sqliteFile(path), u"ada"_s);
    if (!database)
        return 1;
    const auto connection = database.value()->connect();
    return connection && addSample(*connection.value()) ? 0 : 1;
}
} // namespace

/// What one station changes another one hears of.
class ChangeFeedTest : public QObject
{
    Q_OBJECT
private slots:
    void folds_data()
    {
        using enum ChangeAction;
        QTest::addColumn<QList<ChangeAction>>("came");
        QTest::addColumn<ChangeAction>("told");
        QTest::newRow("added and changed") << QList{Added, Changed} << Added;
        QTest::newRow("changed twice") << QList{Changed, Changed} << Changed;
        QTest::newRow("changed and removed") << QList{Changed, Removed} << Removed;
        QTest::newRow("removed and added again") << QList{Removed, Added} << Changed;
    }
    void folds()
    {
        QFETCH(QList<ChangeAction>, came);
        QFETCH(ChangeAction, told);
        const QUuid uid = newUid();
        const Change other{u"labs"_s, newUid(), ChangeAction::Changed};
        QList<Change> changes{other};
        for (const ChangeAction action : came)
            changes << Change{u"samples"_s, uid, action};
        QCOMPARE(foldedChanges(changes), QList({other, Change{u"samples"_s, uid, told}}));
    }

    void isSeenWithin200ms_data() { test::StoreFixture::addEngines(); }
    void isSeenWithin200ms()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto station = database->connect();
        BIRCH_VERIFY(station);
        ChangeFeed feed(*database);
        QSignalSpy changed(&feed, &ChangeFeed::changed);
        QSignalSpy anything(&feed, &ChangeFeed::anythingMayHaveChanged);
        QTRY_COMPARE(anything.size(), 1);

        QList<qint64> latencies;
        for (int i = 0; i < 15; ++i) {
            changed.clear();
            anything.clear();
            BIRCH_VERIFY(addSample(*station.value()));
            QElapsedTimer timer;
            timer.start();
            QTRY_VERIFY2(!changed.isEmpty() || !anything.isEmpty(), "nothing was told");
            latencies << timer.elapsed();
            if (isPostgres) {
                const auto told = changed.first().first().value<QList<Change>>();
                QVERIFY(std::ranges::any_of(told, [](const Change &change) {
                    return change.kind == u"samples" && change.action == ChangeAction::Added;
                }));
            }
        }
        std::ranges::sort(latencies);
        qInfo("median %lld ms, worst %lld ms", latencies[7], latencies.last());
        QVERIFY2(latencies[7] <= 200, qPrintable(QString::number(latencies[7])));
    }

    void anotherProcessIsSeen()
    {
        const auto database = m_fixture.newDatabase(false);
        ChangeFeed feed(*database);
        QSignalSpy anything(&feed, &ChangeFeed::anythingMayHaveChanged);
        QTRY_COMPARE(anything.size(), 1);
        QProcess other; // this very program, see main()
        other.start(QCoreApplication::applicationFilePath(), {kWriter, database->url().path()});
        QVERIFY(other.waitForFinished());
        QCOMPARE(other.exitCode(), 0);
        QTRY_VERIFY(anything.size() >= 2);
    }

    void aTransactionIsToldOnce()
    {
        const auto database = m_fixture.newDatabase(true);
        const auto station = database->connect();
        BIRCH_VERIFY(station);
        ChangeFeed feed(*database);
        QSignalSpy changed(&feed, &ChangeFeed::changed);
        QSignalSpy anything(&feed, &ChangeFeed::anythingMayHaveChanged);
        QTRY_COMPARE(anything.size(), 1);
        auto raw = Connection::open(database->url());
        BIRCH_VERIFY(raw);
        BIRCH_VERIFY(raw.value()->script(u"LISTEN birch_changes"_s));
        const Session session{u"ada"_s, Role::Admin};
        EntityRepository samples(*station.value(), sampleSpec());
        const auto sample = samples.insert(session, {{u"sample_id"_s, u"S-1"_s}});
        BIRCH_VERIFY(sample);
        QTRY_VERIFY(!changed.isEmpty());
        QHash<QString, int> counts; // as the server sent them, before the feed folds
        QTRY_COMPARE(count(*raw.value(), &counts, u"samples"_s), 1);
        {
            auto transaction = WriteTransaction::begin(*station.value());
            BIRCH_VERIFY(transaction);
            for (int i = 0; i < 5; ++i)
                BIRCH_VERIFY(
                    station.value()->execute(u"UPDATE samples SET name = ? WHERE uid = ?"_s,
                                             {u"n%1"_s.arg(i), sample.value().uid}));
            BIRCH_VERIFY(transaction.value().commit());
        }
        QTRY_COMPARE(count(*raw.value(), &counts, u"samples"_s), 2);
        {
            auto transaction = WriteTransaction::begin(*station.value());
            BIRCH_VERIFY(transaction);
            BIRCH_VERIFY(station.value()->execute(u"UPDATE samples SET name = 'never'"_s));
        } // rolled back
        BIRCH_VERIFY(station.value()->execute(u"UPDATE labs SET name = 'seen'"_s));
        QTRY_COMPARE(count(*raw.value(), &counts, u"labs"_s), 1);
        QCOMPARE(counts[u"samples"_s], 2);
    }

    void aFloodIsToldByItsKind()
    {
        const auto database = m_fixture.newDatabase(true);
        const auto station = database->connect();
        BIRCH_VERIFY(station);
        ChangeFeed feed(*database);
        QSignalSpy changed(&feed, &ChangeFeed::changed);
        QSignalSpy anything(&feed, &ChangeFeed::anythingMayHaveChanged);
        QTRY_COMPARE(anything.size(), 1);
        BIRCH_VERIFY(station.value()->execute(
            u"INSERT INTO samples (uid, lab_id, sample_id, created_at, created_by, updated_at, "
            "updated_by) SELECT gen_random_uuid()::text, (SELECT min(id) FROM labs), 'F-' || g, "
            "1, '', 1, '' FROM generate_series(1, 5000) g"_s));
        QList<Change> told;
        const auto isMany = [](const Change &change) {
            return change.kind == u"samples" && change.uid.isNull();
        };
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                told.clear();
                for (const QList<QVariant> &call : std::as_const(changed))
                    told += call.first().value<QList<Change>>();
                return std::ranges::any_of(told, isMany);
            }(),
            10'000);
        QVERIFY2(told.size() <= 110, qPrintable(QString::number(told.size())));
        QCOMPARE(std::ranges::count_if(told, isMany), 1);
    }

    void scansAreToldOf()
    {
        const auto database = m_fixture.newDatabase(true);
        ChangeFeed feed(*database);
        QSignalSpy changed(&feed, &ChangeFeed::changed);
        QSignalSpy anything(&feed, &ChangeFeed::anythingMayHaveChanged);
        QTRY_COMPARE(anything.size(), 1);
        auto store = SqlRunStore::open(*database, u"ada"_s, u"RIG"_s);
        BIRCH_VERIFY(store);
        const NewScan scan = test::newScan();
        const auto opened = store.value()->createScan(scan);
        BIRCH_VERIFY(opened);
        QTRY_VERIFY(isTold(changed, {u"scans"_s, scan.uid, ChangeAction::Added}));
        changed.clear();
        BIRCH_VERIFY(store.value()->commit(test::rowsCommit(scan, opened.value(), 0, 10)));
        QTRY_VERIFY(isTold(changed, {u"scans"_s, scan.uid, ChangeAction::Changed}));
    }

    void survivesTheServersRestart()
    {
        const auto database = m_fixture.newDatabase(true);
        ChangeFeed feed(*database);
        QSignalSpy changed(&feed, &ChangeFeed::changed);
        QSignalSpy anything(&feed, &ChangeFeed::anythingMayHaveChanged);
        QTRY_COMPARE(anything.size(), 1);
        QString problem;
        QVERIFY2(m_fixture.server()->restart(&problem), qPrintable(problem));
        QTRY_COMPARE_WITH_TIMEOUT(anything.size(), 2, 10'000);
        const auto station = database->connect();
        BIRCH_VERIFY(station);
        BIRCH_VERIFY(addSample(*station.value()));
        QTRY_VERIFY(!changed.isEmpty());
        QCOMPARE(anything.size(), 2);
    }

    void endsWhileTheServerIsAway()
    {
        const auto database = m_fixture.newDatabase(true);
        auto feed = std::make_unique<ChangeFeed>(*database);
        QSignalSpy anything(feed.get(), &ChangeFeed::anythingMayHaveChanged);
        QTRY_COMPARE(anything.size(), 1);
        QVERIFY(m_fixture.server()->stop());
        QElapsedTimer timer;
        timer.start();
        feed.reset();
        QVERIFY(timer.elapsed() < 5'000);
        QString problem;
        QVERIFY2(m_fixture.server()->startAgain(&problem), qPrintable(problem));
    }

private:
    static bool isTold(const QSignalSpy &changed, const Change &wanted)
    {
        return std::ranges::any_of(changed, [&](const QList<QVariant> &call) {
            return call.first().value<QList<Change>>().contains(wanted);
        });
    }
    /// Notifications about \a kind so far.
    static int count(Connection &connection, QHash<QString, int> *counts, const QString &kind)
    {
        PGconn *handle = connection.postgresHandle();
        PQconsumeInput(handle);
        while (PGnotify *note = PQnotifies(handle)) {
            const QJsonObject json = QJsonDocument::fromJson(note->extra).object();
            ++(*counts)[json[u"kind"_s].toString()];
            PQfreemem(note);
        }
        return counts->value(kind);
    }

    test::StoreFixture m_fixture;
};

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == kWriter)
        return writeSample(arguments.value(2));
    ChangeFeedTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_change_feed.moc"
