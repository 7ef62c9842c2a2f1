#pragma once

#include "core/base/iso_time.h"

namespace birch {

/// Microseconds UTC of the wall clock: the time of an entity.
qint64 nowUs();
/// "yymmdd" of the UTC day: part of a scan's human id.
QString utcDay(qint64 us);

} // namespace birch
