#include "core/store/upkeep/merge.h"

#include "core/store/upkeep/copy.h"
#include "tests/core/store/upkeep/filled_database.h"

#include <QProcess>
#include <QRandomGenerator>

using namespace birch;
using namespace Qt::StringLiterals;

/// Two databases become one, by uid, between engines.
class MergeTest : public QObject
{
    Q_OBJECT
private slots:
    void everythingComesOnce_data() { addDirections(); }
    void everythingComesOnce()
    {
        QFETCH(bool, fromPostgres);
        QFETCH(bool, toPostgres);
        const DatabaseUrl from = filled(fromPostgres);
        const DatabaseUrl to = withOneScan(toPostgres);
        const auto before = test::contents(from);
        const auto there = test::contents(to);
        const auto merged = mergeDatabase(from, test::opened(to), {u"ada"_s});
        BIRCH_VERIFY(merged);
        const MergeReport &report = merged.value();
        QCOMPARE(test::contents(from), before);
        const auto after = test::contents(to);
        for (const QString &table :
             {u"scans"_s, u"scan_logs"_s, u"scan_documents"_s, u"scan_timings"_s, u"data_chunks"_s,
              u"data_overviews"_s, u"samples"_s, u"attachments"_s, u"blobs"_s, u"blob_chunks"_s,
              u"measurement_objects"_s, u"scan_definitions"_s}) {
            QVERIFY(report.added[table] > 0);
            QCOMPARE(after[table].rows(), there[table].rows() + before[table].rows());
        }
        QCOMPARE(after[u"definition_texts"_s].rows(), 2);        // the same in both
        for (const QString &table : {u"stations"_s, u"users"_s}) // one and the same by its name
            QVERIFY(after[table].rows() < there[table].rows() + before[table].rows());
        QCOMPARE(test::damage(to), QStringList());
        QCOMPARE(text(to, u"SELECT count(*) FROM event_log WHERE action = 'merged'"_s), u"1"_s);
        const QStringList told = lines(report);
        for (const QString &expected :
             {u"labs Lab: has the name"_s, u"stations bench: has the name"_s,
              u"users ada: has the name"_s, u"scans bench-270115-001: has the number"_s})
            QVERIFY2(told.filter(expected).size() == 1, qPrintable(told.join(u'\n')));
        QCOMPARE(text(to, u"SELECT count(*) FROM scans WHERE scan_id = 'bench-270115-001-2'"_s),
                 u"1"_s);
        QCOMPARE(
            text(
                to,
                u"SELECT count(*) FROM objects WHERE kind = 'scans' AND title LIKE '%bench-270115-001-2%'"_s),
            u"1"_s);

        const auto again = mergeDatabase(from, test::opened(to), {u"ada"_s});
        BIRCH_VERIFY(again);
        QCOMPARE(again.value().rows(), 0);
        QCOMPARE(test::contents(to), after);
        const auto database = Database::open(to, u"ada"_s);
        BIRCH_VERIFY(database);
        const auto connection = database.value()->connect().value();
        test::EntityExamples examples(*connection, openSession(*connection, u"ada"_s).value());
        BIRCH_VERIFY(examples.add(sampleSpec())); // numbers go on above what came
    }

    void whatDiffersIsTold_data() { addDirections(); }
    void whatDiffersIsTold()
    {
        QFETCH(bool, fromPostgres);
        QFETCH(bool, toPostgres);
        const DatabaseUrl from = filled(fromPostgres);
        const DatabaseUrl to = m_fixture.newUrl(toPostgres);
        BIRCH_VERIFY(copyDatabase(from, to, {.userName = u"ada"_s}));
        QCOMPARE(mergeDatabase(from, test::opened(to), {u"ada"_s}).value().conflictCount, 0);
        change(from, u"UPDATE samples SET material = 'InP', revision = 9 WHERE id = "
                     "(SELECT min(id) FROM samples)"_s);
        change(to, u"UPDATE samples SET material = 'GaAs' WHERE id = "
                   "(SELECT min(id) FROM samples)"_s);
        change(from, u"UPDATE settings SET value = '2' WHERE name = 'a'"_s);
        change(from, u"UPDATE projects SET revision = revision + 1, updated_by = 'eve'"_s);
        const auto merged = mergeDatabase(from, test::opened(to), {u"ada"_s});
        BIRCH_VERIFY(merged);
        QCOMPARE(merged.value().rows(), 0);
        const QStringList told = lines(merged.value());
        QCOMPARE(told.size(), 2);
        QVERIFY2(told[0].startsWith(u"samples "_s) &&
                     told[0].contains(u"material: source \"InP\", target \"GaAs\""_s),
                 qPrintable(told[0]));
        QVERIFY2(told[1].contains(u"source \"2\", target \"1\""_s), qPrintable(told[1]));
        QCOMPARE(text(to, u"SELECT count(*) FROM samples WHERE material = 'InP'"_s), u"0"_s);
    }

