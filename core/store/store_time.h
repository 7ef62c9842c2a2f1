#pragma once

#include <QString>

#include <optional>

namespace birch {

/// Microseconds UTC of the wall clock: the time of an entity.
qint64 nowUs();
/// ISO 8601 with microseconds and "Z", as JSON shows times of entities.
QString isoTime(qint64 us);
/// The reverse; any ISO 8601 time with a zone, or a date alone (its beginning in UTC).
std::optional<qint64> timeFromIso(const QString &text);
/// "yymmdd" of the UTC day: part of a scan's human id.
QString utcDay(qint64 us);

} // namespace birch
