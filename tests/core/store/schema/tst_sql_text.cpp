#include "core/store/schema/sql_text.h"

#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

/// What two engines make of one text must come out as one text.
class SqlTextTest : public QObject
{
    Q_OBJECT
private slots:
    void checks_data()
    {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::newRow("choice") << u"role IN ('b', 'a')"_s
                                << u"(role = ANY (ARRAY['a'::text, 'b'::text]))"_s;
        QTest::newRow("single choice") << u"x IN ('a')"_s << u"(x = 'a'::text)"_s;
        QTest::newRow("bound") << u"n >= 0"_s << u"((n >= (0)::double precision))"_s;
        QTest::newRow("negative") << u"n >= -1"_s << u"(n >= '-1'::integer)"_s;
        QTest::newRow("both") << u"n >= 0.5 AND n <= 1e3"_s
                              << u"((n >= (0.5)::double precision) AND (n <= 1000))"_s;
        QTest::newRow("quoted") << u"x IN ('a::b', '(')"_s << u"x IN ( 'a::b', '(' )"_s;
    }
    void checks()
    {
        QFETCH(QString, one);
        QFETCH(QString, other);
        QCOMPARE(canonicalCheck(one), canonicalCheck(other));
        QVERIFY(canonicalCheck(one) != canonicalCheck(one + u" AND x > 1"_s));
    }

    void texts_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("canonical");
        QTest::newRow("cast") << u"'active'::text"_s << u"'active'"_s;
        QTest::newRow("JSON") << u"'{}'::jsonb"_s << u"'{}'"_s;
        QTest::newRow("minus") << u"-1"_s << u"-1"_s;
        QTest::newRow("quoted minus") << u"'-1'::integer"_s << u"-1"_s;
        QTest::newRow("words") << u"CREATE  TABLE \"Big\"(a)"_s << u"create table Big ( a )"_s;
        QTest::newRow("comment") << u"a -- it's\n/* b */ c"_s << u"a c"_s;
        QTest::newRow("doubled") << u"'it''s' x"_s << u"'it''s' x"_s;
        QTest::newRow("never closed") << u"'abc"_s << u"'abc"_s;
        QTest::newRow("nothing") << QString() << QString();
    }
    void texts()
    {
        QFETCH(QString, given);
        QFETCH(QString, canonical);
        QCOMPARE(canonicalSql(given), canonical);
    }

    void checksOfTables()
    {
        QCOMPARE(checksIn(u"CREATE TABLE t (a TEXT CHECK (a IN ('x)', 'y')), -- CHECK (no)\n"
                          "\"check\" TEXT, b INT CHECK(b > (1 + 2)))"_s),
                 (QStringList{u"a IN ('x)', 'y')"_s, u"b > (1 + 2)"_s}));
    }
};

QTEST_APPLESS_MAIN(SqlTextTest)
#include "tst_sql_text.moc"
