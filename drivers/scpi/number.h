#pragma once

#include "core/base/column.h"
#include "core/base/result.h"

#include <QByteArrayView>
#include <QList>

namespace birch::scpi {

/// One numeric reply. Where state is not Ok, value is 0 and means nothing: the instrument said that
/// it has no number (SCPI-99, 7.2.1).
struct Number {
    double value = 0;
    ValueState state = ValueState::Ok;

    bool operator==(const Number &) const = default;
};

/// What the marks of SCPI mean: 9.91E37 is "not a number"; +-9.9E37 and beyond is an overload.
/// Holds for marks that went through single precision as well.
Number fromMarks(double value);

/// NR1, NR2 or NR3 ("7", "-1.5", "+1.5E-03") with blanks, tabs, CR and LF around it.
/// Errors: Protocol - anything else, "1.5 V", "inf", "" and "1,2" included.
Result<Number> parseNumber(QByteArrayView reply);

/// NR1, or NR2 and NR3 without a fraction ("+1.000E+00" is how some instruments write 1).
/// Errors: Protocol - no number, a mark, a fraction, or beyond 64 bits.
Result<qint64> parseInteger(QByteArrayView reply);

/// "0" "1" "OFF" "ON", case-insensitive; other integers are true. Errors: Protocol.
Result<bool> parseBool(QByteArrayView reply);

/// The parts between \a separator, blanks around them taken off; separators inside quotes do not
/// count. An empty reply has no parts.
QList<QByteArrayView> splitList(QByteArrayView reply, char separator = ',');

/// Errors: Protocol - an element is no number (says which); an empty reply.
Result<QList<Number>> parseNumbers(QByteArrayView reply, char separator = ',');

/// \a reply as an error message may show it: short, printable, quoted.
QString quotedForMessage(QByteArrayView reply);

} // namespace birch::scpi
