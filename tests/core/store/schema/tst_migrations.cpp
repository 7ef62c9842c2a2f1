#include "core/store/migration_run.h"

#include "core/store/schema/reference_schema.h"
#include "core/store/schema/revision.h"
#include "core/store/schema/schema_difference.h"
#include "tests/core/store/schema/migration_folder.h"
#include "tests/core/store/schema/table_filler.h"
#include "tests/core/store/store_fixture.h"

#include <QProcess>

#include <csignal>
#include <sqlite3.h>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
void killMe(sqlite3_context *, int, sqlite3_value **)
{
    std::raise(SIGKILL);
}

int offerKill(sqlite3 *db, const char **, const sqlite3_api_routines *)
{
    return sqlite3_create_function(db, "kill_me", 0, SQLITE_UTF8, nullptr, killMe, nullptr,
                                   nullptr);
}
} // namespace

/// Schemas go up and down on filled tables and lose nothing, whatever happens on the way; holds for
/// however many migrations there are.
class MigrationsTest : public QObject
{
    Q_OBJECT
private slots:
    void everyStepDownAndUpAgain_data() { test::StoreFixture::addEngines(); }
    void everyStepDownAndUpAgain()
    {
        QFETCH(bool, isPostgres);
        const auto steps = loadMigrations(Dialect(isPostgres ? Engine::Postgres : Engine::Sqlite));
        const int head = int(steps.value().size());
        const auto connection = emptyDatabase(isPostgres);
        QList<QStringList> onTheWayUp{QStringList()};
        for (int version = 1; version <= head; ++version) {
            BIRCH_VERIFY(runMigrations(*connection, steps.value(), version - 1, version));
            onTheWayUp << liveSchema(*connection).value().lines();
        }
        for (int version = head; version > 0; --version) {
            BIRCH_VERIFY(runMigrations(*connection, steps.value(), version, version - 1));
            QCOMPARE(liveSchema(*connection).value().lines(), onTheWayUp[version - 1]);
        }
        BIRCH_VERIFY(runMigrations(*connection, steps.value(), 0, head));
        QCOMPARE(liveSchema(*connection).value().lines(), onTheWayUp[head]);
        const auto reference = referenceSchema(*connection, steps.value(), head);
        QCOMPARE(reference.value().lines(), onTheWayUp[head]);
    }

    void dataSurviveAStepUpAndDown_data() { test::StoreFixture::addEngines(); }
    void dataSurviveAStepUpAndDown()
    {
        QFETCH(bool, isPostgres);
        const auto steps = loadMigrations(Dialect(isPostgres ? Engine::Postgres : Engine::Sqlite));
        for (int version = 1; version < int(steps.value().size()); ++version) {
            const auto connection = emptyDatabase(isPostgres);
            BIRCH_VERIFY(runMigrations(*connection, steps.value(), 0, version));
            const SchemaShape schema = filled(*connection);
            const QStringList before = test::rowsOf(*connection, schema);
            QVERIFY(before.size() > schema.tables.size());
            BIRCH_VERIFY(runMigrations(*connection, steps.value(), version, version + 1));
            BIRCH_VERIFY(runMigrations(*connection, steps.value(), version + 1, version));
            QCOMPARE(test::rowsOf(*connection, schema), before);
        }
    }

