#pragma once

#include <QString>

namespace birch {

/// Microseconds UTC of the wall clock: the time of an entity.
qint64 nowUs();
/// ISO 8601 with microseconds and "Z", as JSON shows times of entities.
QString isoTime(qint64 us);
/// "yymmdd" of the UTC day: part of a scan's human id.
QString utcDay(qint64 us);

} // namespace birch
