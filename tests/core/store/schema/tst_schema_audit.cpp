#include "core/store/schema/schema_audit.h"

#include "core/store/database_health.h"
#include "core/store/schema/live_schema.h"
#include "core/store/schema_check.h"
#include "tests/core/store/store_fixture.h"

#include <ctime>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
/// SQLite alters little: what it can not is written into its catalogue.
QString rewrite(const QString &table, const QString &from, const QString &to)
{
    return u"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, '%2', '%3') "
           "WHERE name = '%1'; PRAGMA writable_schema = RESET"_s.arg(
               table, QString(from).replace(u"'"_s, u"''"_s), QString(to).replace(u"'"_s, u"''"_s));
}

struct Change {
    const char *name;
    QString sqlite;
    QString postgres;
    QString kind;
    QString says;
};

QList<Change> changes()
{
    const auto both = [](const char *name, const QString &sql, const QString &kind,
                         const QString &says) {
        return Change{name, sql, sql, kind, says};
    };
    const QString status = u"status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', "
                           "'consumed', 'archived'))"_s;
    return {
        both("missing column", u"ALTER TABLE samples DROP COLUMN material"_s, u"missing"_s,
             u"samples.material is missing"_s),
        both("missing table", u"DROP TABLE issue_updates"_s, u"missing"_s,
             u"the table issue_updates is missing"_s),
        both("missing table without declaration", u"DROP TABLE data_overviews"_s, u"missing"_s,
             u"the table data_overviews is missing"_s),
        both("missing column without declaration",
             u"ALTER TABLE measurement_objects DROP COLUMN node_uid"_s, u"missing"_s,
             u"measurement_objects.node_uid is missing"_s),
        both("extra column", u"ALTER TABLE samples ADD COLUMN colour TEXT"_s, u"extra"_s,
             u"samples.colour is not declared"_s),
        both("extra table", u"CREATE TABLE notes_of_mine (a TEXT)"_s, u"extra"_s,
             u"the table notes_of_mine"_s),
        {"type", rewrite(u"samples"_s, u"material TEXT"_s, u"material BLOB"_s),
         u"ALTER TABLE samples ALTER COLUMN material TYPE varchar(20)"_s, u"type"_s,
         u"samples.material is "_s},
        {"may be empty", rewrite(u"samples"_s, u"sample_id TEXT NOT NULL"_s, u"sample_id TEXT"_s),
         u"ALTER TABLE samples ALTER COLUMN sample_id DROP NOT NULL"_s, u"nullability"_s,
         u"samples.sample_id may be empty but is required"_s},
        {"may not be empty", rewrite(u"samples"_s, u"name TEXT"_s, u"name TEXT NOT NULL"_s),
         u"ALTER TABLE samples ALTER COLUMN name SET NOT NULL"_s, u"nullability"_s,
         u"samples.name is required but may be empty"_s},
        {"default", rewrite(u"samples"_s, u"DEFAULT 'active'"_s, u"DEFAULT 'consumed'"_s),
         u"ALTER TABLE samples ALTER COLUMN status SET DEFAULT 'consumed'"_s, u"default"_s,
         u"samples.status has the default 'consumed' instead of 'active'"_s},
        {"not unique",
         rewrite(u"labs"_s, u"name TEXT NOT NULL UNIQUE"_s, u"name TEXT NOT NULL"_s) +
             u"; PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE name = "
             "'sqlite_autoindex_labs_3'; UPDATE sqlite_master SET name = 'sqlite_autoindex_labs_3'"
             " WHERE name = 'sqlite_autoindex_labs_4'; PRAGMA writable_schema = RESET"_s,
         u"ALTER TABLE labs DROP CONSTRAINT labs_name_key"_s, u"unique"_s,
         u"labs.name is not unique"_s},
        both("missing index", u"DROP INDEX samples_lab"_s, u"index"_s,
             u"samples.lab_id has no index (samples_lab)"_s),
        both("missing index without declaration", u"DROP INDEX scans_newest"_s, u"index"_s,
             u"scans_newest"_s),
        both("extra index", u"CREATE INDEX mine ON samples (material)"_s, u"index"_s,
             u"samples.material has an index (mine)"_s),
        both("another index",
             u"DROP INDEX scans_active; CREATE INDEX scans_active ON scans (started_at)"_s,
             u"index"_s, u"scans_active"_s),
        {"no foreign key",
         rewrite(u"samples"_s, u"REFERENCES projects (id) ON DELETE SET NULL"_s, {}),
         u"ALTER TABLE samples DROP CONSTRAINT samples_project_id_fkey"_s, u"foreign_key"_s,
         u"samples.project_id refers to nothing instead of projects"_s},
        {"another foreign key",
         rewrite(u"samples"_s, u"REFERENCES projects (id)"_s, u"REFERENCES labs (id)"_s),
         u"ALTER TABLE samples DROP CONSTRAINT samples_project_id_fkey; ALTER TABLE samples ADD "
         "FOREIGN KEY (project_id) REFERENCES labs (id) ON DELETE SET NULL"_s,
         u"foreign_key"_s, u"samples.project_id refers to labs instead of projects"_s},
        {"delete rule",
         rewrite(u"samples"_s, u"projects (id) ON DELETE SET NULL"_s,
                 u"projects (id) ON DELETE CASCADE"_s),
         u"ALTER TABLE samples DROP CONSTRAINT samples_project_id_fkey; ALTER TABLE samples ADD "
         "FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE"_s,
         u"delete_rule"_s, u"samples.project_id has the delete rule CASCADE instead of SET NULL"_s},
        {"check", rewrite(u"samples"_s, u"'consumed', 'archived'"_s, u"'archived'"_s),
         u"ALTER TABLE samples DROP CONSTRAINT samples_status_check"_s, u"check"_s,
         u"samples is not checked: status in"_s},
        {"missing trigger", u"DROP TRIGGER samples_object_changed"_s,
         u"DROP TRIGGER samples_object ON samples"_s, u"trigger"_s,
         u"samples has lost its trigger samples_object"_s},
        {"another trigger", rewrite(u"samples_object_removed"_s, u"OLD.id"_s, u"1"_s),
         u"DROP TRIGGER samples_object ON samples; CREATE TRIGGER samples_object AFTER DELETE ON "
         "samples FOR EACH ROW EXECUTE FUNCTION birch_keep_object()"_s,
         u"trigger"_s, u"samples has another trigger samples_object"_s},
        {"extra trigger",
         u"CREATE TRIGGER mine AFTER DELETE ON samples BEGIN DELETE FROM labs; END"_s,
         u"CREATE TRIGGER mine AFTER DELETE ON samples FOR EACH ROW EXECUTE FUNCTION "
         "birch_keep_object()"_s,
         u"trigger"_s, u"samples has a trigger mine"_s},
        {"options", rewrite(u"samples"_s, u") STRICT"_s, u")"_s),
         u"ALTER TABLE samples NO FORCE ROW LEVEL SECURITY"_s, u"other"_s,
         u"samples has the options"_s},
    };
}
} // namespace

