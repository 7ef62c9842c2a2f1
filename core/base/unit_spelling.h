#pragma once

#include <QByteArray>
#include <QString>

namespace birch {

/// \a symbol in ASCII, roots and raised digits written out: "µV/√Hz" is "uV/rtHz". Text that is no
/// unit stays no unit.
QString plainSpelling(const QString &symbol);

/// A plain spelling as udunits shall read it, when it is a product of symbols of the unit table
/// with whole exponents; else empty. What udunits would take beyond that (dates, numbers as
/// factors, "lg(re 1 mW)", "s since 2000") is not for an operator's unit. Thread-safe.
QByteArray unitExpression(const QString &plain);

} // namespace birch
