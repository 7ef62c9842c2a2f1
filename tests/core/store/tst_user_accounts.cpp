#include "core/store/entity/trash.h"
#include "core/store/store_time.h"
#include "core/store/users/password.h"
#include "core/store/users/user_accounts.h"
#include "tests/core/store/people.h"

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

const QString kSecret = u"correct horse"_s;

/// Users of a SQLite file.
class UserAccountsTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_database = m_fixture.newDatabase(false);
        m_connection = m_database->connect().value();
        m_admin = openSession(*m_connection, u"ada"_s).value();
    }
    void cleanup()
    {
        m_connection.reset();
        m_database.reset();
    }

    void hashesFit()
    {
        const QString hash = passwordHash(kSecret).value();
        QVERIFY(hash.startsWith(u"$argon2id$"_s));
        QVERIFY(passwordFits(hash, kSecret));
        QVERIFY(!passwordFits(hash, kSecret + u' '));
        QVERIFY(!passwordFits({}, kSecret));
        QVERIFY(hash != passwordHash(kSecret).value());
        QCOMPARE(passwordHash(u"short"_s).error().code, ErrorCode::BadInput);
    }

    void nobodyIsAskedAtFirst()
    {
        QVERIFY(!m_database->asksForLogin().value());
        QCOMPARE(m_admin.role, Role::Admin);
        BIRCH_VERIFY(openSession(*m_connection, u"somebody"_s));
    }

    void theFirstPasswordIsAnAdministrators()
    {
        UserAccounts accounts(*m_connection);
        QCOMPARE(accounts.add(m_admin, u"bob"_s, Role::Operator, kSecret).error().code,
                 ErrorCode::Conflict);
        QVERIFY(
            !EntityRepository(*m_connection, *entityByTable(u"users"_s)).find(m_admin, u"bob"_s));
        BIRCH_VERIFY(accounts.setPassword(m_admin, u"ada"_s, kSecret));
        BIRCH_VERIFY(accounts.add(m_admin, u"bob"_s, Role::Operator, kSecret));
        QVERIFY(m_database->asksForLogin().value());
    }

    void rightsAreGrantedAndRevoked()
    {
        test::People people(*m_connection, m_admin);
        people.user(u"bob"_s, u"viewer"_s);
        const QString member = people.member(u"bob"_s, u"Lab"_s, u"viewer"_s);
        people.change(u"lab_members"_s, member, {{u"notes"_s, u"tall"_s}});
        people.change(u"lab_members"_s, member, {{u"access_role"_s, u"operator"_s}});
        people.change(u"lab_members"_s, member, {{u"is_active"_s, false}});
        BIRCH_VERIFY(Trash(*m_connection).trash(m_admin, u"lab_members"_s, member));
        BIRCH_VERIFY(Trash(*m_connection).restore(m_admin, u"lab_members"_s, member));
        BIRCH_VERIFY(UserAccounts(*m_connection).setRole(m_admin, u"bob"_s, Role::Operator));
        QStringList told;
        BIRCH_VERIFY(m_connection->select(
            u"SELECT kind, action FROM event_log WHERE kind IN ('users', 'lab_members') "
            "AND title = 'bob' ORDER BY id"_s,
            {}, [&told](const SqlRow &row) { told << row.text(0) + u' ' + row.text(1); }));
        QCOMPARE(told, (QStringList{u"users granted"_s, u"lab_members granted"_s,
                                    u"lab_members changed"_s, u"lab_members granted"_s,
                                    u"lab_members revoked"_s, u"lab_members revoked"_s,
                                    u"lab_members granted"_s, u"users granted"_s}));
    }

    void onlyWhoHasLoggedInGetsASession()
    {
        BIRCH_VERIFY(UserAccounts(*m_connection).setPassword(m_admin, u"ada"_s, kSecret));
        QCOMPARE(openSession(*m_connection, u"ada"_s).error().code, ErrorCode::Denied);
        QCOMPARE(openSession(*m_connection, u"stranger"_s).error().code, ErrorCode::Denied);
        BIRCH_VERIFY(m_database->logIn({u"ada"_s, kSecret, {}}));
        const auto fresh = m_database->connect().value();
        QCOMPARE(openSession(*fresh, u"ada"_s).value().role, Role::Admin);
        QCOMPARE(openSession(*fresh, u"bob"_s).error().code, ErrorCode::Denied);
    }

    void oneSentenceForEveryWrongLogin()
    {
        UserAccounts accounts(*m_connection);
        BIRCH_VERIFY(accounts.setPassword(m_admin, u"ada"_s, kSecret));
        BIRCH_VERIFY(accounts.add(m_admin, u"off"_s, Role::Operator, kSecret));
        BIRCH_VERIFY(accounts.add(m_admin, u"bare"_s, Role::Operator, {}));
        BIRCH_VERIFY(accounts.setActive(m_admin, u"off"_s, false));
        const QString wrong = m_database->logIn({u"ada"_s, u"wrong one"_s, {}}).error().message;
        QVERIFY(!wrong.contains(u"ada"_s));
        QCOMPARE(m_database->logIn({u"nobody"_s, kSecret, {}}).error().message, wrong);
        QCOMPARE(m_database->logIn({u"off"_s, kSecret, {}}).error().message, wrong);
        QCOMPARE(m_database->logIn({u"bare"_s, {}, {}}).error().message, wrong);
    }

    void wrongTriesMakeTheNextWait()
    {
        BIRCH_VERIFY(UserAccounts(*m_connection).setPassword(m_admin, u"ada"_s, kSecret));
        for (int i = 0; i < 4; ++i)
            QVERIFY(!m_database->logIn({u"ada"_s, u"wrong one"_s, {}}));
        const auto refused = m_database->logIn({u"ada"_s, kSecret, {}});
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(u" s"_s) &&
                     refused.error().message.contains(u"ada"_s),
                 qPrintable(refused.error().message));
        BIRCH_VERIFY(m_connection->execute(
            u"UPDATE login_failures SET failures = 20, failed_at = ?"_s, {nowUs() - 301'000'000}));
        BIRCH_VERIFY(m_database->logIn({u"ada"_s, kSecret, {}}));
        QVERIFY(!m_connection->firstRow(u"SELECT 1 FROM login_failures"_s).value());
        const auto logged = m_connection->firstRow(
            u"SELECT count(*) FROM event_log WHERE action = 'login_failed' AND title = 'ada'"_s);
        QVERIFY(logged.value()->first().toInt() >= 3);
    }

    void tokensLogIn()
    {
        UserAccounts accounts(*m_connection);
        BIRCH_VERIFY(accounts.setPassword(m_admin, u"ada"_s, kSecret));
        const QString token = accounts.addToken(m_admin, u"ada"_s).value();
        QCOMPARE(token.size(), 43); // 32 bytes
        QCOMPARE(m_database->logIn({{}, {}, token}).value(), u"ada"_s);
        QVERIFY(!m_database->logIn({{}, {}, token.chopped(1) + u'_'}));
        QVERIFY(!m_database->logIn({u"bob"_s, {}, token}));
        BIRCH_VERIFY(accounts.add(m_admin, u"bob"_s, Role::Admin, kSecret));
        BIRCH_VERIFY(accounts.setActive(m_admin, u"ada"_s, false));
        QVERIFY(!m_database->logIn({{}, {}, token}));
    }

    void secretsAreNowhere()
    {
        UserAccounts accounts(*m_connection);
        BIRCH_VERIFY(accounts.setPassword(m_admin, u"ada"_s, kSecret));
        const QString token = accounts.addToken(m_admin, u"ada"_s).value();
        QVERIFY(!m_database->logIn({u"ada"_s, u"nearly correct"_s, {}}));
        QByteArray all;
        BIRCH_VERIFY(m_connection->select(
            u"SELECT changes, title FROM event_log"_s, {},
            [&all](const SqlRow &row) { all += row.text(0).toUtf8() + row.text(1).toUtf8(); }));
        for (const QString &secret : {kSecret, token, u"nearly"_s, u"argon2"_s})
            QVERIFY(!all.contains(secret.toUtf8()));
    }

    void oneAdministratorStays()
    {
        UserAccounts accounts(*m_connection);
        QCOMPARE(accounts.setRole(m_admin, u"ada"_s, Role::Viewer).error().code,
                 ErrorCode::Conflict);
        QCOMPARE(accounts.setActive(m_admin, u"ada"_s, false).error().code, ErrorCode::Conflict);
        EntityRepository users(*m_connection, *entityByTable(u"users"_s));
        QCOMPARE(users.setTrashed(m_admin, u"ada"_s, true).error().code, ErrorCode::Conflict);
        BIRCH_VERIFY(accounts.add(m_admin, u"bob"_s, Role::Admin, {}));
        BIRCH_VERIFY(accounts.setPassword(m_admin, u"ada"_s, kSecret));
        // bob could not log in.
        QCOMPARE(accounts.setActive(m_admin, u"ada"_s, false).error().code, ErrorCode::Conflict);
        BIRCH_VERIFY(accounts.setPassword(m_admin, u"bob"_s, kSecret));
        BIRCH_VERIFY(accounts.setActive(m_admin, u"ada"_s, false));
    }

    void othersChangeTheirOwnPasswordAlone()
    {
        UserAccounts accounts(*m_connection);
        BIRCH_VERIFY(accounts.setPassword(m_admin, u"ada"_s, kSecret));
        BIRCH_VERIFY(accounts.add(m_admin, u"bob"_s, Role::Operator, kSecret));
        const Session bob = test::People(*m_connection, m_admin).session(u"bob"_s);
        BIRCH_VERIFY(accounts.setPassword(bob, u"bob"_s, u"another one"_s));
        QCOMPARE(accounts.setPassword(bob, u"ada"_s, u"another one"_s).error().code,
                 ErrorCode::Denied);
        QCOMPARE(accounts.add(bob, u"eve"_s, Role::Viewer, {}).error().code, ErrorCode::Denied);
        QCOMPARE(accounts.setRole(bob, u"bob"_s, Role::Admin).error().code, ErrorCode::Denied);
    }

    void rightsEnd()
    {
        test::People people(*m_connection, m_admin);
        people.user(u"bob"_s, u"operator"_s);
        people.member(u"bob"_s, u"Lab"_s, u"operator"_s,
                      {{u"access_expires_at"_s, nowUs() + 150'000}});
        const Session session = people.session(u"bob"_s);
        EntityRepository samples(*m_connection, sampleSpec());
        BIRCH_VERIFY(samples.insert(session, {{u"sample_id"_s, u"S-1"_s}}));
        QCOMPARE(samples.list(session, {}).value().total, 1);
        QTRY_COMPARE(samples.list(session, {}).value().total, 0); // the same session
        QCOMPARE(samples.find(session, u"S-1"_s).error().code, ErrorCode::NotFound);
        QVERIFY(!samples.insert(session, {{u"sample_id"_s, u"S-2"_s}}));
        QVERIFY(session.rights.isOutdated(nowUs()));
    }

private:
    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Connection> m_connection;
    Session m_admin;
};

} // namespace

QTEST_GUILESS_MAIN(UserAccountsTest)
#include "tst_user_accounts.moc"
