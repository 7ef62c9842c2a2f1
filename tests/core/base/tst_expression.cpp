#include "core/base/expression.h"

#include <QElapsedTimer>
#include <QTest>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

std::atomic<qint64> allocations = 0;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

QList<ExpressionName> names()
{
    return {{u"smu.V"_s, ExpressionType::Number, Unit(u"V"_s)},
            {u"smu.I"_s, ExpressionType::Number, Unit(u"µA"_s)},
            {u"heater.T"_s, ExpressionType::Number, Unit(u"K"_s)},
            {u"chiller.T"_s, ExpressionType::Number, Unit(u"°C"_s)},
            {u"power.level"_s, ExpressionType::Number, Unit(u"dBm"_s)},
            {u"i"_s, ExpressionType::Number, Unit()},
            {u"door.isOpen"_s, ExpressionType::Boolean, {}},
            {u"smu.mode"_s, ExpressionType::Text, {}},
            {u"lock-in.x"_s, ExpressionType::Number, Unit(u"nV"_s)},
            {u"gauge.reading"_s, ExpressionType::Number, Unit(u"blips"_s)},
            {u"missing.V"_s, ExpressionType::Number, Unit(u"V"_s)},
            {u"missing.isOn"_s, ExpressionType::Boolean, {}}};
}

/// smu.V 0.5 V, smu.I 250 µA, heater.T 300 K, chiller.T 20 °C, level 10 dBm, i 3, door open.
ExpressionValue valueOf(int name)
{
    static const QString mode = u"CC"_s;
    const std::array values{0.5, 250.0, 300.0, 20.0, 10.0, 3.0, 1.0, 0.0, 12.0, 7.0};
    if (name >= int(values.size()))
        return {};
    if (name == 7)
        return ExpressionValue::ofText(mode);
    return ExpressionValue::ofNumber(values[size_t(name)]);
}

ExpressionValue evaluated(const Expression &expression)
{
    std::vector<ExpressionValue> values;
    for (int name : expression.uses())
        values.push_back(valueOf(name));
    return expression.evaluate(values);
}

void report(const CompiledExpression &compiled)
{
    for (const ExpressionProblem &problem : compiled.problems)
        qWarning().noquote() << problem.position << problem.message << "-" << problem.remedy;
}

} // namespace

