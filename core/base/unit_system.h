#pragma once

#include "core/base/unit_info.h"

#include <QString>

namespace birch {

/// What \a symbol means; never null. Thread-safe; each symbol is parsed once per process.
std::shared_ptr<const UnitInfo> lookUpUnit(const QString &symbol);

/// The nearest decimal of at most 13 digits, or the inverse of one, when \a value is that up to the
/// rounding of a few double operations; else \a value.
long double snappedToDecimal(long double value);

} // namespace birch
