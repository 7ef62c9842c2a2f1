#include "core/base/unit_system.h"

#include "core/base/unit_table.h"

#include <QHash>
#include <QRegularExpression>
#include <QSet>

#include <array>
#include <charconv>
#include <clocale>
#include <cmath>
#include <map>
#include <mutex>
#include <vector>

#include <udunits2.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

struct Prefix {
    const char *text;
    double factor;
};
constexpr Prefix kPrefixes[] = {
    {"q", 1e-30}, {"r", 1e-27}, {"y", 1e-24}, {"z", 1e-21}, {"a", 1e-18}, {"f", 1e-15}, {"p", 1e-12},
    {"n", 1e-9},  {"u", 1e-6},  {"m", 1e-3},  {"c", 1e-2},  {"d", 1e-1},  {"h", 1e2},   {"k", 1e3},
    {"M", 1e6},   {"G", 1e9},   {"T", 1e12},  {"P", 1e15},  {"E", 1e18},
};

/// Written for udunits as their letter: its prefix tree, given "mega", no longer reads "meV".
struct LongPrefix {
    const char *text;
    const char *letter;
};
constexpr LongPrefix kLongPrefixes[] = {{"femto", "f"}, {"pico", "p"}, {"nano", "n"}, {"micro", "u"},
                                        {"milli", "m"}, {"centi", "c"}, {"kilo", "k"}, {"mega", "M"},
                                        {"giga", "G"}, {"tera", "T"}};

/// Read by SI rules these would be a unit that nobody means: "au" an attodalton.
const QSet<QString> &neverUnits()
{
    static const QSet<QString> symbols{u"au"_s, u"aU"_s, u"pt"_s, u"cu"_s, u"du"_s, u"hu"_s};
    return symbols;
}

struct Spelling {
    QString written, plain;
};

/// People's signs to the ASCII that the table is written in. Order matters: "°C" before "°".
const std::vector<Spelling> &spellings()
{
    static const std::vector<Spelling> all{
        {u"\u00b5"_s, u"u"_s},        {u"\u03bc"_s, u"u"_s},        {u"\u03a9"_s, u"Ohm"_s},
        {u"\u2126"_s, u"Ohm"_s},      {u"\u00c5"_s, u"Angstrom"_s}, {u"\u212b"_s, u"Angstrom"_s},
        {u"\u212a"_s, u"K"_s},        {u"\u2103"_s, u"degC"_s},     {u"\u2109"_s, u"degF"_s},
        {u"°C"_s, u"degC"_s},         {u"°F"_s, u"degF"_s},         {u"°"_s, u"deg"_s},
        {u"%"_s, u"percent"_s},       {u"\u2030"_s, u"permille"_s}, {u"\u2032"_s, u"arcmin"_s},
        {u"\u2033"_s, u"arcsec"_s},   {u"a.u."_s, u"arb"_s},        {u"arb.u."_s, u"arb"_s},
        {u"arb. u."_s, u"arb"_s},     {u"arb.units"_s, u"arb"_s},   {u"arb. units"_s, u"arb"_s},
        {u"p-p"_s, u"pp"_s},          {u"\u2212"_s, u"-"_s},        {u"\u207b"_s, u"^-"_s},
        {u"\u00b7"_s, u"*"_s},        {u"\u22c5"_s, u"*"_s},        {u"\u00d7"_s, u"*"_s},
        {u"\u2215"_s, u"/"_s},        {u"\u2044"_s, u"/"_s},        {u"\u00a0"_s, u" "_s},
        {u"\u2009"_s, u" "_s},        {u"\u202f"_s, u" "_s},        {u"**"_s, u"^"_s},
    };
    return all;
}

/// \a symbol in ASCII, roots and raised digits written out; text that is no unit stays no unit.
QString plainSpelling(const QString &symbol)
{
    QString text = symbol.trimmed();
    for (const Spelling &s : spellings())
        text.replace(s.written, s.plain);

    static const QString raised = u"\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"_s;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const qsizetype digit = raised.indexOf(text[i]);
        if (digit < 0)
            continue;
        text[i] = QChar(u'0' + char16_t(digit));
        if (i > 0 && text[i - 1].isLetter())
            text.insert(i, u'^');
    }
    static const QRegularExpression root(
        uR"((?:√|sqrt)\s*(?:\(\s*([mkMG]?Hz)\s*\)|([mkMG]?Hz)))"_s);
    static const QRegularExpression half(uR"(\b([mkMG]?Hz)\^(?:0?\.5|\(1/2\)))"_s);
    static const QRegularExpression perHalf(uR"(\b([mkMG]?Hz)\^(?:-0?\.5|\(-1/2\)))"_s);
    text.replace(root, u"rt\\1\\2"_s);
    text.replace(half, u"rt\\1"_s);
    text.replace(perHalf, u"rt\\1^-1"_s);
    return text;
}

