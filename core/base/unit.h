#pragma once

#include "core/base/result.h"

#include <QString>

#include <memory>

namespace birch {

struct UnitInfo;

/// Whether a number is a reading (20 °C is 293.15 K) or a step between two (20 °C is 20 K).
enum class QuantityKind { Absolute, Difference };

/// A unit of measurement as a value: its symbol, understood through udunits2 with our own table of
/// bench units (dB, deg, sccm, Vrms, px, counts, arb, nV/√Hz, Ω, µ …; see unit_table.cpp).
///
/// A symbol that nobody knows is *opaque*: equal and convertible to itself alone. Case matters:
/// "mV" is a unit, "mv" is opaque. An angle is a dimension of its own (rpm is no Hz), and a period
/// is no frequency. dBm and its like convert to what they refer to (0 dBm is 1 mW); dB alone does
/// not, but a difference in dB fits every one of them.
/// Thread-safe; udunits' parser is behind a lock in unit_system.cpp, conversions take none.
class Unit
{
public:
    Unit() = default; ///< dimensionless
    explicit Unit(const QString &symbol);

    QString symbol() const { return m_symbol; } ///< as written, e.g. "mV", "°C"; "" for none
    bool isDimensionless() const;               ///< a pure number, perhaps scaled: "", "%", "ppm"
    bool isOpaque() const;
    bool isConvertibleTo(const Unit &other) const;
    /// Its numbers are places on a scale whose zero is not nothing (°C, dBm), not amounts: they
    /// have differences but no multiples.
    bool isScale() const;
    /// What the difference of two of its numbers is written in: K for °C, dB for dBm, itself else.
    Unit differenceUnit() const;
    bool isDifferenceConvertibleTo(const Unit &other) const;

    /// \a value of this unit in \a target, offsets included (20 °C is 293.15 K).
    /// Errors: BadInput - the units measure different things.
    Result<double> convert(double value, const Unit &target) const;
    /// A difference (step, tolerance, ramp, noise): by slope only (a step of 1 °C is 1 K).
    Result<double> convertDifference(double value, const Unit &target) const;
    /// Some units that can be written for this one, itself first: "V, mV, µV".
    QString examples() const;

    /// Same symbol, or the same unit under two spellings ("V", "volt").
    friend bool operator==(const Unit &a, const Unit &b);

private:
    const UnitInfo &info() const;
    friend Result<double> quantityFromText(const QString &text, const Unit &target,
                                           QuantityKind kind);
    QString m_symbol;
    std::shared_ptr<const UnitInfo> m_info; ///< never null, but for the dimensionless default
};

/// What an operator typed ("10 mV", "-3", "1e-3 V", "2.5 µm") as a double in \a target.
///
/// A bare number is taken in \a target. Converted once from the decimal text: "10 mV" for V is
/// exactly the double nearest to 0.01. Difference converts by slope only.
/// Errors: BadInput - no number, unknown unit, or a unit that does not fit; the sentence says which
/// units do.
Result<double> quantityFromText(const QString &text, const Unit &target,
                                QuantityKind kind = QuantityKind::Absolute);

/// A rate of change such as "0.5 K/min" as \a unit per second: a difference in \a unit, then "/"
/// and a time. A bare number is per second. Errors: BadInput - as quantityFromText(); or the time
/// is missing, or is none.
Result<double> rateFromText(const QString &text, const Unit &unit);

/// Shortest text that reads back to the same double, e.g. for files and CSV. "nan", "inf", "-inf".
QString numberToText(double value);

} // namespace birch
