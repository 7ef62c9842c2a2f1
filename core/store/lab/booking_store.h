#pragma once

#include "core/store/entity/entity_hooks.h"
#include "core/store/lab/booking_rules.h"

namespace birch {

/// The rules of one piece of equipment; those of a value without limits where none are declared.
/// Errors: NotFound - no such equipment.
Result<BookingRules> bookingRulesOf(Connection &connection, qint64 equipmentRow);

/// Every write of a booking: order, hours, overlaps with what is booked already (safe under two at
/// once), repetitions (all or none), who may approve, and the times of check-in and check-out.
EntityHooks bookingHooks();
EntityHooks bookingRuleHooks();

} // namespace birch
