#include "core/base/expression.h"

#include <QTest>

#include <array>
#include <cmath>
#include <random>

using namespace birch;
using namespace Qt::StringLiterals;

// Random expressions, written as text with as few parentheses as the rules of binding allow, and
// calculated a second time by walking the tree in SI units.
namespace {

using Dimension = std::array<int, 3>; ///< powers of V, A, s

struct Outcome {
    long double value = 0; ///< SI; a truth: 0 or 1
    long double size = 0;  ///< of the largest number that went into it
    bool isKnown = true;
    bool isClose = false; ///< rounding may decide a comparison in it
};

struct Part {
    QString text;
    int binding = 0; ///< the larger the stronger
    Outcome outcome;
};

struct UnitRow {
    const char *symbol;
    long double scale;
    Dimension dimension;
};
constexpr std::array kUnits{
    UnitRow{"V", 1, {1, 0, 0}},      UnitRow{"mV", 1e-3L, {1, 0, 0}},
    UnitRow{"A", 1, {0, 1, 0}},      UnitRow{"µA", 1e-6L, {0, 1, 0}},
    UnitRow{"s", 1, {0, 0, 1}},      UnitRow{"min", 60, {0, 0, 1}},
    UnitRow{"", 1, {0, 0, 0}},       UnitRow{"%", 1e-2L, {0, 0, 0}},
    UnitRow{"kΩ", 1e3L, {1, -1, 0}}, UnitRow{"mV/s", 1e-3L, {1, 0, -1}},
    UnitRow{"Hz", 1, {0, 0, -1}},    UnitRow{"mC", 1e-3L, {0, 1, 1}},
};

struct NameRow {
    const char *name;
    int unit; ///< in kUnits; -1: a truth
    double value;
    bool isKnown;
};
constexpr std::array kNames{
    NameRow{"a.mv", 1, 170, true},  NameRow{"a.v", 0, -2.5, true},    NameRow{"b.ua", 3, 40, true},
    NameRow{"b.lost", 2, 0, false}, NameRow{"t.s", 4, 3.25, true},    NameRow{"n", 6, 7, true},
    NameRow{"part", 7, 45, true},   NameRow{"r.kohm", 8, 4.7, true},  NameRow{"on", -1, 1, true},
    NameRow{"off", -1, 0, true},    NameRow{"perhaps", -1, 0, false},
};

class Grower
{
public:
    explicit Grower(unsigned seed)
        : m_random(seed)
    {
    }

    Part number(const Dimension &dimension, int depth)
    {
        const bool isSmall = std::all_of(dimension.begin(), dimension.end(),
                                         [](int power) { return std::abs(power) <= 3; });
        switch (depth <= 0 || !isSmall ? pick(0, 1) : pick(0, 9)) {
        case 0:
            return literal(dimension);
        case 1:
            return name(dimension);
        case 2:
        case 3:
            return sum(dimension, depth);
        case 4:
        case 5:
        case 6:
            return product(dimension, depth);
        case 7:
            return negative(dimension, depth);
        case 8:
            return least(dimension, depth);
        default:
            return power(dimension, depth);
        }
    }

    Part truth(int depth)
    {
        switch (depth <= 0 ? 0 : pick(0, 5)) {
        case 0:
            return truthLeaf();
        case 1:
            return join(depth, true);
        case 2:
            return join(depth, false);
        case 3:
            return inverse(depth);
        default:
            return comparison(depth);
        }
    }

    int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(m_random); }
    Dimension someDimension() { return kUnits[size_t(pick(0, int(kUnits.size()) - 1))].dimension; }

private:
    QString wrapped(const Part &part, int needed)
    {
        return part.binding < needed || pick(0, 5) == 0 ? u'(' + part.text + u')' : part.text;
    }
    QString space() { return pick(0, 3) == 0 ? QString() : u" "_s; }

    static Outcome checked(Outcome outcome)
    {
        outcome.isKnown = outcome.isKnown && std::isfinite(double(outcome.value));
        return outcome;
    }

