#pragma once

#include <QString>

#include <optional>

namespace birch {

/// ISO 8601 with microseconds and "Z", as JSON shows times.
QString isoTime(qint64 us);
/// The reverse; any ISO 8601 time with a zone, or a date alone (its beginning in UTC).
std::optional<qint64> timeFromIso(const QString &text);
/// Seconds before or at \a us.
qint64 wholeSeconds(qint64 us);

} // namespace birch