void *operator new(size_t size)
{
    ++allocations;
    if (void *memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void *memory) noexcept
{
    std::free(memory);
}
void operator delete(void *memory, size_t) noexcept
{
    std::free(memory);
}

class TestExpression : public QObject
{
    Q_OBJECT

private slots:
    void numbers_data();
    void numbers();
    void conditions_data();
    void conditions();
    void problems_data();
    void problems();
    void goals_data();
    void goals();
    void givesAllProblemsInOrder();
    void namesWhatItUses();
    void boundsWhatItTakes_data();
    void boundsWhatItTakes();
    void allocatesNothing();
    void isFast();
};

void TestExpression::numbers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("unit");
    const auto row = [](const char *text, double value, const char *unit = "") {
        QTest::newRow(text) << QString::fromUtf8(text) << value << QString::fromUtf8(unit);
    };
    row("1 + 2 * 3", 7);
    row("(1 + 2) * 3", 9);
    row("2 - 3 - 4", -5);
    row("2 / 4 / 2", 0.25);
    row("-2 ^ 2", -4);
    row("2 ^ 3 ^ 2", 512);
    row("2 ^ -1", 0.5);
    row("- - 2", 2);
    row("+3 - -4", 7);
    row("1e-3 + .5", 0.501);
    row("10 mV", 10, "mV");
    row("-10 mV", -10, "mV");
    row("smu.V + 10 mV", 0.51, "V");
    row("10 mV + smu.V", 0.51, "V");
    row("smu.V * smu.I", 125, "µW");
    row("smu.V / smu.I", 0.002, "MΩ");
    row("smu.V / (250 µA)", 0.002, "MΩ");
    row("smu.V / smu.I * smu.I", 0.5, "V");
    row("smu.V / 1 mV", 500);
    row("smu.V * 50 %", 0.25, "V");
    row("smu.V ^ 2", 0.25, "V²");
    row("sqrt(smu.V ^ 2)", 0.5, "V");
    row("(smu.V ^ 2) ^ 0.5", 0.5, "V");
    row("sqrt(4 V²/Hz)", 2, "V/√Hz");
    row("1 / 20 ms", 0.05, "kHz");
    row("2 m^2", 2, "m^2");
    row("3 mm/s * 2 s", 6, "mm");
    row("heater.T - 10 K", 290, "K");
    row("chiller.T - 15 °C", 5, "K");
    row("chiller.T + 5 K", 25, "°C");
    row("chiller.T - 5 K", 15, "°C");
    row("heater.T - 20 °C", 6.85, "K");
    row("in(chiller.T, \"K\")", 293.15, "K");
    row("in(chiller.T, 'K') * 2", 586.3, "K");
    row("in(smu.V, 'mV')", 500, "mV");
    row("power.level - 7 dBm", 3, "dB");
    row("power.level + 3 dB", 13, "dBm");
    row("in(power.level, 'mW')", 10, "mW");
    row("(chiller.T - 10 °C) / 2 min", 5, "K/min");
    row("gauge.reading * 2", 14, "blips");
    row("gauge.reading + 3 blips", 10, "blips");
    row("gauge.reading / gauge.reading", 1);
    row("`lock-in.x` + 1 µV", 1012, "nV");
    row("i * 10 mV", 30, "mV");
    row("pi", M_PI);
    row("e ^ 2", M_E * M_E);
    row("sin(90 deg)", 1);
    row("sin(pi / 2)", 1);
    row("cos(180°)", -1);
    row("in(atan2(1 V, 1000 mV), 'deg')", 45, "deg");
    row("atan(1)", M_PI / 4, "rad");
    row("asin(1)", M_PI / 2, "rad");
    row("acos(1)", 0, "rad");
    row("tan(0)", 0);
    row("abs(-3 V)", 3, "V");
    row("sign(-3 V)", -1);
    row("min(smu.V, 200 mV, 1 V)", 0.2, "V");
    row("max(300 mV, smu.V)", 0.5, "V");
    row("clamp(smu.V, 0, 400 mV)", 0.4, "V");
    row("floor(2.7) + ceil(2.1) + round(2.5)", 8);
    row("exp(ln(2))", 2);
    row("log10(1000)", 3);
    row("smu.V\u22120.1 V", 0.4, "V");
    row("2\u00d73", 6);
    row("1 / 0", kNaN);
    row("sqrt(-1)", kNaN);
    row("ln(0)", kNaN);
    row("10 ^ 400", kNaN);
    row("missing.V * 0", kNaN, "V");
    row("min(smu.V, missing.V)", kNaN, "V");
    row("clamp(smu.V, 2 V, 1 V)", kNaN, "V");
}

void TestExpression::numbers()
{
    QFETCH(QString, text);
    QFETCH(double, value);
    QFETCH(QString, unit);
    const CompiledExpression compiled = Expression::compile(text, names());
    report(compiled);
    QVERIFY(compiled.expression);
    QCOMPARE(compiled.expression->type(), ExpressionType::Number);
    QCOMPARE(compiled.expression->unit().symbol(), unit);
    const ExpressionValue got = evaluated(*compiled.expression);
    QCOMPARE(got.isKnown, !std::isnan(value));
    if (got.isKnown)
        QVERIFY2(std::abs(got.number - value) <= 1e-12 * std::max(1.0, std::abs(value)),
                 qPrintable(numberToText(got.number)));
}