/// Every way in which a database can differ from what Birch makes is found and said.
class SchemaAuditTest : public QObject
{
    Q_OBJECT
private slots:
    void finds_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("says");
        for (const bool isPostgres : {false, true}) {
            for (const Change &change : changes())
                QTest::addRow("%s: %s", isPostgres ? "PostgreSQL" : "SQLite", change.name)
                    << isPostgres << (isPostgres ? change.postgres : change.sqlite) << change.kind
                    << change.says;
        }
    }
    /// On one database each: a change is made, seen, and taken back by going back to a copy.
    void finds()
    {
        QFETCH(bool, isPostgres);
        QFETCH(QString, sql);
        QFETCH(QString, kind);
        QFETCH(QString, says);
        const DatabaseUrl url = changedCopy(isPostgres, sql);
        const auto audit = Schema(url).check();
        BIRCH_VERIFY(audit);
        const QList<SchemaDifference> &found = audit.value().differences;
        QVERIFY(!audit.value().isClean());
        QVERIFY(!audit.value().remedy.isEmpty());
        const bool isSaid = std::ranges::any_of(found, [&](const SchemaDifference &difference) {
            return differenceName(difference.kind) == kind && difference.message.contains(says);
        });
        QVERIFY2(isSaid, qPrintable(messages(found).join(u"; "_s)));
        QVERIFY2(found.size() <= 3, qPrintable(messages(found).join(u"; "_s)));
    }

    void asMadeIsClean_data() { test::StoreFixture::addEngines(); }
    void asMadeIsClean()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto audit = Schema(database->url()).check();
        BIRCH_VERIFY(audit);
        QCOMPARE(messages(audit.value().differences + audit.value().undeclared), QStringList());
        QCOMPARE(audit.value().remedy, QString());
        QCOMPARE(audit.value().version, audit.value().head);
    }

    void declarationsThatMigrationsLack_data() { test::StoreFixture::addEngines(); }
    void declarationsThatMigrationsLack()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect();
        BIRCH_VERIFY(connection);
        EntitySpec changed = sampleSpec();
        changed.fields << EntityField{u"weight"_s, EntityFieldType::Real, u"Weight"_s};
        const auto migrations = loadMigrations(connection.value()->dialect());
        const auto audit = auditSchema(*connection.value(), migrations.value(), {changed});
        BIRCH_VERIFY(audit);
        QCOMPARE(messages(audit.value().undeclared), QStringList{u"samples.weight is missing"_s});
        QVERIFY2(audit.value().remedy.contains(u"db new"_s), qPrintable(audit.value().remedy));
    }

    /// Tables without a version: check tells which they have, stamp writes it down.
    void tablesWithoutAVersion_data() { test::StoreFixture::addEngines(); }
    void tablesWithoutAVersion()
    {
        QFETCH(bool, isPostgres);
        const DatabaseUrl url = m_fixture.newUrl(isPostgres);
        Schema schema(url);
        BIRCH_VERIFY(schema.init(u"ada"_s));
        BIRCH_VERIFY(schema.downgrade(2));
        change(url, u"DROP TABLE schema_version"_s);
        const auto nearest = schema.check();
        BIRCH_VERIFY(nearest);
        QCOMPARE(nearest.value().version, 2);
        QVERIFY(!nearest.value().isStamped);
        QVERIFY2(nearest.value().remedy.contains(u"stamp 2"_s), qPrintable(nearest.value().remedy));

        const auto wrong = schema.stamp(u"1"_s);
        QCOMPARE(wrong.error().code, ErrorCode::Conflict);
        QVERIFY2(wrong.error().message.contains(u"--force"_s), qPrintable(wrong.error().message));
        QCOMPARE(schema.stamp(u"0"_s).error().code, ErrorCode::BadInput);
        QCOMPARE(schema.stamp(u"lab"_s).error().code, ErrorCode::BadInput);
        const auto stamped = schema.stamp(u"lab_memory"_s);
        BIRCH_VERIFY(stamped);
        QCOMPARE(stamped.value().current, 2);
        BIRCH_VERIFY(schema.upgrade());
        BIRCH_VERIFY(Database::open(url, u"ada"_s));
        BIRCH_VERIFY(schema.stamp(u"1"_s, true)); // as told
        QCOMPARE(schema.status().value().current, 1);
    }

    void openingIsQuick_data() { test::StoreFixture::addEngines(); }
    void openingIsQuick()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect();
        BIRCH_VERIFY(connection);
        // Processor time of this process and the shortest wait: other programs may be busy.
        double work = 1e9;
        double wait = 1e9; // ms
        for (int i = 0; i < 10; ++i) {
            QElapsedTimer timer;
            timer.start();
            const std::clock_t before = std::clock();
            QCOMPARE(schemaDifferences(*connection.value()).value(), QStringList());
            work = std::min(work, 1e3 * double(std::clock() - before) / CLOCKS_PER_SEC);
            wait = std::min(wait, double(timer.nsecsElapsed()) / 1e6);
        }
        qInfo("%s: %.1f ms, of these %.1f here", isPostgres ? "PostgreSQL" : "SQLite", wait, work);
        QVERIFY(work < 50);
    }

    void harmlessAdditionsDoNotKeepOut_data() { test::StoreFixture::addEngines(); }
    void harmlessAdditionsDoNotKeepOut()
    {
        QFETCH(bool, isPostgres);
        const DatabaseUrl url =
            changedCopy(isPostgres, u"ALTER TABLE samples ADD COLUMN colour TEXT; "
                                    "CREATE INDEX mine ON samples (colour)"_s);
        BIRCH_VERIFY(Database::open(url, u"ada"_s));
        QCOMPARE(Schema(url).check().value().differences.size(), 2);
    }

    void health_data() { test::StoreFixture::addEngines(); }
    void health()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto user = database->connect();
        const DatabaseHealth health = databaseHealth(database->url());
        QCOMPARE(health.problems, QStringList());
        QVERIFY(health.isHealthy() && health.isReachable && health.bytes > 0);
        QCOMPARE(health.freeBytes.has_value(), !isPostgres);
        const QString pid = QString::number(QCoreApplication::applicationPid());
        QVERIFY2(health.holders.join(u'|').contains(pid), qPrintable(health.holders.join(u'|')));

        QVERIFY(!health.toJson()[u"backlog"].isUndefined());
        const DatabaseHealth missing = databaseHealth(m_fixture.newUrl(isPostgres));
        QVERIFY(!missing.isHealthy() && !missing.isReachable);
        QVERIFY2(missing.problems.join(u'|').contains(u"db init"_s),
                 qPrintable(missing.problems.join(u'|')));
        const DatabaseHealth changed =
            databaseHealth(changedCopy(isPostgres, u"DROP INDEX samples_lab"_s));
        QVERIFY2(changed.problems.join(u'|').contains(u"samples_lab"_s),
                 qPrintable(changed.problems.join(u'|')));
    }

private:
    static void change(const DatabaseUrl &url, const QString &sql)
    {
        const auto connection = Connection::open(url);
        BIRCH_VERIFY(connection);
        BIRCH_VERIFY(connection.value()->script(sql));
    }

    /// A copy of a database at head, changed.
    DatabaseUrl changedCopy(bool isPostgres, const QString &sql)
    {
        const DatabaseUrl url = m_fixture.newUrl(isPostgres);
        DatabaseUrl &original = m_originals[isPostgres];
        if (original == DatabaseUrl()) {
            original = m_fixture.newUrl(isPostgres);
            if (const auto made = Schema(original).init(u"ada"_s); !made)
                qFatal("%s", qPrintable(made.error().message));
        }
        if (isPostgres)
            change(url.withName(u"postgres"_s),
                   u"CREATE DATABASE %1 TEMPLATE %2"_s.arg(url.name(), original.name()));
        else
            QFile::copy(original.path(), url.path());
        change(url, sql);
        return url;
    }

    test::StoreFixture m_fixture;
    std::map<bool, DatabaseUrl> m_originals; ///< by isPostgres
};

QTEST_GUILESS_MAIN(SchemaAuditTest)
#include "tst_schema_audit.moc"