    /// In a known unit, or in a product that is made for it. Binds no stronger than a sign: "2
    /// s^2" are square seconds.
    Part literal(const Dimension &dimension)
    {
        const int value = pick(1, 400);
        std::vector<const UnitRow *> fitting;
        for (const UnitRow &unit : kUnits) {
            if (unit.dimension == dimension)
                fitting.push_back(&unit);
        }
        const QString number =
            pick(0, 1) == 0 ? QString::number(value) : QString::number(value * 0.01, 'f', 2);
        const long double typed = number.toDouble();
        if (!fitting.empty()) {
            const UnitRow &unit = *fitting[size_t(pick(0, int(fitting.size()) - 1))];
            const QString text =
                number + (pick(0, 1) == 0 ? u" "_s : QString()) + QString::fromUtf8(unit.symbol);
            return {text.trimmed(), 7, {typed * unit.scale, typed * unit.scale, true, false}};
        }
        Part product{number, 7, {typed, typed, true, false}};
        constexpr std::array kBase{"V", "A", "s"};
        for (size_t i = 0; i < kBase.size(); ++i) {
            if (dimension[i] == 0)
                continue;
            const bool isAbove = dimension[i] > 0;
            product.text +=
                (isAbove ? u" * "_s : u" / "_s) +
                u"(1 %1)^%2"_s.arg(QLatin1StringView(kBase[i])).arg(std::abs(dimension[i]));
            product.binding = 6;
        }
        return product;
    }

    Part name(const Dimension &dimension)
    {
        std::vector<const NameRow *> fitting;
        for (const NameRow &known : kNames) {
            if (known.unit >= 0 && kUnits[size_t(known.unit)].dimension == dimension)
                fitting.push_back(&known);
        }
        if (fitting.empty())
            return literal(dimension);
        const NameRow &known = *fitting[size_t(pick(0, int(fitting.size()) - 1))];
        const long double value = known.value * kUnits[size_t(known.unit)].scale;
        return {QString::fromUtf8(known.name), 9, {value, std::abs(value), known.isKnown, false}};
    }

    Part sum(const Dimension &dimension, int depth)
    {
        const Part left = number(dimension, depth - 1);
        const Part right = number(dimension, depth - 1);
        const bool isSum = pick(0, 1) == 0;
        const Outcome &a = left.outcome;
        const Outcome &b = right.outcome;
        const QString sign = space() + (isSum ? u'+' : u'-') + u' ';
        return {wrapped(left, 5) + sign + wrapped(right, 6), 5,
                checked({isSum ? a.value + b.value : a.value - b.value, std::max(a.size, b.size),
                         a.isKnown && b.isKnown, a.isClose || b.isClose})};
    }

    Part product(const Dimension &dimension, int depth)
    {
        const Dimension of = pick(0, 2) == 0 ? Dimension{} : someDimension();
        const bool isRatio = pick(0, 1) == 0;
        Dimension rest;
        for (size_t i = 0; i < rest.size(); ++i)
            rest[i] = isRatio ? of[i] - dimension[i] : dimension[i] - of[i];
        const Part left = number(of, depth - 1);
        const Part right = number(rest, depth - 1);
        const Outcome &a = left.outcome;
        const Outcome &b = right.outcome;
        // Relative error of a difference near zero is unbounded, so its ratio is not compared.
        const bool isVague =
            std::abs(b.value) < 1e-6L * b.size || std::abs(a.value) < 1e-6L * a.size;
        const long double value = isRatio ? a.value / b.value : a.value * b.value;
        return {wrapped(left, 6) + (isRatio ? u" / "_s : u" * "_s) + wrapped(right, 7), 6,
                checked({value, std::abs(value), a.isKnown && b.isKnown,
                         a.isClose || b.isClose || isVague})};
    }

    Part negative(const Dimension &dimension, int depth)
    {
        Part part = number(dimension, depth - 1);
        part.text = u'-' + wrapped(part, 7);
        part.binding = 7;
        part.outcome.value = -part.outcome.value;
        return part;
    }

    Part least(const Dimension &dimension, int depth)
    {
        const Part left = number(dimension, depth - 1);
        const Part right = number(dimension, depth - 1);
        const Outcome &a = left.outcome;
        const Outcome &b = right.outcome;
        const bool isMin = pick(0, 1) == 0;
        return {(isMin ? u"min("_s : u"max("_s) + left.text + u", "_s + right.text + u')',
                9,
                {isMin ? std::min(a.value, b.value) : std::max(a.value, b.value),
                 std::max(a.size, b.size), a.isKnown && b.isKnown, a.isClose || b.isClose}};
    }

