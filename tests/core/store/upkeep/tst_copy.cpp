#include "core/store/upkeep/copy.h"

#include "tests/core/store/upkeep/filled_database.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>

using namespace birch;
using namespace Qt::StringLiterals;

/// From one engine to the other and back, everything, by value.
class CopyTest : public QObject
{
    Q_OBJECT
private slots:
    void everyRowByValue_data() { addDirections(); }
    void everyRowByValue()
    {
        QFETCH(bool, fromPostgres);
        QFETCH(bool, toPostgres);
        DatabaseUrl from;
        QUuid uid;
        {
            const auto source = m_fixture.newDatabase(fromPostgres);
            test::fillEverything(*source);
            awkwardValues(*source);
            from = source->url();
            uid = source->uid();
        }
        const DatabaseUrl to = m_fixture.newUrl(toPostgres);
        const auto copied = copyDatabase(from, to, {.userName = u"eve"_s});
        BIRCH_VERIFY(copied);
        QVERIFY(!copied.value().wasResumed);
        const auto before = test::contents(from);
        QCOMPARE(test::contents(to), before);
        QCOMPARE(copied.value().tables.size(), before.size());
        for (const CopyReport::Table &table : copied.value().tables)
            QCOMPARE(table.rows, before[table.name].rows());

        QCOMPARE(test::damage(to), test::damage(from));

        const auto copy = Database::open(to, u"ada"_s);
        BIRCH_VERIFY(copy);
        QCOMPARE(copy.value()->uid(), uid);
        const auto connection = copy.value()->connect().value();
        test::EntityExamples examples(*connection, openSession(*connection, u"ada"_s).value());
        const auto added = examples.add(sampleSpec());
        BIRCH_VERIFY(added);
        QCOMPARE(
            connection
                ->firstRow(u"SELECT count(*) FROM objects WHERE uid = ?"_s, {added.value().uid})
                .value()
                ->first()
                .toInt(),
            1);
        QVERIFY(!connection->execute(u"UPDATE samples SET lab_id = 999999"_s));
        QVERIFY(!QFile::exists(to.path() + u".copying"_s));
    }

    /// What only one engine knows must not be taken for a difference, nor a difference for that.
    void digestsCountByValue_data()
    {
        QTest::addColumn<QList<Cell>>("one");
        QTest::addColumn<QList<Cell>>("other");
        QTest::addColumn<CellType>("type");
        QTest::addColumn<bool>("isSame");
        const auto row = [](const char *name, const Cell &one, const Cell &other, CellType type,
                            bool isSame) {
            QTest::newRow(name) << QList<Cell>{one} << QList<Cell>{other} << type << isSame;
        };
        using enum CellType;
        const auto text = [](const char *utf8) { return Cell::ofText(QByteArray(utf8)); };
        row("-0.0", Cell::ofReal(-0.0), Cell::ofReal(0.0), Real, true);
        row("NaN, nothing", Cell::ofReal(qQNaN()), {}, Real, true);
        row("infinity", Cell::ofReal(qInf()), Cell::ofReal(-qInf()), Real, false);
        row("next number", Cell::ofReal(0.1), Cell::ofReal(std::nextafter(0.1, 1)), Real, false);
        row("key order", text("{\"a\":1,\"b\":[1,2]}"), text("{ \"b\": [1, 2], \"a\": 1 }"), Json,
            true);
        row("list order", text("[1,2]"), text("[2,1]"), Json, false);
        row("spelling", text("1.0"), text("1"), Json, true);
        row("escapes", text("\"\\u00fc\""), text("\"ü\""), Json, true);
        row("text is no JSON", text("1.0"), text("1"), Text, false);
        row("empty, nothing", text(""), {}, Text, false);
        row("text, bytes", text("a"), Cell::ofBytes("a"), Text, false);
        row("zero byte", Cell::ofBytes(QByteArray("a\0", 2)), Cell::ofBytes("a"), Bytes, false);
    }
    void digestsCountByValue()
    {
        QFETCH(QList<Cell>, one);
        QFETCH(QList<Cell>, other);
        QFETCH(CellType, type);
        QFETCH(bool, isSame);
        QCOMPARE(digestOf({one}, type) == digestOf({other}, type), isSame);
        const QList<Cell> third{Cell::ofInteger(3)};
        QVERIFY(digestOf({one, third}, type) == digestOf({third, one}, type));
        QVERIFY(digestOf({one, one}, type) != digestOf({one}, type));
    }

