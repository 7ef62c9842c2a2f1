#include "core/store/database_url.h"
#include "core/store/network_file_system.h"

#include <QDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class DatabaseUrlTest : public QObject
{
    Q_OBJECT
private slots:
    void understands_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("user");
        const QString here = QDir::currentPath();
        QTest::newRow("path") << u"/data/x.db"_s << u"/data/x.db"_s << u""_s << -1 << u""_s
                              << u""_s;
        QTest::newRow("relative path")
            << u"a/x.db"_s << here + u"/a/x.db"_s << u""_s << -1 << u""_s << u""_s;
        QTest::newRow("sqlite relative")
            << u"sqlite:///x.db"_s << here + u"/x.db"_s << u""_s << -1 << u""_s << u""_s;
        QTest::newRow("sqlite absolute")
            << u"sqlite:////d/x.db"_s << u"/d/x.db"_s << u""_s << -1 << u""_s << u""_s;
        QTest::newRow("server") << u"postgresql://ada@db.lab:5433/birch"_s << u""_s << u"db.lab"_s
                                << 5433 << u"birch"_s << u"ada"_s;
        QTest::newRow("socket folder") << u"postgresql://ada@/birch?host=/run/pg"_s << u""_s
                                       << u"/run/pg"_s << -1 << u"birch"_s << u"ada"_s;
        QTest::newRow("all left to libpq")
            << u"postgresql://"_s << u""_s << u""_s << -1 << u""_s << u""_s;
        QTest::newRow("escaped") << u"postgresql://a%40b@h/x%20y"_s << u""_s << u"h"_s << -1
                                 << u"x y"_s << u"a@b"_s;
    }
    void understands()
    {
        QFETCH(QString, url);
        QFETCH(int, port);
        const auto parsed = DatabaseUrl::parse(url);
        QVERIFY2(bool(parsed), parsed ? "" : qPrintable(parsed.error().message));
        QTEST(parsed.value().path(), "path");
        QTEST(parsed.value().host(), "host");
        QCOMPARE(parsed.value().port(), port);
        QTEST(parsed.value().name(), "name");
        QTEST(parsed.value().user(), "user");
        const auto again = DatabaseUrl::parse(parsed.value().text());
        QVERIFY2(bool(again), qPrintable(parsed.value().text()));
        QCOMPARE(again.value(), parsed.value());
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << u"  "_s << u"empty"_s;
        QTest::newRow("other engine") << u"mysql://h/x"_s << u"mysql"_s;
        QTest::newRow("no file") << u"sqlite:///"_s << u"sqlite:////absolute"_s;
        QTest::newRow("password") << u"postgresql://ada:secret@h/x"_s << u"PGPASSFILE"_s;
        QTest::newRow("password option")
            << u"postgresql://ada@h/x?password=secret"_s << u"PGPASSFILE"_s;
    }
    void refuses()
    {
        QFETCH(QString, url);
        QFETCH(QString, says);
        const auto parsed = DatabaseUrl::parse(url);
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::BadInput);
        QVERIFY2(parsed.error().message.contains(says), qPrintable(parsed.error().message));
        QVERIFY(!parsed.error().message.contains(u"secret"_s));
    }

    void networkFileSystems()
    {
        for (const char *type : {"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p"})
            QVERIFY2(isNetworkFileSystem(type), type);
        for (const char *type : {"ext4", "xfs", "btrfs", "tmpfs", "overlay", "zfs", "fuseblk"})
            QVERIFY2(!isNetworkFileSystem(type), type);
        QVERIFY(checkLocalFileSystem(QDir::tempPath() + u"/no/such/folder/x.db"_s));
    }
};

QTEST_GUILESS_MAIN(DatabaseUrlTest)
#include "tst_database_url.moc"
