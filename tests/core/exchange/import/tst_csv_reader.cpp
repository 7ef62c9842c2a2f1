#include "core/exchange/import/csv_reader.h"

#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class CsvReaderTest : public QObject
{
    Q_OBJECT

private slots:
    void rows_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QStringList>("header");
        QTest::addColumn<QList<QStringList>>("rows");
        const QStringList ab{u"a"_s, u"b"_s};
        QTest::newRow("comma") << "a,b\n1,2\n3,4\n"_ba << ab
                               << rows({{u"1"_s, u"2"_s}, {u"3"_s, u"4"_s}});
        QTest::newRow("no line end at the end")
            << "a,b\r\n1,2"_ba << ab << rows({{u"1"_s, u"2"_s}});
        QTest::newRow("semicolon, decimal comma")
            << "a;b\n1,5;2,5\n"_ba << ab << rows({{u"1,5"_s, u"2,5"_s}});
        QTest::newRow("tab") << "a\tb\n1\t2\n"_ba << ab << rows({{u"1"_s, u"2"_s}});
        QTest::newRow("carriage returns alone")
            << "a,b\r1,2\r3,4"_ba << ab << rows({{u"1"_s, u"2"_s}, {u"3"_s, u"4"_s}});
        QTest::newRow("byte order mark")
            << "\xef\xbb\xbf\"a\",b\n1,2\n"_ba << ab << rows({{u"1"_s, u"2"_s}});
        QTest::newRow("quotes") << "a,b\n\"x \"\"y\"\", z\",\"\"\n"_ba << ab
                                << rows({{u"x \"y\", z"_s, u""_s}});
        QTest::newRow("line break in a cell") << "a,b\n\"one\r\ntwo\nthree\",2\n"_ba << ab
                                              << rows({{u"one\r\ntwo\nthree"_s, u"2"_s}});
        QTest::newRow("quote inside a plain cell")
            << "a,b\n5\" wafer,2\n"_ba << ab << rows({{u"5\" wafer"_s, u"2"_s}});
        QTest::newRow("empty lines") << "\n\na,b\n\n1,2\n\n"_ba << ab << rows({{u"1"_s, u"2"_s}});
        QTest::newRow("empty cells") << "a,b\n,\n"_ba << ab << rows({{u""_s, u""_s}});
        QTest::newRow("spaces are data, but in names")
            << " a , b\n 1 , 2\n"_ba << ab << rows({{u" 1 "_s, u" 2"_s}});
        QTest::newRow("delimiters in a quoted name")
            << "\"a;;;\",b\n1,2\n"_ba << QStringList{u"a;;;"_s, u"b"_s} << rows({{u"1"_s, u"2"_s}});
        QTest::newRow("Ω µ ü") << "a,b\nΩ,µV ü\n"_ba << ab << rows({{u"Ω"_s, u"µV ü"_s}});
        QTest::newRow("one column")
            << "a\n1\n\"\"\n"_ba << QStringList{u"a"_s} << rows({{u"1"_s}, {u""_s}});
        QTest::newRow("byte order mark inside")
            << "a,b\n\xef\xbb\xbfx,2\n"_ba << ab << rows({{u"\ufeffx"_s, u"2"_s}});
        QTest::newRow("header only") << "a,b\n"_ba << ab << rows({});
    }
    void rows()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QStringList, header);
        QFETCH(QList<QStringList>, rows);
        auto reader = CsvReader::read(bytes);
        QVERIFY2(bool(reader), reader ? "" : qPrintable(reader.error().message));
        QCOMPARE(reader.value().header(), header);
        QList<QStringList> found;
        for (;;) {
            const auto row = reader.value().next();
            QVERIFY2(bool(row), row ? "" : qPrintable(row.error().message));
            if (!row.value())
                break;
            found << *row.value();
        }
        QCOMPARE(found, rows);
    }

    void wrong_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << ""_ba << u"empty"_s;
        QTest::newRow("blank") << "\n\n"_ba << u"empty"_s;
        QTest::newRow("UTF-16") << QByteArray("\xff\xfe\x61\x00", 4) << u"UTF-16"_s;
        QTest::newRow("Latin-1") << "a,b\n1,\xb5V\n"_ba << u"line 2: it is not in UTF-8"_s;
        QTest::newRow("zero byte") << QByteArray("a,b\n1,\0\n", 8) << u"line 2"_s;
        QTest::newRow("nameless column") << "a,,c\n"_ba << u"column 2"_s;
        QTest::newRow("two of a name") << "a,b,a\n"_ba << u"\"a\""_s;
        QTest::newRow("too few cells") << "a,b\n1,2\n3\n"_ba << u"line 3: it has 1 cells"_s;
        QTest::newRow("too many cells") << "a,b\n1,2,3\n"_ba << u"line 2: it has 3 cells"_s;
        QTest::newRow("line counted through line breaks")
            << "a,b\n\"x\ny\",2\n3\n"_ba << u"line 4: it has 1"_s;
        QTest::newRow("row with line breaks: where it begins")
            << "a,b\n\"x\ny\"\n"_ba << u"line 2: it has 1"_s;
        QTest::newRow("open quote")
            << "a,b\n1,2\n\"x,3\n4,5\n"_ba << u"line 3: a quote is opened"_s;
        QTest::newRow("text behind a quote") << "a,b\n\"x\"y,2\n"_ba << u"line 2: there is text"_s;
    }
    void wrong()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        auto reader = CsvReader::read(bytes);
        Error error;
        if (!reader)
            error = reader.error();
        while (reader) {
            const auto row = reader.value().next();
            if (!row)
                error = row.error();
            if (!row || !row.value())
                break;
        }
        QVERIFY2(error.message.contains(says), qPrintable(error.message));
        QCOMPARE(error.code, ErrorCode::BadInput);
    }

    /// Cells and line ends that fall onto the border of two reads.
    void longFile()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(u"long.csv"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("n,text\r\n");
        constexpr int kRows = 40'000;
        for (int i = 0; i < kRows; ++i)
            file.write(QByteArray::number(i) + ",\"" + QByteArray(i % 23, 'x') + "\"\"\r\n\"\r\n");
        file.close();
        auto reader = CsvReader::open(file.fileName());
        QVERIFY(reader);
        for (int i = 0; i < kRows; ++i) {
            const auto row = reader.value().next();
            QVERIFY(row);
            QVERIFY(row.value());
            QCOMPARE(row.value()->at(0).toInt(), i);
            QCOMPARE(row.value()->at(1), QString(i % 23, u'x') + u"\"\r\n"_s);
            QVERIFY(reader.value().wasQuoted(1) && !reader.value().wasQuoted(0));
            QCOMPARE(reader.value().line(), 2 + 2 * i);
        }
        QVERIFY(!reader.value().next().value());
    }

    void noSuchFile()
    {
        const auto reader = CsvReader::open(u"/nonexistent/a.csv"_s);
        QVERIFY(!reader);
        QCOMPARE(reader.error().code, ErrorCode::NotFound);
    }

private:
    static QList<QStringList> rows(std::initializer_list<QStringList> rows) { return rows; }
};

QTEST_GUILESS_MAIN(CsvReaderTest)
#include "tst_csv_reader.moc"
