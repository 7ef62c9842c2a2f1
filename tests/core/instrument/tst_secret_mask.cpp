#include "core/instrument/secret_mask.h"

#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class SecretMaskTest : public QObject
{
    Q_OBJECT
private slots:
    void commandsAreCovered_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const QByteArray &text, const QByteArray &expected) {
            QTest::newRow(name) << text << expected;
        };
        row("as declared", "SYST:PASS \"ab\"\n", "SYST:PASS \"***\n");
        row("in lower case", "syst:pass \"ab\"\r\n", "syst:pass \"***\r\n");
        row("with more blanks", "SYST:PASS \t \"ab\"", "SYST:PASS \t \"***");
        row("behind others", "*CLS;:SYST:PASS \"ab\"\nNEXT 1\n", "*CLS;:SYST:PASS \"***\nNEXT 1\n");
        row("twice", "SYST:PASS \"a\nSYST:PASS \"b\n", "SYST:PASS \"*\nSYST:PASS \"*\n");
        row("nothing behind it", "SYST:PASS \"", "SYST:PASS \"");
        row("another command", "SYST:PASSWORDS \"ab\"\n", "SYST:PASSWORDS \"ab\"\n");
        row("cut off", "SYST:PA", "SYST:PA");
        row("empty", "", "");
    }
    void commandsAreCovered()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const SecretMask mask({"SYST:PASS \""});
        QCOMPARE(mask.masked(QByteArrayView(text)), expected);
    }

    void valuesAreCovered()
    {
        SecretMask mask;
        QVERIFY(mask.isEmpty());
        mask.add("abc"); // would be found everywhere
        QVERIFY(mask.isEmpty());
        mask.add("aXaXa");
        QCOMPARE(mask.masked(QByteArrayView("1 aXaXaXa 2")), "1 ******* 2"_ba);
        QCOMPARE(mask.masked(u"„aXaXa“ is wrong"_s), u"„*****“ is wrong"_s);
    }

    void sentencesGoOnBehindAKnownValue()
    {
        SecretMask mask({"PASS \""});
        QCOMPARE(mask.masked(u"PASS \"hidden\": late"_s), u"PASS \"*************"_s);
        mask.learnFrom("*CLS;pass \"hidden\"");
        QCOMPARE(mask.masked(u"PASS \"hidden\": late"_s), u"PASS \"******\": late"_s);
        QCOMPARE(mask.masked(u"it says hidden"_s), u"it says ******"_s);
    }
};

QTEST_APPLESS_MAIN(SecretMaskTest)
#include "tst_secret_mask.moc"
