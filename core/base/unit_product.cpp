#include "core/base/unit_product.h"

#include "core/base/unit_spelling.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kMaxPower = 9; // what a unit's text can hold

/// What products are called where they have a name, most common first.
const QList<Unit> &namedUnits()
{
    static const QList<Unit> units = [] {
        QList<Unit> all;
        for (const QString &symbol :
             u"V mV µV nV kV A mA µA nA pA Ω mΩ kΩ MΩ GΩ TΩ S mS µS nS pS W mW µW nW pW kW J mJ µJ "
             u"C mC µC nC F mF µF nF pF H mH µH Hz kHz MHz GHz mHz s ms µs ns m mm µm nm T mT Wb "
             u"Pa "
             u"N mN K"_s.split(u' '))
            all.append(Unit(symbol));
        return all;
    }();
    return units;
}

/// "uV" as people write it, "µV".
QString prettyFactor(QString word)
{
    word.replace(u"Ohm"_s, u"Ω"_s);
    if (word == u"percent")
        return u"%"_s;
    if (word.startsWith(u"rt"))
        return u"√"_s + word.mid(2);
    if (word.size() > 1 && word.startsWith(u'u') && Unit(u"µ"_s + word.mid(1)) == Unit(word))
        return u"µ"_s + word.mid(1);
    return word;
}

QString raised(int power)
{
    static const QString digits = u"⁰¹²³⁴⁵⁶⁷⁸⁹"_s;
    return power == 1 ? QString() : QString(digits[power]);
}

} // namespace

UnitProduct::UnitProduct(const Unit &unit)
{
    const QString plain = plainSpelling(unit.symbol());
    qsizetype at = 0;
    if (!unit.isOpaque() && split(plain, &at, 1) && at == plain.size())
        return;
    m_powers = {{unit.symbol(), 1}};
}

/// Reads factors up to the end or a closing parenthesis.
bool UnitProduct::split(const QString &plain, qsizetype *at, int sign)
{
    static const QRegularExpression factor(uR"(\G([A-Za-z_]+)(?:\^?([+-]?[0-9]))?)"_s);
    int next = sign;
    while (*at < plain.size() && plain[*at] != u')') {
        const QChar c = plain[*at];
        if (c == u'/')
            next = -sign;
        if (c == u'/' || c == u'*' || c == u'.' || c == u' ' || c == u'1') {
            ++*at;
            continue;
        }
        if (c == u'(') {
            ++*at;
            if (!split(plain, at, next) || *at >= plain.size())
                return false;
            ++*at;
        } else {
            const auto match = factor.match(plain, *at);
            if (!match.hasMatch())
                return false;
            const int power = match.captured(2).isEmpty() ? 1 : match.captured(2).toInt();
            m_powers[match.captured(1)] += next * power;
            *at = match.capturedEnd();
        }
        next = sign;
    }
    std::erase_if(m_powers, [](const auto &entry) { return entry.second == 0; });
    return true;
}

UnitProduct UnitProduct::times(const UnitProduct &other, int power) const
{
    UnitProduct product = *this;
    for (const auto &[word, exponent] : other.m_powers)
        product.m_powers[word] += exponent * power;
    std::erase_if(product.m_powers, [](const auto &entry) { return entry.second == 0; });
    return product;
}

UnitProduct UnitProduct::toPower(int power) const
{
    return UnitProduct().times(*this, power);
}

std::optional<UnitProduct> UnitProduct::squareRoot() const
{
    static const QRegularExpression frequency(u"^[mkMG]?Hz$"_s);
    UnitProduct root;
    for (const auto &[word, power] : m_powers) {
        if (power % 2 == 0)
            root.m_powers[word] = power / 2;
        else if (frequency.match(word).hasMatch())
            root.m_powers[u"rt"_s + word] = power;
        else
            root.m_powers.clear();
        if (root.m_powers.empty())
            break;
    }
    if (root.m_powers.size() == m_powers.size())
        return root;
    const auto whole = unit();
    const auto named = std::find_if(namedUnits().begin(), namedUnits().end(), [&](const Unit &one) {
        const auto square = UnitProduct(one).toPower(2).unit();
        return whole && square && *square == *whole;
    });
    if (named == namedUnits().end())
        return std::nullopt;
    return UnitProduct(*named);
}

QString UnitProduct::text() const
{
    QStringList above;
    QStringList below;
    for (const auto &[word, power] : m_powers)
        (power > 0 ? above : below).append(prettyFactor(word) + raised(std::abs(power)));
    QString text = above.isEmpty() ? u"1"_s : above.join(u'·');
    if (below.size() == 1)
        text += u'/' + below.first();
    else if (!below.isEmpty())
        text += u"/("_s + below.join(u'·') + u')';
    return text;
}

std::optional<Unit> UnitProduct::unit() const
{
    if (m_powers.empty())
        return Unit();
    if (std::any_of(m_powers.begin(), m_powers.end(),
                    [](const auto &entry) { return std::abs(entry.second) > kMaxPower; }))
        return std::nullopt;
    if (m_powers.size() == 1 && m_powers.begin()->second == 1)
        return Unit(prettyFactor(m_powers.begin()->first));
    const Unit product(text());
    if (product.isOpaque())
        return std::nullopt;
    const auto &named = namedUnits();
    const auto same = std::find(named.begin(), named.end(), product);
    return same == named.end() ? product : *same;
}

} // namespace birch