    /// The square root of a square: its amount.
    Part power(const Dimension &dimension, int depth)
    {
        const Part of = number(dimension, depth - 1);
        const Outcome &a = of.outcome;
        const bool isVague = std::abs(a.value) < 1e-6L * a.size;
        return {u"sqrt("_s + wrapped(of, 8) + u"^2)"_s, 9,
                checked({std::abs(a.value), std::abs(a.value), a.isKnown, a.isClose || isVague})};
    }

    Part truthLeaf()
    {
        switch (pick(0, 4)) {
        case 0:
            return {u"true"_s, 9, {1, 0, true, false}};
        case 1:
            return {u"false"_s, 9, {0, 0, true, false}};
        default:
            const NameRow &known = kNames[size_t(pick(8, 10))];
            return {QString::fromUtf8(known.name), 9, {known.value, 0, known.isKnown, false}};
        }
    }

    Part join(int depth, bool isAnd)
    {
        const Part left = truth(depth - 1);
        const Part right = truth(depth - 1);
        const Outcome &a = left.outcome;
        const Outcome &b = right.outcome;
        const int binding = isAnd ? 2 : 1;
        Outcome outcome{0, 0, a.isKnown && b.isKnown, a.isClose || b.isClose};
        const auto is = [](const Outcome &one, bool value) {
            return one.isKnown && (one.value != 0) == value;
        };
        if (is(a, !isAnd) || is(b, !isAnd)) {
            outcome.isKnown = true;
            outcome.value = isAnd ? 0 : 1;
        } else {
            outcome.value = isAnd ? 1 : 0;
        }
        return {wrapped(left, binding) + (isAnd ? u" and "_s : u" or "_s) +
                    wrapped(right, binding + 1),
                binding, outcome};
    }

    Part inverse(int depth)
    {
        Part part = truth(depth - 1);
        part.text = u"not "_s + wrapped(part, 3);
        part.binding = 3;
        part.outcome.value = part.outcome.value == 0 ? 1 : 0;
        return part;
    }

    Part comparison(int depth)
    {
        const Dimension dimension = someDimension();
        const Part left = number(dimension, depth - 1);
        const Part right = number(dimension, depth - 1);
        const Outcome &a = left.outcome;
        const Outcome &b = right.outcome;
        const bool isLess = pick(0, 1) == 0;
        const bool isClose = std::abs(a.value - b.value) <= 1e-9L * std::max(a.size, b.size);
        return {wrapped(left, 5) + (isLess ? u" < "_s : u" >= "_s) + wrapped(right, 5),
                4,
                {(isLess ? a.value < b.value : a.value >= b.value) ? 1.0L : 0.0L, 0,
                 a.isKnown && b.isKnown, isClose || a.isClose || b.isClose}};
    }

    std::mt19937 m_random;
};

QList<ExpressionName> names()
{
    QList<ExpressionName> all;
    for (const NameRow &row : kNames) {
        const bool isTruth = row.unit < 0;
        all.append({QString::fromUtf8(row.name),
                    isTruth ? ExpressionType::Boolean : ExpressionType::Number,
                    isTruth ? Unit() : Unit(QString::fromUtf8(kUnits[size_t(row.unit)].symbol))});
    }
    return all;
}

ExpressionValue evaluated(const Expression &expression)
{
    std::vector<ExpressionValue> values;
    for (int used : expression.uses()) {
        const NameRow &row = kNames[size_t(used)];
        values.push_back({row.value, {}, row.isKnown});
    }
    return expression.evaluate(values);
}

Unit siUnit(const Dimension &dimension)
{
    QString symbol = u"1"_s;
    constexpr std::array kBase{"V", "A", "s"};
    for (size_t i = 0; i < kBase.size(); ++i) {
        if (dimension[i] != 0)
            symbol += u" %1^%2"_s.arg(QLatin1StringView(kBase[i])).arg(dimension[i]);
    }
    return symbol == u"1" ? Unit() : Unit(symbol);
}

} // namespace

