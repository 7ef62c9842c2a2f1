#include "core/store/database.h"

#include "core/store/schema_check.h"
#include "core/store/write_transaction.h"
#include "tests/core/store/store_fixture.h"

#include <QProcess>

using namespace birch;
using namespace Qt::StringLiterals;

class DatabaseTest : public QObject
{
    Q_OBJECT
private slots:

    void schemaUpDownUp_data() { test::StoreFixture::addEngines(); }
    void schemaUpDownUp()
    {
        QFETCH(bool, isPostgres);
        const DatabaseUrl url = m_fixture.newUrl(isPostgres);
        Schema schema(url);
        const auto made = schema.init(u"ada"_s);
        BIRCH_VERIFY(made);
        QVERIFY2(made.value().isCurrent(), qPrintable(made.value().differences.join(u'\n')));
        const QStringList before = describe(url);
        QVERIFY(before.size() > 100);

        const auto empty = schema.downgrade(0);
        BIRCH_VERIFY(empty);
        QCOMPARE(empty.value().current, 0);
        QCOMPARE(describe(url), QStringList());
        const auto refused = Database::open(url, u"ada"_s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::NotFound);
        QVERIFY(refused.error().message.contains(u"birchctl db init"_s));

        BIRCH_VERIFY(schema.init(u"ada"_s));
        QCOMPARE(describe(url), before);
        const auto again = schema.init(u"ada"_s);
        QVERIFY(!again);
        QCOMPARE(again.error().code, ErrorCode::Conflict);
    }

    void missingServerDatabaseSaysHowToMakeIt()
    {
        const DatabaseUrl url = m_fixture.newUrl(true).withName(u"not_made_yet"_s);
        const auto refused = Database::open(url, u"ada"_s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::NotFound);
        QVERIFY2(refused.error().message.contains(u"birchctl db init"_s),
                 qPrintable(refused.error().message));
    }

    void sqliteFileIsMadeOnFirstOpen()
    {
        const DatabaseUrl url = DatabaseUrl::sqliteFile(m_fixture.path(u"deep/down/x.db"_s));
        QVERIFY(!Schema(url).status().value().exists);
        QVERIFY(!QFile::exists(url.path()));
        QUuid uid;
        {
            const auto first = Database::open(url, u"ada"_s);
            BIRCH_VERIFY(first);
            QVERIFY(first.value()->wasCreated());
            uid = first.value()->uid();
            QVERIFY(!uid.isNull());
        }
        const auto second = Database::open(url, u"ada"_s);
        BIRCH_VERIFY(second);
        QVERIFY(!second.value()->wasCreated());
        QCOMPARE(second.value()->uid(), uid);
    }

