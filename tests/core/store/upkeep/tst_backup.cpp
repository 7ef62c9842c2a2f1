#include "core/store/upkeep/backup.h"

#include "core/store/chunk_reader.h"
#include "core/store/scan_repository.h"
#include "core/store/upkeep/restore.h"
#include "core/store/upkeep/sqlite_check.h"
#include "tests/core/store/store_fixture.h"
#include "tests/core/store/upkeep/recording.h"
#include "tests/support/small_disk.h"

#include <QFileInfo>

#include <future>

using namespace birch;
using namespace Qt::StringLiterals;

/// One file with everything, taken beside whoever writes.
class BackupTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { m_database = m_fixture.newDatabase(false); }

    void opensOnItsOwn()
    {
        fill(*m_database, 100);
        const QString file = m_fixture.path(u"alone.sqlite"_s);
        const auto report = backupSqlite(*m_database->connect().value(), file);
        BIRCH_VERIFY(report);
        QCOMPARE(report.value().path, file);
        QCOMPARE(report.value().rows[u"scans"_s], 1);
        QCOMPARE(QFileInfo(file).permissions() & ~(QFile::ReadUser | QFile::WriteUser),
                 QFile::ReadOwner | QFile::WriteOwner);
        QVERIFY(!QFile::exists(file + u"-wal"_s));
        const auto copy = Database::open(DatabaseUrl::sqliteFile(file), u"ada"_s);
        BIRCH_VERIFY(copy);
        QCOMPARE(copy.value()->uid(), m_database->uid());
        QCOMPARE(rowsIn(*copy.value()), 100);
    }

    /// Several in a row while a scan is recorded: what comes back is one state of it, whole.
    void whileAScanIsRecorded_data() { test::StoreFixture::addEngines(); }
    void whileAScanIsRecorded()
    {
        QFETCH(bool, isPostgres);
        if (isPostgres)
            m_database = m_fixture.newDatabase(true);
        test::Recording recording(*m_database, m_fixture.path(u"spool"_s));
        qint64 before = -1;
        for (int i = 0; i < 3; ++i) {
            QTRY_VERIFY_WITH_TIMEOUT(storedRows() > before + 200, 20'000);
            const QString file = m_fixture.path(u"beside%1%2"_s.arg(i).arg(isPostgres));
            auto backup = std::async(std::launch::async, [this, file] {
                const auto connection = m_database->connect();
                return connection ? backupDatabase(*connection.value(), file)
                                  : Result<BackupReport>(connection.error());
            });
            const qint64 acquired = recording.rows();
            QTRY_VERIFY_WITH_TIMEOUT(
                backup.wait_for(std::chrono::seconds(0)) == std::future_status::ready, 20'000);
            BIRCH_VERIFY(backup.get());
            QTRY_VERIFY_WITH_TIMEOUT(recording.rows() > acquired, 5'000); // it was not held up
            const DatabaseUrl url = m_fixture.newUrl(isPostgres);
            BIRCH_VERIFY(restoreDatabase(url, file, {.userName = u"ada"_s}));
            const auto copy = Database::open(url, u"ada"_s);
            BIRCH_VERIFY(copy);
            const qint64 rows = rowsIn(*copy.value());
            QVERIFY2(rows > before, qPrintable(u"%1 after %2"_s.arg(rows).arg(before)));
            before = rows;
        }
        const qint64 acquired = recording.rows();
        recording.finish();
        QCOMPARE(rowsIn(*m_database), acquired);
    }

    void whatExistsStays()
    {
        const QString file = m_fixture.path(u"mine.txt"_s);
        write(file, "precious");
        const auto connection = m_database->connect();
        const auto refused = backupSqlite(*connection.value(), file);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY(refused.error().message.contains(file));
        QCOMPARE(read(file), "precious"_ba);
        BIRCH_VERIFY(backupSqlite(*connection.value(), file, {.mayReplace = true}));
        BIRCH_VERIFY(checkSqliteFile(file));
        QCOMPARE(leftovers(file), QStringList());
    }

    void placesThatCanNotBeWritten_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("no folder") << u"missing/x.sqlite"_s << ErrorCode::NotFound;
        QTest::newRow("a folder") << u"."_s << ErrorCode::BadInput;
        QTest::newRow("below a file") << u"file/x.sqlite"_s << ErrorCode::NotFound;
        QTest::newRow("name too long") << QString(300, u'x') << ErrorCode::Io;
    }
    void placesThatCanNotBeWritten()
    {
        QFETCH(QString, path);
        QFETCH(ErrorCode, code);
        write(m_fixture.path(u"file"_s), "x");
        const QString file = m_fixture.path(path);
        const auto refused = backupSqlite(*m_database->connect().value(), file);
        QVERIFY(!refused);
        if (code != ErrorCode::Io)
            QCOMPARE(refused.error().code, code);
        QVERIFY2(refused.error().message.contains(QFileInfo(file).fileName()),
                 qPrintable(refused.error().message));
    }

    void diskFull()
    {
        fill(*m_database, 60'000);
        const QString folder =
            QDir::tempPath() + u"/birch-backup-%1"_s.arg(QCoreApplication::applicationPid());
        const test::SmallDisk disk(folder, "512k");
        if (!disk.isMounted())
            QSKIP(qPrintable(u"needs the right to mount a tmpfs: "_s + disk.problem()));
        const QString file = disk.path(u"x.sqlite"_s);
        const auto refused = backupSqlite(*m_database->connect().value(), file);
        QVERIFY(!refused);
        QVERIFY2(refused.error().code == ErrorCode::Full, qPrintable(refused.error().message));
        QVERIFY2(refused.error().message.contains(file), qPrintable(refused.error().message));
        QCOMPARE(QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList());
    }

    void stopped()
    {
        fill(*m_database, 20'000);
        const QString file = m_fixture.path(u"stopped.sqlite"_s);
        std::stop_source stop;
        const auto refused =
            backupSqlite(*m_database->connect().value(), file,
                         {.stop = stop.get_token(), .progress = [&stop](qint64 done, qint64 total) {
                              QVERIFY(done <= total);
                              stop.request_stop();
                          }});
        QCOMPARE(bool(refused), false);
        QCOMPARE(refused.error().code, ErrorCode::Cancelled);
        QVERIFY(!QFile::exists(file));
        QCOMPARE(leftovers(file), QStringList());
    }

    void damageIsNoticed_data()
    {
        QTest::addColumn<qint64>("at"); ///< a byte that is changed; negative: cut there
        QTest::newRow("header") << qint64(3);
        QTest::newRow("a page") << qint64(8192 + 2);
        QTest::newRow("cut") << qint64(-20'000);
        QTest::newRow("empty") << qint64(-1);
    }
    void damageIsNoticed()
    {
        QFETCH(qint64, at);
        fill(*m_database, 500);
        const QString file = m_fixture.path(u"damaged%1.sqlite"_s.arg(at));
        BIRCH_VERIFY(backupSqlite(*m_database->connect().value(), file));
        BIRCH_VERIFY(checkSqliteFile(file));
        QFile bytes(file);
        QVERIFY(bytes.open(QIODevice::ReadWrite));
        if (at < 0) {
            QVERIFY(bytes.resize(-at - 1));
        } else {
            QVERIFY(bytes.seek(at));
            QVERIFY(bytes.write("\xff\xff\xff\xff") == 4);
        }
        bytes.close();
        const auto refused = checkSqliteFile(file);
        QVERIFY(!refused);
        QVERIFY2(refused.error().code == ErrorCode::BadInput, qPrintable(refused.error().message));
        QVERIFY(refused.error().message.contains(file));
    }

private:
    /// One finished scan with rows in both objects.
    static void fill(const Database &database, qint64 rows)
    {
        const auto store = SqlRunStore::open(database, u"ada"_s, u"bench"_s);
        const NewScan scan = test::newScan();
        const OpenedScan opened = store.value()->createScan(scan).value();
        const Status done = store.value()->commit(test::rowsCommit(scan, opened, 0, rows));
        if (!done)
            qFatal("%s", qPrintable(done.error().message));
    }

    qint64 storedRows() const
    {
        const auto row = m_database->connect().value()->firstRow(
            u"SELECT rows_stored FROM measurement_objects WHERE position = 0"_s);
        return row.value() ? row.value()->first().toLongLong() : 0;
    }

    /// Of the first object, each read and compared; -1 when they are not what was recorded.
    static qint64 rowsIn(const Database &database)
    {
        const auto connection = database.connect().value();
        const Session session = openSession(*connection, u"ada"_s).value();
        const auto row = connection->firstRow(u"SELECT uid FROM scans"_s);
        const auto record =
            ScanRepository(*connection).find(session, row.value()->first().toString());
        if (!record)
            return -1;
        ChunkReader reader(*connection);
        const StoredObject &object = *record.value().object(u"all"_s);
        const auto whole = reader.readAll(object, 0, object.rowsStored);
        const bool isWhole =
            whole && whole.value() == test::rowsOf(object.schema, 0, object.rowsStored);
        return isWhole ? object.rowsStored : -1;
    }

    static void write(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// Hidden files beside \a path.
    static QStringList leftovers(const QString &path)
    {
        return QFileInfo(path).dir().entryList({u".*"_s},
                                               QDir::Files | QDir::Hidden | QDir::NoDotAndDotDot);
    }

    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
};

QTEST_GUILESS_MAIN(BackupTest)
#include "tst_backup.moc"
