#pragma once

#include "core/store/entity/entity_hooks.h"

namespace birch {

/// What one taking from stock did.
struct StockUse {
    double taken = 0; ///< in the unit asked for
    double left = 0;  ///< altogether, in the same unit
    QString status;   ///< of the precursor afterwards
};

/// Takes \a amount of a precursor out of its stock, what was opened or received first to begin
/// with, in one transaction. Amounts are converted between units.
/// Errors: BadInput - nothing or less, or a unit that does not fit; Conflict - there is less than
/// that; nothing was taken.
Result<StockUse> consumePrecursor(Connection &connection, const Session &session,
                                  const QString &precursorKey, double amount, const QString &unit);

/// Precursors that expire by \a until (yyyy-MM-dd), those that have first.
Result<QList<EntityRecord>> expiringPrecursors(Connection &connection, const Session &session,
                                               const QString &until);

/// Every write of a stock or a precursor: low, empty or expired follow from what is there.
EntityHooks stockHooks();
EntityHooks precursorHooks();
/// Completing a fabrication run takes what it used out of the stock, all or nothing; a completed
/// run stays completed.
EntityHooks fabricationHooks();

} // namespace birch