void TestExpression::conditions_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("truth");
    const auto row = [](const char *text, Truth truth) {
        QTest::newRow(text) << QString::fromUtf8(text) << int(truth);
    };
    row("smu.V > 499 mV", Truth::True);
    row("smu.V > 501 mV", Truth::False);
    row("smu.V == 500 mV", Truth::True); // converted from its decimals: exactly equal
    row("smu.I == 0.25 mA", Truth::True);
    row("-1 V < smu.V", Truth::True);
    row("smu.V > 0", Truth::True);
    row("smu.V != 0.5 V", Truth::False);
    row("smu.V \u2265 0.5 V", Truth::True);
    row("chiller.T > 290 K", Truth::True);
    row("chiller.T == 293.15 K", Truth::True);
    row("heater.T > 20 °C", Truth::True);
    row("abs(chiller.T - 20.3 °C) < 0.5 K", Truth::True);
    row("abs(chiller.T - 20.3 °C) < 0.2 °C", Truth::False); // a difference: 0.2 K
    row("power.level >= 10 mW", Truth::True);
    row("power.level - 4 dBm > 5 dB", Truth::True);
    row("door.isOpen", Truth::True);
    row("not door.isOpen", Truth::False);
    row("not not door.isOpen", Truth::True);
    row("door.isOpen == false", Truth::False);
    row("not smu.V > 1 V", Truth::True);
    row("smu.mode == \"CC\"", Truth::True);
    row("smu.mode != 'CC'", Truth::False);
    row("true or false and false", Truth::True);
    row("(true or false) and false", Truth::False);
    row("missing.V > 1 V", Truth::Unknown);
    row("missing.V > 1 V and false", Truth::False);
    row("false and missing.V > 1 V", Truth::False);
    row("missing.V > 1 V and true", Truth::Unknown);
    row("missing.V > 1 V or true", Truth::True);
    row("true or missing.isOn", Truth::True);
    row("missing.isOn or false", Truth::Unknown);
    row("not missing.isOn", Truth::Unknown);
    row("missing.V == missing.V", Truth::Unknown);
    row("missing.V != missing.V", Truth::Unknown);
    row("1 / (i - 3) > 1", Truth::Unknown);
    row("1 / (i - 3) > 1 or i == 3", Truth::True);
}

void TestExpression::conditions()
{
    QFETCH(QString, text);
    QFETCH(int, truth);
    const auto compiled = Expression::compile(text, names(), ExpressionGoal::condition());
    report(compiled);
    QVERIFY(compiled.expression);
    std::vector<ExpressionValue> values;
    for (int name : compiled.expression->uses())
        values.push_back(valueOf(name));
    QCOMPARE(int(compiled.expression->test(values)), truth);
}

void TestExpression::problems_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("position");
    QTest::addColumn<QString>("said"); ///< in message or remedy
    const auto row = [](const char *text, int position, const char *said) {
        QTest::newRow(text) << QString::fromUtf8(text) << position << QString::fromUtf8(said);
    };
    row("smu.V = 1 V", 6, "==");
    row("smu.V > 1 V && true", 12, "and");
    row("smu.V > 1 V || true", 12, "or");
    row("! door.isOpen", 0, "not");
    row("smu.V <> 1 V", 6, "!=");
    row("2 ** 3", 2, "^");
    row("", 0, "missing");
    row("1 +", 3, "missing");
    row("(1 + 2", 0, "never closed");
    row("1 + 2)", 5, "closes nothing");
    row("max(1, 2", 3, "never closed");
    row("1 2", 2, "operator");
    row("0,5 + 1", 1, "point");
    row("(0,5)", 2, "point");
    row("smu.U", 0, "smu.V");
    row("somethingElse", 0, "smu.V");
    row("heatr.T > 1 K", 0, "heater.T");
    row("sqr(4)", 0, "sqrt");
    row("whatever(4)", 0, "abs, ");
    row("sqrt(1, 2)", 0, "sqrt(x)");
    row("smu.V > 1 A", 0, "A and V");
    row("smu.V > 1", 0, "1 V");
    row("smu.V + 1", 0, "1 V");
    row("smu.V + heater.T", 0, "K and V");
    row("smu.V and true", 0, "neither true nor false");
    row("door.isOpen + 1 > 0", 0, "no number");
    row("door.isOpen < true", 0, "order");
    row("smu.mode == 1", 0, "kinds");
    row("chiller.T * 2 > 0 K", 0, "kelvin");
    row("chiller.T + chiller.T > 0 °C", 0, "no sum");
    row("5 K + chiller.T > 0 °C", 0, "first");
    row("heater.T - 5 K > 10 °C", 0, "difference");
    row("chiller.T - 5 °C > chiller.T", 0, "difference");
    row("chiller.T + 1 > 0 °C", 0, "units");
    row("smu.V ^ i > 0", 0, "exponent");
    row("sqrt(smu.V) > 0", 0, "square");
    row("sin(smu.V) > 0", 0, "units");
    row("exp(smu.V) > 0", 0, "1 V");
    row("1 < i < 3", 6, "chained");
    row("\"abc", 0, "quote");
    row("`abc", 0, "backtick");
    row("i # 3", 2, "no meaning");
    row("in(smu.V, 3) > 0", 10, "quotes");
    row("in(smu.V, \"A\") > 0", 0, "V and A");
    row("5 flops > 3", 2, "operator");
    row("2e > 3", 1, "operator");
    row("and", 0, "missing");
    row("1e999 > 0", 0, "large");
    row("i", 0, "no condition");
    row("gauge.reading * smu.V > 0", 0, "no unit that is known");
    row("smu.V ^ 9 * smu.V ^ 9 > 0", 0, "no unit that is known");
}