    void goesOnWhereItWasStopped_data() { addDirections(); }
    void goesOnWhereItWasStopped()
    {
        QFETCH(bool, fromPostgres);
        QFETCH(bool, toPostgres);
        const DatabaseUrl from = filled(fromPostgres);
        const DatabaseUrl to = m_fixture.newUrl(toPostgres);
        QStringList first;
        {
            std::stop_source stop;
            const auto stopped = copyDatabase(from, to,
                                              {.userName = u"ada"_s,
                                               .stop = stop.get_token(),
                                               .progress = [&](const QString &table, qint64) {
                                                   first << table;
                                                   if (first.size() == 20)
                                                       stop.request_stop();
                                               }});
            QVERIFY(!stopped);
            QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        }
        QVERIFY(!QFile::exists(to.path()));
        if (toPostgres) // half of it is nobody's database
            QVERIFY(!Database::open(to, u"ada"_s));
        QStringList second;
        const auto done = copyDatabase(
            from, to, {.userName = u"ada"_s, .progress = [&second](const QString &table, qint64) {
                           second << table;
                       }});
        BIRCH_VERIFY(done);
        QVERIFY(done.value().wasResumed);
        for (const QString &table : std::as_const(second))
            QVERIFY2(!first.contains(table), qPrintable(table));
        QCOMPARE(test::contents(to), test::contents(from));
        QCOMPARE(test::damage(to), QStringList());
        BIRCH_VERIFY(Database::open(to, u"ada"_s));
    }

    /// Killed when nothing but the name was missing.
    void onlyTheNameWasMissing()
    {
        const DatabaseUrl from = filled(true);
        const DatabaseUrl to = m_fixture.newUrl(false);
        BIRCH_VERIFY(copyDatabase(from, to, {.userName = u"ada"_s}));
        QVERIFY(QFile::rename(to.path(), to.path() + u".copying"_s));
        const auto done = copyDatabase(from, to, {.userName = u"ada"_s});
        BIRCH_VERIFY(done);
        QVERIFY(done.value().wasResumed);
        QCOMPARE(test::contents(to), test::contents(from));
        // Another's is not taken for ours.
        QVERIFY(QFile::rename(to.path(), to.path() + u".copying"_s));
        QCOMPARE(copyDatabase(filled(false), to, {.userName = u"ada"_s}).error().code,
                 ErrorCode::Conflict);
    }

    void sourceChangedMeanwhile()
    {
        const DatabaseUrl from = filled(false);
        const DatabaseUrl to = m_fixture.newUrl(false);
        QVERIFY(!stopAfter(30, from, to));
        BIRCH_VERIFY(Connection::open(from).value()->execute(u"UPDATE labs SET address = 'X'"_s));
        const auto refused = copyDatabase(from, to, {.userName = u"ada"_s});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY2(refused.error().message.contains(u"--restart"_s),
                 qPrintable(refused.error().message));
        BIRCH_VERIFY(copyDatabase(from, to, {.userName = u"ada"_s, .mayRestart = true}));
        QCOMPARE(test::contents(to), test::contents(from));
    }

    void unfinishedCopyOfAnother_data() { test::StoreFixture::addEngines(); }
    void unfinishedCopyOfAnother()
    {
        QFETCH(bool, isPostgres);
        const DatabaseUrl one = filled(false);
        const DatabaseUrl other = filled(false);
        const DatabaseUrl to = m_fixture.newUrl(isPostgres);
        QVERIFY(!stopAfter(30, one, to));
        const auto refused = copyDatabase(other, to, {.userName = u"ada"_s});
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        BIRCH_VERIFY(copyDatabase(other, to, {.userName = u"ada"_s, .mayRestart = true}));
        QCOMPARE(test::contents(to), test::contents(other));
        BIRCH_VERIFY(Database::open(to, u"ada"_s));
    }

    void targetWithDataStays_data() { test::StoreFixture::addEngines(); }
    void targetWithDataStays()
    {
        QFETCH(bool, isPostgres);
        const DatabaseUrl from = filled(false);
        const DatabaseUrl to = filled(isPostgres);
        const auto before = test::contents(to);
        const auto refused = copyDatabase(from, to, {.userName = u"ada"_s, .mayRestart = true});
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY(refused.error().message.contains(u"holds data already"_s));
        QCOMPARE(test::contents(to), before);
        QCOMPARE(copyDatabase(from, from, {}).error().code, ErrorCode::BadInput);
        QCOMPARE(copyDatabase(DatabaseUrl::sqliteFile(u"/proc/nowhere/x"_s), to, {}).error().code,
                 ErrorCode::NotFound);
        const auto used = Database::open(from, u"ada"_s);
        const DatabaseUrl fresh = m_fixture.newUrl(isPostgres);
        QCOMPARE(copyDatabase(from, fresh, {.userName = u"ada"_s}).error().code,
                 ErrorCode::Conflict);
    }

