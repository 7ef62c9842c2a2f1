#include "core/base/unit_conversion.h"

#include "core/base/unit_system.h"

#include <cmath>

namespace birch {

namespace {

using Kind = UnitInfo::Kind;

bool isLevel(const UnitInfo &unit)
{
    return unit.kind == Kind::Logarithmic;
}

/// The linear unit behind: of a level its reference, null where it has none.
const UnitInfo *linearOf(const UnitInfo &unit)
{
    return isLevel(unit) ? unit.reference.get() : &unit;
}

bool isDecibel(const UnitInfo &unit)
{
    return unit.kind == Kind::Linear && unit.dimension == "dB2 ";
}

/// Without offset. Divides where the inverse factor is the exact one (s to min: by 60).
long double scaled(long double value, const UnitInfo &from, const UnitInfo &to)
{
    if (const auto shift = decimalShift(from, to)) {
        const long double power = std::pow(10.0L, std::abs(*shift));
        return *shift < 0 ? value / power : value * power;
    }
    const long double factor = snappedToDecimal(from.scale / to.scale);
    const long double inverse = snappedToDecimal(to.scale / from.scale);
    if (std::abs(inverse) > 1 && inverse == std::round(inverse))
        return value / inverse;
    return value * factor;
}

} // namespace

std::optional<int> decimalShift(const UnitInfo &from, const UnitInfo &to)
{
    if (from.kind != Kind::Linear || to.kind != Kind::Linear)
        return {};
    const long double factor = from.scale / to.scale;
    const long double exponent = std::round(std::log10(factor));
    if (std::abs(factor / std::pow(10.0L, exponent) - 1) > 2e-15L)
        return {};
    return int(exponent);
}

bool measureTheSame(const UnitInfo &from, const UnitInfo &to)
{
    if (from.kind == Kind::Opaque || to.kind == Kind::Opaque)
        return false;
    if (from.kind == to.kind && from.dimension == to.dimension)
        return true;
    const UnitInfo *a = linearOf(from);
    const UnitInfo *b = linearOf(to);
    return a && b && a->dimension == b->dimension;
}

bool differTheSame(const UnitInfo &from, const UnitInfo &to)
{
    if (isLevel(from) || isLevel(to)) {
        const bool sameLevel = isLevel(from) && isLevel(to) && measureTheSame(from, to);
        return sameLevel || (isDecibel(from) && isLevel(to)) || (isLevel(from) && isDecibel(to));
    }
    return measureTheSame(from, to);
}

long double convertReading(long double value, const UnitInfo &from, const UnitInfo &to)
{
    if (isLevel(from) || isLevel(to)) {
        if (from.dimension == to.dimension)
            return value;
        const UnitInfo &a = *linearOf(from);
        const UnitInfo &b = *linearOf(to);
        const long double linear = isLevel(from) ? std::pow(10.0L, value / from.decade) : value;
        const long double inTarget = scaled(linear, a, b);
        return isLevel(to) ? to.decade * std::log10(inTarget) : inTarget;
    }
    if (from.offset == to.offset)
        return scaled(value, from, to);
    return (value * from.scale + (from.offset - to.offset)) / to.scale;
}

long double convertStep(long double value, const UnitInfo &from, const UnitInfo &to)
{
    return isLevel(from) || isLevel(to) ? value : scaled(value, from, to);
}

} // namespace birch