    void otherSchemasAreRefused_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("says");
        for (const bool isPostgres : {false, true}) {
            const char *engine = isPostgres ? "PostgreSQL" : "SQLite";
            QTest::addRow("%s older", engine)
                << isPostgres << u"DELETE FROM schema_version WHERE version > 1"_s
                << u"db upgrade"_s;
            QTest::addRow("%s newer", engine)
                << isPostgres << u"UPDATE schema_version SET version = 99 WHERE version = 1"_s
                << u"newer"_s;
            QTest::addRow("%s other build", engine)
                << isPostgres << u"UPDATE schema_version SET checksum = 'x'"_s
                << u"another build"_s;
            QTest::addRow("%s column gone", engine)
                << isPostgres << u"ALTER TABLE samples DROP COLUMN material"_s
                << u"samples.material is missing"_s;
            QTest::addRow("%s something else", engine)
                << isPostgres
                << u"ALTER TABLE schema_version RENAME TO other; "
                   "ALTER TABLE database_info RENAME TO another"_s
                << u"something else"_s;
            QTest::addRow("%s without a version", engine)
                << isPostgres << u"DROP TABLE schema_version"_s << u"birchctl db stamp"_s;
            QTest::addRow("%s another build before the last step", engine)
                << isPostgres << u"UPDATE schema_version SET checksum = 'x' WHERE version = 1"_s
                << u"first_light"_s;
        }
    }
    void otherSchemasAreRefused()
    {
        QFETCH(bool, isPostgres);
        QFETCH(QString, change);
        QFETCH(QString, says);
        const DatabaseUrl url = m_fixture.newUrl(isPostgres);
        BIRCH_VERIFY(Schema(url).init(u"ada"_s));
        {
            const auto connection = Connection::open(url);
            BIRCH_VERIFY(connection);
            BIRCH_VERIFY(connection.value()->script(change));
        }
        const auto opened = Database::open(url, u"ada"_s);
        QVERIFY(!opened);
        QVERIFY2(opened.error().message.contains(says), qPrintable(opened.error().message));
    }

    void maintenanceAndUseExcludeEachOther_data() { test::StoreFixture::addEngines(); }
    void maintenanceAndUseExcludeEachOther()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect();
        BIRCH_VERIFY(connection);
        const auto held = Schema(database->url()).downgrade(0);
        QVERIFY(!held);
        QCOMPARE(held.error().code, ErrorCode::Conflict);
        const QString pid = QString::number(QCoreApplication::applicationPid());
        QVERIFY2(held.error().message.contains(pid), qPrintable(held.error().message));
        BIRCH_VERIFY(Database::open(database->url(), u"ada"_s)); // shared with shared
    }

    void exclusiveHolderIsNamed()
    {
        const QString path = m_fixture.path(u"locked.db"_s);
        const auto holder = FileLock::acquire(path, LockMode::Exclusive, Nanoseconds::zero());
        BIRCH_VERIFY(holder);
        const auto other = FileLock::acquire(path, LockMode::Shared, Nanoseconds::zero());
        QVERIFY(!other);
        QVERIFY2(other.error().message.contains(u"maintenance"_s),
                 qPrintable(other.error().message));
    }

    void sessionsHaveRoles_data() { test::StoreFixture::addEngines(); }
    void sessionsHaveRoles()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto opened = database->connect();
        BIRCH_VERIFY(opened);
        Connection &db = *opened.value();
        // PostgreSQL knows who has logged in; it owns the database there.
        QCOMPARE(openSession(db, u"ada"_s).value().role, Role::Admin);
        QCOMPARE(openSession(db, u"ada"_s).value().user, isPostgres ? u"birch"_s : u"ada"_s);
        QCOMPARE(openSession(db, u"eve"_s).value().role, isPostgres ? Role::Admin : Role::Operator);
        const QString me = isPostgres ? u"birch"_s : u"ada"_s;
        BIRCH_VERIFY(db.execute(u"UPDATE users SET username = ?, role = 'viewer'"_s, {me}));
        const Session viewer = openSession(db, me).value();
        QCOMPARE(viewer.role, Role::Viewer);
        QCOMPARE(viewer.mayWrite().error().code, ErrorCode::Denied);
        QCOMPARE(viewer.mayAdminister().error().code, ErrorCode::Denied);
        BIRCH_VERIFY(db.execute(u"UPDATE users SET is_active = ?"_s, {false}));
        QCOMPARE(openSession(db, me).error().code, ErrorCode::Denied);
        QVERIFY(!desktopUser().isEmpty());
    }

    void transactionsNest_data() { test::StoreFixture::addEngines(); }
    void transactionsNest()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        auto opened = database->connect();
        BIRCH_VERIFY(opened);
        Connection &db = *opened.value();
        const QString insert = u"INSERT INTO settings (scope, name, value, updated_at, updated_by) "
                               "VALUES ('t', ?, '1', 0, 'ada')"_s;
        const auto count = [&db] {
            return db.firstRow(u"SELECT count(*) FROM settings"_s).value()->first().toInt();
        };
        {
            auto outer = WriteTransaction::begin(db);
            BIRCH_VERIFY(outer);
            BIRCH_VERIFY(db.execute(insert, {u"a"_s}));
            {
                auto inner = WriteTransaction::begin(db);
                BIRCH_VERIFY(inner);
                BIRCH_VERIFY(db.execute(insert, {u"b"_s}));
                QCOMPARE(db.execute(insert, {u"a"_s}).error().code, ErrorCode::Conflict);
            } // rolled back, also what PostgreSQL calls an aborted transaction
            BIRCH_VERIFY(db.execute(insert, {u"c"_s}));
            BIRCH_VERIFY(outer.value().commit());
        }
        QCOMPARE(count(), 2);
        {
            auto dropped = WriteTransaction::begin(db, Durability::Relaxed);
            BIRCH_VERIFY(dropped);
            BIRCH_VERIFY(db.execute(insert, {u"d"_s}));
        }
        QCOMPARE(count(), 2);
        // A NUL must not end a statement early.
        BIRCH_VERIFY(db.execute(insert, {QString(u"x"_s + QChar(0) + u"y"_s)}));
        QCOMPARE(count(), 3);
    }

    void fourProcessesAddUp()
    {
        const auto database = m_fixture.newDatabase(false);
        const auto connection = database->connect();
        BIRCH_VERIFY(connection);
        BIRCH_VERIFY(connection.value()->execute(
            u"INSERT INTO id_counters (scope, last_number) VALUES ('sum', 0)"_s));
        std::vector<std::unique_ptr<QProcess>> writers;
        for (int i = 0; i < 4; ++i) {
            auto writer = std::make_unique<QProcess>();
            writer->setProcessChannelMode(QProcess::ForwardedErrorChannel);
            writer->start(QCoreApplication::applicationFilePath(),
                          {u"--add"_s, database->url().path()});
            writers.push_back(std::move(writer));
        }
        for (auto &writer : writers) {
            QVERIFY(writer->waitForFinished(60'000));
            QCOMPARE(writer->exitCode(), 0);
        }
        const auto sum = connection.value()->firstRow(
            u"SELECT last_number FROM id_counters WHERE scope = 'sum'"_s);
        BIRCH_VERIFY(sum);
        QCOMPARE(sum.value()->first().toLongLong(), 4000);
    }

public:
    /// A writer of fourProcessesAddUp(): reads, adds one, writes; a thousand times.
    static int add(const QString &path)
    {
        const auto database = Database::open(DatabaseUrl::sqliteFile(path), u"ada"_s);
        if (!database)
            return fail(database.error());
        const auto connection = database.value()->connect();
        if (!connection)
            return fail(connection.error());
        for (int i = 0; i < 1000; ++i) {
            if (const Status done = addOne(*connection.value()); !done)
                return fail(done.error());
        }
        return 0;
    }

private:
    static Status addOne(Connection &db)
    {
        auto transaction = WriteTransaction::begin(db, Durability::Relaxed);
        if (!transaction)
            return transaction.error();
        const auto row = db.firstRow(u"SELECT last_number FROM id_counters WHERE scope = 'sum'"_s);
        if (!row)
            return row.error();
        if (Status done =
                db.execute(u"UPDATE id_counters SET last_number = ? WHERE scope = 'sum'"_s,
                           {row.value()->first().toLongLong() + 1});
            !done)
            return done;
        return transaction.value().commit();
    }
    static int fail(const Error &error)
    {
        qCritical("%s", qPrintable(error.message));
        return 1;
    }

    /// Every table, column, type and index, in order.
    static QStringList describe(const DatabaseUrl &url)
    {
        QStringList lines;
        const auto connection = Connection::open(url);
        if (!connection)
            return {connection.error().message};
        const bool isPostgres = url.engine() == Engine::Postgres;
        const QString sql =
            isPostgres
                ? u"SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || "
                  "is_nullable || ' ' || coalesce(column_default, '') "
                  "FROM information_schema.columns WHERE table_schema = 'public' UNION ALL "
                  "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL "
                  "SELECT conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) "
                  "FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1"_s
                : u"SELECT coalesce(sql, name) FROM sqlite_master "
                  "WHERE name NOT IN ('sqlite_sequence') ORDER BY 1"_s;
        const Status done = connection.value()->select(
            sql, {}, [&lines](const SqlRow &row) { lines += row.text(0).split(u'\n'); });
        return done ? lines : QStringList{done.error().message};
    }

    test::StoreFixture m_fixture;
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 3 && arguments[1] == u"--add"_s)
        return DatabaseTest::add(arguments[2]);
    DatabaseTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_database.moc"
