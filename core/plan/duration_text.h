#pragma once

#include "core/base/call.h"
#include "core/base/result.h"

#include <QJsonValue>
#include <QString>

namespace birch {

/// A duration as typed ("20 ms", "2 min") or a number of seconds.
/// Errors: BadInput - no duration, negative, or longer than kMaxDuration.
Result<Nanoseconds> durationFromJson(const QJsonValue &value);

/// For people: "20 ms", "1.5 s", "2 h 10 min".
QString durationText(Nanoseconds duration);

/// Ten years: nothing longer is meant.
inline constexpr Nanoseconds kMaxDuration = std::chrono::hours(24 * 3650);

} // namespace birch
