#include "drivers/scpi/number.h"

#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::scpi;

Q_DECLARE_METATYPE(birch::ValueState)

class ScpiNumberTest : public QObject
{
    Q_OBJECT
private slots:
    void numbers_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<double>("value");
        QTest::addColumn<ValueState>("state");
        const auto row = [](const char *name, const QByteArray &reply, double value,
                            ValueState state = ValueState::Ok) {
            QTest::newRow(name) << reply << value << state;
        };
        row("NR1", "42", 42);
        row("NR1 signed", "-7", -7);
        row("NR2", "+1.25", 1.25);
        row("NR3", "-2.50E-03", -0.0025);
        row("NR3 small e", "1e-06", 1e-6);
        row("exponent without sign", "1E3", 1000);
        row("CR LF", "+1.234500E-06\r\n", 1.2345e-6);
        row("blanks", "  1.5\t", 1.5);
        row("NUL behind", QByteArray("1.5\0", 4), 1.5);
        row("no fraction digits", "5.", 5);
        row("no whole digits", "-.5", -0.5);
        row("shortest digits", "0.1", 0.1);
        row("17 digits", "0.10000000000000001", 0.1);
        row("minus zero", "-0.0", -0.0);
        row("largest double", "1.7976931348623157E+37", 1.7976931348623157e37);
        row("below the mark", "9.8E37", 9.8e37);
        row("overload", "9.9E37", 0, ValueState::Overload);
        row("overload as written", "+9.900000E+37", 0, ValueState::Overload);
        row("negative overload", "-9.9E+37", 0, ValueState::Overload);
        row("overload of a float32", "9.89999976E37", 0, ValueState::Overload);
        row("beyond the overload", "1E38", 0, ValueState::Overload);
        row("not a number", "+9.910000E+37", 0, ValueState::NotANumber);
        row("not a number, in full", "99100000000000000000000000000000000000", 0,
            ValueState::NotANumber);
    }
    void numbers()
    {
        QFETCH(QByteArray, reply);
        QFETCH(double, value);
        QFETCH(ValueState, state);
        const auto parsed = parseNumber(reply);
        QVERIFY2(bool(parsed), parsed ? "" : qPrintable(parsed.error().message));
        QCOMPARE(int(parsed.value().state), int(state));
        QVERIFY(parsed.value().value == value);
        QCOMPARE(std::signbit(parsed.value().value), std::signbit(value));
    }

    void noNumbers_data()
    {
        QTest::addColumn<QByteArray>("reply");
        for (const char *text :
             {"",    " ",   "\n", "volt",  "1.5V", "1.5 V", "1,5",  "1.2.3", "--1", "+-1",
              "+",   ".",   "E5", "1E",    "1E+",  "1 E3",  "0x10", "#H1F",  "inf", "INF",
              "nan", "NAN", "OL", "1E999", "1;2",  "\"1\"", "1 2",  "١"})
            QTest::addRow("'%s'", text) << QByteArray(text);
    }
    void noNumbers()
    {
        QFETCH(QByteArray, reply);
        const auto parsed = parseNumber(reply);
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::Protocol);
    }

    void integers_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<bool>("isGood");
        QTest::addColumn<qint64>("value");
        QTest::newRow("plain") << "+12\r\n"_ba << true << qint64(12);
        QTest::newRow("negative") << "-12"_ba << true << qint64(-12);
        QTest::newRow("as a float") << "+1.000E+00"_ba << true << qint64(1);
        QTest::newRow("largest") << "9223372036854775807"_ba << true
                                 << Q_INT64_C(9223372036854775807);
        QTest::newRow("too large") << "9223372036854775808"_ba << false << qint64(0);
        QTest::newRow("inexact float") << "1E17"_ba << false << qint64(0);
        QTest::newRow("fraction") << "1.5"_ba << false << qint64(0);
        QTest::newRow("overload") << "9.9E37"_ba << false << qint64(0);
        QTest::newRow("two signs") << "+-1"_ba << false << qint64(0);
        QTest::newRow("empty") << ""_ba << false << qint64(0);
    }
    void integers()
    {
        QFETCH(QByteArray, reply);
        QFETCH(bool, isGood);
        QFETCH(qint64, value);
        const auto parsed = parseInteger(reply);
        QCOMPARE(bool(parsed), isGood);
        if (parsed)
            QCOMPARE(parsed.value(), value);
        else
            QCOMPARE(parsed.error().code, ErrorCode::Protocol);
    }

    void bools()
    {
        for (const char *text : {"1", "ON", "on", " +1\n", "2"})
            QVERIFY(parseBool(text).value());
        for (const char *text : {"0", "OFF", "Off\r\n", "+0"})
            QVERIFY(!parseBool(text).value());
        for (const char *text : {"", "YES", "0.5", "ONE"})
            QCOMPARE(parseBool(text).error().code, ErrorCode::Protocol);
    }

    void lists_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<char>("separator");
        QTest::addColumn<QByteArrayList>("parts");
        QTest::newRow("empty") << " \n"_ba << ',' << QByteArrayList{};
        QTest::newRow("one") << "1\n"_ba << ',' << QByteArrayList{"1"};
        QTest::newRow("three") << "1, 2 ,3\r\n"_ba << ',' << QByteArrayList{"1", "2", "3"};
        QTest::newRow("empty parts") << ",1,"_ba << ',' << QByteArrayList{"", "1", ""};
        QTest::newRow("semicolon") << "1;2"_ba << ';' << QByteArrayList{"1", "2"};
        QTest::newRow("quoted") << "1,\"a,b\",'c,d'"_ba << ','
                                << QByteArrayList{"1", "\"a,b\"", "'c,d'"};
        QTest::newRow("doubled quote")
            << "\"a\"\",\"\"b\",2"_ba << ',' << QByteArrayList{"\"a\"\",\"\"b\"", "2"};
        QTest::newRow("quote left open") << "1,\"a,b"_ba << ',' << QByteArrayList{"1", "\"a,b"};
    }
    void lists()
    {
        QFETCH(QByteArray, reply);
        QFETCH(char, separator);
        QFETCH(QByteArrayList, parts);
        QByteArrayList got;
        for (const QByteArrayView part : splitList(reply, separator))
            got.append(part.toByteArray());
        QCOMPARE(got, parts);
    }

    void numberLists()
    {
        const auto reading = parseNumbers("+1.0E+00,+1.2345E-06,+9.91E+37,+3.25E+02,+9.9E37\n");
        QVERIFY(bool(reading));
        const QList<Number> expected{{1, ValueState::Ok},
                                     {1.2345e-6, ValueState::Ok},
                                     {0, ValueState::NotANumber},
                                     {325, ValueState::Ok},
                                     {0, ValueState::Overload}};
        QVERIFY(reading.value() == expected);
        const auto broken = parseNumbers("1,x,3");
        QVERIFY(!broken);
        QVERIFY(broken.error().message.contains(u"Value 2 of 3"_s));
        QCOMPARE(parseNumbers("").error().code, ErrorCode::Protocol);
        QCOMPARE(parseNumbers("1,,2").error().code, ErrorCode::Protocol);
    }
};

QTEST_APPLESS_MAIN(ScpiNumberTest)
#include "tst_scpi_number.moc"
