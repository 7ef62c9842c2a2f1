#include "tests/app/test_station.h"

#include <QFile>
#include <QTest>

using namespace birch::test;
using namespace Qt::StringLiterals;

/// Users of a SQLite file, as a person adds them and then logs in.
class CliUsersTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_station = std::make_unique<TestStation>();
        QCOMPARE(m_station->run({u"db"_s, u"init"_s, u"--user"_s, u"ada"_s}).exitCode, 0);
    }

    void fromTheFirstPasswordOnEverybodyLogsIn()
    {
        const QString secret = secretFile(u"secret"_s, "correct horse\n");
        QCOMPARE(run({u"samples"_s, u"list"_s}).exitCode, 0);
        const Outcome early = run({u"users"_s, u"add"_s, u"bob"_s, u"--password-file"_s, secret});
        QCOMPARE(early.exitCode, 2);
        QVERIFY2(early.messages.contains("users passwd"), early.messages);
        QCOMPARE(run({u"users"_s, u"passwd"_s, u"ada"_s, u"--password-file"_s, secret}).exitCode,
                 0);
        const Outcome closed = run({u"samples"_s, u"list"_s});
        QCOMPARE(closed.exitCode, 2);
        QVERIFY2(closed.messages.contains("--token-file"), closed.messages);
        m_station->setEnvironment(u"BIRCH_PASSWORD"_s, u"correct horse"_s);
        QCOMPARE(run({u"users"_s, u"add"_s, u"bob"_s, u"--role"_s, u"viewer"_s,
                      u"--password-file"_s, secret})
                     .exitCode,
                 0);
        const Outcome listed = run({u"users"_s, u"list"_s, u"--json"_s});
        QCOMPARE(listed.json()[u"users"].toArray().size(), 2);
        QVERIFY(!listed.output.contains("argon2"));
        QCOMPARE(
            m_station->run({u"samples"_s, u"add"_s, u"--user"_s, u"bob"_s, u"name=x"_s}).exitCode,
            2);
        QCOMPARE(run({u"users"_s, u"role"_s, u"bob"_s, u"operator"_s}).exitCode, 0);
        QCOMPARE(
            m_station->run({u"samples"_s, u"add"_s, u"--user"_s, u"bob"_s, u"name=x"_s}).exitCode,
            0);
        QCOMPARE(run({u"users"_s, u"disable"_s, u"ada"_s}).exitCode, 2); // the last administrator
        m_station->setEnvironment(u"BIRCH_PASSWORD"_s, u"wrong horse"_s);
        const Outcome wrong = run({u"samples"_s, u"list"_s});
        QCOMPARE(wrong.exitCode, 2);
        QVERIFY(!wrong.messages.contains("horse"));
    }

    void tokensAreForTheirOwnerAlone()
    {
        const QString secret = secretFile(u"secret"_s, "correct horse\n");
        QCOMPARE(run({u"users"_s, u"passwd"_s, u"ada"_s, u"--password-file"_s, secret}).exitCode,
                 0);
        m_station->setEnvironment(u"BIRCH_PASSWORD"_s, u"correct horse"_s);
        const Outcome made = run({u"users"_s, u"token"_s, u"--json"_s});
        QCOMPARE(made.exitCode, 0);
        const QString file =
            secretFile(u"token"_s, made.json()[u"token"].toString().toLatin1() + '\n');
        m_station->setEnvironment(u"BIRCH_PASSWORD"_s, {});
        QCOMPARE(m_station->run({u"samples"_s, u"list"_s, u"--token-file"_s, file}).exitCode, 0);
        QVERIFY(QFile::setPermissions(file, QFile::permissions(file) | QFile::ReadGroup));
        const Outcome refused = m_station->run({u"samples"_s, u"list"_s, u"--token-file"_s, file});
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.messages.contains("chmod 600"), refused.messages);
    }

    /// What takes the database for itself opens it anew: who has logged in is known there too.
    void whatTakesItAloneKnowsTheLogin()
    {
        const TestStation other;
        QCOMPARE(other.run({u"db"_s, u"init"_s, u"--user"_s, u"ada"_s}).exitCode, 0);
        const QString secret = secretFile(u"secret"_s, "correct horse\n");
        QCOMPARE(run({u"users"_s, u"passwd"_s, u"ada"_s, u"--password-file"_s, secret}).exitCode,
                 0);
        const QStringList merge{u"db"_s, u"copy"_s, other.database(), m_station->database(),
                                u"--merge"_s};
        const QStringList archive{u"db"_s,         u"archive"_s,  u"--before"_s,
                                  u"2020-01-01"_s, u"--output"_s, m_station->path(u"old"_s)};
        const QStringList reset{u"db"_s, u"reset"_s, u"--yes-delete-everything"_s,
                                u"--no-backup"_s};
        for (const QStringList &command : {merge, archive, reset}) {
            const Outcome unknown = run(command);
            QCOMPARE(unknown.exitCode, 2);
            QVERIFY2(unknown.messages.contains("--token-file"), unknown.messages);
        }
        m_station->setEnvironment(u"BIRCH_PASSWORD"_s, u"correct horse"_s);
        QVERIFY2(run(merge).exitCode == 0, run(merge).messages);
        const Outcome nothing = run(archive); // known, and told that nothing is that old
        QVERIFY2(!nothing.messages.contains("--token-file"), nothing.messages);
        const Outcome emptied = run(reset);
        QVERIFY2(emptied.exitCode == 0, emptied.messages);
        m_station->setEnvironment(u"BIRCH_PASSWORD"_s, {});
        QCOMPARE(run({u"samples"_s, u"list"_s}).exitCode, 0); // with nobody's password any more
    }

private:
    QString secretFile(const QString &name, const QByteArray &text) const
    {
        const QString path = m_station->write(name, text);
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
        return path;
    }
    Outcome run(const QStringList &arguments) const
    {
        return m_station->run(arguments + QStringList{u"--user"_s, u"ada"_s});
    }

    std::unique_ptr<TestStation> m_station;
};

QTEST_GUILESS_MAIN(CliUsersTest)
#include "tst_cli_users.moc"
