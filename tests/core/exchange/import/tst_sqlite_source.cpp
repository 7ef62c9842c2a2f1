#include "core/exchange/import/sqlite_source.h"

#include <QDir>
#include <QFile>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

/// Another program with the file open.
class Writer
{
public:
    explicit Writer(const QString &path)
    {
        m_db = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"writer"_s);
        m_db.setDatabaseName(path);
        if (!m_db.open())
            qFatal("%s", qPrintable(m_db.lastError().text()));
    }
    ~Writer()
    {
        m_db.close();
        m_db = QSqlDatabase();
        QSqlDatabase::removeDatabase(u"writer"_s);
    }
    void run(const QString &sql)
    {
        QSqlQuery query(m_db);
        if (!query.exec(sql))
            qFatal("%s: %s", qPrintable(sql), qPrintable(query.lastError().text()));
    }

private:
    QSqlDatabase m_db;
};

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class SqliteSourceTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath(u"lab #1?.db"_s); // characters that mean something in a URI
        make(true);
    }

    void tables()
    {
        const auto source = SqliteSource::open(m_path);
        QVERIFY2(bool(source), source ? "" : qPrintable(source.error().message));
        QCOMPARE(source.value()->tables().size(), 2);
        const SourceTable *samples = source.value()->table(u"samples"_s);
        QVERIFY(samples);
        QCOMPARE(samples->columns, (QStringList{u"id"_s, u"name"_s, u"values"_s}));
        QCOMPARE(samples->rows, 3);
        QVERIFY(!source.value()->table(u"sqlite_sequence"_s));
        QVERIFY(!source.value()->table(u"looks"_s)); // a view
    }

    void rows()
    {
        const auto source = SqliteSource::open(m_path);
        QVERIFY(source);
        QVariantList names;
        QVariantList missing;
        QVERIFY(
            source.value()->each(u"samples"_s, {u"no such"_s, u"id"_s}, [&](const SourceRow &row) {
                names << row.value(u"name"_s);
                missing << row.value(u"no such"_s);
                return ok();
            }));
        QCOMPARE(names, (QVariantList{u"Ω"_s, QVariant(), u"c"_s}));
        QVERIFY(!missing[0].isValid());
        int count = 0;
        QVERIFY(source.value()->eachWhere(
            u"samples"_s, u"name"_s, u"c"_s, {}, [&](const SourceRow &row) {
                ++count;
                return row.integer(u"id"_s) == 3 ? ok() : Status(Error{});
            }));
        QCOMPARE(count, 1);
        QCOMPARE(source.value()->smallest(u"samples"_s, u"name"_s), u"c"_s);
        QVERIFY(!source.value()->smallest(u"samples"_s, u"no such"_s));
    }

    void errorsEndTheReading()
    {
        const auto source = SqliteSource::open(m_path);
        QVERIFY(source);
        int count = 0;
        const Status read = source.value()->each(u"samples"_s, {}, [&count](const SourceRow &) {
            return ++count == 2 ? Status(Error{ErrorCode::Full, u"enough"_s}) : ok();
        });
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Full);
        QCOMPARE(count, 2);
    }

    /// Nothing is written, and nothing is left beside the file.
    void untouched_data()
    {
        QTest::addColumn<bool>("isWal");
        QTest::newRow("write-ahead log") << true;
        QTest::newRow("rollback journal") << false;
    }
    void untouched()
    {
        QFETCH(bool, isWal);
        make(isWal);
        const QByteArray before = contents(m_path);
        {
            const auto source = SqliteSource::open(m_path);
            QVERIFY(source);
            QVERIFY(source.value()->each(u"samples"_s, {}, [](const SourceRow &) { return ok(); }));
            QVERIFY(source.value()->checkUnchanged());
        }
        QCOMPARE(contents(m_path), before);
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 1);
    }

    /// Another program writes while we read: we see the file as it was, with what it had in its
    /// log.
    void beingWritten()
    {
        Writer writer(m_path);
        writer.run(u"INSERT INTO samples (name) VALUES ('in the log')"_s);
        const auto source = SqliteSource::open(m_path);
        QVERIFY2(bool(source), source ? "" : qPrintable(source.error().message));
        QCOMPARE(source.value()->table(u"samples"_s)->rows, 4);
        writer.run(u"INSERT INTO samples (name) VALUES ('later')"_s);
        int count = 0;
        QVERIFY(source.value()->each(u"samples"_s, {}, [&count](const SourceRow &) {
            ++count;
            return ok();
        }));
        QCOMPARE(count, 4);
        QVERIFY(source.value()->checkUnchanged());
    }

    /// At rest when it was opened, written since: what was read may be torn.
    void writtenMeanwhile()
    {
        const auto source = SqliteSource::open(m_path);
        QVERIFY(source);
        Writer writer(m_path);
        writer.run(u"INSERT INTO samples (name) VALUES ('new')"_s);
        const Status unchanged = source.value()->checkUnchanged();
        QVERIFY(!unchanged);
        QCOMPARE(unchanged.error().code, ErrorCode::Conflict);
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        const QByteArray whole = [this] {
            QTemporaryDir folder;
            m_path = folder.filePath(u"x.db"_s);
            make(true);
            return contents(m_path);
        }();
        QTest::newRow("empty") << QByteArray() << u"no SQLite file"_s;
        QTest::newRow("text") << QByteArray(4096, 'x') << u"no SQLite file"_s;
        QTest::newRow("header alone") << whole.first(100) << u"damaged"_s;
        QTest::newRow("cut in half") << whole.first(whole.size() / 2) << u"damaged"_s;
        QTest::newRow("last page missing") << whole.chopped(4096) << u"damaged"_s;
        QByteArray overwritten = whole;
        overwritten.replace(2 * 4096, 4096, QByteArray(4096, '\x7f'));
        QTest::newRow("page overwritten") << overwritten << u"damaged"_s;
    }
    void refused()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        const auto source = SqliteSource::open(m_path);
        QVERIFY(!source);
        QCOMPARE(source.error().code, ErrorCode::BadInput);
        QVERIFY2(source.error().message.contains(says), qPrintable(source.error().message));
        QVERIFY(source.error().message.contains(m_path));
    }

    void missing()
    {
        const auto source = SqliteSource::open(u"/nonexistent/x.db"_s);
        QVERIFY(!source);
        QCOMPARE(source.error().code, ErrorCode::NotFound);
    }

private:
    void make(bool isWal)
    {
        QFile::remove(m_path);
        Writer writer(m_path);
        writer.run(isWal ? u"PRAGMA journal_mode = WAL"_s : u"PRAGMA journal_mode = DELETE"_s);
        writer.run(u"CREATE TABLE samples (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, "
                   "\"values\" JSON)"_s);
        writer.run(u"CREATE TABLE \"odd \"\" name\" (id INTEGER, x BLOB)"_s);
        writer.run(u"INSERT INTO samples (name) VALUES ('Ω'), (NULL), ('c')"_s);
        writer.run(u"CREATE VIEW looks AS SELECT * FROM samples"_s);
        writer.run(u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
                   "INSERT INTO \"odd \"\" name\" SELECT i, randomblob(40) FROM n"_s);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

QTEST_GUILESS_MAIN(SqliteSourceTest)
#include "tst_sqlite_source.moc"
