#pragma once

#include "core/base/unit_info.h"

#include <optional>

namespace birch {

/// The power of ten between two linear units, e.g. -3 from mV to V; none where the factor is not
/// one. Such a conversion is a shift of the decimal point.
std::optional<int> decimalShift(const UnitInfo &from, const UnitInfo &to);

/// Whether a reading in \a from can be written in \a to. Opaque units: never, as far as known here.
bool measureTheSame(const UnitInfo &from, const UnitInfo &to);
/// Whether a difference in \a from can be one in \a to: as above, and dB for every level.
bool differTheSame(const UnitInfo &from, const UnitInfo &to);

/// Rounds once at most in long double. Call only after measureTheSame() or differTheSame().
/// A level of nothing or less is not a number.
long double convertReading(long double value, const UnitInfo &from, const UnitInfo &to);
long double convertStep(long double value, const UnitInfo &from, const UnitInfo &to);

} // namespace birch
