#include "core/engine/safe_report.h"

#include <QStringList>

#include <algorithm>

namespace birch {

bool SafeReport::isSafe() const
{
    return std::all_of(targets.begin(), targets.end(), [](const SafeTarget &target) {
        return target.outcome == SafeOutcome::Done;
    });
}

bool SafeReport::isOver() const
{
    return std::all_of(targets.begin(), targets.end(), [](const SafeTarget &target) {
        return target.outcome == SafeOutcome::Done || target.outcome == SafeOutcome::Failed ||
               target.outcome == SafeOutcome::Dismissed;
    });
}

QStringList SafeReport::pendingInstruments() const
{
    QStringList nicknames;
    for (const SafeTarget &target : targets) {
        if (target.outcome == SafeOutcome::Pending && !nicknames.contains(target.instrument))
            nicknames.append(target.instrument);
    }
    return nicknames;
}

} // namespace birch