void TestExpression::problems()
{
    QFETCH(QString, text);
    QFETCH(int, position);
    QFETCH(QString, said);
    const auto compiled = Expression::compile(text, names(), ExpressionGoal::condition());
    QVERIFY(!compiled.expression);
    QVERIFY(!compiled.problems.isEmpty());
    const ExpressionProblem &first = compiled.problems.first();
    const QString whole = first.message + u" - "_s + first.remedy;
    QVERIFY2(whole.contains(said), qPrintable(whole));
    QVERIFY(!first.remedy.isEmpty());
    QCOMPARE(int(first.position), position);
}

void TestExpression::goals_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("unit");
    QTest::addColumn<double>("value"); ///< NaN: does not fit
    const auto row = [](const char *text, const char *unit, double value) {
        QTest::addRow("%s in %s", text, unit)
            << QString::fromUtf8(text) << QString::fromUtf8(unit) << value;
    };
    row("i * 10 mV", "V", 0.03);
    row("10 mV", "V", 0.01);
    row("0", "V", 0);
    row("i", "V", kNaN);
    row("i", "", 3);
    row("i * 10 %", "", 0.3);
    row("i * 10 %", "%", 30);
    row("smu.V", "A", kNaN);
    row("smu.V > 1 V", "V", kNaN);
    row("20 °C + i * 5 K", "°C", 35);
    row("20 °C + i * 5 K", "K", 308.15);
    row("293.15 K + i * 5 K", "°C", 35);
    row("chiller.T - 10 °C", "°C", kNaN);
    row("chiller.T - 10 °C", "K", 10);
    row("0", "°C", kNaN); // no unit: 0 °C or 0 K?
}

void TestExpression::goals()
{
    QFETCH(QString, text);
    QFETCH(QString, unit);
    QFETCH(double, value);
    const auto compiled = Expression::compile(text, names(), ExpressionGoal::number(Unit(unit)));
    QCOMPARE(compiled.expression.has_value(), !std::isnan(value));
    if (!compiled.expression)
        return;
    QCOMPARE(compiled.expression->unit().symbol(), unit);
    const double got = evaluated(*compiled.expression).number;
    QVERIFY2(std::abs(got - value) < 1e-12, qPrintable(numberToText(got)));
}

void TestExpression::givesAllProblemsInOrder()
{
    const auto compiled = Expression::compile(
        u"smu.W > 1 V and smu.V = 1 A or (unknown < 3 and heater.T > 1 V"_s, names());
    QList<qsizetype> positions;
    for (const ExpressionProblem &problem : compiled.problems)
        positions.append(problem.position);
    QCOMPARE(positions, (QList<qsizetype>{0, 16, 22, 31, 32, 48}));
    QCOMPARE(compiled.problems[1].length, 11);
}

