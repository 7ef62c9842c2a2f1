#pragma once

#include "core/base/unit.h"

#include <map>
#include <optional>

namespace birch {

/// A unit as factors with whole powers, to multiply and divide units by each other.
class UnitProduct
{
public:
    UnitProduct() = default; ///< a pure number
    explicit UnitProduct(const Unit &unit);

    UnitProduct times(const UnitProduct &other, int power = 1) const;
    UnitProduct toPower(int power) const;
    /// None: the unit is no square. A root of Hz is one of its own ("√Hz").
    std::optional<UnitProduct> squareRoot() const;

    /// Written in the shortest way that people use: V/A is Ω. None: it has no meaning, because a
    /// factor is no known unit, or a power is beyond ±9.
    std::optional<Unit> unit() const;

private:
    bool split(const QString &plain, qsizetype *at, int sign);
    QString text() const;

    std::map<QString, int> m_powers; ///< by the plain spelling of the factor; never 0
};

} // namespace birch
