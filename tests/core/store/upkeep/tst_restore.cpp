#include "core/store/upkeep/restore.h"

#include "core/store/upkeep/backup.h"
#include "core/store/upkeep/backup_container.h"
#include "tests/core/store/upkeep/filled_database.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>

using namespace birch;
using namespace Qt::StringLiterals;

/// Back to what a backup holds: whole, or not at all.
class RestoreTest : public QObject
{
    Q_OBJECT
private slots:
    void comesBackWhole_data() { test::StoreFixture::addEngines(); }
    void comesBackWhole()
    {
        QFETCH(bool, isPostgres);
        const auto source = m_fixture.newDatabase(isPostgres);
        test::fillEverything(*source);
        const QString file = backup(*source);
        const DatabaseUrl url = m_fixture.newUrl(isPostgres);
        const auto restored = restoreDatabase(url, file, {.userName = u"eve"_s});
        BIRCH_VERIFY(restored);
        QCOMPARE(restored.value().replaced, QString());
        const auto before = test::contents(source->url());
        const auto filled = std::ranges::count_if(
            before, [](const TableDigest &digest) { return digest.rows() > 0; });
        QVERIFY2(filled > 65, qPrintable(QString::number(filled)));
        QCOMPARE(test::contents(url), before);
        const auto copy = Database::open(url, u"ada"_s);
        BIRCH_VERIFY(copy);
        QCOMPARE(copy.value()->uid(), source->uid());
        // Numbers go on, triggers and references hold again.
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
    }

    void whatIsThereStays()
    {
        auto source = m_fixture.newDatabase(false);
        test::addScan(*source, 10);
        const QString file = backup(*source);
        auto target = m_fixture.newDatabase(false);
        test::addScan(*target, 20);
        test::addScan(*target, 30);
        const DatabaseUrl url = target->url();
        const auto before = test::contents(url);
        const auto inUse = restoreDatabase(url, file, {.mayReplace = true, .userName = u"ada"_s});
        QCOMPARE(inUse.error().code, ErrorCode::Conflict);
        QVERIFY2(inUse.error().message.contains(u"pid"_s), qPrintable(inUse.error().message));
        QCOMPARE(test::contents(url), before);
        target.reset();
        const auto refused = restoreDatabase(url, file, {.userName = u"ada"_s});
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY2(refused.error().message.contains(u"--replace"_s),
                 qPrintable(refused.error().message));
        QCOMPARE(test::contents(url), before);
        const auto done = restoreDatabase(url, file, {.mayReplace = true, .userName = u"ada"_s});
        BIRCH_VERIFY(done);
        QCOMPARE(test::contents(url), test::contents(source->url()));
        const DatabaseUrl kept = DatabaseUrl::sqliteFile(done.value().replaced);
        QVERIFY(QFile::exists(kept.path()));
        QCOMPARE(test::contents(kept), before);
        BIRCH_VERIFY(Database::open(kept, u"ada"_s));
    }

    void serverDatabaseIsEmptiedOnlyWhenAsked()
    {
        const auto source = m_fixture.newDatabase(true);
        test::addScan(*source, 10);
        const QString file = backup(*source);
        const DatabaseUrl url = m_fixture.newUrl(true);
        {
            BIRCH_VERIFY(Schema(url).init(u"ada"_s));
            const auto target = Database::open(url, u"ada"_s);
            test::addScan(*target.value(), 20);
            const auto held = target.value()->connect();
            const auto inUse =
                restoreDatabase(url, file, {.mayReplace = true, .userName = u"ada"_s});
            QCOMPARE(inUse.error().code, ErrorCode::Conflict);
        }
        const auto before = test::contents(url);
        const auto refused = restoreDatabase(url, file, {.userName = u"ada"_s});
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY(refused.error().message.contains(u"--replace"_s));
        QCOMPARE(test::contents(url), before);
        BIRCH_VERIFY(restoreDatabase(url, file, {.mayReplace = true, .userName = u"ada"_s}));
        QCOMPARE(test::contents(url), test::contents(source->url()));
    }

