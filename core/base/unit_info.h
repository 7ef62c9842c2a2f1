#pragma once

#include <QByteArray>

#include <memory>

namespace birch {

/// What a unit symbol means. Made once per symbol, never changed afterwards.
///
/// Scales are long double, and decimal scales are taken back to the decimal they came from, so that
/// a conversion rounds once, at its end.
struct UnitInfo {
    enum class Kind {
        Linear,      ///< base = scale * value + offset
        Logarithmic, ///< base = reference * 10^(value / decade); reference may be null (dBc)
        Opaque       ///< nobody knows
    };
    Kind kind = Kind::Linear;
    long double scale = 1;
    long double offset = 0; ///< in base units; only for a temperature
    QByteArray dimension;   ///< canonical: equal texts measure the same thing; "" for a number
    double decade = 0;      ///< Logarithmic: 10 (power) or 20 (amplitude)
    std::shared_ptr<const UnitInfo> reference; ///< Logarithmic: the unit of 0 dB
};

} // namespace birch
