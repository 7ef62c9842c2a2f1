#pragma once

#include "core/base/result.h"

#include <QDateTime>
#include <QList>
#include <QTimeZone>

#include <optional>

namespace birch {

/// How an event repeats: the part of RFC 5545 that a lab's calendar needs. A value.
struct Recurrence {
    enum class Frequency : quint8 { Daily, Weekly, Monthly };

    Frequency frequency = Frequency::Weekly;
    int interval = 1;
    std::optional<int> count;       ///< of occurrences, the first included
    std::optional<QDateTime> until; ///< the last one may begin then
    QList<int> weekdays; ///< 1 Monday … 7 Sunday; weekly only; empty: that of the first

    /// "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=10" with FREQ DAILY, WEEKLY or MONTHLY, INTERVAL,
    /// COUNT or UNTIL, BYDAY of a weekly one; "RRULE:" in front is allowed.
    /// Errors: BadInput - names the part that is not understood.
    static Result<Recurrence> parse(const QString &text);

    /// When it takes place, the first at \a first included, at the same hour of \a first's time
    /// zone whatever daylight saving does; none later than \a last. A month without the day is left
    /// out. At most \a limit.
    QList<QDateTime> occurrences(const QDateTime &first, const QDateTime &last, int limit) const;
};

} // namespace birch
