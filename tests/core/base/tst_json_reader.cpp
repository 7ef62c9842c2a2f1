#include "core/base/json_reader.h"

#include "core/base/near_word.h"

#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

enum class Shape { Linear, Log };
constexpr std::array kShapes{JsonReader::Choice<Shape>{u"linear", Shape::Linear},
                             JsonReader::Choice<Shape>{u"log", Shape::Log}};

QString brief(const Problem &p)
{
    return u"%1|%2|%3|%4"_s.arg(p.node, p.field, QString::number(p.line), p.message);
}

/// Reads a document the way the plan does: nodes with ids, nested objects, lists of children.
void readNode(JsonReader &node)
{
    node.setNode(node.uid("id").toString(QUuid::WithoutBraces).left(8));
    (void)node.text("label", u""_s);
    (void)node.flag("enabled", true);
    (void)node.integerOr("count", 1, 1, 10);
    if (auto positions = node.objectIfAny("positions")) {
        (void)positions->choice("shape", kShapes);
        (void)positions->number("stop");
        (void)positions->numbers("values");
        (void)positions->texts("names");
    }
    for (JsonReader &child : node.objects("children"))
        readNode(child);
}

Problems problemsOf(const QByteArray &text)
{
    Problems problems;
    if (const auto file = parseJson(text, u"a.scan.json"_s, &problems)) {
        JsonReader root(*file, &problems);
        (void)root.version("version", 2);
        JsonReader tree = root.object("tree");
        readNode(tree);
    }
    return problems;
}

const QByteArray kGood = R"({
  "version": 1,
  "tree": {
    "id": "0190a1b2-0000-7000-8000-000000000001",
    "label": "all",
    "children": [
      {"id": "0190a1b3-0000-7000-8000-000000000002"},
      {
        "id": "0190a1b4-0000-7000-8000-000000000003",
        "positions": {
          "shape": "log",
          "stop": 3
        }
      }
    ]
  }
})";

} // namespace

class JsonReaderTest : public QObject
{
    Q_OBJECT

private slots:
    void goodFileHasNoProblems()
    {
        const Problems problems = problemsOf(kGood);
        QVERIFY2(problems.isEmpty(), problems.isEmpty() ? "" : qPrintable(brief(problems[0])));
    }

