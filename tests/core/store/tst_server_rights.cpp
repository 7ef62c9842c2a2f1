#include "core/store/sql_run_store.h"
#include "core/store/users/server_roles.h"
#include "core/store/users/user_accounts.h"
#include "tests/core/store/people.h"
#include "tests/core/store/scan_fixture.h"

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

/// What comes with another program, as another role: the policies of the server, nothing of ours.
class ServerRightsTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_database = m_fixture.newDatabase(true);
        m_connection = m_database->connect().value();
        m_people = std::make_unique<test::People>(*m_connection,
                                                  openSession(*m_connection, u"ada"_s).value());
        m_people->add(u"labs"_s, {{u"name"_s, u"B"_s}});
        UserAccounts accounts(*m_connection);
        const struct {
            QString name;
            Role role;
        } users[] = {{u"ann"_s, Role::Operator},
                     {u"bob"_s, Role::Operator},
                     {u"eve"_s, Role::Viewer},
                     {u"gil"_s, Role::Operator},
                     {u"adm"_s, Role::Admin}};
        for (const auto &user : users)
            BIRCH_VERIFY(accounts.add(m_people->admin(), user.name, user.role, {}));
        m_people->member(u"ann"_s, u"Lab"_s, u"operator"_s);
        m_people->member(u"bob"_s, u"B"_s, u"operator"_s);
        m_people->member(u"eve"_s, u"Lab"_s, u"viewer"_s);
        m_scan = test::newScan();
        m_scan.details.project.clear();
    }

    void operatorsRecord()
    {
        const auto database =
            Database::open(m_database->url().withUser(u"ann"_s), u"ann"_s).value();
        auto store = SqlRunStore::open(*database, u"ann"_s, u"bench"_s);
        BIRCH_VERIFY(store);
        QCOMPARE(store.value()->session().user, u"ann"_s);
        QCOMPARE(store.value()->session().role, Role::Operator);
        const auto opened = store.value()->createScan(m_scan);
        BIRCH_VERIFY(opened);
        BIRCH_VERIFY(store.value()->commit(test::rowsCommit(m_scan, opened.value(), 0, 500)));
        const auto connection = database->connect().value();
        const auto session = openSession(*connection, {}).value();
        EntityRepository samples(*connection, sampleSpec());
        BIRCH_VERIFY(samples.insert(session, {{u"sample_id"_s, u"A-1"_s}}));
        QCOMPARE(samples.list(session, {}).value().total, 1);
        QCOMPARE(number(u"ann"_s, u"SELECT count(*) FROM event_log"_s) > 0, true);
    }

    void rowsAreThere_data()
    {
        QTest::addColumn<QString>("role");
        QTest::addColumn<bool>("isSeen");
        QTest::newRow("operator of the lab") << u"ann"_s << true;
        QTest::newRow("viewer of the lab") << u"eve"_s << true;
        QTest::newRow("administrator") << u"adm"_s << true;
        QTest::newRow("operator of another lab") << u"bob"_s << false;
        QTest::newRow("in no lab") << u"gil"_s << false;
    }
    void rowsAreThere()
    {
        QFETCH(QString, role);
        QFETCH(bool, isSeen);
        for (const QString &table :
             {u"scans"_s, u"scan_documents"_s, u"measurement_objects"_s, u"data_chunks"_s,
              u"samples"_s, u"scan_definitions"_s, u"definition_texts"_s})
            QVERIFY2((number(role, u"SELECT count(*) FROM "_s + table) > 0) == isSeen,
                     qPrintable(table));
        QCOMPARE(number(role, u"SELECT count(*) FROM objects WHERE kind = 'scans'"_s),
                 isSeen ? 1 : 0);
    }

    void isRefused_data()
    {
        QTest::addColumn<QString>("role");
        QTest::addColumn<QString>("sql");
        const QString sample = u"INSERT INTO samples (uid, lab_id, sample_id, created_at, "
                               "created_by, updated_at, updated_by) VALUES ('x', 1, 'X', 1, 'x', "
                               "1, 'x')"_s;
        QTest::newRow("a row of another lab") << u"bob"_s << sample;
        QTest::newRow("a viewer writes") << u"eve"_s << sample;
        QTest::newRow("a chunk of another lab")
            << u"bob"_s
            << u"INSERT INTO data_chunks SELECT 1, 99, 0, 1, 1, 0, NULL, NULL, 0, '\\x00', NULL"_s;
        QTest::newRow("a partition") << u"ann"_s << u"SELECT * FROM data_chunks_00"_s;
        QTest::newRow("a table") << u"ann"_s << u"CREATE TABLE mine (a int)"_s;
        QTest::newRow("a table by an administrator") << u"adm"_s << u"CREATE TABLE mine (a int)"_s;
        QTest::newRow("shared settings")
            << u"ann"_s << u"INSERT INTO settings VALUES ('', 'a', 'b', 1, 'x')"_s;
        QTest::newRow("less than all, silently")
            << u"ann"_s << u"SET row_security = off; SELECT count(*) FROM scans"_s;
    }
    void isRefused()
    {
        QFETCH(QString, role);
        QFETCH(QString, sql);
        QVERIFY(!as(role)->script(sql));
    }

    void noneMakesThemselvesMore()
    {
        for (const QString &sql :
             {u"UPDATE users SET role = 'admin' WHERE username = 'ann'"_s,
              u"UPDATE lab_members SET access_role = 'admin' WHERE name = 'ann'"_s,
              u"DELETE FROM event_log"_s})
            QCOMPARE(as(u"ann"_s)->executeCounting(sql).value(), 0);
    }

    void guestsSeeOneThing()
    {
        m_people->add(u"item_guests"_s, {{u"object"_s, uidText(m_scan.uid)},
                                         {u"guest_name"_s, u"Gil"_s},
                                         {u"guest_email"_s, u"g@x"_s},
                                         {u"user"_s, u"gil"_s},
                                         {u"access_level"_s, u"view"_s}});
        QCOMPARE(number(u"gil"_s, u"SELECT count(*) FROM scans"_s), 1);
        QVERIFY(number(u"gil"_s, u"SELECT count(*) FROM data_chunks"_s) > 0);
        QCOMPARE(number(u"gil"_s, u"SELECT count(*) FROM samples"_s), 0);
        QCOMPARE(as(u"gil"_s)->executeCounting(u"UPDATE scans SET comment = 'x'"_s).value(), 0);
    }

    void theServersRolesAreListed()
    {
        BIRCH_VERIFY(UserAccounts(*m_connection).setActive(m_people->admin(), u"eve"_s, false));
        const auto roles = ServerRoles(*m_connection).list();
        BIRCH_VERIFY(roles);
        QStringList told;
        for (const ServerRole &role : roles.value())
            told << u"%1 %2 %3"_s.arg(role.name, role.role ? roleName(*role.role) : u"-"_s)
                        .arg(role.mayLogIn);
        for (const QString &expected : {u"ann operator 1"_s, u"eve viewer 0"_s, u"adm admin 1"_s})
            QVERIFY2(told.contains(expected), qPrintable(told.join(u", ")));
        BIRCH_VERIFY(UserAccounts(*m_connection).setActive(m_people->admin(), u"eve"_s, true));
    }

    void everyTableIsDecidedAbout()
    {
        QStringList open;
        BIRCH_VERIFY(m_connection->select(
            u"SELECT c.relname FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid AND "
            "p.polname = 'birch_read' WHERE c.relnamespace = current_schema()::regnamespace AND "
            "c.relkind IN ('r', 'p') AND NOT c.relispartition AND (NOT c.relrowsecurity OR "
            "NOT c.relforcerowsecurity OR p.oid IS NULL OR "
            "(pg_get_expr(p.polqual, p.polrelid) = 'false' AND "
            "c.relname NOT IN ('user_tokens', 'login_failures')))"_s,
            {}, [&open](const SqlRow &row) { open << row.text(0); }));
        QVERIFY2(open.isEmpty(),
                 qPrintable(u"say in birch_special() who may use "_s + open.join(u", "_s)));
    }

    void passwordsAreScram()
    {
        BIRCH_VERIFY(
            UserAccounts(*m_connection).setPassword(m_people->admin(), u"ann"_s, u"p'w\\ ü12"_s));
        const auto stored =
            m_connection->firstRow(u"SELECT rolpassword FROM pg_authid WHERE rolname = 'ann'"_s);
        QVERIFY(stored.value()->first().toString().startsWith(u"SCRAM-SHA-256$"_s));
    }

    void rolesChange()
    {
        UserAccounts accounts(*m_connection);
        BIRCH_VERIFY(accounts.setRole(m_people->admin(), u"bob"_s, Role::Viewer));
        const auto session = openSession(*as(u"bob"_s), {});
        BIRCH_VERIFY(session);
        QCOMPARE(session.value().role, Role::Viewer);
        BIRCH_VERIFY(accounts.setActive(m_people->admin(), u"bob"_s, false));
        QVERIFY(!Connection::open(m_database->url().withUser(u"bob"_s)));
    }

private:
    std::unique_ptr<Connection> as(const QString &role) const
    {
        auto connection = Connection::open(m_database->url().withUser(role));
        if (!connection)
            qFatal("%s", qPrintable(connection.error().message));
        return std::move(connection).value();
    }
    qint64 number(const QString &role, const QString &sql) const
    {
        const auto row = as(role)->firstRow(sql);
        return row ? row.value()->first().toLongLong() : -1;
    }

    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<test::People> m_people;
    NewScan m_scan;
};

} // namespace

QTEST_GUILESS_MAIN(ServerRightsTest)
#include "tst_server_rights.moc"
