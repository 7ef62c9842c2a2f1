#include "core/store/binary_statements.h"

#include "core/store/write_transaction.h"
#include "tests/core/store/store_fixture.h"

using namespace birch;
using namespace Qt::StringLiterals;

/// What crosses to the server in binary is what QtSql sees there, and failures leave a connection
/// that can be used.
class BinaryStatementsTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_database = m_fixture.newDatabase(true);
        m_connection = m_database->connect().value();
        BIRCH_VERIFY(m_connection->script(
            u"CREATE TEMPORARY TABLE things (id BIGINT PRIMARY KEY, content BYTEA)"_s));
    }

    void bytesComeBack_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("null") << QByteArray();
        QTest::newRow("NUL inside") << QByteArray("a\0b\0", 4);
        QTest::newRow("looks like hexadecimal") << QByteArray("\\x00ff");
        QTest::newRow("every byte") << everyByte();
        QTest::newRow("1 MiB") << everyByte().repeated(4096);
    }
    void bytesComeBack()
    {
        QFETCH(QByteArray, bytes);
        BinaryValues values;
        values.add(std::numeric_limits<qint64>::min()).add(bytes);
        BIRCH_VERIFY(m_connection->binary().executeAll(insertion(), std::span(&values, 1)));
        int rows = 0;
        BIRCH_VERIFY(m_connection->binary().select(
            u"SELECT id, content FROM things WHERE id < ?"_s, {0}, [&](const BinaryRow &row) {
                QCOMPARE(row.integer(0), std::numeric_limits<qint64>::min());
                QCOMPARE(row.bytes(1), bytes);
                ++rows;
            }));
        QCOMPARE(rows, 1);
        const auto seen = m_connection->firstRow(u"SELECT content FROM things"_s);
        BIRCH_VERIFY(seen);
        QVERIFY(!seen.value()->first().isNull());
        QCOMPARE(seen.value()->first().toByteArray(), bytes);
    }

    void emptyAsNull()
    {
        BinaryValues values;
        values.add(1).addOrNull({});
        BIRCH_VERIFY(m_connection->binary().executeAll(insertion(), std::span(&values, 1)));
        const auto seen = m_connection->firstRow(u"SELECT content FROM things"_s);
        QVERIFY(seen.value()->first().isNull());
    }

    /// More than are sent before the answers are taken.
    void manyAreAllThere()
    {
        const std::vector<QByteArray> contents = thousand();
        BIRCH_VERIFY(m_connection->binary().executeAll(insertion(), rows(contents)));
        qint64 next = 0;
        BIRCH_VERIFY(m_connection->binary().select(
            u"SELECT id, content FROM things ORDER BY id"_s, {}, [&](const BinaryRow &row) {
                QCOMPARE(row.integer(0), next);
                QCOMPARE(row.bytes(1), contents[size_t(next++)]);
            }));
        QCOMPARE(next, qint64(contents.size()));
    }

    void oneFailureFailsAll_data()
    {
        QTest::addColumn<qint64>("taken"); // a row that is there already
        QTest::newRow("first") << qint64(0);
        QTest::newRow("middle of the first hundreds") << qint64(100);
        QTest::newRow("last") << qint64(999);
    }
    void oneFailureFailsAll()
    {
        QFETCH(qint64, taken);
        BIRCH_VERIFY(m_connection->execute(u"INSERT INTO things VALUES (?, NULL)"_s, {taken}));
        const std::vector<QByteArray> contents = thousand();
        {
            auto transaction = WriteTransaction::begin(*m_connection);
            BIRCH_VERIFY(transaction);
            const Status done = m_connection->binary().executeAll(insertion(), rows(contents));
            QVERIFY(!done);
            QCOMPARE(done.error().code, ErrorCode::Conflict);
        }
        const auto count = m_connection->firstRow(u"SELECT count(*) FROM things"_s);
        BIRCH_VERIFY(count);
        QCOMPARE(count.value()->first().toInt(), 1);
        BIRCH_VERIFY(m_connection->execute(u"DELETE FROM things"_s));
        BIRCH_VERIFY(m_connection->binary().executeAll(insertion(), rows(contents)));
    }

    void wrongStatementsAreRefused()
    {
        QVERIFY(!m_connection->binary().select(u"SELECT nonsense FROM nowhere"_s, {},
                                               [](const BinaryRow &) {}));
        QVERIFY(!m_connection->binary().select(u"SELECT id FROM things WHERE id = ?"_s, {},
                                               [](const BinaryRow &) {}));
        BIRCH_VERIFY(m_connection->execute(u"DELETE FROM things"_s));
    }

    void lostServersAreTold()
    {
        const std::vector<QByteArray> contents = thousand();
        BIRCH_VERIFY(m_connection->binary().executeAll(insertion(), rows(contents)));
        QVERIFY(m_fixture.server()->kill());
        for (int i = 0; i < 2; ++i) {
            const Status done = m_connection->binary().executeAll(insertion(), rows(contents));
            QCOMPARE(done.error().code, ErrorCode::NotConnected);
        }
        const Status done =
            m_connection->binary().select(u"SELECT 1::bigint"_s, {}, [](const BinaryRow &) {});
        QCOMPARE(done.error().code, ErrorCode::NotConnected);
        m_connection.reset();
        m_database.reset();
        QString problem;
        QVERIFY2(m_fixture.server()->startAgain(&problem), qPrintable(problem));
    }

private:
    static QString insertion() { return u"INSERT INTO things (id, content) VALUES (?, ?)"_s; }
    static QByteArray everyByte()
    {
        QByteArray bytes;
        for (int byte = 0; byte < 256; ++byte)
            bytes.append(char(byte));
        return bytes;
    }
    static std::vector<QByteArray> thousand()
    {
        std::vector<QByteArray> contents;
        for (int i = 0; i < 1000; ++i)
            contents.push_back(QByteArray::number(i).repeated(i % 50));
        return contents;
    }
    static std::vector<BinaryValues> rows(const std::vector<QByteArray> &contents)
    {
        std::vector<BinaryValues> all;
        for (size_t i = 0; i < contents.size(); ++i)
            all.push_back(BinaryValues({qint64(i)}).add(contents[i]));
        return all;
    }

    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Connection> m_connection;
};

QTEST_GUILESS_MAIN(BinaryStatementsTest)
#include "tst_binary_statements.moc"