    void problems_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QStringList>("expected"); // node|field|line|start of the message
        const auto row = [](const char *name, const char *from, const char *to,
                            const QStringList &expected) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << expected;
        };
        row("unknown key", R"("stop": 3)", R"("stop": 3, "stpo": 4)",
            {u"0190a1b4|positions.stpo|12|\"stpo\" is not known"_s});
        row("unknown on top", R"("version": 1,)", R"("version": 1, "x": 1,)",
            {u"|x|2|\"x\" is not known"_s});
        row("missing", R"("stop": 3)", R"("values": [1])",
            {u"0190a1b4|positions.stop|10|\"stop\" is missing"_s});
        row("wrong type", R"("stop": 3)", R"("stop": "3")",
            {u"0190a1b4|positions.stop|12|\"stop\" is of the wrong kind"_s});
        row("null is no value", R"("stop": 3)", R"("stop": null)",
            {u"0190a1b4|positions.stop|12|\"stop\" is of the wrong kind"_s});
        row("choice", R"("log")", R"("logg")",
            {u"0190a1b4|positions.shape|11|\"logg\" is no shape"_s});
        row("not whole", R"("label": "all")", R"("count": 1.5)",
            {u"0190a1b2|count|5|\"count\" is not a whole number"_s});
        row("out of range", R"("label": "all")", R"("count": 11)",
            {u"0190a1b2|count|5|\"count\" is out of range"_s});
        row("id", R"("0190a1b4-0000-7000-8000-000000000003")", R"("abc")",
            {u"0190a1b2|children[1].id|9|\"abc\" is not an id"_s});
        row("newer format", R"("version": 1)", R"("version": 3)",
            {u"|version|2|The file has format 3"_s});
        row("lists", R"("stop": 3)", R"("stop": 3, "values": [1, "2"], "names": [1])",
            {u"0190a1b4|positions.values[1]|12|This is no number"_s,
             u"0190a1b4|positions.names[0]|12|This is no text"_s});
        row("several at once", R"("label": "all",)", R"("label": 1, "enabled": 0, "bogus": {},)",
            {u"0190a1b2|label|5|"_s, u"0190a1b2|enabled|5|"_s, u"0190a1b2|bogus|5|"_s});
        row("child is no object", R"({"id": "0190a1b3-0000-7000-8000-000000000002"})", "7",
            {u"0190a1b2|children[0]|6|This is no object"_s});
        row("syntax", R"("stop": 3)", R"("stop": 3,,)", {u"||12|This is no JSON"_s});
        row("twice", R"("stop": 3)", "\"stop\": 3,\n\"stop\": 4",
            {u"|tree.children[1].positions.stop|13|"_s});
    }

    void problems()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QStringList, expected);
        QByteArray text = kGood;
        QVERIFY(text.contains(from));
        const Problems problems = problemsOf(text.replace(from, to));
        QStringList found;
        for (const Problem &problem : problems) {
            found.append(brief(problem));
            QCOMPARE(problem.file, u"a.scan.json"_s);
            QVERIFY(!problem.remedy.isEmpty());
        }
        QVERIFY2(found.size() == expected.size(), qPrintable(found.join(u'\n')));
        for (qsizetype i = 0; i < expected.size(); ++i)
            QVERIFY2(found[i].startsWith(expected[i]), qPrintable(found[i]));
    }

    void getters()
    {
        Problems problems;
        const auto file = parseJson(
            R"({"t":"x","f":true,"d":0.1,"i":9007199254740993,"w":3.0,"n":[1,2.5],"s":["a"],
                "u":"0190a1b2-0000-7000-8000-000000000001","o":{"k":1},"c":"log","any":null})",
            {}, &problems);
        QVERIFY(file);
        {
            JsonReader reader(*file, &problems);
            QCOMPARE(reader.text("t"), u"x"_s);
            QCOMPARE(reader.text("absent", u"y"_s), u"y"_s);
            QCOMPARE(reader.flag("f"), true);
            QCOMPARE(reader.flag("absent", true), true);
            QCOMPARE(reader.number("d"), 0.1);
            QCOMPARE(reader.number("absent", 7.0), 7.0);
            QCOMPARE(reader.integer("i"), 9007199254740993); // no detour through a double
            QCOMPARE(reader.integer("w"), 3);
            QCOMPARE(reader.integerOr("absent", 5), 5);
            QCOMPARE(reader.numbers("n"), (QList<double>{1, 2.5}));
            QCOMPARE(reader.texts("s"), QStringList{u"a"_s});
            QCOMPARE(reader.uid("u").toString(QUuid::WithoutBraces),
                     u"0190a1b2-0000-7000-8000-000000000001"_s);
            QCOMPARE(reader.object("o").integer("k"), 1);
            QVERIFY(!reader.objectIfAny("absent"));
            QCOMPARE(reader.choice("c", kShapes), Shape::Log);
            QCOMPARE(reader.choice("absent", kShapes, Shape::Log), Shape::Log);
            reader.allow("any");
            QVERIFY(reader.isGood());
            QVERIFY(reader.has("t") && !reader.has("absent"));
        }
        QVERIFY2(problems.isEmpty(), problems.isEmpty() ? "" : qPrintable(brief(problems[0])));
    }

    void syntaxErrors_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line");
        QTest::newRow("empty") << ""_ba << 1;
        QTest::newRow("third line") << "{\n\"a\": 1,\n\"b\" 2}"_ba << 3;
        QTest::newRow("array on top") << "[1]"_ba << 1;
        QTest::newRow("cut") << "{\n\"a\": [1,\n"_ba << 3;
        QTest::newRow("bad UTF-8") << "{\"a\": \"\xff\"}"_ba << 1;
    }
    void syntaxErrors()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, line);
        Problems problems;
        QVERIFY(!parseJson(text, u"f"_s, &problems));
        QCOMPARE(problems.size(), 1);
        QCOMPARE(problems[0].line, line);
        QVERIFY(!problems[0].remedy.isEmpty());
    }

    void missingFileIsAProblem()
    {
        Problems problems;
        QVERIFY(!readJsonFile(u"/nowhere/x.json"_s, &problems));
        QCOMPARE(problems.size(), 1);
        QCOMPARE(problems[0].file, u"/nowhere/x.json"_s);
    }

    void linesSurviveOddText()
    {
        const QByteArray text = "{\"a}\\\"{\":\n\"x, [ ] { } : \\\\\",\n\"b\":[[{\"c\":\n"
                                "[1,\"z\"]}]],\n\"\\u0064\":{}\n}";
        Problems problems;
        const auto file = parseJson(text, {}, &problems);
        QVERIFY(file);
        QCOMPARE(file->lines.lineOf(u"a}\"{"_s), 1);
        QCOMPARE(file->lines.lineOf(u"b"_s), 3);
        QCOMPARE(file->lines.lineOf(u"b[0][0].c"_s), 3);
        QCOMPARE(file->lines.lineOf(u"b[0][0].c[1]"_s), 4);
        QCOMPARE(file->lines.lineOf(u"d"_s), 5);
        QCOMPARE(file->lines.lineOf(u"d.missing.deep"_s), 5);
        QCOMPARE(file->lines.lineOf(u""_s), 1);
    }

    void canonicalBytes()
    {
        const QJsonObject a{{u"b"_s, 1.0}, {u"a"_s, QJsonArray{0.1, u"µ"_s}}};
        QJsonObject b;
        b.insert(u"a"_s, QJsonArray{0.1, u"µ"_s});
        b.insert(u"b"_s, 1);
        QCOMPARE(canonicalJson(a), canonicalJson(b));
        QCOMPARE(canonicalJson(a), QByteArray(R"({"a":[0.1,"µ"],"b":1})"));
    }

    void nearWords_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("near");
        QTest::newRow("swapped") << u"setpiont"_s << u"setpoint"_s;
        QTest::newRow("case") << u"SETTLE"_s << u"settle"_s;
        QTest::newRow("far") << u"banana"_s << u""_s;
        QTest::newRow("one letter") << u"q"_s << u""_s;
        QTest::newRow("long") << QString(10'000, u'x') << u""_s;
    }
    void nearWords()
    {
        QFETCH(QString, typed);
        QFETCH(QString, near);
        QCOMPARE(nearestWord(typed, {u"setpoint"_s, u"settle"_s, u"k"_s}), near);
    }
};

QTEST_GUILESS_MAIN(JsonReaderTest)
#include "tst_json_reader.moc"
