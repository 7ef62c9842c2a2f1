#include "drivers/scpi/text.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::scpi;

class ScpiTextTest : public QObject
{
    Q_OBJECT
private slots:
    void strings_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<bool>("isGood");
        QTest::addColumn<QString>("text");
        QTest::newRow("plain") << "\"VOLT:DC\"\r\n"_ba << true << u"VOLT:DC"_s;
        QTest::newRow("single") << "'CURR'"_ba << true << u"CURR"_s;
        QTest::newRow("empty") << "\"\""_ba << true << u""_s;
        QTest::newRow("doubled") << "\"say \"\"hi\"\"\""_ba << true << u"say \"hi\""_s;
        QTest::newRow("other quote inside") << "\"it's\""_ba << true << u"it's"_s;
        QTest::newRow("only quotes") << "\"\"\"\""_ba << true << u"\""_s;
        QTest::newRow("latin-1") << "\"\xb5V\""_ba << true << u"µV"_s;
        QTest::newRow("nothing") << ""_ba << false << QString();
        QTest::newRow("one quote") << "\""_ba << false << QString();
        QTest::newRow("bare") << "VOLT"_ba << false << QString();
        QTest::newRow("open") << "\"VOLT"_ba << false << QString();
        QTest::newRow("mixed") << "\"VOLT'"_ba << false << QString();
        QTest::newRow("behind the end") << "\"a\"b\""_ba << false << QString();
        QTest::newRow("three quotes") << "\"\"\""_ba << false << QString();
    }
    void strings()
    {
        QFETCH(QByteArray, reply);
        QFETCH(bool, isGood);
        QFETCH(QString, text);
        const auto parsed = parseQuoted(reply);
        QCOMPARE(bool(parsed), isGood);
        if (!parsed) {
            QCOMPARE(parsed.error().code, ErrorCode::Protocol);
            return;
        }
        QCOMPARE(parsed.value(), text);
        QCOMPARE(parseQuoted(quoted(text)).value(), text);
    }

    void identities_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<QStringList>("fields"); // empty: refused
        QTest::newRow("four")
            << "KEITHLEY INSTRUMENTS INC.,MODEL 2400,1234567,C30   Mar 17 1999\r\n"_ba
            << QStringList{u"KEITHLEY INSTRUMENTS INC."_s, u"MODEL 2400"_s, u"1234567"_s,
                           u"C30   Mar 17 1999"_s};
        QTest::newRow("blanks") << "A , B, C ,D "_ba << QStringList{u"A"_s, u"B"_s, u"C"_s, u"D"_s};
        QTest::newRow("two") << "A,B"_ba << QStringList{u"A"_s, u"B"_s, u""_s, u""_s};
        QTest::newRow("five") << "A,B,C,1.0,2.0"_ba
                              << QStringList{u"A"_s, u"B"_s, u"C"_s, u"1.0,2.0"_s};
        QTest::newRow("one") << "ESP300"_ba << QStringList{};
        QTest::newRow("no model") << "A,,1,2"_ba << QStringList{};
        QTest::newRow("nothing") << "\n"_ba << QStringList{};
    }
    void identities()
    {
        QFETCH(QByteArray, reply);
        QFETCH(QStringList, fields);
        const auto identity = parseIdentity(reply);
        QCOMPARE(bool(identity), !fields.isEmpty());
        if (!identity)
            QCOMPARE(identity.error().code, ErrorCode::Protocol);
        else
            QVERIFY(identity.value() == (Identity{fields[0], fields[1], fields[2], fields[3]}));
    }
};

QTEST_APPLESS_MAIN(ScpiTextTest)
#include "tst_scpi_text.moc"
