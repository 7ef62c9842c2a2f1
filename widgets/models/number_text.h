#pragma once

#include "core/base/call.h"
#include "core/base/column.h"

#include <QDateTime>
#include <QString>

namespace birch {

/// Numbers as people read them; for files use numberToText().

/// \a value with at most \a digits significant digits, grouped by nothing, "1.2346e-9" when needed.
QString displayNumber(double value, int digits = 5);

/// \a value with its unit and, where the unit takes one, an SI prefix: 0.0032 "V" -> "3.2 mV".
/// A unit that already carries a prefix or takes none ("mm", "K", "%") is left alone.
QString displayQuantity(double value, const QString &unit, int digits = 5);

/// The same for a stored value: flagged ones say so ("overload").
QString displayValue(double value, ValueState state, const QString &unit);

/// "1.2 s", "14 s", "2 min 10 s", "2 h 10 min", "3 d 4 h".
QString displayDuration(Nanoseconds duration);

/// Clock time of \a when, with the day where it is not today: "16:05", "Tue 16:05", "2026-11-20
/// 16:05".
QString displayClock(const QDateTime &when, const QDateTime &now);

/// "1.4 MB", "12 kB".
QString displayBytes(qint64 bytes);

} // namespace birch