    /// What the target can not hold is named; nothing is cut or replaced.
    void valuesThatDoNotFit()
    {
        const DatabaseUrl from = filled(false);
        BIRCH_VERIFY(Connection::open(from).value()->script(
            u"UPDATE samples SET description = 'a' || char(0) || 'b'"_s));
        const auto refused = copyDatabase(from, m_fixture.newUrl(true), {.userName = u"ada"_s});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::BadInput);
        QVERIFY2(refused.error().message.contains(u"samples"_s) &&
                     refused.error().message.contains(u"description"_s),
                 qPrintable(refused.error().message));
    }

    void killedAgainAndAgain_data() { addDirections(); }
    void killedAgainAndAgain()
    {
        QFETCH(bool, fromPostgres);
        QFETCH(bool, toPostgres);
        const DatabaseUrl from = filled(fromPostgres);
        const DatabaseUrl to = m_fixture.newUrl(toPostgres);
        QRandomGenerator random(quint32(fromPostgres * 2 + toPostgres));
        int killed = 0;
        for (int i = 0;; ++i) {
            QVERIFY(i < 60);
            QProcess copy;
            copy.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            copy.start(QCoreApplication::applicationFilePath(),
                       {u"--copy"_s, from.text(), to.text()});
            QVERIFY(copy.waitForStarted());
            // Longer each time, so that it comes to an end on any machine.
            if (!copy.waitForFinished(int(random.bounded(100 + 80 * i)))) {
                copy.kill();
                QVERIFY(copy.waitForFinished());
                ++killed;
                continue;
            }
            const bool isThere = toPostgres || QFile::exists(to.path());
            if (copy.exitCode() == 0 || (isThere && Database::open(to, u"ada"_s)))
                break; // the latter: killed behind its last step
        }
        QVERIFY(killed > 0);
        QCOMPARE(test::contents(to), test::contents(from));
        BIRCH_VERIFY(Database::open(to, u"ada"_s));
    }

public:
    static int copy(const QString &from, const QString &to)
    {
        const auto done = copyDatabase(DatabaseUrl::parse(from).value(),
                                       DatabaseUrl::parse(to).value(), {.userName = u"ada"_s});
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

    DatabaseUrl filled(bool isPostgres)
    {
        const auto source = m_fixture.newDatabase(isPostgres);
        test::fillEverything(*source);
        return source->url();
    }

    static bool stopAfter(int transactions, const DatabaseUrl &from, const DatabaseUrl &to)
    {
        std::stop_source stop;
        int count = 0;
        return bool(copyDatabase(from, to,
                                 {.userName = u"ada"_s,
                                  .stop = stop.get_token(),
                                  .progress = [&](const QString &, qint64) {
                                      if (++count == transactions)
                                          stop.request_stop();
                                  }}));
    }

    static void awkwardValues(const Database &database)
    {
        const auto connection = database.connect().value();
        BIRCH_VERIFY(connection->execute(
            u"UPDATE projects SET budget = -0.0, description = '', goals = NULL"_s));
        BIRCH_VERIFY(connection->execute(
            u"UPDATE projects SET created_at = ?, updated_at = ?"_s,
            {std::numeric_limits<qint64>::min(), std::numeric_limits<qint64>::max()}));
        BIRCH_VERIFY(connection->execute(u"UPDATE scans SET plan_hash = ?"_s,
                                         {QByteArray("\0\xff'\"\\", 5)}));
        if (connection->dialect().isPostgres())
            BIRCH_VERIFY(connection->script(u"UPDATE analysis_results SET uncertainty = 'NaN'"_s));
    }

    static TableDigest digestOf(const QList<QList<Cell>> &rows, CellType type)
    {
        TableDigest digest;
        for (const QList<Cell> &row : rows)
            digest.add(Row(row.begin(), row.end()), {type});
        return digest;
    }

    test::StoreFixture m_fixture;
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments[1] == u"--copy"_s)
        return CopyTest::copy(arguments[2], arguments[3]);
    CopyTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_copy.moc"
