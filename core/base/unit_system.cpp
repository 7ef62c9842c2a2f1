#include "core/base/unit_system.h"

#include "core/base/unit_spelling.h"
#include "core/base/unit_table.h"

#include <QHash>

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

/// What a few roundings in double can do to a factor.
constexpr long double kRounding = 2e-15L;

bool isNear(long double a, long double b)
{
    return std::abs(a - b) <= kRounding * std::abs(b);
}

long double nearestDecimal(long double value)
{
    std::array<char, 64> text{};
    const auto end =
        std::to_chars(text.begin(), text.end(), value, std::chars_format::scientific, 12);
    long double decimal = value;
    std::from_chars(text.data(), end.ptr, decimal);
    return decimal;
}

/// udunits reads numbers by the thread's locale, and a window runs in the operator's.
class CLocale
{
public:
    CLocale()
        : m_c(newlocale(LC_NUMERIC_MASK, "C", nullptr))
        , m_previous(uselocale(m_c))
    {
    }
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
        for (const PrefixRow &prefix : prefixRows())
            ut_add_symbol_prefix(m_system, prefix.text, prefix.factor);
        for (const UnitRow &row : unitRows()) {
            const bool isBase = *row.definition == '\0';
            ut_unit *unit =
                isBase ? ut_new_base_unit(m_system) : ut_parse(m_system, row.definition, UT_ASCII);
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
        const QByteArray expression = unitExpression(text);
        ut_unit *unit =
            expression.isEmpty() ? nullptr : ut_parse(m_system, expression.constData(), UT_ASCII);
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
            info.reference =
                std::make_shared<const UnitInfo>(parse(QLatin1StringView(row.reference)));
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