/// The symbols of the table and how to tell whether a word is one of them.
class Vocabulary
{
public:
    Vocabulary()
    {
        for (const UnitRow &row : unitRows()) {
            for (const QString &symbol : QString::fromLatin1(row.symbols).split(u' '))
                m_takesPrefix.insert(symbol, row.takesPrefix);
        }
        for (const LevelRow &row : levelRows())
            m_takesPrefix.insert(QString::fromLatin1(row.symbol), false);
    }

    /// \a word as udunits shall read it; empty where it is no unit. At most one prefix, unlike
    /// udunits, which reads "mkV".
    QString plain(const QString &word) const
    {
        if (neverUnits().contains(word))
            return {};
        if (m_takesPrefix.contains(word))
            return word;
        for (const Prefix &prefix : kPrefixes) {
            const auto text = QLatin1StringView(prefix.text);
            if (word.startsWith(text) && m_takesPrefix.value(word.mid(text.size()), false))
                return word;
        }
        for (const LongPrefix &prefix : kLongPrefixes) {
            const auto text = QLatin1StringView(prefix.text);
            const QString unit = word.mid(text.size());
            if (word.startsWith(text) && m_takesPrefix.value(unit, false))
                return QLatin1StringView(prefix.letter) + unit;
        }
        return {};
    }

private:
    QHash<QString, bool> m_takesPrefix;
};

/// \a text as udunits shall read it, when it is a product of known words with whole exponents; else
/// empty. What udunits would take beyond that (dates, numbers as factors, "lg(re 1 mW)", "s since
/// 2000") is not for an operator's unit.
QByteArray unitExpression(const QString &text, const Vocabulary &vocabulary)
{
    static const QRegularExpression token(
        uR"(\G(?:([A-Za-z_]+)((?:\^?[+-]?[0-9](?![0-9.]))?)|1(?![0-9.])|[ */.()]))"_s);
    QString expression;
    qsizetype at = 0;
    while (at < text.size()) {
        const auto match = token.match(text, at);
        if (!match.hasMatch() || match.capturedLength() == 0)
            return {};
        const QString word = match.captured(1);
        const QString plain = word.isEmpty() ? match.captured(0) : vocabulary.plain(word);
        if (plain.isEmpty())
            return {};
        expression += word.isEmpty() ? plain : plain + match.captured(2);
        at = match.capturedEnd();
    }
    return expression.toLatin1();
}

/// What a few roundings in double can do to a factor.
constexpr long double kRounding = 2e-15L;

bool isNear(long double a, long double b)
{
    return std::abs(a - b) <= kRounding * std::abs(b);
}

long double nearestDecimal(long double value)
{
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.begin(), text.end(), value, std::chars_format::scientific, 12);
    long double decimal = value;
    std::from_chars(text.data(), end.ptr, decimal);
    return decimal;
}

/// udunits reads numbers by the thread's locale, and a window runs in the operator's.
class CLocale
{
public:
    CLocale() : m_c(newlocale(LC_NUMERIC_MASK, "C", nullptr)), m_previous(uselocale(m_c)) {}
    ~CLocale()
    {
        uselocale(m_previous);
        freelocale(m_c);
    }
    Q_DISABLE_COPY_MOVE(CLocale)

private:
    locale_t m_c;
    locale_t m_previous;
};

struct Visit {
    long double scale = 1;
    long double offset = 0;
    std::map<const ut_unit *, int> powers;
    bool understood = true;
};

ut_status visitBasic(const ut_unit *unit, void *arg)
{
    static_cast<Visit *>(arg)->powers[unit] = 1;
    return UT_SUCCESS;
}

ut_status visitProduct(const ut_unit *, int count, const ut_unit *const *basic, const int *powers,
                       void *arg)
{
    for (int i = 0; i < count; ++i)
        static_cast<Visit *>(arg)->powers[basic[i]] += powers[i];
    return UT_SUCCESS;
}

ut_status visitGalilean(const ut_unit *, double scale, const ut_unit *under, double offset,
                        void *arg);
ut_status visitTimestamp(const ut_unit *, const ut_unit *, double, void *arg)
{
    static_cast<Visit *>(arg)->understood = false;
    return UT_SUCCESS;
}
ut_status visitLogarithmic(const ut_unit *, double, const ut_unit *, void *arg)
{
    static_cast<Visit *>(arg)->understood = false;
    return UT_SUCCESS;
}

const ut_visitor kVisitor{visitBasic, visitProduct, visitGalilean, visitTimestamp,
                          visitLogarithmic};

ut_status visitGalilean(const ut_unit *, double scale, const ut_unit *under, double offset,
                        void *arg)
{
    auto *visit = static_cast<Visit *>(arg);
    visit->scale *= snappedToDecimal(scale);
    visit->offset += visit->scale * snappedToDecimal(offset);
    return ut_accept_visitor(under, &kVisitor, arg);
}