class TestExpressionRandom : public QObject
{
    Q_OBJECT

private slots:
    void numbersAreWhatTheTreeSays();
    void truthsAreWhatTheTreeSays();
    void noiseNeverCrashes();
};

void TestExpressionRandom::numbersAreWhatTheTreeSays()
{
    int compared = 0;
    for (unsigned seed = 1; seed <= 3000; ++seed) {
        Grower grower(seed);
        const Dimension dimension = grower.someDimension();
        const Part part = grower.number(dimension, grower.pick(0, 5));
        const auto compiled = Expression::compile(part.text, names());
        QVERIFY2(compiled.expression,
                 qPrintable(u"seed %1: %2: %3"_s.arg(seed).arg(
                     part.text,
                     compiled.problems.isEmpty() ? QString() : compiled.problems[0].message)));
        const ExpressionValue got = evaluated(*compiled.expression);
        if (part.outcome.isClose)
            continue;
        QVERIFY2(got.isKnown == part.outcome.isKnown,
                 qPrintable(u"seed %1: %2"_s.arg(seed).arg(part.text)));
        if (!got.isKnown)
            continue;
        const auto inSi = compiled.expression->unit().convert(got.number, siUnit(dimension));
        QVERIFY2(inSi, qPrintable(u"seed %1: %2"_s.arg(seed).arg(part.text)));
        const long double off = std::abs(inSi.value() - part.outcome.value);
        QVERIFY2(
            off <= 1e-9L * part.outcome.size + 1e-300L,
            qPrintable(u"seed %1: %2 = %3, not %4"_s.arg(seed).arg(
                part.text, numberToText(inSi.value()), numberToText(double(part.outcome.value)))));
        ++compared;
    }
    QVERIFY2(compared > 1000, qPrintable(QString::number(compared)));
}

void TestExpressionRandom::truthsAreWhatTheTreeSays()
{
    std::array<int, 3> seen{};
    for (unsigned seed = 1; seed <= 3000; ++seed) {
        Grower grower(seed);
        const Part part = grower.truth(grower.pick(0, 6));
        const auto compiled = Expression::compile(part.text, names(), ExpressionGoal::condition());
        QVERIFY2(compiled.expression, qPrintable(u"seed %1: %2"_s.arg(seed).arg(part.text)));
        if (part.outcome.isClose)
            continue;
        const ExpressionValue got = evaluated(*compiled.expression);
        QVERIFY2(got.isKnown == part.outcome.isKnown &&
                     (!got.isKnown || got.number == double(part.outcome.value)),
                 qPrintable(u"seed %1: %2"_s.arg(seed).arg(part.text)));
        ++seen[got.isKnown ? size_t(got.number) : 2];
    }
    for (int count : seen)
        QVERIFY(count > 100);
}

/// Expressions with letters taken out, put in and exchanged.
void TestExpressionRandom::noiseNeverCrashes()
{
    const QString letters = u" ()+-*/^<>=!,.`'\"0123456789eaVmsAnd√°µ%\u2265\U0001f600or"_s;
    for (unsigned seed = 1; seed <= 4000; ++seed) {
        Grower grower(seed);
        QString text = grower.truth(4).text;
        for (int change = grower.pick(1, 6); change > 0; --change) {
            const int at = grower.pick(0, int(text.size()));
            const QChar letter = letters[grower.pick(0, int(letters.size()) - 1)];
            switch (grower.pick(0, 2)) {
            case 0:
                text.insert(at, letter);
                break;
            case 1:
                text.remove(at, 1);
                break;
            default:
                text.replace(at, 1, letter);
            }
        }
        const auto compiled = Expression::compile(text, names());
        QCOMPARE(compiled.expression.has_value(), compiled.problems.isEmpty());
        for (const ExpressionProblem &problem : compiled.problems) {
            QVERIFY(problem.position >= 0 && problem.length >= 0 &&
                    problem.position + problem.length <= text.size());
            QVERIFY(!problem.message.isEmpty() && !problem.remedy.isEmpty());
        }
        if (compiled.expression)
            (void)evaluated(*compiled.expression);
    }
}

QTEST_APPLESS_MAIN(TestExpressionRandom)
#include "tst_expression_random.moc"
