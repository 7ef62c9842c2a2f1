#include "core/engine/safe_report.h"

#include <QStringList>

#include <algorithm>

namespace birch {

bool SafeReport::isSafe() const
{
    return std::all_of(movements.begin(), movements.end(), [](const SafeMovement &movement) {
        return movement.outcome == SafeOutcome::Done;
    });
}

bool SafeReport::isOver() const
{
    return std::all_of(movements.begin(), movements.end(), [](const SafeMovement &movement) {
        return movement.outcome == SafeOutcome::Done || movement.outcome == SafeOutcome::Failed ||
               movement.outcome == SafeOutcome::Dismissed;
    });
}

QStringList SafeReport::pendingInstruments() const
{
    QStringList nicknames;
    for (const SafeMovement &movement : movements) {
        if (movement.outcome == SafeOutcome::Pending && !nicknames.contains(movement.instrument))
            nicknames.append(movement.instrument);
    }
    return nicknames;
}

} // namespace birch
