#pragma once

#include "core/base/expression.h"
#include "core/plan/plan_object.h"

#include <optional>

namespace birch {

/// When a guard pauses a scan and when it ends it. Each condition speaks of the columns of its
/// probe.
struct GuardRule {
    std::optional<Expression> warning; ///< pauses while it holds
    std::optional<Expression> clear;   ///< goes on when it holds; none: when warning does not
    std::optional<Expression> alert;   ///< makes safe and aborts
    int confirm = 1;                   ///< readings in a row that agree before anything is done
    Nanoseconds dwell{};               ///< clear has held for so long before the scan goes on
};

/// What a wait waits for.
struct WaitRule {
    /// Where an operand of the condition comes from.
    struct Operand {
        int column = -1; ///< of the probe; -1: value
        int value = -1;  ///< in ScanPlan::values
    };
    Expression condition;
    QList<Operand> operands; ///< one per condition.uses()
    Nanoseconds dwell{};     ///< how long it has to hold
    Nanoseconds limit{};     ///< after that the wait has failed
};

/// Readings at an interval while the children of a node run.
struct PlanWatch {
    QString name; ///< of the node, for people
    Nanoseconds interval{};
    int object = -1;       ///< monitor: in ScanPlan::objects; else -1
    PlanObject probe = {}; ///< guard, wait: what it reads; recorded nowhere
    std::optional<GuardRule> guard = {};
    std::optional<WaitRule> wait = {}; ///< of a wait, which has no children
};

/// Longest time between two readings is the plan's; shortest is this.
inline constexpr Nanoseconds kMinInterval = std::chrono::milliseconds(1);

} // namespace birch
