#include "app/cli/text_table.h"

#include <QTest>

using namespace birch::cli;
using namespace Qt::StringLiterals;

class TextTableTest : public QObject
{
    Q_OBJECT
private slots:
    void lines_data()
    {
        QTest::addColumn<QStringList>("cells");
        QTest::addColumn<int>("width");
        QTest::addColumn<QStringList>("lines");
        QTest::newRow("as wide as it gets")
            << QStringList{u"1"_s, u"a rather long remark"_s} << 0
            << QStringList{u"Id  Remark"_s, u"1   a rather long remark"_s};
        QTest::newRow("cut") << QStringList{u"1"_s, u"a rather long remark"_s} << 16
                             << QStringList{u"Id  Remark"_s, u"1   a rather lo…"_s};
        QTest::newRow("no narrower than can be read")
            << QStringList{u"1"_s, u"a rather long remark"_s} << 5 << QStringList{u"Id"_s, u"1"_s};
        QTest::newRow("lines and tabs") << QStringList{u"1"_s, u"a\nb\tc"_s} << 0
                                        << QStringList{u"Id  Remark"_s, u"1   a b c"_s};
        QTest::newRow("beyond 16 bits")
            << QStringList{u"𝛀𝛀𝛀"_s, u"x"_s} << 0 << QStringList{u"Id   Remark"_s, u"𝛀𝛀𝛀  x"_s};
    }
    void lines()
    {
        QFETCH(QStringList, cells);
        QFETCH(int, width);
        QFETCH(QStringList, lines);
        TextTable table({u"Id"_s, u"Remark"_s});
        table.add(cells);
        QCOMPARE(table.lines(width), lines);
    }

    void csv()
    {
        TextTable table({u"a"_s, u"b"_s});
        table.add({u"1,2"_s, u"say \"x\"\nagain"_s});
        table.add({u""_s, u"plain"_s});
        QCOMPARE(table.csvLines(),
                 (QStringList{u"a,b"_s, u"\"1,2\",\"say \"\"x\"\"\nagain\""_s, u",plain"_s}));
    }
};

QTEST_GUILESS_MAIN(TextTableTest)
#include "tst_text_table.moc"
