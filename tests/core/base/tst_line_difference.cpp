#include "core/base/line_difference.h"

#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class LineDifferenceTest : public QObject
{
    Q_OBJECT
private slots:
    void tells_data()
    {
        QTest::addColumn<QByteArray>("then");
        QTest::addColumn<QByteArray>("now");
        QTest::addColumn<QStringList>("changes");
        const auto row = [](const char *name, const char *then, const char *now,
                            const QStringList &changes) {
            QTest::newRow(name) << QByteArray(then) << QByteArray(now) << changes;
        };
        row("both empty", "", "", {});
        row("the same", "a\nb\n", "a\nb\n", {});
        row("the end of the last line alone", "a\nb", "a\nb\n", {});
        row("ends of lines of another system", "a\nb\n", "a\r\nb\r\n", {});
        row("changed", "a\nb\nc\n", "a\nB\nc\n", {u"- 2: b"_s, u"+ 2: B"_s});
        row("added in front", "a\n", "b\na\n", {u"+ 1: b"_s});
        row("added behind", "a\n", "a\nb\n", {u"+ 2: b"_s});
        row("gone", "a\nb\nc\n", "a\nc\n", {u"- 2: b"_s});
        row("all gone", "a\nb\n", "", {u"- 1: a"_s, u"- 2: b"_s});
        row("all new", "", "a\n", {u"+ 1: a"_s});
        row("repeated lines", "a\na\na\n", "a\na\n", {u"- 3: a"_s});
        row("two places", "a\nb\nc\nd\ne\n", "x\nb\nc\nd\ny\n",
            {u"- 1: a"_s, u"+ 1: x"_s, u"- 5: e"_s, u"+ 5: y"_s});
        row("moved", "a\nb\nc\n", "c\na\nb\n", {u"+ 1: c"_s, u"- 3: c"_s});
    }
    void tells()
    {
        QFETCH(QByteArray, then);
        QFETCH(QByteArray, now);
        QTEST(lineDifference(then, now), "changes");
    }

    void tooLongToCompare()
    {
        QByteArray then;
        QByteArray now;
        for (int i = 0; i < 3000; ++i) {
            then += "then " + QByteArray::number(i) + '\n';
            now += "now " + QByteArray::number(i) + '\n';
        }
        const QStringList changes = lineDifference(then, now);
        QCOMPARE(changes.size(), 6000);
        QCOMPARE(changes.first(), u"- 1: then 0"_s);
        QCOMPARE(changes.last(), u"+ 3000: now 2999"_s);
    }
};

QTEST_GUILESS_MAIN(LineDifferenceTest)
#include "tst_line_difference.moc"