    /// A database that is no database any more is kept with its log, and replaced.
    void damagedDatabaseIsReplaced()
    {
        const auto source = m_fixture.newDatabase(false);
        const QString file = backup(*source);
        const DatabaseUrl url = m_fixture.newUrl(false);
        write(url.path(), "not a database at all");
        write(url.path() + u"-wal"_s, "nor a log");
        const auto done = restoreDatabase(url, file, {.mayReplace = true, .userName = u"ada"_s});
        BIRCH_VERIFY(done);
        QCOMPARE(read(done.value().replaced), "not a database at all"_ba);
        QCOMPARE(read(done.value().replaced + u"-wal"_s), "nor a log"_ba);
        QCOMPARE(test::contents(url), test::contents(source->url()));
    }

    void wrongFiles_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<QByteArray>("bytes");
        for (const bool isPostgres : {false, true}) {
            const char *engine = isPostgres ? "PostgreSQL" : "SQLite";
            QTest::addRow("%s text", engine) << isPostgres << "hello"_ba;
            QTest::addRow("%s empty", engine) << isPostgres << ""_ba;
            QTest::addRow("%s magic alone", engine) << isPostgres << "BIRCHDB1"_ba;
            QTest::addRow("%s long block", engine)
                << isPostgres << "BIRCHDB1H\xff\xff\xff\xff\xff\xff\xff\x7f{}"_ba;
            QTest::addRow("%s sqlite header alone", engine)
                << isPostgres << "SQLite format 3\0"_ba + QByteArray(100, '\0');
        }
    }
    void wrongFiles()
    {
        QFETCH(bool, isPostgres);
        QFETCH(QByteArray, bytes);
        const QString file = m_fixture.path(u"wrong"_s);
        write(file, bytes);
        const DatabaseUrl url = m_fixture.newUrl(isPostgres);
        const auto refused = restoreDatabase(url, file, {.userName = u"ada"_s});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::BadInput);
        QVERIFY2(refused.error().message.contains(file), qPrintable(refused.error().message));
        QVERIFY(!QFile::exists(url.path()));
    }

    void otherEngineIsNamed()
    {
        const auto sqlite = m_fixture.newDatabase(false);
        const auto postgres = m_fixture.newDatabase(true);
        const auto one =
            restoreDatabase(m_fixture.newUrl(true), backup(*sqlite), {.userName = u"ada"_s});
        QVERIFY(one.error().message.contains(u"db copy"_s));
        const auto other =
            restoreDatabase(m_fixture.newUrl(false), backup(*postgres), {.userName = u"ada"_s});
        QVERIFY(other.error().message.contains(u"db copy"_s));
    }

    /// No byte of a container can change, and none be missing, without being noticed.
    void everyDamageIsNoticed()
    {
        const auto source = m_fixture.newDatabase(true);
        test::addScan(*source, 50);
        const QString file = backup(*source);
        BIRCH_VERIFY(readContainer(file));
        const QByteArray whole = read(file);
        QRandomGenerator random(7);
        for (int i = 0; i < 150; ++i) {
            const qsizetype at = i < 30 ? i : random.bounded(whole.size());
            QByteArray changed = whole;
            changed[at] = char(changed[at] ^ (1 << random.bounded(8)));
            write(file, changed);
            const auto flipped = readContainer(file);
            QVERIFY2(!flipped, qPrintable(u"byte %1"_s.arg(at)));
            write(file, whole.left(at));
            const auto cut = readContainer(file);
            QVERIFY2(!cut, qPrintable(u"cut at %1"_s.arg(at)));
            QCOMPARE(cut.error().code, ErrorCode::BadInput);
        }
        write(file, whole + "x");
        QVERIFY(!readContainer(file));
        write(file, whole + whole);
        QVERIFY(!readContainer(file));
    }

    /// Backups of an older program come back as they were, and can be upgraded then.
    void olderSchema()
    {
        const DatabaseUrl old = m_fixture.newUrl(true);
        const int head = Schema(old).init(u"ada"_s).value().head;
        BIRCH_VERIFY(Schema(old).downgrade(1));
        const QString file = m_fixture.path(u"old.birchdb"_s);
        {
            const auto connection = Connection::open(old);
            const auto made = backupPostgres(*connection.value(), file);
            BIRCH_VERIFY(made);
            QCOMPARE(made.value().schema, 1);
        }
        const auto current = m_fixture.newDatabase(true);
        const auto refused =
            restoreDatabase(current->url(), file, {.mayReplace = true, .userName = u"ada"_s});
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        const DatabaseUrl url = m_fixture.newUrl(true);
        const auto done = restoreDatabase(url, file, {.userName = u"ada"_s});
        BIRCH_VERIFY(done);
        QCOMPARE(done.value().schema, 1);
        QCOMPARE(test::contents(url), test::contents(old));
        QCOMPARE(Schema(url).upgrade().value().current, head);
        BIRCH_VERIFY(Database::open(url, u"ada"_s));
    }

    /// Killed at any instant: the old database or the new one, whole.
    void killedWhileRestoring()
    {
        auto source = m_fixture.newDatabase(false);
        test::addScan(*source, 20'000);
        const QString file = backup(*source);
        auto target = m_fixture.newDatabase(false);
        const DatabaseUrl url = target->url();
        const auto before = test::contents(url);
        target.reset();
        const auto after = test::contents(source->url());
        const auto start = [&](QProcess &restore) {
            restore.start(QCoreApplication::applicationFilePath(),
                          {u"--restore"_s, url.path(), file});
            return restore.waitForStarted();
        };
        QElapsedTimer timer;
        timer.start();
        {
            QProcess whole;
            QVERIFY(start(whole) && whole.waitForFinished());
            QCOMPARE(whole.exitCode(), 0);
        }
        const qint64 needed = timer.elapsed();
        QRandomGenerator random(11);
        int killed = 0;
        for (int i = 0; i < 15; ++i) {
            QProcess restore;
            QVERIFY(start(restore));
            if (!restore.waitForFinished(int(random.bounded(needed)))) {
                restore.kill();
                QVERIFY(restore.waitForFinished());
                ++killed;
            }
            const auto now = test::contents(url);
            QVERIFY(now == before || now == after);
            BIRCH_VERIFY(Database::open(url, u"ada"_s));
        }
        QVERIFY(killed > 0);
    }

    /// The server goes while rows come in: nothing of it is there afterwards.
    void serverGone()
    {
        const auto source = m_fixture.newDatabase(true);
        test::addScan(*source, 10);
        const QString file = backup(*source);
        const DatabaseUrl url = m_fixture.newUrl(true);
        BIRCH_VERIFY(Schema(url).init(u"ada"_s));
        const auto before = test::contents(url);
        QVERIFY(m_fixture.server()->stop());
        const auto refused = restoreDatabase(url, file, {.userName = u"ada"_s});
        QCOMPARE(refused.error().code, ErrorCode::NotConnected);
        QString problem;
        QVERIFY2(m_fixture.server()->restart(&problem), qPrintable(problem));
        QCOMPARE(test::contents(url), before);
    }

public:
    static int restore(const QString &path, const QString &file)
    {
        const auto done = restoreDatabase(DatabaseUrl::sqliteFile(path), file,
                                          {.mayReplace = true, .userName = u"ada"_s});
        return done ? 0 : 1;
    }

private:
    QString backup(const Database &database)
    {
        const QString file = m_fixture.path(u"backup%1"_s.arg(++m_count));
        const auto connection = database.connect().value();
        const auto made = backupDatabase(*connection, file);
        if (!made)
            qFatal("%s", qPrintable(made.error().message));
        return file;
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

    test::StoreFixture m_fixture;
    int m_count = 0;
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments[1] == u"--restore"_s)
        return RestoreTest::restore(arguments[2], arguments[3]);
    RestoreTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_restore.moc"
