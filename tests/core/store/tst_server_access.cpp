#include "core/store/server_access.h"

#include "core/base/settings.h"
#include "tests/core/store/store_fixture.h"

#include <QElapsedTimer>
#include <QTcpServer>

#include <csignal>

using namespace birch;
using namespace Qt::StringLiterals;

/// How people really reach a server of the lab: over TCP, encrypted, with a password.
class ServerAccessTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        for (const char *name : {"PGPASSWORD", "PGPASSFILE", "PGSERVICEFILE", "PGSERVICE"})
            qunsetenv(name);
        QString problem;
        m_server = test::PostgresServer::start(
            &problem, {.listensOnTcp = true, .asksPassword = true, .hasTls = true});
        QVERIFY2(m_server, qPrintable(problem));
        BIRCH_VERIFY(Schema(DatabaseUrl::parse(m_server->url(u"lab"_s)).value()).init(u"ada"_s));
    }
    void cleanup()
    {
        for (const char *name : {"PGPASSWORD", "PGPASSFILE", "PGSERVICEFILE"})
            qunsetenv(name);
    }

    void honoursTls_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<bool>("isEncrypted"); // false: refused
        const QString root = u"&sslrootcert="_s + m_server->certificate();
        QTest::newRow("disable") << u"sslmode=disable"_s << false;
        QTest::newRow("prefer") << u"sslmode=prefer"_s << true;
        QTest::newRow("require") << u"sslmode=require"_s << true;
        QTest::newRow("verify-ca without the certificate")
            << u"sslmode=verify-ca&sslrootcert=/nonexistent"_s << false;
        QTest::newRow("verify-ca") << u"sslmode=verify-ca"_s + root << true;
        QTest::newRow("verify-full") << u"sslmode=verify-full"_s + root << true;
    }
    void honoursTls()
    {
        QFETCH(QString, query);
        QFETCH(bool, isEncrypted);
        const auto connection = Connection::open(withPassword(server(query)));
        QCOMPARE(bool(connection), isEncrypted);
        if (!isEncrypted)
            return;
        const auto row = connection.value()->firstRow(
            u"SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"_s);
        BIRCH_VERIFY(row);
        QVERIFY(row.value()->first().toBool());
    }

    void verifyFullRefusesAnotherHost()
    {
        // The certificate is for 127.0.0.1 and localhost is only its common name.
        const QString text = server({}).text().replace(u"127.0.0.1"_s, u"[::ffff:127.0.0.1]"_s);
        const auto url = DatabaseUrl::parse(text + u"?sslmode=verify-full&sslrootcert="_s +
                                            m_server->certificate());
        BIRCH_VERIFY(url);
        QVERIFY(!Connection::open(withPassword(url.value())));
    }

    void findsThePassword_data()
    {
        QTest::addColumn<QString>("where");
        for (const QString &where : {u"nowhere"_s, u"PGPASSWORD"_s, u"PGPASSFILE"_s,
                                     u"service file"_s, u"passfile in the URL"_s, u"prompt"_s})
            QTest::newRow(qPrintable(where)) << where;
    }
    void findsThePassword()
    {
        QFETCH(QString, where);
        const QByteArray password = QString::fromUtf16(test::kPostgresPassword).toUtf8();
        const QByteArray escaped = QByteArray(password).replace('\\', "\\\\").replace(':', "\\:");
        const QString passFile = write(u"pass"_s, "127.0.0.1:*:*:birch:" + escaped + '\n');
        DatabaseUrl url = server(u"sslmode=require"_s);
        if (where == u"PGPASSWORD")
            qputenv("PGPASSWORD", password);
        else if (where == u"PGPASSFILE")
            qputenv("PGPASSFILE", passFile.toUtf8());
        else if (where == u"passfile in the URL")
            url = server(u"sslmode=require&passfile="_s + passFile);
        else if (where == u"prompt")
            url = withPassword(url);
        else if (where == u"service file") {
            qputenv("PGSERVICEFILE",
                    write(u"services"_s,
                          "[lab]\nhost=127.0.0.1\nport=" + QByteArray::number(m_server->port()) +
                              "\nuser=birch\ndbname=lab\nsslmode=require\npassword=" + password +
                              '\n')
                        .toUtf8());
            url = DatabaseUrl::parse(u"postgresql://?service=lab"_s).value();
        }
        const auto connection = Connection::open(url);
        if (where != u"nowhere") {
            BIRCH_VERIFY(connection);
            QVERIFY(!lacksPassword(url));
            return;
        }
        QVERIFY(!connection);
        QCOMPARE(connection.error().code, ErrorCode::Denied);
        QVERIFY2(connection.error().message.contains(u".pgpass"_s),
                 qPrintable(connection.error().message));
        QVERIFY(lacksPassword(url));
    }

    void wrongPasswordIsSaid()
    {
        ServerAccess access;
        access.password = u"guessed"_s;
        const DatabaseUrl url = server(u"sslmode=require"_s).withAccess(access);
        const auto connection = Connection::open(url);
        QVERIFY(!connection);
        QCOMPARE(connection.error().code, ErrorCode::Denied);
        QVERIFY(!connection.error().message.contains(u"guessed"_s));
        QVERIFY(lacksPassword(url));
        // A database that is not there yet says nothing against the password.
        QVERIFY(!lacksPassword(withPassword(url.withName(u"not_made_yet"_s))));
    }

    void textsHoldNoPassword()
    {
        const DatabaseUrl url = withPassword(server({}));
        QVERIFY(!url.text().contains(QString::fromUtf16(test::kPostgresPassword)));
        QVERIFY(!connectOptions(url).contains(QString::fromUtf16(test::kPostgresPassword)));
    }

    void statementsAndLocksHaveLimits()
    {
        ServerAccess access = withPassword(server({})).access();
        access.statementTimeout = ServerAccess::Milliseconds(200);
        access.lockTimeout = ServerAccess::Milliseconds(100);
        const DatabaseUrl url = server(u"sslmode=require"_s).withAccess(access);
        const auto database = Database::open(url, u"ada"_s);
        BIRCH_VERIFY(database);
        const auto one = database.value()->connect();
        const auto two = database.value()->connect();
        BIRCH_VERIFY(one);
        BIRCH_VERIFY(two);
        const Status slow = one.value()->execute(u"SELECT pg_sleep(60)"_s);
        QVERIFY(!slow);
        QCOMPARE(slow.error().code, ErrorCode::Timeout);
        BIRCH_VERIFY(one.value()->limitStatements({}));
        BIRCH_VERIFY(one.value()->execute(u"SELECT pg_sleep(0.3)"_s));

        BIRCH_VERIFY(one.value()->script(u"BEGIN; LOCK TABLE samples"_s));
        const auto locked = two.value()->firstRow(u"SELECT count(*) FROM samples"_s);
        QVERIFY(!locked);
        QCOMPARE(locked.error().code, ErrorCode::Timeout);
        QVERIFY(locked.error().message.contains(u"lock timeout"_s)); // not the statement's
    }

    void silentServerIsGivenUp()
    {
        // Accepts and never says a word, as a machine that hangs.
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        ServerAccess access;
        access.connectTimeout = ServerAccess::Milliseconds(2000); // libpq's least
        const auto url =
            DatabaseUrl::parse(u"postgresql://birch@127.0.0.1:%1/lab"_s.arg(silent.serverPort()));
        QElapsedTimer timer;
        timer.start();
        const auto connection = Connection::open(url.value().withAccess(access));
        QVERIFY(!connection);
        QCOMPARE(connection.error().code, ErrorCode::NotConnected);
        QVERIFY2(timer.elapsed() < 8000, qPrintable(QString::number(timer.elapsed())));
    }

    void hangingServerIsGivenUp()
    {
        ServerAccess access = withPassword(server({})).access();
        access.statementTimeout = ServerAccess::Milliseconds(100);
        access.networkTimeout = ServerAccess::Milliseconds(400);
        const DatabaseUrl url = server(u"sslmode=require"_s).withAccess(access);
        const auto database = Database::open(url, u"ada"_s);
        BIRCH_VERIFY(database);
        const auto connection = database.value()->connect();
        BIRCH_VERIFY(connection);
        const auto pid = connection.value()->firstRow(u"SELECT pg_backend_pid()"_s);
        BIRCH_VERIFY(pid);
        const auto backend = pid_t(pid.value()->first().toInt());
        QCOMPARE(::kill(backend, SIGSTOP), 0); // takes bytes, answers nothing
        QElapsedTimer timer;
        timer.start();
        const Status hung = connection.value()->script(u"BEGIN"_s);
        const qint64 elapsed = timer.elapsed();
        ::kill(backend, SIGCONT);
        QVERIFY(!hung);
        QCOMPARE(hung.error().code, ErrorCode::NotConnected);
        QVERIFY2(elapsed >= 400 && elapsed < 10'000, qPrintable(QString::number(elapsed)));
    }

    void settingsReachTheServer()
    {
        SettingSources sources;
        sources.flags = {{u"database.keepalive"_s, u"42 s"_s},
                         {u"database.network_timeout"_s, u"7 s"_s},
                         {u"database.connect_timeout"_s, u"3 s"_s}};
        Problems problems;
        const Settings settings = Settings::resolve(sources, &problems);
        QVERIFY(problems.isEmpty());
        const QString options = connectOptions(server({}).withAccess(ServerAccess::from(settings)));
        for (const QString &part :
             {u"keepalives_idle='42'"_s, u"tcp_user_timeout='7000'"_s, u"connect_timeout='3'"_s})
            QVERIFY2(options.contains(part), qPrintable(options));
        // What the URL says is stronger.
        QVERIFY(connectOptions(server(u"connect_timeout=9"_s)).contains(u"connect_timeout='9'"_s));
    }

private:
    DatabaseUrl server(const QString &query) const
    {
        return DatabaseUrl::parse(m_server->tcpUrl(u"lab"_s, query)).value();
    }
    static DatabaseUrl withPassword(const DatabaseUrl &url)
    {
        ServerAccess access;
        access.password = QString::fromUtf16(test::kPostgresPassword);
        return url.withAccess(access);
    }
    QString write(const QString &name, const QByteArray &text) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("can not write %s", qPrintable(file.fileName()));
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        return file.fileName();
    }

    QTemporaryDir m_folder;
    std::unique_ptr<test::PostgresServer> m_server;
};

QTEST_GUILESS_MAIN(ServerAccessTest)
#include "tst_server_access.moc"