    void scansThatGoOnAreLeft()
    {
        const DatabaseUrl from = filled(false);
        change(from, u"UPDATE scans SET state = 'running', ended_at = NULL"_s);
        const auto refused = mergeDatabase(from, test::opened(withOneScan(false)), {u"ada"_s});
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY2(refused.error().message.contains(u"birchctl resume"_s),
                 qPrintable(refused.error().message));
        QCOMPARE(
            mergeDatabase(filled(false), test::opened(withOneScan(false)), {u"eve"_s}).error().code,
            ErrorCode::Denied);
    }

    void killedAgainAndAgain_data() { addDirections(); }
    void killedAgainAndAgain()
    {
        QFETCH(bool, fromPostgres);
        QFETCH(bool, toPostgres);
        const DatabaseUrl from = filled(fromPostgres);
        const DatabaseUrl to = withOneScan(toPostgres);
        const auto there = test::contents(to);
        QRandomGenerator random(quint32(fromPostgres * 2 + toPostgres));
        int killed = 0;
        for (int i = 0;; ++i) {
            QVERIFY(i < 60);
            QProcess merge;
            merge.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            merge.start(QCoreApplication::applicationFilePath(),
                        {u"--merge"_s, from.text(), to.text()});
            QVERIFY(merge.waitForStarted());
            // Longer each time, so that it comes to an end on any machine.
            if (!merge.waitForFinished(int(random.bounded(100 + 80 * i)))) {
                merge.kill();
                QVERIFY(merge.waitForFinished());
                ++killed;
                continue;
            }
            if (merge.exitCode() == 0) // 1: the server has not noticed yet that the last one died
                break;
        }
        QVERIFY(killed > 0);
        QCOMPARE(test::damage(to), QStringList());
        QCOMPARE(test::contents(to)[u"scans"_s].rows(),
                 there[u"scans"_s].rows() + test::contents(from)[u"scans"_s].rows());
        QCOMPARE(text(to, u"SELECT count(*) FROM event_log WHERE action = 'merged'"_s), u"1"_s);
        const auto again = mergeDatabase(from, test::opened(to), {u"ada"_s});
        BIRCH_VERIFY(again);
        QCOMPARE(again.value().rows(), 0);
    }

public:
    static int merge(const QString &from, const QString &to)
    {
        auto target = Database::open(DatabaseUrl::parse(to).value(), u"ada"_s);
        const auto done = target ? mergeDatabase(DatabaseUrl::parse(from).value(),
                                                 std::move(target).value(), {u"ada"_s})
                                 : target.error();
        if (!done)
            qCritical("%s", qPrintable(done.error().message));
        return done ? 0 : 1;
    }

private:
    static void addDirections()
    {
        QTest::addColumn<bool>("fromPostgres");
        QTest::addColumn<bool>("toPostgres");
        QTest::newRow("SQLite to PostgreSQL") << false << true;
        QTest::newRow("PostgreSQL to SQLite") << true << false;
        QTest::newRow("SQLite to SQLite") << false << false;
        QTest::newRow("PostgreSQL to PostgreSQL") << true << true;
    }
    static QStringList lines(const MergeReport &report)
    {
        QStringList texts;
        for (const MergeConflict &conflict : report.conflicts)
            texts << conflict.text();
        return texts;
    }
    static QString text(const DatabaseUrl &url, const QString &sql)
    {
        return Connection::open(url).value()->firstRow(sql).value()->first().toString();
    }
    static void change(const DatabaseUrl &url, const QString &sql)
    {
        BIRCH_VERIFY(Connection::open(url).value()->execute(sql));
    }

    DatabaseUrl filled(bool isPostgres)
    {
        const auto database = m_fixture.newDatabase(isPostgres);
        test::fillEverything(*database);
        return database->url();
    }
    DatabaseUrl withOneScan(bool isPostgres)
    {
        const auto database = m_fixture.newDatabase(isPostgres);
        test::addScan(*database, 200);
        return database->url();
    }

    test::StoreFixture m_fixture;
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments[1] == u"--merge")
        return MergeTest::merge(arguments[2], arguments[3]);
    MergeTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_merge.moc"