/// The one udunits system of the process: its parser keeps its state in globals, so everything that
/// touches it, the cache included, is behind one mutex.
class UnitSystem
{
public:
    std::shared_ptr<const UnitInfo> lookUp(const QString &symbol)
    {
        const std::lock_guard lock(m_mutex);
        const auto known = m_cache.constFind(symbol);
        if (known != m_cache.constEnd())
            return *known;
        const CLocale locale;
        auto info = std::make_shared<const UnitInfo>(parse(plainSpelling(symbol)));
        if (m_cache.size() < kMaxCached) // symbols come from files: a hostile one must not fill us
            m_cache.insert(symbol, info);
        return info;
    }

private:
    static constexpr qsizetype kMaxCached = 10'000;

    void build()
    {
        ut_set_error_message_handler(ut_ignore);
        m_system = ut_new_system();
        for (const Prefix &prefix : kPrefixes)
            ut_add_symbol_prefix(m_system, prefix.text, prefix.factor);
        for (const UnitRow &row : unitRows()) {
            const bool isBase = *row.definition == '\0';
            ut_unit *unit = isBase ? ut_new_base_unit(m_system)
                                   : ut_parse(m_system, row.definition, UT_ASCII);
            Q_ASSERT_X(unit, "unit table", row.definition);
            for (const QByteArray &symbol : QByteArray(row.symbols).split(' ')) {
                ut_map_symbol_to_unit(symbol.constData(), UT_ASCII, unit);
                if (isBase && !m_baseNames.contains(unit))
                    m_baseNames.insert(unit, symbol);
            }
            m_units.push_back(unit); // base units are told apart by address: kept alive
        }
        for (const LevelRow &row : levelRows()) { // inside "dBm/Hz": a dimension of its own
            ut_unit *unit = ut_new_base_unit(m_system);
            ut_map_symbol_to_unit(row.symbol, UT_ASCII, unit);
            m_baseNames.insert(unit, row.symbol);
            m_units.push_back(unit);
        }
    }

    UnitInfo parse(const QString &text)
    {
        if (!m_system)
            build();
        UnitInfo info;
        if (text.isEmpty() || text == u"1")
            return info;
        for (const LevelRow &row : levelRows()) {
            if (text == QLatin1StringView(row.symbol))
                return level(row);
        }
        info.kind = UnitInfo::Kind::Opaque;
        const QByteArray expression = unitExpression(text, m_vocabulary);
        ut_unit *unit = expression.isEmpty() ? nullptr
                                             : ut_parse(m_system, expression.constData(), UT_ASCII);
        if (!unit)
            return info;
        Visit visit;
        ut_accept_visitor(unit, &kVisitor, &visit);
        if (visit.understood) {
            info.kind = UnitInfo::Kind::Linear;
            info.scale = snappedToDecimal(visit.scale);
            info.offset = visit.offset;
            info.dimension = dimensionOf(visit);
        }
        ut_free(unit);
        return info;
    }

    UnitInfo level(const LevelRow &row)
    {
        UnitInfo info;
        info.kind = UnitInfo::Kind::Logarithmic;
        info.decade = row.decade;
        info.dimension = row.symbol;
        if (*row.reference != '\0')
            info.reference = std::make_shared<const UnitInfo>(parse(QLatin1StringView(row.reference)));
        return info;
    }

    /// Base symbols in order of name with doubled powers: a root of Hz is half a power of 1/s.
    QByteArray dimensionOf(const Visit &visit) const
    {
        std::map<QByteArray, int> doubled;
        for (const auto &[unit, power] : visit.powers) {
            const QByteArray name = nameOf(unit);
            if (name == "rtHz")
                doubled["s"] -= power;
            else
                doubled[name] += 2 * power;
        }
        QByteArray text;
        for (const auto &[name, power] : doubled) {
            if (power != 0)
                text += name + QByteArray::number(power) + ' ';
        }
        return text;
    }

    QByteArray nameOf(const ut_unit *basic) const
    {
        for (auto it = m_baseNames.begin(); it != m_baseNames.end(); ++it) {
            if (ut_compare(it.key(), basic) == 0)
                return it.value();
        }
        return "?"_ba;
    }

    std::mutex m_mutex; // guards everything below, and udunits' parser
    ut_system *m_system = nullptr;
    std::vector<ut_unit *> m_units;
    QHash<const ut_unit *, QByteArray> m_baseNames;
    Vocabulary m_vocabulary;
    QHash<QString, std::shared_ptr<const UnitInfo>> m_cache;
};

} // namespace

std::shared_ptr<const UnitInfo> lookUpUnit(const QString &symbol)
{
    // One per process because udunits' parser is; never freed, so that units may outlive main().
    static auto *const system = new UnitSystem;
    return system->lookUp(symbol);
}

long double snappedToDecimal(long double value)
{
    const long double decimal = nearestDecimal(value);
    if (isNear(decimal, value))
        return decimal;
    const long double inverse = nearestDecimal(1 / value); // 5/9 K: the inverse of 1.8
    return isNear(inverse, 1 / value) ? 1 / inverse : value;
}

} // namespace birch