    void crashLeavesTheOldSchema_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<QString>("file"); ///< of the last migration, with the blow at its end
        QTest::addColumn<QByteArray>("blow");
        for (const bool isPostgres : {false, true}) {
            const QByteArray engine = isPostgres ? "PostgreSQL" : "SQLite";
            const QByteArray blow =
                isPostgres ? "SELECT pg_terminate_backend(pg_backend_pid())" : "SELECT kill_me()";
            const QString own = isPostgres ? u"postgresql.up.sql"_s : u"sqlite.up.sql"_s;
            QTest::addRow("%s killed half-way", engine.constData())
                << isPostgres << u"up.sql"_s << blow;
            QTest::addRow("%s killed at the end", engine.constData()) << isPostgres << own << blow;
            QTest::addRow("%s error half-way", engine.constData())
                << isPostgres << u"up.sql"_s << "SELECT nonsense FROM nowhere"_ba;
            QTest::addRow("%s error at the end", engine.constData())
                << isPostgres << own << "SELECT nonsense FROM nowhere"_ba;
            QTest::addRow("%s killed half-way down", engine.constData())
                << isPostgres << QString(own).replace(u"up"_s, u"down"_s) << blow;
            QTest::addRow("%s killed at the end of the way down", engine.constData())
                << isPostgres << u"down.sql"_s << blow;
        }
    }
    void crashLeavesTheOldSchema()
    {
        QFETCH(bool, isPostgres);
        QFETCH(QString, file);
        QFETCH(QByteArray, blow);
        const test::MigrationFolder folder;
        const QList<Migration> steps = folder.load(isPostgres);
        const int head = int(steps.size());
        const QString base = u"%1_%2."_s.arg(head, 4, 10, QChar(u'0')).arg(steps.last().name);
        const QByteArray good = folder.read(base + file);
        folder.write(base + file, good + '\n' + blow + ";\n");
        const bool isDown = file.contains(u"down"_s);
        const int version = isDown ? head : head - 1;
        const DatabaseUrl url = filledDatabase(isPostgres, folder.load(isPostgres), version);
        const QStringList before = contents(url);

        QProcess child;
        child.start(QCoreApplication::applicationFilePath(),
                    {isDown ? u"--downgrade"_s : u"--upgrade"_s, url.text(), folder.path()});
        QVERIFY(child.waitForFinished(60'000));
        const bool isKilled = blow.contains("kill_me");
        QCOMPARE(child.exitStatus(), isKilled ? QProcess::CrashExit : QProcess::NormalExit);
        QVERIFY(child.exitCode() != 0);
        if (!isPostgres && !isKilled) // the sentence says where the backup is
            QVERIFY2(child.readAllStandardError().contains("backup is at"), "no backup named");
        QCOMPARE(Schema(url).status().value().current, version);
        QCOMPARE(contents(url), before);
        if (isDown)
            return; // whole again it would be another migration than the one that was applied

        folder.write(base + file, good);
        const auto upgraded = Schema(url, folder.path()).upgrade();
        BIRCH_VERIFY(upgraded);
        QVERIFY(upgraded.value().isCurrent());
    }

    void editedMigrationsAreNamed_data() { test::StoreFixture::addEngines(); }
    void editedMigrationsAreNamed()
    {
        QFETCH(bool, isPostgres);
        const test::MigrationFolder folder;
        const auto database = m_fixture.newDatabase(isPostgres)->url();
        const QString first = u"0001_first_light.up.sql"_s; // not the last one
        folder.write(first, folder.read(first) + "-- a word\n");
        Schema schema(database, folder.path());
        for (const auto &refused : {schema.upgrade(), schema.downgrade(1)}) {
            QCOMPARE(refused.error().code, ErrorCode::Conflict);
            QVERIFY2(refused.error().message.contains(u"first_light"_s),
                     qPrintable(refused.error().message));
        }
        QCOMPARE(schema.history().value().first().state, HistoryEntry::State::Edited);
        QVERIFY(!schema.check().value().isClean());
        BIRCH_VERIFY(schema.stamp(u"head"_s)); // the tables agree
        BIRCH_VERIFY(schema.upgrade());
    }

    void unfinishedMigrationsAreRefused()
    {
        const test::MigrationFolder folder;
        const QString first = u"0001_first_light.up.sql"_s;
        folder.write(first, folder.read(first) + "-- FILL IN: the colour\n");
        const auto refused = loadMigrations(Dialect(Engine::Postgres), folder.path());
        QCOMPARE(refused.error().code, ErrorCode::BadInput);
        QVERIFY2(refused.error().message.contains(first) &&
                     refused.error().message.contains(u"the colour"_s),
                 qPrintable(refused.error().message));
    }

    void revisions_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("version"); ///< -1: refused; from schema 2 of 3
        QTest::newRow("number") << u"1"_s << 1;
        QTest::newRow("nothing") << u"0"_s << 0;
        QTest::newRow("head") << u"head"_s << 3;
        QTest::newRow("up") << u"+1"_s << 3;
        QTest::newRow("down") << u"-2"_s << 0;
        QTest::newRow("name") << u"two"_s << 2;
        QTest::newRow("file") << u"0003_three"_s << 3;
        QTest::newRow("too far up") << u"+2"_s << -1;
        QTest::newRow("too far down") << u"-3"_s << -1;
        QTest::newRow("beyond") << u"4"_s << -1;
        QTest::newRow("words") << u"two three"_s << -1;
        QTest::newRow("empty") << QString() << -1;
        QTest::newRow("absurd") << u"99999999999999999999"_s << -1;
    }
    void revisions()
    {
        QFETCH(QString, text);
        QFETCH(int, version);
        const QList<Migration> steps{
            {1, u"one"_s, {}, {}, {}}, {2, u"two"_s, {}, {}, {}}, {3, u"three"_s, {}, {}, {}}};
        const auto number = revisionNumber(text, 2, steps);
        QCOMPARE(number ? number.value() : -1, version);
        if (!number)
            QVERIFY(number.error().message.contains(u"2 (two)"_s));
    }

    void losingDataIsAskedFor_data() { test::StoreFixture::addEngines(); }
    void losingDataIsAskedFor()
    {
        QFETCH(bool, isPostgres);
        const auto steps = loadMigrations(Dialect(isPostgres ? Engine::Postgres : Engine::Sqlite));
        const DatabaseUrl url =
            filledDatabase(isPostgres, steps.value(), int(steps.value().size()));
        Schema schema(url);
        const auto refused = schema.downgrade(u"1"_s, false);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        for (const QString &lost : {u"issues (2 rows)"_s, u"labs.location_types"_s, u"--yes"_s})
            QVERIFY2(refused.error().message.contains(lost), qPrintable(refused.error().message));
        const auto done = schema.downgrade(u"1"_s, true);
        BIRCH_VERIFY(done);
        QCOMPARE(done.value().backup.isEmpty(), isPostgres);
        QCOMPARE(schema.upgrade(u"0"_s).error().code, ErrorCode::BadInput);
        if (isPostgres)
            return;
        QVERIFY(QFile::exists(done.value().backup));
        const Schema kept(DatabaseUrl::sqliteFile(done.value().backup));
        QVERIFY(kept.status().value().isCurrent());
    }

    void fewBackupsOfUpgradesAreKept()
    {
        const auto steps = loadMigrations(Dialect(Engine::Sqlite));
        const DatabaseUrl url = filledDatabase(false, steps.value(), int(steps.value().size()));
        const QString foreign = url.path() + u".schema-mine.sqlite"_s;
        QFile other(foreign);
        QVERIFY(other.open(QIODevice::WriteOnly));
        Schema schema(url);
        schema.keepBackups(2);
        QStringList made;
        for (int i = 0; i < 4; ++i) {
            const auto done = i % 2 == 0 ? schema.downgrade(u"-1"_s, true) : schema.upgrade();
            BIRCH_VERIFY(done);
            made << done.value().backup;
        }
        for (int i = 0; i < made.size(); ++i)
            QCOMPARE(QFile::exists(made[i]), i >= 2);
        QVERIFY(other.exists());
    }

    /// What opens databases for use alters nothing.
    void olderSchemasAreLeftAlone()
    {
        const auto steps = loadMigrations(Dialect(Engine::Sqlite));
        const DatabaseUrl url = filledDatabase(false, steps.value(), int(steps.value().size()) - 1);
        const auto bytes = [&url] {
            QFile file(url.path());
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        const QByteArray before = bytes();
        const auto refused = Database::open(url, u"ada"_s);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY2(refused.error().message.contains(u"birchctl db upgrade"_s),
                 qPrintable(refused.error().message));
        QVERIFY(before.size() > 10'000);
        QVERIFY(bytes() == before);
    }

private:
    std::unique_ptr<Connection> emptyDatabase(bool isPostgres)
    {
        const DatabaseUrl url = m_fixture.newUrl(isPostgres);
        if (isPostgres) {
            const auto server = Connection::open(url.withName(u"postgres"_s));
            if (!server || !server.value()->script(u"CREATE DATABASE "_s + url.name()))
                qFatal("no database");
        }
        auto connection = Connection::open(url);
        if (!connection)
            qFatal("%s", qPrintable(connection.error().message));
        m_url = url;
        return std::move(connection).value();
    }

    static SchemaShape filled(Connection &connection)
    {
        const SchemaShape schema = liveSchema(connection).value();
        if (const Status done = test::TableFiller(connection, schema).fill(); !done)
            qFatal("%s", qPrintable(done.error().message));
        return schema;
    }

    DatabaseUrl filledDatabase(bool isPostgres, const QList<Migration> &steps, int version)
    {
        const auto connection = emptyDatabase(isPostgres);
        if (const Status done = runMigrations(*connection, steps, 0, version); !done)
            qFatal("%s", qPrintable(done.error().message));
        filled(*connection);
        return m_url;
    }

    /// Schema and rows.
    static QStringList contents(const DatabaseUrl &url)
    {
        const auto connection = Connection::open(url);
        if (!connection)
            return {connection.error().message};
        const SchemaShape schema = liveSchema(*connection.value()).value();
        return schema.lines() + test::rowsOf(*connection.value(), schema);
    }

    test::StoreFixture m_fixture;
    DatabaseUrl m_url; ///< of the last empty database
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments[1].startsWith(u"--"_s)) {
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(offerKill));
        Schema schema(DatabaseUrl::parse(arguments[2]).value(), arguments[3]);
        const auto done =
            arguments[1] == u"--upgrade"_s ? schema.upgrade() : schema.downgrade(u"-1"_s, true);
        if (!done)
            qCritical("%s", qPrintable(done.error().message));
        return done ? 0 : 1;
    }
    MigrationsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_migrations.moc"
