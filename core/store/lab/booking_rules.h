#pragma once

#include "core/base/result.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>

namespace birch {

/// From when until when something is booked; microseconds UTC, the end not included.
struct BookingSlot {
    qint64 startUs = 0;
    qint64 endUs = 0;
};

/// What may be booked when, for one piece of equipment. A value; the members as the entity
/// booking_rules has them.
struct BookingRules {
    bool isEnabled = true;
    int minMinutes = 1;
    int maxMinutes = 0; ///< 0: no limit
    int minAdvanceDays = 0;
    int maxAdvanceDays = 0; ///< 0: no limit
    int bufferMinutes = 0;  ///< kept free between two bookings
    bool requiresApproval = false;
    bool approvesMembers = true;
    bool allowsRecurring = true;
    int maxRecurringWeeks = 52;
    /// {"monday": ["08:00-12:00", "13:00-18:00"], …} in the lab's time zone; a day that is not
    /// there is closed; empty: always open.
    QJsonObject availability = {};
    /// Closed days: "2026-12-24", or ["2026-12-24", "2027-01-02"] with both ends.
    QJsonArray blockedDates = {};
};

/// Ends after it begins. Errors: BadInput.
Status checkOrder(const BookingSlot &slot);
/// Whether the declared hours and days can be read. Errors: BadInput - names the part.
Status checkReadable(const BookingRules &rules);
/// Duration, open hours and closed days. Errors: BadInput - says which rule and what it allows.
Status checkHours(const BookingRules &rules, const BookingSlot &slot, const QTimeZone &zone);
/// How long ahead. Errors: BadInput.
Status checkAdvance(const BookingRules &rules, const BookingSlot &slot, qint64 nowUs);
/// Whether two bookings are in each other's way: adjacent ones are not, but for the buffer.
bool overlap(const BookingSlot &a, const BookingSlot &b, int bufferMinutes);

} // namespace birch
