#include "core/base/unit.h"

#include "core/base/unit_conversion.h"
#include "core/base/unit_system.h"

#include <QCoreApplication>
#include <QStringList>

#include <array>
#include <charconv>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birch::Unit", text);
}

const UnitInfo kNumber{};

bool isSame(const UnitInfo &a, const UnitInfo &b)
{
    const auto near = [](long double x, long double y) {
        return std::abs(x - y) <= 1e-14L * std::max(std::abs(x), std::abs(y));
    };
    return a.kind == b.kind && a.dimension == b.dimension && near(a.scale, b.scale) &&
           near(a.offset, b.offset);
}

Error doesNotFit(const Unit &from, const Unit &target)
{
    const auto name = [](const Unit &unit) {
        return unit.symbol().isEmpty() ? tr("a plain number") : unit.symbol();
    };
    return {ErrorCode::BadInput, tr("%1 does not measure what %2 measures; write it in %3")
                                     .arg(name(from), name(target), target.examples())};
}

/// The double nearest to \a value, which a conversion may have carried out of range.
Result<double> rounded(long double value)
{
    const auto number = double(value);
    if (std::isinf(number))
        return Error{ErrorCode::BadInput,
                     tr("The converted value is too large for a number; use a larger unit")};
    return number;
}

} // namespace

Unit::Unit(const QString &symbol)
    : m_symbol(symbol.trimmed())
{
    if (!m_symbol.isEmpty())
        m_info = lookUpUnit(m_symbol);
}

const UnitInfo &Unit::info() const
{
    return m_info ? *m_info : kNumber;
}

bool Unit::isDimensionless() const
{
    return info().kind == UnitInfo::Kind::Linear && info().dimension.isEmpty();
}

bool Unit::isOpaque() const
{
    return info().kind == UnitInfo::Kind::Opaque;
}

bool Unit::isConvertibleTo(const Unit &other) const
{
    return m_symbol == other.m_symbol || measureTheSame(info(), other.info());
}

bool Unit::isScale() const
{
    return info().kind == UnitInfo::Kind::Logarithmic || info().offset != 0;
}

Unit Unit::differenceUnit() const
{
    if (!isScale())
        return *this;
    return Unit(info().kind == UnitInfo::Kind::Logarithmic ? u"dB"_s : u"K"_s);
}

bool Unit::isDifferenceConvertibleTo(const Unit &other) const
{
    return m_symbol == other.m_symbol || differTheSame(info(), other.info());
}

Result<double> Unit::convert(double value, const Unit &target) const
{
    if (m_symbol == target.m_symbol)
        return value;
    if (!measureTheSame(info(), target.info()))
        return doesNotFit(*this, target);
    const long double converted = convertReading(value, info(), target.info());
    if (std::isfinite(value) && !std::isfinite(converted))
        return Error{ErrorCode::BadInput, tr("%1 %2 has no level in %3; write a value above zero")
                                              .arg(numberToText(value), m_symbol, target.m_symbol)};
    return std::isfinite(value) ? rounded(converted) : double(converted);
}

Result<double> Unit::convertDifference(double value, const Unit &target) const
{
    if (m_symbol == target.m_symbol)
        return value;
    if (!differTheSame(info(), target.info()))
        return doesNotFit(*this, target);
    const long double converted = convertStep(value, info(), target.info());
    return std::isfinite(value) ? rounded(converted) : double(converted);
}

QString Unit::examples() const
{
    if (isDimensionless())
        return tr("a plain number, % or ppm");
    static const auto common = [] {
        QList<Unit> units;
        for (const QString &symbol :
             u"V mV µV A mA µA nA K mK °C Ω kΩ s ms µs min h m mm µm nm deg mrad rad Hz kHz MHz "
             u"GHz "
             "Pa mbar Torr T mT G A/m Oe W mW dBm mm/s µm/s K/min K/s V/s deg/s rpm sccm counts "
             "cm⁻¹ nV/√Hz eV meV g kg N"_s.split(u' '))
            units.append(Unit(symbol));
        return units;
    }();
    QStringList fitting{m_symbol};
    for (const Unit &unit : common) {
        if (fitting.size() < 4 && !isOpaque() && !(unit == *this) && unit.isConvertibleTo(*this))
            fitting.append(unit.symbol());
    }
    return fitting.join(u", "_s);
}

bool operator==(const Unit &a, const Unit &b)
{
    if (a.m_symbol == b.m_symbol)
        return true;
    return !a.isOpaque() && !b.isOpaque() && isSame(a.info(), b.info());
}

QString numberToText(double value)
{
    if (std::isnan(value))
        return u"nan"_s;
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.begin(), text.end(), value);
    return QString::fromLatin1(text.data(), end.ptr - text.data());
}

} // namespace birch