void TestExpression::namesWhatItUses()
{
    const auto compiled =
        Expression::compile(u"i > 1 and smu.V > 1 V and i < 9 and `lock-in.x` < 1 V"_s, names());
    QVERIFY(compiled.expression);
    QCOMPARE(compiled.expression->uses(), (QList<int>{5, 0, 8}));
    QCOMPARE(Expression::quoted(u"smu.V"_s), u"smu.V"_s);
    QCOMPARE(Expression::quoted(u"index.1"_s), u"index.1"_s);
    QCOMPARE(Expression::quoted(u"lock-in.x"_s), u"`lock-in.x`"_s);
    QCOMPARE(Expression::quoted(u"and"_s), u"`and`"_s);
    QCOMPARE(Expression::quoted(u"2nd.V"_s), u"`2nd.V`"_s);
}

void TestExpression::boundsWhatItTakes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isTaken");
    QTest::newRow("deep parentheses") << QString(2000, u'(') + u'1' + QString(1999, u')') << false;
    QTest::newRow("many signs") << QString(3000, u'-') + u'1' << false;
    QTest::newRow("many nots") << u"not "_s.repeated(900) + u"true"_s << false;
    QTest::newRow("powers") << u"2^"_s.repeated(1500) + u'1' << false;
    QTest::newRow("calls") << u"abs("_s.repeated(900) + u'1' << false;
    QTest::newRow("long") << u"1+"_s.repeated(3000) + u'1' << false;
    QTest::newRow("wide sum") << u"1+"_s.repeated(1900) + u'1' << true;
    QTest::newRow("wide or") << u"true or "_s.repeated(400) + u"true"_s << true;
    QTest::newRow("all at once") << u"true or true and 1 < 1 + 1 * ("_s.repeated(50) << false;
    QTest::newRow("deep stack") << u"max(1,1,1,1,1,1,"_s.repeated(50) + u'1' + u")"_s.repeated(50)
                                << false;
    QTest::newRow("as deep as it may be")
        << QString(Expression::kMaxDepth, u'(') + u'1' + QString(Expression::kMaxDepth, u')')
        << true;
    QTest::newRow("unknown names") << u"abcdefg.hij + "_s.repeated(250) + u"1"_s << false;
}

void TestExpression::boundsWhatItTakes()
{
    QFETCH(QString, text);
    QFETCH(bool, isTaken);
    const auto compiled = Expression::compile(text, names());
    QCOMPARE(compiled.expression.has_value(), isTaken);
    if (isTaken)
        QVERIFY(evaluated(*compiled.expression).isKnown);
}

void TestExpression::allocatesNothing()
{
    const auto compiled = Expression::compile(
        u"smu.V / smu.I > 1 kΩ and abs(chiller.T - 20 °C) < 0.5 K or chiller.T > 290 K"_s, names());
    QVERIFY(compiled.expression);
    std::vector<ExpressionValue> values;
    for (int name : compiled.expression->uses())
        values.push_back(valueOf(name));
    const qint64 before = allocations;
    int known = 0;
    for (int i = 0; i < 1000; ++i)
        known += compiled.expression->test(values) == Truth::True ? 1 : 0;
    const qint64 after = allocations;
    QCOMPARE(after - before, 0);
    QCOMPARE(known, 1000);
}

void TestExpression::isFast()
{
    const auto compiled =
        Expression::compile(u"smu.V / smu.I > 1 kΩ and abs(heater.T - 300 K) < 0.5 K"_s, names());
    QVERIFY(compiled.expression);
    const std::vector values{ExpressionValue::ofNumber(0.5), ExpressionValue::ofNumber(250),
                             ExpressionValue::ofNumber(300)};
    QElapsedTimer timer;
    timer.start();
    constexpr int kRounds = 200'000;
    int known = 0;
    for (int i = 0; i < kRounds; ++i)
        known += compiled.expression->test(values) == Truth::True ? 1 : 0;
    const double ns = double(timer.nsecsElapsed()) / kRounds;
    qInfo("%.0f ns per evaluation (%d)", ns, known);
    QVERIFY(ns < 5000); // a debug build under a loaded machine
}

QTEST_APPLESS_MAIN(TestExpression)
#include "tst_expression.moc"
