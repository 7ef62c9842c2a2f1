#pragma once

#include <span>

namespace birch {

/// One unit that an operator may write.
struct UnitRow {
    const char *symbols;     ///< ASCII, space separated; spelling matters, case included
    const char *definition;  ///< by rows above it, in udunits' grammar; "" makes a dimension
    bool takesPrefix = true; ///< "mV" yes, "mmin" no
};

/// A level in decibels over a reference.
struct LevelRow {
    const char *symbol;
    const char *reference; ///< a symbol of the unit rows; "" where it is not one unit
    double decade;         ///< 10 for power, 20 for amplitude
};

struct PrefixRow {
    const char *text;
    double factor;
};

std::span<const UnitRow> unitRows();
std::span<const LevelRow> levelRows();
std::span<const PrefixRow> prefixRows();

} // namespace birch
