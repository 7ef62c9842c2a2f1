#pragma once

#include "core/base/result.h"

#include <QString>

namespace birch {

/// A unit of measurement as a value: its symbol, understood through udunits2 with our own file of
/// bench units (dB, deg, sccm, Vrms, px, counts, arb, nV/√Hz, Ω, µ …).
///
/// A symbol that nobody knows is *opaque*: equal and convertible to itself alone.
/// Thread-safe; udunits' global parser is behind a lock in unit.cpp.
class Unit
{
public:
    Unit() = default; ///< dimensionless
    explicit Unit(const QString &symbol);

    QString symbol() const { return m_symbol; } ///< as written, e.g. "mV", "°C"; "" for none
    bool isDimensionless() const;
    bool isOpaque() const;
    bool isConvertibleTo(const Unit &other) const;

    /// \a value of this unit in \a target, offsets included (20 °C is 293.15 K).
    /// Errors: BadInput - the units measure different things.
    Result<double> convert(double value, const Unit &target) const;
    /// A difference (step, tolerance, ramp, noise): by slope only (a step of 1 °C is 1 K).
    Result<double> convertDifference(double value, const Unit &target) const;

    /// Same symbol, or the same unit under two spellings ("V", "volt").
    friend bool operator==(const Unit &a, const Unit &b);

private:
    QString m_symbol;
};

enum class QuantityKind { Absolute, Difference };

/// What an operator typed ("10 mV", "-3", "1e-3 V", "2.5 µm") as a double in \a target.
///
/// A bare number is taken in \a target. Converted once from the decimal text: "10 mV" for V is
/// exactly the double nearest to 0.01. Difference converts by slope only.
/// Errors: BadInput - no number, unknown unit, or a unit that does not fit; the sentence says which
/// units do.
Result<double> quantityFromText(const QString &text, const Unit &target,
                                QuantityKind kind = QuantityKind::Absolute);

/// Shortest text that reads back to the same double, e.g. for files and CSV. "nan", "inf", "-inf".
QString numberToText(double value);

} // namespace birch
